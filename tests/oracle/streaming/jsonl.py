"""`sigv4a sign --jsonl`, whose framed bodies are sent as they are."""

import json
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from oracle.foreign.endpoint import REGION
from oracle.foreign.wire import Message, send
from oracle.streaming.upload import (
    ALGORITHMS,
    CORRUPTED,
    LENGTHS,
    UNSIGNED_TRAILER,
    Outcomes,
    Site,
    Upload,
)

_SIGNED = {
    "sigv4": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "sigv4a": "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
}
_TRAILER = "-TRAILER"
_CHUNK_SIZES = (8192, 65536)
_WRONG_SIGNATURE = "SignatureDoesNotMatch"

Json = dict[str, Any]
Refusal = tuple[int, str]
"""The status, and the code of S3."""


@dataclass(frozen=True)
class _Line:
    """One line to sign."""

    upload: Upload
    algorithm: str
    payload: str
    chunk_size: int
    trailers: tuple[tuple[str, str | None], ...]


def outcomes(site: Site) -> Outcomes:
    """Every mode with both algorithms, every length and checksum; and each mode changed."""
    lines = list(_lines())
    uploads = _signed(site, [_description(site, line) for line in lines])
    downloads = _signed(site, [_reading(site, line) for line in lines])
    for line, upload, download in zip(lines, uploads, downloads, strict=True):
        yield line.upload.title, _difference(site, line, upload, download)
        if line.upload.length == CORRUPTED:
            for place, body, expected in _changed(line, upload.body):
                wrong = _not_refused(site, replace(upload, body=body), expected)
                yield f"{line.upload.title}, {place}", wrong


def _difference(site: Site, line: _Line, upload: Message, download: Message) -> str | None:
    headers = {name.lower(): value for name, value in upload.headers}
    if headers["x-amz-content-sha256"] != line.payload:
        return f"signed as {headers['x-amz-content-sha256']}"
    answered = send(site.endpoint.address, upload)
    if answered.status == 200:
        answered = send(site.endpoint.address, download)
    if answered.status != 200:
        return f"answered {answered.status} {answered.code}: {answered.body[:500]!r}"
    return None if answered.body == line.upload.content else "read back other bytes"


def _changed(line: _Line, body: bytes) -> Iterator[tuple[str, bytes, Refusal]]:
    """A change of each kind, and how it is to be refused."""
    data = body.index(line.upload.content[-64:])
    # SigV4a pads its signatures, base64 its last digits.
    last = len(body.rstrip(b"\r\n*=")) - 1
    size = body.rindex(b"\r\n0") + 2
    wrong = (400, "BadDigest") if line.payload == UNSIGNED_TRAILER else (403, _WRONG_SIGNATURE)
    yield "a byte of the data", _with(body, data, body[data] ^ 1), wrong
    yield "the last digit", _with(body, last, ord("1" if body[last] == ord("0") else "0")), wrong
    yield "the last size", _with(body, size, ord("1")), (400, "IncompleteBody")


def _with(body: bytes, at: int, byte: int) -> bytes:
    return body[:at] + bytes([byte]) + body[at + 1 :]


def _not_refused(site: Site, message: Message, expected: Refusal) -> str | None:
    answered = send(site.endpoint.address, message)
    found = (answered.status, answered.code)
    return None if found == expected else f"answered {found}, not {expected}"


def _lines() -> Iterator[_Line]:
    for algorithm, signed in _SIGNED.items():
        for payload in (signed, signed + _TRAILER, UNSIGNED_TRAILER):
            for chunk_size in _CHUNK_SIZES:
                client = f"sign --jsonl {algorithm} {payload} {chunk_size}"
                for upload in _uploads(client, payload):
                    trailers = _trailers(upload, payload)
                    yield _Line(upload, algorithm, payload, chunk_size, trailers)


def _trailers(upload: Upload, payload: str) -> tuple[tuple[str, str | None], ...]:
    if not payload.endswith(_TRAILER):
        return ()
    checksum = (upload.trailer, None)
    # Nothing would tell that a note was changed where the trailers are not signed.
    return (checksum,) if payload == UNSIGNED_TRAILER else (("x-amz-meta-note", "a"), checksum)


def _uploads(client: str, payload: str) -> Iterator[Upload]:
    for length in LENGTHS:
        yield Upload(client, length)
    if payload.endswith(_TRAILER):
        for algorithm in ALGORITHMS:
            yield Upload(client, CORRUPTED - 1, algorithm)


def _signed(site: Site, descriptions: list[Json]) -> Iterator[Message]:
    text = "".join(json.dumps(description) + "\n" for description in descriptions)
    command = [site.binary, "sign", "--jsonl"]
    run = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True)
    for answer in map(json.loads, run.stdout.splitlines()):
        parts = urlsplit(answer["url"])
        headers = tuple((name, value) for name, value in answer["headers"])
        body = b64decode(answer.get("body_base64", ""))
        yield Message(answer["method"], parts.path, headers, body)


def _description(site: Site, line: _Line) -> Json:
    return _reading(site, line) | {
        "method": "PUT",
        "headers": [["content-type", "application/octet-stream"]],
        "body_base64": b64encode(line.upload.content).decode(),
        "payload": line.payload,
        "chunk_size": line.chunk_size,
        "trailers": line.trailers or None,
    }


def _reading(site: Site, line: _Line) -> Json:
    return {
        "method": "GET",
        "url": f"http://{site.endpoint.address}{line.upload.target}",
        "algorithm": line.algorithm,
        "service": "s3",
        "region": REGION,
        "access_key_id": site.endpoint.credentials.access_key_id,
        "secret_access_key": site.endpoint.credentials.secret_access_key,
    }
