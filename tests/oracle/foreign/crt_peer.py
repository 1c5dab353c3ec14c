"""The AWS Common Runtime, through `awscrt`."""

from io import BytesIO
from typing import Literal

from awscrt import auth, http

from oracle.foreign.peer import Peer
from oracle.foreign.task import EXPIRES, UNSIGNED_PAYLOAD, Task
from oracle.foreign.wire import Message, signed_by


def peers() -> list[Peer]:
    """Both algorithms, in the headers and in the query."""
    return [
        _peer("awscrt V4", "sigv4", presigns=False),
        _peer("awscrt V4 query", "sigv4", presigns=True),
        _peer("awscrt V4_ASYMMETRIC", "sigv4a", presigns=False),
        _peer("awscrt V4_ASYMMETRIC query", "sigv4a", presigns=True),
    ]


def _peer(name: str, algorithm: Literal["sigv4", "sigv4a"], *, presigns: bool) -> Peer:
    return Peer(
        name,
        signed_by(lambda task: _sign(task, algorithm, presigns)),
        algorithm=algorithm,
        presigns=presigns,
    )


def _sign(task: Task, algorithm: Literal["sigv4", "sigv4a"], presigns: bool) -> Message:
    case = task.case
    # The runtime adds no `host`.
    headers = http.HttpHeaders([("host", task.host), *case.headers])
    body = BytesIO(case.body) if case.body else None
    message = http.HttpRequest(case.method, task.target, headers, body)
    signing = auth.aws_sign_request(message, _config(task, algorithm, presigns))
    signed = signing.result(timeout=30)
    return Message(signed.method, signed.path, tuple(signed.headers), case.body)


def _config(
    task: Task, algorithm: Literal["sigv4", "sigv4a"], presigns: bool
) -> auth.AwsSigningConfig:
    kinds, types = auth.AwsSigningAlgorithm, auth.AwsSignatureType
    unsigned = task.case.unsigned_payload or (presigns and task.s3)
    return auth.AwsSigningConfig(
        algorithm=kinds.V4 if algorithm == "sigv4" else kinds.V4_ASYMMETRIC,
        signature_type=types.HTTP_REQUEST_QUERY_PARAMS if presigns else types.HTTP_REQUEST_HEADERS,
        credentials_provider=auth.AwsCredentialsProvider.new_static(
            task.credentials.access_key_id,
            task.credentials.secret_access_key,
            task.case.session_token,
        ),
        region=task.region,
        service=task.service,
        date=task.moment,
        use_double_uri_encode=not task.s3,
        should_normalize_uri_path=not task.s3,
        signed_body_value=UNSIGNED_PAYLOAD if unsigned else None,
        # A payload left open has to be announced; S3 wants to hear of every payload.
        signed_body_header_type=auth.AwsSignedBodyHeaderType(int(task.s3 or unsigned)),
        expiration_in_seconds=EXPIRES if presigns else None,
    )
