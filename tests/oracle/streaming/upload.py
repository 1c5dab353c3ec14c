"""An upload, and what has to be true of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from oracle.foreign.endpoint import Endpoint
from oracle.streaming.forwarder import Forwarder, Seen

BUCKET = "bucket"
LENGTHS = (0, 1, 8191, 65536, 2**20 + 1, 5 * 2**20)
"""Around the least size of a chunk, and more than one chunk of every client."""
SOME_LENGTHS = (0, 65536, 2**20 + 1)
ALGORITHMS = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256")
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
DEFAULT_ALGORITHM = "CRC32"
"""The choice of AWS's SDKs."""
CORRUPTED = 65536
"""The length of uploads that are changed on the way."""

Outcome = tuple[str, str | None]
"""What was tried; what was wrong, if anything was."""
Outcomes = Iterator[Outcome]


@dataclass(frozen=True)
class Site:
    """Where clients upload to."""

    binary: str
    """The command line program."""
    endpoint: Endpoint
    forwarder: Forwarder
    folder: Path
    """For files; nobody else writes there."""


@dataclass(frozen=True)
class Upload:
    """One object for one client."""

    client: str
    """The client's name, and how it is used."""
    length: int
    algorithm: str | None = None
    """The checksum; `None` leaves it to the client."""

    @property
    def content(self) -> bytes:
        """The same bytes each time, which do not repeat."""
        return Random(self.length).randbytes(self.length)

    @property
    def key(self) -> str:
        """One for each upload, in characters that no client escapes."""
        client = "".join(letter if letter.isalnum() else "-" for letter in self.client)
        return f"{client}/{self.algorithm}-{self.length}"

    @property
    def target(self) -> str:
        """What stands in the request line."""
        return f"/{BUCKET}/{self.key}"

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.client}, {self.length} bytes, checksum {self.algorithm or 'not chosen'}"

    @property
    def trailer(self) -> str:
        """The name of the trailer that is expected."""
        return f"x-amz-checksum-{(self.algorithm or DEFAULT_ALGORITHM).lower()}"

    def difference(self, forwarder: Forwarder, read_back: bytes) -> str | None:
        """Why this is not what was meant, if it is not."""
        if read_back != self.content:
            return f"read back {len(read_back)} other bytes"
        seen = forwarder.seen("PUT", self.target)
        return "sent no such request" if seen is None else _other_mode(seen, self)


def places(seen: Seen, content: bytes) -> dict[str, int]:
    """Bytes of the body as it was sent that nobody may change."""
    trailer = seen.body.rindex(b"x-amz-checksum-")
    return {
        "a byte of the data": seen.body.index(content[:64]) + 32,
        "a digit of the checksum": seen.body.index(b":", trailer) + 1,
    }


def _other_mode(seen: Seen, upload: Upload) -> str | None:
    expected = {
        "x-amz-content-sha256": UNSIGNED_TRAILER,
        "x-amz-trailer": upload.trailer,
        "x-amz-decoded-content-length": str(upload.length),
    }
    found = {name: seen.headers.get(name) for name in expected}
    if found != expected:
        return f"sent {found}, not {expected}"
    if "aws-chunked" not in seen.headers.get("content-encoding", ""):
        return f"sent content-encoding {seen.headers.get('content-encoding')!r}"
    return None
