"""Which headers are signed, and which belong to the signer (section 5 of DESIGN.md)."""

import re

Headers = list[tuple[str, str]]

SIGNER_HEADERS = frozenset(
    (
        "authorization",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-region-set",
        "x-amz-s3session-token",
        "x-amz-security-token",
    )
)
"""Headers that a signer adds, in lower case; those of an earlier signing are replaced."""

_NOT_SIGNED = re.compile(
    r"authorization|connection|expect|keep-alive|proxy-authenticate|proxy-authorization"
    r"|proxy-connection|te|trailer|transfer-encoding|upgrade|user-agent|accept-encoding|via"
    r"|forwarded|x-forwarded-.*|x-amzn-trace-id|traceparent|tracestate|baggage|sec-websocket-.*"
)


def is_signed(name: str, service: str) -> bool:
    """Whether the policy `Standard` signs a header the caller gave."""
    lower = name.lower()
    # OpenSearch Serverless refuses requests that sign their length.
    if service == "aoss" and lower == "content-length":
        return False
    return _NOT_SIGNED.fullmatch(lower) is None


def without_signer_headers(headers: Headers) -> Headers:
    """The caller's headers, without what an earlier signing left."""
    return [header for header in headers if header[0].lower() not in SIGNER_HEADERS]
