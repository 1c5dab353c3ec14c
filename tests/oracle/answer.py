"""The JSON answer to a description: the request as sent, and how it was signed."""

from oracle.description import Json, Resolved
from oracle.keys import sigv4a_key
from oracle.signable import Signable, Signed

_ADDED_HEADERS = (
    "x-amz-date",
    "x-amz-region-set",
    "x-amz-content-sha256",
    "x-amz-security-token",
    "x-amz-s3session-token",
    "authorization",
)
_TOKEN_PARAMETERS = ("X-Amz-Security-Token", "X-Amz-S3session-Token")


def answer(resolved: Resolved, signed: Signed) -> Json:
    """The answer `sigv4a` has to give, with the values that an oracle computed."""
    signable = resolved.signable
    added = [(name, signed.headers[name]) for name in _ADDED_HEADERS if name in signed.headers]
    result: Json = {
        "method": signable.method,
        "url": _signed_url(signable, signed),
        "headers": [list(header) for header in [*resolved.wire_headers, *resolved.announced, *added]],
        "algorithm": signable.algorithm,
        "signed_headers": signed.signed_headers,
        "canonical_request": signed.canonical_request,
        "string_to_sign": signed.string_to_sign,
        "signature": signed.signature,
    }
    if signable.algorithm == "sigv4a":
        credentials = signable.credentials
        key = sigv4a_key(credentials.access_key_id, credentials.secret_access_key)
        result["public_key"] = key.public_key
    return result


def _signed_url(signable: Signable, signed: Signed) -> str:
    if not signed.query:
        return signable.url
    names = [name for name in _parameter_order(signable) if name.lower() in signed.query]
    added = "&".join(f"{name}={signed.query[name.lower()]}" for name in names)
    return f"{signable.url}{'&' if '?' in signable.url else '?'}{added}"


def _parameter_order(signable: Signable) -> list[str]:
    fixed = ["Algorithm", "Credential", "Date", "Expires", "Region-Set"]
    first = [f"X-Amz-{name}" for name in fixed]
    # An appended token is not signed, so it follows everything that is.
    rest = ["X-Amz-SignedHeaders", *_TOKEN_PARAMETERS]
    if signable.token_mode == "sign":
        rest = [*_TOKEN_PARAMETERS, "X-Amz-SignedHeaders"]
    return [*first, *rest, "X-Amz-Signature"]
