"""The AWS Common Runtime as an oracle, through `awscrt`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO

from awscrt import auth, http
from awscrt import logging as crt_logging

from oracle.header_policy import SIGNER_HEADERS
from oracle.service_profile import ServiceProfile
from oracle.signable import OracleUnavailable, Signable, Signed
from oracle.wire_form import SIGNER_PARAMETERS

NAME = f"awscrt {version('awscrt')}"


def sign(request: Signable) -> Signed:
    """Signs with the runtime; its two texts are read from its log, the only place that has them."""
    reason = _unavailable(request)
    if reason:
        raise OracleUnavailable(reason)
    with _log_of_the_runtime() as messages:
        signed = _transform(request)
    canonical_request = _logged(messages, "canonical request")
    string_to_sign = _logged(messages, "string-to-sign")
    if sha256(canonical_request.encode()).hexdigest() != string_to_sign.split("\n")[-1]:
        raise AssertionError(f"the logged texts do not belong together: {messages}")
    return _signed(signed, canonical_request, string_to_sign)


def _unavailable(request: Signable) -> str | None:
    if ":/" in request.path_and_query.split("?")[0]:
        return "takes `:/` in a path for a scheme"
    return None


def _transform(request: Signable) -> http.HttpRequest:
    body = BytesIO(request.body) if request.body else None
    headers = http.HttpHeaders(list(request.headers))
    message = http.HttpRequest(request.method, request.path_and_query, headers, body)
    return auth.aws_sign_request(message, _config(request)).result(timeout=30)


def _config(request: Signable) -> auth.AwsSigningConfig:
    s3 = request.rules == "s3"
    presign = request.expires is not None
    return auth.AwsSigningConfig(
        algorithm=_algorithm(request),
        signature_type=auth.AwsSignatureType(
            auth.AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS
            if presign
            else auth.AwsSignatureType.HTTP_REQUEST_HEADERS
        ),
        credentials_provider=auth.AwsCredentialsProvider.new_static(
            request.credentials.access_key_id,
            request.credentials.secret_access_key,
            request.credentials.session_token,
        ),
        region=request.region,
        service=request.service,
        date=datetime.strptime(request.time, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC),
        use_double_uri_encode=not s3,
        should_normalize_uri_path=not s3 and request.normalize_path,
        signed_body_value=request.payload,
        signed_body_header_type=auth.AwsSignedBodyHeaderType(int(request.content_sha256_header)),
        expiration_in_seconds=request.expires,
        omit_session_token=request.token_mode == "append",
    )


def _algorithm(request: Signable) -> auth.AwsSigningAlgorithm:
    if request.algorithm == "sigv4a":
        return auth.AwsSigningAlgorithm.V4_ASYMMETRIC
    session = request.credentials.session_token is not None
    if session and ServiceProfile(request.service).uses_session_header:
        return auth.AwsSigningAlgorithm.V4_S3EXPRESS
    return auth.AwsSigningAlgorithm.V4


def _signed(message: http.HttpRequest, canonical_request: str, string_to_sign: str) -> Signed:
    headers = {
        name.lower(): value for name, value in message.headers if name.lower() in SIGNER_HEADERS
    }
    pairs = [pair.partition("=") for pair in message.path.partition("?")[2].split("&")]
    query = {name.lower(): value for name, _, value in pairs if name.lower() in SIGNER_PARAMETERS}
    signature = query.get("x-amz-signature") or headers["authorization"].partition("Signature=")[2]
    return Signed(canonical_request, string_to_sign, signature, headers, query)


def _logged(messages: list[str], what: str) -> str:
    for message in messages:
        if f"successfully built {what} " in message:
            return message.partition("with contents \n")[2].removesuffix("\n")
    raise AssertionError(f"the runtime logged no {what}")


class _Collector(logging.Handler):
    def __init__(self, messages: list[str]) -> None:
        super().__init__()
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self._messages.append(record.getMessage())


@contextmanager
def _log_of_the_runtime() -> Iterator[list[str]]:
    logger = _runtime_logger()
    messages: list[str] = []
    collector = _Collector(messages)
    logger.addHandler(collector)
    try:
        yield messages
    finally:
        logger.removeHandler(collector)


@cache
def _runtime_logger() -> logging.Logger:
    logger = logging.getLogger("awscrt")
    # The log holds session tokens: it must not reach the handlers of the root logger.
    logger.propagate = False
    crt_logging.init_logging(logging.INFO)
    return logger
