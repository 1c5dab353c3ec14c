"""The signers of the AWS SDK for JavaScript, in a process of Node.js."""

import json
import shutil
import subprocess
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any, Literal

from oracle.foreign.peer import Peer
from oracle.foreign.task import EXPIRES, Task
from oracle.foreign.wire import Message, signed_by

Json = dict[str, Any]

_FOLDER = Path(__file__).resolve().parent / "smithy"


def peers() -> list[Peer]:
    """SigV4a has no `presign` there."""
    return [
        _peer("@smithy/signature-v4", "sigv4", presigns=False),
        _peer("@smithy/signature-v4 presign", "sigv4", presigns=True),
        _peer("@smithy/signature-v4a", "sigv4a", presigns=False),
    ]


def missing() -> str | None:
    """Why these signers cannot run on this system, if they cannot."""
    return "Node.js is not installed" if shutil.which("node") is None else None


def _peer(name: str, algorithm: Literal["sigv4", "sigv4a"], *, presigns: bool) -> Peer:
    return Peer(
        name,
        signed_by(lambda task: _sign(task, algorithm, presigns)),
        algorithm=algorithm,
        presigns=presigns,
    )


def _sign(task: Task, algorithm: Literal["sigv4", "sigv4a"], presigns: bool) -> Message:
    case = task.case
    signed = _answered(
        {
            "algorithm": algorithm,
            "expires": EXPIRES if presigns else None,
            "service": task.service,
            "region": task.region,
            "time": task.moment.isoformat(),
            "accessKeyId": task.credentials.access_key_id,
            "secretAccessKey": task.credentials.secret_access_key,
            "sessionToken": case.session_token,
            "unsignedPayload": case.unsigned_payload,
            "method": case.method,
            "host": task.host,
            "path": case.path,
            "query": case.query,
            "headers": case.headers,
            "body": b64encode(case.body).decode(),
        }
    )
    headers = tuple((name, value) for name, value in signed["headers"])
    return Message(case.method, signed["target"], headers, case.body)


def _answered(question: Json) -> Json:
    node = _node()
    assert node.stdin
    assert node.stdout
    print(json.dumps(question), file=node.stdin, flush=True)
    line = node.stdout.readline()
    if not line:
        raise SystemExit("smithy.mjs ended; were its packages installed with `npm ci`?")
    answered: Json = json.loads(line)
    return answered


@cache
def _node() -> subprocess.Popen[str]:
    """Ends when its input is closed, at the latest with this process."""
    return subprocess.Popen(
        ["node", "smithy.mjs"],
        cwd=_FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
