"""What is known about a signer before it is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from oracle.foreign.task import Case, Style, Task
from oracle.foreign.wire import Exchange

Change = Literal[
    "wrong secret", "other body", "extra header", "old date", "other region", "unsigned payload"
]
"""What an endpoint has to notice."""


def _can_do_all(_task: Task) -> None:
    return None


@dataclass(frozen=True)
class Peer:
    """One signer."""

    name: str
    exchange: Exchange
    styles: tuple[Style, ...] = ("s3", "api-gateway")
    algorithm: Literal["sigv4", "sigv4a"] = "sigv4"
    presigns: bool = False
    cannot: Callable[[Task], str | None] = _can_do_all
    """Why the signer has no way to make such a request, if it has none."""
    cannot_change: tuple[Change, ...] = ()

    def is_meant_by(self, case: Case) -> bool:
        """Whether the case is about this kind of signer."""
        return self.algorithm == "sigv4a" or case.region_set is None
