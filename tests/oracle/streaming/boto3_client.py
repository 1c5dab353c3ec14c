"""boto3, whose uploads over https are in pieces with a checksum after them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import ClientError

from oracle.foreign.endpoint import REGION
from oracle.streaming.upload import (
    ALGORITHMS,
    BUCKET,
    CORRUPTED,
    LENGTHS,
    SOME_LENGTHS,
    Outcomes,
    Site,
    Upload,
    places,
)

_VERSIONS = {"boto3": "s3v4", "boto3, SigV4a": "s3v4a"}
Send = Callable[[Any, Upload], None]


class _Unseekable:
    """A body that can be read once, such as a pipe."""

    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self._content.read(size)


def outcomes(site: Site) -> Outcomes:
    """Bytes, files and streams of every length, every checksum, and what is changed on the way."""
    for name, version in _VERSIONS.items():
        client = _client(site, version)
        for upload, send in _uploads(site, name):
            yield upload.title, _tried(site, client, upload, send)
        yield from _corrupted(site, name, version)


def _uploads(site: Site, name: str) -> list[tuple[Upload, Send]]:
    file = _sender_of_files(site)
    return [
        *((Upload(f"{name} put_object of bytes", length), _put) for length in LENGTHS),
        *((Upload(f"{name} put_object of a file", length), file) for length in LENGTHS),
        *((Upload(f"{name} put_object of a pipe", length), _pipe) for length in SOME_LENGTHS),
        *((Upload(f"{name} upload_fileobj", length), _transfer) for length in SOME_LENGTHS),
        *((Upload(f"{name} of what is encoded", length), _encoded) for length in SOME_LENGTHS),
        *(
            (Upload(f"{name} put_object of bytes", length, algorithm), _put)
            for algorithm in ALGORITHMS
            for length in SOME_LENGTHS
        ),
    ]


def _client(site: Site, version: str) -> Any:
    return Session().client(
        "s3",
        region_name=REGION,
        endpoint_url=site.forwarder.url,
        verify=str(site.forwarder.certificate),
        aws_access_key_id=site.endpoint.credentials.access_key_id,
        aws_secret_access_key=site.endpoint.credentials.secret_access_key,
        config=Config(
            signature_version=version,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
        ),
    )


def _put(client: Any, upload: Upload, body: Any = None, **more: Any) -> None:
    if upload.algorithm:
        more["ChecksumAlgorithm"] = upload.algorithm
    content = upload.content if body is None else body
    client.put_object(Bucket=BUCKET, Key=upload.key, Body=content, **more)


def _sender_of_files(site: Site) -> Send:
    def send(client: Any, upload: Upload) -> None:
        path = site.folder / "body"
        path.write_bytes(upload.content)
        with path.open("rb") as body:
            _put(client, upload, body)

    return send


def _pipe(client: Any, upload: Upload) -> None:
    _put(client, upload, _Unseekable(upload.content), ContentLength=upload.length)


def _encoded(client: Any, upload: Upload) -> None:
    _put(client, upload, ContentEncoding="gzip")


def _transfer(client: Any, upload: Upload) -> None:
    client.upload_fileobj(BytesIO(upload.content), BUCKET, upload.key)


def _tried(site: Site, client: Any, upload: Upload, send: Send) -> str | None:
    try:
        send(client, upload)
        result = client.get_object(Bucket=BUCKET, Key=upload.key)
    except ClientError as error:
        return str(error)
    return upload.difference(site.forwarder, result["Body"].read())


def _corrupted(site: Site, name: str, version: str) -> Outcomes:
    for algorithm in (None, *ALGORITHMS):
        upload = Upload(f"{name} changed on the way", CORRUPTED, algorithm)
        # Each in a connection of its own, of which it is the first request.
        _put(_client(site, version), upload)
        seen = site.forwarder.seen("PUT", upload.target)
        if seen is None:
            yield upload.title, "sent no such request"
            continue
        for place, at in places(seen, upload.content).items():
            site.forwarder.flip_at = at
            refusal = _refusal(_client(site, version), upload)
            site.forwarder.flip_at = None
            expected = (400, "BadDigest")
            wrong = None if refusal == expected else f"answered {refusal}, not {expected}"
            yield f"{upload.title}, {place}", wrong


def _refusal(client: Any, upload: Upload) -> tuple[int, str]:
    try:
        _put(client, upload)
    except ClientError as error:
        failed: dict[str, Any] = error.response
        return failed["ResponseMetadata"]["HTTPStatusCode"], failed["Error"]["Code"]
    return 200, ""
