"""A request in wire form with everything needed to sign it: what an oracle takes and gives."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from oracle.wire_form import Rules

Algorithm = Literal["sigv4", "sigv4a"]
TokenMode = Literal["sign", "append"]


@dataclass(frozen=True)
class Credentials:
    """Who signs."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None


@dataclass(frozen=True)
class Signable:
    """A wire request, without anything a signer adds."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    """The headers to sign, `host` among them."""
    body: bytes
    algorithm: Algorithm
    service: str
    region: str
    """The region, or for SigV4a the region set."""
    credentials: Credentials
    time: str
    rules: Rules
    normalize_path: bool
    payload: str | None
    """The payload line if it is not the hash of the body."""
    content_sha256_header: bool
    token_mode: TokenMode
    expires: int | None
    """Seconds a presigned URL lives; `None` signs with headers."""

    @property
    def payload_line(self) -> str:
        """The last line of the canonical request."""
        return self.payload or sha256(self.body).hexdigest()

    @property
    def path_and_query(self) -> str:
        """What stands in the request line."""
        return "/" + self.url.split("://", 1)[1].split("/", 1)[1]


@dataclass(frozen=True)
class Signed:
    """What a signer computed, and what it would add to the request."""

    canonical_request: str
    string_to_sign: str
    signature: str
    headers: dict[str, str]
    """Added headers; names in lower case."""
    query: dict[str, str]
    """Added query parameters; names in lower case, values encoded."""

    @property
    def signed_headers(self) -> str:
        """The list of signed names, as it stands in the canonical request."""
        return self.canonical_request.split("\n")[-2]


class OracleUnavailable(Exception):
    """This oracle cannot sign this request; the message says why."""
