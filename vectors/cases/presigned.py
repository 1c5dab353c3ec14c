"""Presigned URLs: the same traps, with the signature in the query."""

from hashlib import sha256
from typing import Any

from cases.case import case

_HOUR: dict[str, Any] = {"presign": {"expires": 3600}}
_S3: dict[str, Any] = {"service": "s3", **_HOUR}

CASES = [
    case("presigned", "/", **_HOUR),
    case("presigned-s3", "/test.txt", **_S3),
    case("presigned-no-path", "https://example.com", **_HOUR),
    case("presigned-one-second", "/", presign={"expires": 1}),
    case("presigned-t68-week", "/", service="s3", presign={"expires": 604800}),
    case("presigned-s3-path", "/a+b=c/caf\u00e9 d%2Fe", **_S3),
    case("presigned-s3-dots", "/a/../b//c/.", **_S3),
    case("presigned-path", "/a+b=c/caf\u00e9 d%2Fe", **_HOUR),
    case("presigned-dots", "/a/../b//c/.", **_HOUR),
    case("presigned-query", "/?b=2&a=1&x-id=GetObject&Z=%2f+%20", **_HOUR),
    case(
        "presigned-query-s3",
        '/key?response-content-disposition=attachment; filename="a b.txt"&versionId=a+b',
        **_S3,
    ),
    case("presigned-query-around-ours", "/?X-Amz-A=1&X-Amz-Z=2&X-Ama=3&x-amz=4", **_HOUR),
    case("presigned-query-empty-value", "/?acl&b=", **_S3),
    case("presigned-repeated-key", "/?tag=a&tag=b", **_HOUR),
    case("presigned-byte-ff", "/?a=%FF", **_HOUR),
    case("presigned-utf8-query", "/?prefix=\u2603", **_S3),
    case("presigned-empty-pairs", "/?&&a=1&", **_HOUR),
    case("presigned-header", "/", headers=[["X-Custom", " a  b "], ["Accept", "*/*"]], **_HOUR),
    case(
        "presigned-header-left-alone",
        "/",
        headers=[["User-Agent", "x"], ["Accept-Encoding", "gzip"]],
        **_HOUR,
    ),
    case(
        "presigned-t69-content-length",
        "/key",
        method="PUT",
        headers=[["Content-Length", "33"]],
        **_S3,
    ),
    case(
        "presigned-s3-metadata",
        "/key",
        method="PUT",
        headers=[["x-amz-acl", "private"], ["x-amz-meta-A", "b"]],
        **_S3,
    ),
    case("presigned-repeated-header", "/", headers=[["x-list", "b"], ["X-List", "a"]], **_HOUR),
    case("presigned-host", "https://10.0.0.1:8443/", headers=[["Host", "example.com"]], **_HOUR),
    case("presigned-port", "https://example.com:8443/key", **_S3),
    case("presigned-default-port", "http://example.com:80/key", **_S3),
    case("presigned-ipv6", "http://[::1]:9000/bucket/key", **_S3),
    case("presigned-body", "/", method="POST", body="a=1", **_HOUR),
    case("presigned-body-s3", "/key", method="PUT", body="left open", **_S3),
    case("presigned-payload-hash-s3", "/key", method="PUT", body="bound", payload="hash", **_S3),
    case(
        "presigned-payload-given-s3",
        "/key",
        method="PUT",
        payload=sha256(b"bound").hexdigest(),
        **_S3,
    ),
    case(
        "presigned-payload-unsigned",
        "/",
        method="POST",
        body="left open",
        payload="unsigned",
        **_HOUR,
    ),
    case(
        "presigned-payload-given", "/", method="POST", payload=sha256(b"bound").hexdigest(), **_HOUR
    ),
    case("presigned-fragment", "/a?b=c#d", **_HOUR),
]
