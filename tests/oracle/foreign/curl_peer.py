"""The system's curl, with `--aws-sigv4`."""

import re
import shutil
import socket
import subprocess
from hashlib import sha256
from threading import Thread

from oracle.foreign.peer import Peer
from oracle.foreign.task import UNSIGNED_PAYLOAD, Task
from oracle.foreign.wire import Answer, Message, answer, send, tampered

_TIMEOUT = 30
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def peers() -> list[Peer]:
    """It signs headers, with SigV4."""
    version = subprocess.run(["curl", "--version"], capture_output=True, check=True).stdout
    # A date given to it is sent twice, so its clock is the only one.
    name = f"curl {version.split()[1].decode()}"
    return [Peer(name, _exchange, cannot_change=("old date",))]


def missing() -> str | None:
    """Why there is no such signer on this system, if there is none."""
    if shutil.which("curl") is None:
        return "not installed"
    every_option = subprocess.run(["curl", "--help", "all"], capture_output=True, check=True).stdout
    return None if b"--aws-sigv4" in every_option else "has no --aws-sigv4"


def _exchange(task: Task) -> Answer:
    if task.tampering.body is None and task.tampering.extra_header is None:
        return _run(task, [])
    return send(task.address, tampered(_captured(task), task.tampering))


def _run(task: Task, more: list[str]) -> Answer:
    written = "%{stderr}%{http_code} %header{x-amzn-errortype}"
    command = [*_command(task), "--write-out", written, *more]
    run = subprocess.run(
        command, input=task.case.body, capture_output=True, timeout=_TIMEOUT, check=True
    )
    status, _, error_type = run.stderr.decode().partition(" ")
    return answer(int(status), run.stdout, error_type)


def _command(task: Task) -> list[str]:
    case = task.case
    headers = [f"{name}: {value}" for name, value in case.headers]
    if case.host:
        headers.append(f"Host: {case.host}")
    if case.session_token:
        headers.append(f"x-amz-security-token: {case.session_token}")
    if task.s3 or case.unsigned_payload:
        # S3 requires the header, which curl 7 does not add by itself.
        payload = UNSIGNED_PAYLOAD if case.unsigned_payload else sha256(case.body).hexdigest()
        headers.append(f"x-amz-content-sha256: {payload}")
    # --disable comes first, or a .curlrc is read.
    return [
        *("curl", "--disable", "--silent", "--globoff", "--path-as-is", "--noproxy", "*"),
        *("--user", f"{task.credentials.access_key_id}:{task.credentials.secret_access_key}"),
        *("--aws-sigv4", f"aws:amz:{task.region}:{task.service}"),
        *(word for header in headers for word in ("--header", header)),
        *_method(task),
        f"http://{task.address}{task.target}",
    ]


def _method(task: Task) -> list[str]:
    case = task.case
    if case.method == "HEAD":
        return ["--head"]
    method = [] if case.method == "GET" else ["--request", case.method]
    if not case.body:
        return method
    # `--data` drops line ends, which a form has none of.
    form = ("content-type", "application/x-www-form-urlencoded") in case.headers
    return [*method, "--data" if form else "--data-binary", "@-"]


def _captured(task: Task) -> Message:
    """What curl would have sent, taken by a listener in the endpoint's place."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(_TIMEOUT)
        taking = Thread(target=lambda: received.append(_taken(listener)))
        taking.start()
        here = f"127.0.0.1:{listener.getsockname()[1]}"
        _run(task, ["--connect-to", f"{task.address}:{here}"])
        taking.join()
    head, _, body = received[0].partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = [line.partition(":") for line in lines]
    # The length is that of the changed body, so it is left to the sender.
    headers = [(n, v.strip()) for n, _, v in pairs if n.lower() != "content-length"]
    return Message(method, target, tuple(headers), body)


def _taken(listener: socket.socket) -> bytes:
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(_TIMEOUT)
        data = b""
        while not _is_whole(data):
            data += connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    return data


def _is_whole(data: bytes) -> bool:
    head, end, body = data.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)
