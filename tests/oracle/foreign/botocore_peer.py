"""The signer classes of botocore, those in Python and those over the Common Runtime."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.crt import auth as crt_auth

from oracle.foreign.peer import Peer
from oracle.foreign.task import EXPIRES, Task
from oracle.foreign.wire import Message, signed_by


def peers() -> list[Peer]:
    """One for each class; a class knows one set of canonical rules."""
    return [
        _peer(auth.SigV4Auth),
        _peer(auth.S3SigV4Auth),
        _peer(auth.SigV4QueryAuth),
        _peer(auth.S3SigV4QueryAuth),
        _peer(crt_auth.CrtSigV4Auth),
        _peer(crt_auth.CrtS3SigV4Auth),
        _peer(crt_auth.CrtSigV4QueryAuth),
        _peer(crt_auth.CrtS3SigV4QueryAuth),
        _peer(crt_auth.CrtSigV4AsymAuth),
        _peer(crt_auth.CrtS3SigV4AsymAuth),
        _peer(crt_auth.CrtSigV4AsymQueryAuth),
        _peer(crt_auth.CrtS3SigV4AsymQueryAuth),
    ]


@contextmanager
def botocore_clock(time: datetime | None) -> Iterator[None]:
    """Sets botocore's clock, or leaves it alone."""
    if time is None:
        yield
        return

    def now(remove_tzinfo: bool = True) -> datetime:
        return time.replace(tzinfo=None) if remove_tzinfo else time

    with (
        patch.object(auth, "get_current_datetime", now),
        patch.object(crt_auth, "get_current_datetime", now),
    ):
        yield


# botocore has no type annotations, so its classes are `Any` here.
def _peer(signer: Any) -> Peer:
    name = signer.__name__
    presigns = "Query" in name
    return Peer(
        f"botocore {name}",
        signed_by(lambda task: _sign(signer, task, presigns=presigns)),
        styles=("s3",) if "S3" in name else ("api-gateway",),
        algorithm="sigv4a" if "Asym" in name else "sigv4",
        presigns=presigns,
        cannot=lambda task: _cannot(task, presigns, by_runtime="Crt" in name),
    )


def _cannot(task: Task, presigns: bool, *, by_runtime: bool) -> str | None:
    if task.s3:
        return None
    if presigns and task.case.body:
        return "moves the body of a presigned request into its query"
    if task.case.unsigned_payload and (presigns or by_runtime):
        return "leaves no payload open over plain HTTP"
    return None


def _sign(signer: Any, task: Task, *, presigns: bool) -> Message:
    case = task.case
    # S3 leaves the payload of a presigned request open, so its signer need not see it.
    seen = b"" if presigns else case.body
    request = AWSRequest(case.method, task.url, dict(case.headers), seen)
    if case.unsigned_payload:
        request.context["payload_signing_enabled"] = False
        request.context["client_config"] = Config(s3={"payload_signing_enabled": False})
    credentials = Credentials(
        task.credentials.access_key_id, task.credentials.secret_access_key, case.session_token
    )
    options = {"expires": EXPIRES} if presigns else {}
    with botocore_clock(task.time):
        signer(credentials, task.service, task.region, **options).add_auth(request)
    parts = urlsplit(request.url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = tuple((name, value) for name, value in request.headers.items())
    if "host" not in request.headers:
        headers += (("host", parts.netloc),)
    return Message(case.method, target, headers, case.body)
