"""A whole S3 client of boto3, which sends by itself, and its presigned URLs."""

from functools import cache
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import ClientError

from oracle.foreign.botocore_peer import botocore_clock
from oracle.foreign.peer import Peer
from oracle.foreign.task import EXPIRES, Task
from oracle.foreign.wire import Answer, Message, signed_by

Json = dict[str, Any]

_OPERATIONS = {
    "PUT": "put_object",
    "GET": "get_object",
    "HEAD": "head_object",
    "DELETE": "delete_object",
}


def peers() -> list[Peer]:
    """SigV4 in Python, SigV4a over the Common Runtime."""
    return [
        _client_peer("boto3 client", "sigv4", "s3v4"),
        _url_peer("boto3 generate_presigned_url", "sigv4", "s3v4"),
        _client_peer("boto3 client, SigV4a", "sigv4a", "s3v4a"),
        _url_peer("boto3 generate_presigned_url, SigV4a", "sigv4a", "s3v4a"),
    ]


def _client_peer(name: str, algorithm: Literal["sigv4", "sigv4a"], version: str) -> Peer:
    return Peer(
        name,
        lambda task: _call(task, version),
        ("s3",),
        algorithm=algorithm,
        cannot=_cannot,
        # It reads the right region out of the refusal and signs again: that it succeeds is what S3 does too.
        cannot_change=("other region",) if algorithm == "sigv4" else (),
    )


def _url_peer(name: str, algorithm: Literal["sigv4", "sigv4a"], version: str) -> Peer:
    return Peer(
        name,
        signed_by(lambda task: _presign(task, version)),
        ("s3",),
        algorithm=algorithm,
        presigns=True,
        cannot=_cannot,
    )


def _cannot(task: Task) -> str | None:
    if task.case.host:
        return "takes its host from the endpoint"
    if "%2F" in task.case.path:
        return "never escapes a slash"
    if task.case.query and not _lists(task):
        return "takes no query of its own"
    if task.case.region_set:
        return "takes its own region for the region set of S3"
    return None


def _lists(task: Task) -> bool:
    return ("list-type", "2") in task.case.query


def _call(task: Task, version: str) -> Answer:
    client = _client(task, version)
    client.meta.events.register("before-send.s3", lambda request, **_: _tamper(request, task))
    operation, parameters = _operation(task)
    if task.case.body:
        parameters["Body"] = task.case.body
    with botocore_clock(task.time):
        try:
            result = getattr(client, operation)(**parameters)
        except ClientError as error:
            failed: Json = error.response
            status = failed["ResponseMetadata"]["HTTPStatusCode"]
            return Answer(status, str(error).encode(), failed["Error"]["Code"])
    # The client has parsed the list: this is the only trace of its XML.
    body = b"<ListBucketResult" if "KeyCount" in result else b""
    if operation == "get_object":
        body = result["Body"].read()
    return Answer(result["ResponseMetadata"]["HTTPStatusCode"], body, "")


def _presign(task: Task, version: str) -> Message:
    operation, parameters = _operation(task)
    with botocore_clock(task.time):
        url = _client(task, version).generate_presigned_url(operation, parameters, EXPIRES)
    parts = urlsplit(url)
    headers = (("host", parts.netloc), *task.case.headers)
    return Message(task.case.method, f"{parts.path}?{parts.query}", headers, task.case.body)


def _client(task: Task, version: str) -> Any:
    checksums: Json = dict.fromkeys(
        ("request_checksum_calculation", "response_checksum_validation"), "when_required"
    )
    return _session().client(
        "s3",
        region_name=task.region,
        endpoint_url=f"http://{task.address}",
        aws_access_key_id=task.credentials.access_key_id,
        aws_secret_access_key=task.credentials.secret_access_key,
        aws_session_token=task.case.session_token,
        config=Config(
            signature_version=version,
            retries={"total_max_attempts": 1},
            s3={
                "addressing_style": "path",
                "payload_signing_enabled": not task.case.unsigned_payload,
            },
            **checksums,
        ),
    )


@cache
def _session() -> Session:
    return Session()


def _operation(task: Task) -> tuple[str, Json]:
    case = task.case
    _, bucket, *key = case.path.split("/", 2)
    parameters: Json = {"Bucket": bucket}
    if _lists(task):
        return "list_objects_v2", {**parameters, "Prefix": dict(case.query)["prefix"]}
    parameters["Key"] = unquote(key[0])
    headers = dict(case.headers)
    if "content-type" in headers:
        parameters["ContentType"] = headers["content-type"]
    metadata = {n.removeprefix("x-amz-meta-"): v for n, v in case.headers if "-meta-" in n}
    if metadata:
        parameters["Metadata"] = metadata
    return _OPERATIONS[case.method], parameters


def _tamper(request: Any, task: Task) -> None:
    tampering = task.tampering
    if tampering.body is not None:
        request.body = tampering.body
        request.headers["Content-Length"] = str(len(tampering.body))
    if tampering.extra_header:
        name, value = tampering.extra_header
        request.headers[name] = value
