"""The wire form of a URL: what is sent, computed from what a person typed.

Written from section 4 of DESIGN.md alone, so that it can disagree with the Rust code.
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote_to_bytes

Rules = Literal["s3", "standard"]

SIGNER_PARAMETERS = frozenset(
    "x-amz-" + name
    for name in (
        "algorithm",
        "content-sha256",
        "credential",
        "date",
        "expires",
        "region-set",
        "s3session-token",
        "security-token",
        "signature",
        "signedheaders",
    )
)
"""Query parameters that belong to a signer, in lower case."""

_PARTS = re.compile(
    r"(?P<scheme>[a-z]+)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(\?(?P<query>[^#]*))?"
)
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NEVER_IN_A_URL = re.compile(r"[ <>`]|[^\x00-\x7f]")


class WireFormError(ValueError):
    """The URL has no wire form."""


@dataclass(frozen=True)
class WireUrl:
    """A URL as it is sent; `query` is empty when there is none."""

    scheme: str
    authority: str
    path: str
    query: str

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.authority}{self.path}{query}"


def wire_url(typed: str, rules: Rules) -> WireUrl:
    """The wire form of a typed URL, without the parameters of an earlier signing."""
    parts = _PARTS.match(_escape_what_no_url_may_hold(typed))
    if parts is None:
        raise WireFormError(f"not an absolute URL: {typed!r}")
    path = wire_path(parts["path"], rules)
    query = wire_query(parts["query"] or "")
    return WireUrl(parts["scheme"], parts["authority"], path, query)


def wire_path(path: str, rules: Rules) -> str:
    """The path to send, so that every signer agrees on its canonical form."""
    if not path:
        return "/"
    if rules == "s3":
        return quote(decode(path), safe="/")
    # Signers disagree on the slash after a final dot segment, so it is not sent.
    if path.rsplit("/", 1)[-1] in (".", ".."):
        return _without_dot_segments(path)
    return path


def wire_query(query: str) -> str:
    """The query to send: strictly encoded pairs in their own order."""
    pairs = [_decoded_pair(pair) for pair in query.split("&") if pair]
    return "&".join(
        f"{encode(name)}={encode(value)}" for name, value in pairs if not _belongs_to_a_signer(name)
    )


def decode(text: str) -> bytes:
    """The bytes behind percent escapes; a broken escape is an error."""
    broken = _BROKEN_ESCAPE.search(text)
    if broken:
        raise WireFormError(f"broken escape at {broken.start()} of {text!r}")
    return unquote_to_bytes(text)


def encode(data: bytes) -> str:
    """Strict percent-encoding: everything but the unreserved characters is escaped."""
    return quote(data, safe="")


def _escape_what_no_url_may_hold(typed: str) -> str:
    if _CONTROL.search(typed):
        raise WireFormError(f"control character in {typed!r}")
    return _NEVER_IN_A_URL.sub(lambda found: encode(found[0].encode()), typed)


def _decoded_pair(pair: str) -> tuple[bytes, bytes]:
    name, _, value = pair.replace("+", " ").partition("=")
    return decode(name), decode(value)


def _belongs_to_a_signer(name: bytes) -> bool:
    return name.decode("latin-1").lower() in SIGNER_PARAMETERS


def _without_dot_segments(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return "".join(f"/{segment}" for segment in kept) + "/"
