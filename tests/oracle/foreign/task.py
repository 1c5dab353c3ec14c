"""A request for another project's signer, and how it is to be signed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote

Style = Literal["s3", "api-gateway"]
Headers = tuple[tuple[str, str], ...]

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
EXPIRES = 300
"""Seconds a presigned URL lives."""


@dataclass(frozen=True)
class Case:
    """A request, and the answer it deserves once its signature is accepted."""

    name: str
    method: str
    path: str
    """As it is sent."""
    query: tuple[tuple[str, str], ...] = ()
    """Names and values before any encoding."""
    headers: Headers = ()
    body: bytes = b""
    session_token: str | None = None
    unsigned_payload: bool = False
    host: str | None = None
    """The `Host` to sign and send, if it is not the endpoint's address."""
    region_set: str | None = None
    """For SigV4a, if it is not the endpoint's region alone."""
    status: int = 200
    answer: bytes | None = None
    """The body of the answer, if the endpoint is known to give one."""
    answer_part: bytes = b""
    """What the body of the answer has to contain."""


@dataclass(frozen=True)
class Credentials:
    """Who signs."""

    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True)
class Tampering:
    """What is changed between signing and sending."""

    body: bytes | None = None
    extra_header: tuple[str, str] | None = None


@dataclass(frozen=True)
class Task:
    """One request for one signer."""

    case: Case
    style: Style
    address: str
    """HOST:PORT of the endpoint."""
    credentials: Credentials
    region: str
    """The region, or for SigV4a the region set."""
    time: datetime | None = None
    """When it is signed; `None` leaves it to the signer's own clock."""
    tampering: Tampering = Tampering()

    @property
    def service(self) -> str:
        """The name in the scope."""
        return "s3" if self.style == "s3" else "execute-api"

    @property
    def s3(self) -> bool:
        """Whether the canonical rules are those of S3."""
        return self.style == "s3"

    @property
    def host(self) -> str:
        """The `Host` to sign and send."""
        return self.case.host or self.address

    @property
    def target(self) -> str:
        """What stands in the request line, strictly encoded."""
        query = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in self.case.query)
        return f"{self.case.path}?{query}" if query else self.case.path

    @property
    def url(self) -> str:
        """The URL, with the host that is signed."""
        return f"http://{self.host}{self.target}"

    @property
    def moment(self) -> datetime:
        """When it is signed, for signers that have to be told."""
        return self.time or datetime.now(UTC)


def encoded(text: str) -> str:
    """Everything but the unreserved characters is escaped."""
    return quote(text, safe="")
