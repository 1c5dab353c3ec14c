"""Requests sent byte for byte as they were signed, and answers."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.client import HTTPConnection

from oracle.foreign.task import Headers, Tampering, Task

_TIMEOUT = 30
_S3_CODE = re.compile(rb"<Code>([^<]*)</Code>")


@dataclass(frozen=True)
class Message:
    """A request as it is sent; `host` is among the headers."""

    method: str
    target: str
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    code: str
    """The error's name; empty if there is none."""


Exchange = Callable[[Task], Answer]
"""Signs, sends, and gives the answer."""


def signed_by(sign: Callable[[Task], Message]) -> Exchange:
    """The exchange of a signer that leaves the sending to us."""

    def exchange(task: Task) -> Answer:
        return send(task.address, tampered(sign(task), task.tampering))

    return exchange


def tampered(message: Message, tampering: Tampering) -> Message:
    """The message with the changes nobody signed."""
    extra = () if tampering.extra_header is None else (tampering.extra_header,)
    body = message.body if tampering.body is None else tampering.body
    return replace(message, headers=message.headers + extra, body=body)


def send(address: str, message: Message) -> Answer:
    """Sends these headers and no others, but for a missing length."""
    connection = HTTPConnection(address, timeout=_TIMEOUT)
    try:
        connection.putrequest(
            message.method, message.target, skip_host=True, skip_accept_encoding=True
        )
        for name, value in message.headers:
            connection.putheader(name, value)
        has_length = any(name.lower() == "content-length" for name, _ in message.headers)
        if not has_length and (message.body or message.method in ("POST", "PUT", "PATCH")):
            connection.putheader("content-length", str(len(message.body)))
        connection.endheaders(message.body or None)
        response = connection.getresponse()
        body = response.read()
        return answer(response.status, body, response.headers.get("x-amzn-errortype"))
    finally:
        connection.close()


def answer(status: int, body: bytes, error_type: str | None) -> Answer:
    """The answer, with its code from where the style puts it: a header, or the XML."""
    in_xml = _S3_CODE.search(body) if status >= 400 else None
    code = in_xml[1].decode() if in_xml else (error_type or "").partition(":")[0]
    return Answer(status, body, code)


def echoed(body: bytes) -> dict[str, str]:
    """What an endpoint of style `api-gateway` says it received."""
    received: dict[str, str] = json.loads(body)
    return received
