"""Requests that a signer signs so that no verifier can accept them, and why.

An exception that does not occur any more fails the run.
"""

from fnmatch import fnmatchcase
from typing import NamedTuple

from oracle.foreign.peer import Peer
from oracle.foreign.task import Style


class Known(NamedTuple):
    """One mistake, and who makes it."""

    peers: tuple[str, ...]
    """Names, or patterns of names."""
    style: Style
    cases: tuple[str, ...]
    reason: str


EXCEPTIONS = (
    Known(
        ("curl 7.*",),
        "s3",
        ("get query",),
        "signs a query in the order it is given",
    ),
    Known(
        ("curl 7.*",),
        "api-gateway",
        ("get query", "post query"),
        "signs a query in the order it is given",
    ),
    Known(
        ("curl 7.*",),
        "api-gateway",
        ("get awkward path", "get dot segments"),
        "signs the path as it stands, neither normalised nor encoded once more",
    ),
)


def known_of(peer: Peer, style: Style) -> dict[str, Known]:
    """The exceptions of one signer, by the names of the cases."""
    return {
        case: known
        for known in EXCEPTIONS
        if known.style == style and any(fnmatchcase(peer.name, name) for name in known.peers)
        for case in known.cases
    }
