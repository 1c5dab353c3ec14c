"""The S3 client of the AWS Common Runtime, with which other clients of AWS transfer."""

from io import BytesIO
from typing import Any

from awscrt.auth import AwsCredentialsProvider
from awscrt.exceptions import AwsCrtError
from awscrt.http import HttpHeaders, HttpRequest
from awscrt.io import ClientTlsContext, TlsConnectionOptions, TlsContextOptions
from awscrt.s3 import (
    S3ChecksumAlgorithm,
    S3ChecksumConfig,
    S3ChecksumLocation,
    S3Client,
    S3RequestTlsMode,
    S3RequestType,
    S3ResponseError,
)

from oracle.foreign.endpoint import REGION
from oracle.streaming.upload import ALGORITHMS, LENGTHS, SOME_LENGTHS, Outcomes, Site, Upload

_TIMEOUT = 60


def outcomes(site: Site) -> Outcomes:
    """Every length and every checksum; it writes the size of a chunk in upper case."""
    client = _client(site)
    for length in LENGTHS:
        for algorithm in ALGORITHMS if length in (8191, *SOME_LENGTHS) else ALGORITHMS[:1]:
            upload = Upload("awscrt.s3", length, algorithm)
            yield upload.title, _tried(site, client, upload)


def _client(site: Site) -> S3Client:
    options = TlsContextOptions()
    options.override_default_trust_store_from_path(None, str(site.forwarder.certificate))
    return S3Client(
        region=REGION,
        credential_provider=AwsCredentialsProvider.new_static(
            site.endpoint.credentials.access_key_id, site.endpoint.credentials.secret_access_key
        ),
        tls_mode=S3RequestTlsMode.ENABLED,
        tls_connection_options=TlsConnectionOptions(ClientTlsContext(options)),
    )


def _tried(site: Site, client: S3Client, upload: Upload) -> str | None:
    checksum = S3ChecksumConfig(
        algorithm=S3ChecksumAlgorithm[upload.algorithm or ""],
        location=S3ChecksumLocation.TRAILER,
    )
    headers = [("host", site.forwarder.address)]
    put = HttpRequest(
        "PUT",
        upload.target,
        HttpHeaders([*headers, ("content-length", str(upload.length))]),
        BytesIO(upload.content),
    )
    get = HttpRequest("GET", upload.target, HttpHeaders(headers))
    read_back = bytearray()

    def receive(chunk: bytes, **_: Any) -> None:
        read_back.extend(chunk)

    try:
        client.make_request(
            type=S3RequestType.PUT_OBJECT, request=put, checksum_config=checksum
        ).finished_future.result(_TIMEOUT)
        # A request of the type GET_OBJECT would ask for ranges.
        client.make_request(
            type=S3RequestType.DEFAULT,
            operation_name="GetObject",
            request=get,
            on_body=receive,
        ).finished_future.result(_TIMEOUT)
    except S3ResponseError as error:
        return f"answered {error.status_code}: {error.body!r}"
    except AwsCrtError as error:
        return repr(error)
    return upload.difference(site.forwarder, bytes(read_back))
