"""Requests that were signed before: what the earlier signing left is replaced."""

from typing import Any

from cases.case import SIGV4, TOKEN, case

_STALE_HEADERS = [
    [
        "AUTHORIZATION",
        "AWS4-HMAC-SHA256 Credential=OLD/20140101/x/s3/aws4_request, SignedHeaders=host, Signature=00",
    ],
    ["x-AMZ-date", "20140101T000000Z"],
    ["X-Amz-Security-Token", "stale"],
    ["x-amz-S3session-token", "stale"],
    ["X-Amz-Region-Set", "eu-west-1"],
]
_STALE_QUERY = (
    "a=1&x-amz-algorithm=AWS4-HMAC-SHA256&X-AMZ-Credential=OLD%2F20140101&X-Amz-date=20140101T000000Z"
    "&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-SECURITY-TOKEN=stale&X-Amz-Region-Set=%2A"
    "&X-Amz-S3session-Token=stale&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-Signature=00&z=2"
)
_PRESIGN: dict[str, Any] = {"presign": {"expires": 60}}
_SESSION: dict[str, Any] = {"session_token": TOKEN}

CASES = [
    case("resign-headers", "/", headers=_STALE_HEADERS),
    case("resign-headers-s3", "/key", service="s3", headers=_STALE_HEADERS),
    case("resign-headers-with-token", "/", headers=_STALE_HEADERS, **_SESSION),
    case(
        "resign-headers-token-appended",
        "/",
        headers=_STALE_HEADERS,
        session_token_mode="append",
        **_SESSION,
    ),
    case(
        "resign-headers-between-others",
        "/",
        headers=[["a", "1"], *_STALE_HEADERS, ["z", "2"], *_STALE_HEADERS],
    ),
    case("resign-headers-presigned", "/", headers=_STALE_HEADERS, **_PRESIGN),
    case(
        "resign-content-sha256-s3",
        "/key",
        service="s3",
        method="PUT",
        body="new",
        headers=[["X-AMZ-Content-SHA256", "UNSIGNED-PAYLOAD"]],
    ),
    case(
        "resign-content-sha256-unsigned",
        "/key",
        service="s3",
        method="PUT",
        body="new",
        payload="unsigned",
        headers=[["x-amz-content-sha256", "00"]],
    ),
    case("resign-query", f"/?{_STALE_QUERY}"),
    case("resign-query-s3", f"/key?{_STALE_QUERY}", service="s3"),
    case("resign-query-presigned", f"/?{_STALE_QUERY}", **_PRESIGN),
    case("resign-query-presigned-s3", f"/key?{_STALE_QUERY}", service="s3", **_PRESIGN, **_SESSION),
    case("resign-query-name-escaped", "/?%58-Amz%2DSignature=00&a=1", **_PRESIGN),
    case("resign-query-name-alone", "/?X-Amz-Signature&a=1&x-amz-date=", **_PRESIGN),
    case("resign-query-only-ours", "/?X-Amz-Algorithm=a&X-Amz-Signature=b"),
    case("resign-query-repeated", "/?X-Amz-Date=1&X-Amz-Date=2&a=1", **_PRESIGN),
    case(
        "resign-query-look-alikes", "/?x-amz-date-x=1&X-Amz-Signature2=2&X_Amz_Date=3", **_PRESIGN
    ),
    case("resign-both", f"/?{_STALE_QUERY}", headers=_STALE_HEADERS, **_SESSION),
    case(
        "resign-express",
        "https://bucket--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/key",
        SIGV4,
        service="s3express",
        headers=_STALE_HEADERS,
        **_SESSION,
    ),
]
