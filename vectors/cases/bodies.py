"""Bodies, and the payload line that stands for them."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

from cases.case import case

_BINARY = b64encode(bytes(range(256))).decode()
_HEX = sha256(b"sent later").hexdigest()
_PUT: dict[str, Any] = {"method": "PUT", "service": "s3"}
_POST: dict[str, Any] = {"method": "POST"}

CASES = [
    case("body-text", "/", **_POST, body="Param1=value1"),
    case("body-utf8", "/", **_POST, body="gr\u00fc\u00dfe \u2603\n"),
    case("body-empty", "/", **_POST, body=""),
    case("body-binary", "/", **_POST, body_base64=_BINARY),
    case("body-large", "/", **_POST, body="0123456789abcdef" * 4096),
    case(
        "body-form",
        "/",
        **_POST,
        body="a=1&b=2",
        headers=[["Content-Type", "application/x-www-form-urlencoded"]],
    ),
    case(
        "body-form-charset",
        "/",
        **_POST,
        body="a=1",
        headers=[
            ["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"],
            ["Content-Length", "3"],
        ],
    ),
    case("body-on-get", "/", body="odd"),
    case("body-on-delete", "/", method="DELETE", body="odd"),
    case("body-method-patch", "/", method="PATCH", body="{}"),
    case("body-method-head", "/key", method="HEAD", service="s3"),
    case("body-method-options", "/", method="OPTIONS"),
    case("body-s3-text", "/key", **_PUT, body="Welcome to Amazon S3."),
    case(
        "body-s3-binary", "/key", **_PUT, body_base64=_BINARY, headers=[["Content-Length", "256"]]
    ),
    case("body-s3-empty", "/key", **_PUT),
    case("payload-s3-unsigned", "/key", **_PUT, body="never hashed", payload="unsigned"),
    case("payload-s3-hash", "/key", **_PUT, body="hashed", payload="hash"),
    case("payload-s3-given", "/key", **_PUT, payload=_HEX),
    case("payload-given-wins-over-body", "/key", **_PUT, body="other", payload=_HEX),
    case("payload-given", "/", **_POST, payload=_HEX),
    case("payload-given-with-header", "/", **_POST, payload=_HEX, content_sha256_header=True),
    case("payload-hash-with-header", "/", **_POST, body="{}", content_sha256_header=True),
    case(
        "payload-unsigned-with-header",
        "/",
        **_POST,
        body="{}",
        payload="unsigned",
        content_sha256_header=True,
    ),
    case("payload-s3-without-header", "/key", **_PUT, body="data", content_sha256_header=False),
    case(
        "payload-s3-unsigned-without-header",
        "/key",
        **_PUT,
        body="x",
        payload="unsigned",
        content_sha256_header=False,
    ),
    case(
        "payload-s3-content-md5",
        "/key",
        **_PUT,
        body="data",
        headers=[["Content-MD5", "jXd/OF09/siBXSD3SWAm3A=="]],
    ),
]
