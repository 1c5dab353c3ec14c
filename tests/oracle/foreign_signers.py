"""Lets the signers of other projects send requests to `sigv4a serve`, which has to verify them.

Every request is sent as it was signed and must be accepted; some are then changed, and must be
refused.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from subprocess import SubprocessError
from typing import get_args

from botocore.exceptions import BotoCoreError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from oracle.foreign import (  # noqa: E402
    boto3_peer,
    botocore_peer,
    crt_peer,
    curl_peer,
    requests_peer,
    smithy_peer,
)
from oracle.foreign.cases import cases  # noqa: E402
from oracle.foreign.endpoint import (  # noqa: E402
    EXAMPLE_KEYS,
    REGION,
    Endpoint,
    ignore_the_environment,
    served,
)
from oracle.foreign.exceptions import Known, known_of  # noqa: E402
from oracle.foreign.peer import Change, Peer  # noqa: E402
from oracle.foreign.refusal import CHANGES, changed, codes, is_refused  # noqa: E402
from oracle.foreign.task import Credentials, Style, Task  # noqa: E402
from oracle.foreign.wire import Answer, echoed  # noqa: E402

_STYLES: tuple[Style, ...] = get_args(Style)
_MOST_SHOWN = 20


@dataclass
class Tally:
    """How one signer, or all of them, fared."""

    accepted: int = 0
    to_accept: int = 0
    refused: int = 0
    to_refuse: int = 0
    excepted: Counter[str] = field(default_factory=Counter)
    not_asked: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        counts = (
            f"accepted {self.accepted} of {self.to_accept}, "
            f"refused {self.refused} of {self.to_refuse}"
        )
        notes = [*_counted(self.excepted, "excepted"), *_counted(self.not_asked, "not asked")]
        return f"{counts} ({'; '.join(notes)})" if notes else counts

    def add(self, other: "Tally") -> None:
        """Takes the counts of another over."""
        self.accepted += other.accepted
        self.to_accept += other.to_accept
        self.refused += other.refused
        self.to_refuse += other.to_refuse


def main() -> int:
    """Prints every difference, then the counts; 0 if there was no difference."""
    arguments = _arguments()
    ignore_the_environment()
    with ExitStack() as running:
        endpoints = [running.enter_context(each) for each in _endpoints(arguments)]
        differences, total = _all(endpoints, arguments.only)
    for difference in differences[:_MOST_SHOWN]:
        print(f"\n{difference}")
    print(f"\ntotal: {total}, {len(differences)} differences")
    return 1 if differences else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sigv4a", help="the command line program, whose `serve` is started")
    parser.add_argument(
        "--url",
        action="append",
        default=[],
        metavar="STYLE=URL",
        help="an endpoint that is running, instead; once for each style",
    )
    parser.add_argument("--keys", help="the keys those endpoints know, as `serve` reads them")
    parser.add_argument("--only", help="only signers whose name contains this")
    arguments = parser.parse_args()
    if bool(arguments.sigv4a) == bool(arguments.url):
        parser.error("either --sigv4a or --url")
    return arguments


def _endpoints(arguments: argparse.Namespace) -> list[AbstractContextManager[Endpoint]]:
    if arguments.sigv4a:
        return [served(arguments.sigv4a, style) for style in _STYLES]
    return [_running(each, arguments.keys) for each in arguments.url]


@contextmanager
def _running(styled_url: str, keys: str | None) -> Iterator[Endpoint]:
    style, _, url = styled_url.partition("=http://")
    known = json.loads(Path(keys).read_text(encoding="utf-8")) if keys else EXAMPLE_KEYS
    for each in _STYLES:
        if each == style:
            yield Endpoint(each, url.rstrip("/"), Credentials(**known[0]))
            return
    raise SystemExit(f"--url is s3=http://… or api-gateway=http://…, not {styled_url}")


def _peers(only: str | None) -> list[Peer]:
    peers = [
        *botocore_peer.peers(),
        *boto3_peer.peers(),
        *crt_peer.peers(),
        *requests_peer.peers(),
    ]
    for program, module in (("@smithy", smithy_peer), ("curl", curl_peer)):
        missing = module.missing()
        if missing:
            print(f"{program}: skipped, {missing}")
        else:
            peers += module.peers()
    chosen = [peer for peer in peers if only is None or only in peer.name]
    if not chosen:
        raise SystemExit(f"no signer has {only!r} in its name")
    return chosen


def _all(endpoints: list[Endpoint], only: str | None) -> tuple[list[str], Tally]:
    differences: list[str] = []
    total = Tally()
    for peer in _peers(only):
        for endpoint in endpoints:
            if endpoint.style not in peer.styles:
                continue
            tally = Tally()
            differences += _of_one(peer, endpoint, tally)
            print(f"{peer.name}, {endpoint.style}: {tally}", flush=True)
            total.add(tally)
    return differences, total


def _of_one(peer: Peer, endpoint: Endpoint, tally: Tally) -> Iterator[str]:
    folder = "".join(letter if letter.isalnum() else "-" for letter in peer.name)
    exceptions = known_of(peer, endpoint.style)
    asked = []
    for case in cases(endpoint.style, folder):
        if not peer.is_meant_by(case):
            continue
        task = Task(
            case, endpoint.style, endpoint.address, endpoint.credentials, case.region_set or REGION
        )
        reason = peer.cannot(task)
        if reason:
            tally.not_asked[reason] += 1
            continue
        asked.append(task)
        yield from _accepted(peer, task, exceptions.pop(case.name, None), tally)
    for name in exceptions:
        yield f"{peer.name}, {endpoint.style}, {name}: an exception for what is never asked"
    # The first with a body, if the signer can sign one.
    sample = next((task for task in asked if task.case.body), asked[0])
    for change in CHANGES:
        yield from _refused(peer, sample, change, tally)


def _accepted(peer: Peer, task: Task, known: Known | None, tally: Tally) -> Iterator[str]:
    found = _answer(peer, task)
    wrong = _difference(task, found)
    if known and is_refused(task, None, found):
        tally.excepted[known.reason] += 1
        return
    tally.to_accept += 1
    if known and not wrong:
        yield f"{_title(peer, task)}: is accepted; the exception has expired: {known.reason}"
    elif wrong:
        yield f"{_title(peer, task)}: {wrong}"
    else:
        tally.accepted += 1


def _answer(peer: Peer, task: Task) -> Answer:
    try:
        return peer.exchange(task)
    except (OSError, HTTPException, SubprocessError, BotoCoreError) as error:
        # No answer is a difference like any other; the rest is still asked.
        return Answer(0, repr(error).encode(), "")


def _difference(task: Task, found: Answer) -> str | None:
    case = task.case
    if found.status != case.status:
        return f"status {found.status} {found.code}, not {case.status}: {found.body[:500]!r}"
    if task.style == "api-gateway":
        return _echo_difference(task, found)
    if case.answer is not None and found.body != case.answer:
        return f"answered {found.body[:500]!r}, not {case.answer!r}"
    if case.answer_part not in found.body:
        return f"answered {found.body[:500]!r}, without {case.answer_part!r}"
    return None


def _echo_difference(task: Task, found: Answer) -> str | None:
    received = echoed(found.body)
    expected = {
        "method": task.case.method,
        "body": task.case.body.decode(),
        "access_key_id": task.credentials.access_key_id,
    }
    if {name: received.get(name) for name in expected} != expected:
        return f"answered {received}, not {expected}"
    return None


def _refused(peer: Peer, task: Task, change: Change, tally: Tally) -> Iterator[str]:
    asked = changed(peer, task, change)
    if asked is None:
        return
    tally.to_refuse += 1
    found = _answer(peer, asked)
    if is_refused(task, change, found):
        tally.refused += 1
        return
    expected = " or ".join(sorted(codes(task, change)))
    yield (
        f"{_title(peer, task)}, {change}: status {found.status} {found.code}, "
        f"not 400 or 403 {expected}: {found.body[:500]!r}"
    )


def _title(peer: Peer, task: Task) -> str:
    return f"{peer.name}, {task.style}, {task.case.name}: {task.case.method} {task.target}"


def _counted(reasons: Counter[str], what: str) -> list[str]:
    return [f"{count} {what}: {reason}" for reason, count in reasons.most_common()]


if __name__ == "__main__":
    sys.exit(main())
