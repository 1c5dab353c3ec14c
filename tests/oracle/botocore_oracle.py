"""The pure-Python signers of botocore as an oracle. SigV4 only."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from oracle.header_policy import SIGNER_HEADERS
from oracle.service_profile import ServiceProfile
from oracle.signable import OracleUnavailable, Signable, Signed
from oracle.wire_form import SIGNER_PARAMETERS, decode

NAME = f"botocore {version('botocore')}"

_FORM = "application/x-www-form-urlencoded; charset=utf-8"


def sign(request: Signable) -> Signed:
    """Signs with the signer class that botocore uses for such a request."""
    reason = _unavailable(request)
    if reason:
        raise OracleUnavailable(reason)
    message = _message(request)
    signer = _signer(request)
    with _clock_at(request.time):
        signer.add_auth(message)
    return _signed(message, signer)


def _unavailable(request: Signable) -> str | None:
    """Why botocore cannot do what the request asks, if it cannot."""
    names = [name.lower() for name, _ in request.headers]
    if request.algorithm == "sigv4a":
        return "no SigV4a in pure Python"
    if "date" in names:
        return "rewrites a Date header"
    if request.rules == "standard" and not request.normalize_path:
        return "always normalises"
    if request.expires is None:
        s3_without_hash = request.rules == "s3" and not request.content_sha256_header
        return "always sends x-amz-content-sha256 to S3" if s3_without_hash else None
    if ("content-type", _FORM) in [(name.lower(), value) for name, value in request.headers]:
        return "drops this content-type when presigning"
    return _query_lost_when_presigning(urlsplit(request.url).query)


def _query_lost_when_presigning(query: str) -> str | None:
    names = [pair.partition("=")[0] for pair in query.split("&")]
    if len(set(names)) < len(names):
        return "drops repeated query keys when presigning"
    try:
        decode(query).decode()
    except UnicodeDecodeError:
        return "decodes the query lossily when presigning"
    return None


def _message(request: Signable) -> AWSRequest:
    message = AWSRequest(method=request.method, url=request.url)
    for name, value in request.headers:
        message.headers.add_header(name, value)
    needs_header = request.rules == "standard" and request.content_sha256_header
    if needs_header and (
        request.expires is None or ServiceProfile(request.service).never_signs_payload
    ):
        message.headers["X-Amz-Content-SHA256"] = request.payload_line
    return message


def _signer(request: Signable) -> Any:
    token = request.credentials.session_token if request.token_mode == "sign" else None
    credentials = Credentials(
        request.credentials.access_key_id, request.credentials.secret_access_key, token
    )
    options: dict[str, object] = {}
    if request.expires is not None:
        options["expires"] = request.expires
    base = _signer_class(request)
    if issubclass(base, auth.S3ExpressAuth):
        options["identity_cache"] = None
    with_payload = _with_payload(base, request.payload_line)
    return with_payload(credentials, request.service, request.region, **options)


# botocore has no type annotations, so its classes are `Any` here.
def _signer_class(request: Signable) -> Any:
    presign = request.expires is not None
    session = request.credentials.session_token is not None
    if session and ServiceProfile(request.service).uses_session_header:
        return auth.S3ExpressQueryAuth if presign else auth.S3ExpressAuth
    if request.rules == "s3":
        return auth.S3SigV4QueryAuth if presign else auth.S3SigV4Auth
    return auth.SigV4QueryAuth if presign else auth.SigV4Auth


def _with_payload(base: Any, line: str) -> Any:
    """A signer that is told the payload line, and that keeps the two texts it signs.

    botocore has no option for the payload, and moves the body of a presigned request into its query.
    """

    class WithPayload(base):  # type: ignore[misc]
        canonical_text = ""
        text_to_sign = ""

        def payload(self, _request: AWSRequest) -> str:
            return line

        def string_to_sign(self, request: AWSRequest, canonical_request: str) -> Any:
            self.canonical_text = canonical_request
            self.text_to_sign = super().string_to_sign(request, canonical_request)
            return self.text_to_sign

    return WithPayload


def _signed(message: AWSRequest, signer: Any) -> Signed:
    headers = {
        name.lower(): value
        for name, value in message.headers.items()
        if name.lower() in SIGNER_HEADERS
    }
    pairs = [pair.partition("=") for pair in urlsplit(message.url).query.split("&")]
    query = {name.lower(): value for name, _, value in pairs if name.lower() in SIGNER_PARAMETERS}
    signature = query.get("x-amz-signature") or headers["authorization"].partition("Signature=")[2]
    return Signed(signer.canonical_text, signer.text_to_sign, signature, headers, query)


@contextmanager
def _clock_at(time: str) -> Iterator[None]:
    now = datetime.strptime(time, "%Y%m%dT%H%M%SZ")
    with patch.object(auth, "get_current_datetime", lambda: now):
        yield
