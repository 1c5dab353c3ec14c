"""Checks the wire-form property: every signer computes our canonical request from what we send.

Feeds random requests to `sigv4a sign --jsonl`, and every answered wire request to the oracles.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from oracle import botocore_oracle, crt_oracle  # noqa: E402
from oracle.answer import answer  # noqa: E402
from oracle.description import Resolved, on_wire, resolve  # noqa: E402
from oracle.header_policy import SIGNER_HEADERS  # noqa: E402
from oracle.keys import sigv4a_key  # noqa: E402
from oracle.nasty import description  # noqa: E402
from oracle.signable import OracleUnavailable, Signable  # noqa: E402
from oracle.wire_form import SIGNER_PARAMETERS  # noqa: E402

Json = dict[str, Any]

_ORACLES = {"awscrt": crt_oracle.sign, "botocore": botocore_oracle.sign}
_MOST_SHOWN = 10


@dataclass
class Tally:
    """What one oracle said."""

    equal: int = 0
    different: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        different = f", {self.different} DIFFERENT" if self.different else ""
        reasons = "; ".join(f"{count} {reason}" for reason, count in self.skipped.most_common())
        skipped = f" ({self.skipped.total()} skipped: {reasons})" if self.skipped else ""
        return f"{self.equal} equal{different}{skipped}"


def main() -> int:
    """Prints every difference, then the counts; 0 if there was no difference."""
    arguments = _arguments()
    print(f"seed {arguments.seed}")
    random = Random(arguments.seed)
    requests = [description(random, f"{number}") for number in range(arguments.count)]
    answers = _answers(arguments.binary, requests)
    tallies = {name: Tally() for name in ("wire form", *_ORACLES)}
    shown = 0
    for request, answered in zip(requests, answers, strict=True):
        for difference in _differences(request, answered, tallies):
            shown += 1
            if shown <= _MOST_SHOWN:
                print(difference, end="\n\n")
    counts = ", ".join(f"{name} {tally}" for name, tally in tallies.items())
    print(f"{len(requests)} requests: {counts}")
    return 1 if shown else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the command line program under test")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=Random().randrange(2**32))
    return parser.parse_args()


def _answers(binary: str, requests: list[Json]) -> list[Json]:
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    # A line may hold an error, which is a difference; only the number of lines is checked here.
    run = subprocess.run(
        [binary, "sign", "--jsonl"], input=lines.encode(), stdout=subprocess.PIPE, check=False
    )
    answers = [json.loads(line) for line in run.stdout.decode().splitlines()]
    if len(answers) != len(requests):
        raise SystemExit(
            f"{len(requests)} requests, but {len(answers)} answers; status {run.returncode}"
        )
    return answers


def _differences(request: Json, answered: Json, tallies: dict[str, Tally]) -> Iterator[str]:
    if "error" in answered or answered.get("id") != request["id"]:
        tallies["wire form"].different += 1
        yield f"{json.dumps(request)}\nis acceptable, but the answer is {json.dumps(answered)}"
        return
    expected = resolve(request)
    wire = _as_sent(request, answered)
    yield from _compared(tallies["wire form"], request, _sent(expected), _sent(wire), "wire form")
    for name, sign in _ORACLES.items():
        try:
            signed = sign(wire.signable)
        except OracleUnavailable as reason:
            tallies[name].skipped[str(reason)] += 1
            continue
        by_oracle = {**answer(wire, signed), "id": request["id"]}
        if name == "botocore" and wire.signable.token_mode == "append":
            by_oracle = _only_texts(by_oracle)
        comparable = _with_our_signature(by_oracle, answered, wire.signable)
        subject = {key: answered.get(key) for key in comparable}
        yield from _compared(tallies[name], request, comparable, subject, name)


def _as_sent(request: Json, answered: Json) -> Resolved:
    """The answered wire request, without what the signer added to it."""
    url, _, query = answered["url"].partition("?")
    pairs = [
        pair for pair in query.split("&") if pair.partition("=")[0].lower() not in SIGNER_PARAMETERS
    ]
    if any(pairs):
        url += "?" + "&".join(pairs)
    headers = [
        (name, value) for name, value in answered["headers"] if name.lower() not in SIGNER_HEADERS
    ]
    return on_wire(request, url, headers)


def _sent(resolved: Resolved) -> Json:
    signable = resolved.signable
    return {
        "method": signable.method,
        "url": signable.url,
        "headers": [*map(list, resolved.wire_headers)],
    }


def _only_texts(answered: Json) -> Json:
    """Botocore cannot append a token: it never sees one, and signs the same texts."""
    names = ("signed_headers", "canonical_request", "string_to_sign", "signature")
    return {name: answered[name] for name in names}


def _with_our_signature(expected: Json, answered: Json, signable: Signable) -> Json:
    """An ECDSA signature is random: ours takes the oracle's place if the derived key verifies it."""
    if signable.algorithm == "sigv4":
        return expected
    del expected["public_key"]
    credentials = signable.credentials
    key = sigv4a_key(credentials.access_key_id, credentials.secret_access_key)
    if not key.verifies(answered["signature"], expected["string_to_sign"]):
        return expected
    replaced: Json = json.loads(
        json.dumps(expected).replace(expected["signature"], answered["signature"])
    )
    return replaced


def _compared(tally: Tally, request: Json, expected: Json, found: Json, who: str) -> Iterator[str]:
    if expected == found:
        tally.equal += 1
        return
    tally.different += 1
    lines = unified_diff(_lines(expected), _lines(found), who, "sigv4a", n=1, lineterm="")
    yield "\n".join([json.dumps(request), *lines])


def _lines(answered: Json) -> list[str]:
    """One line for every field, header, query parameter and line of text."""
    lines = []
    for name in sorted(answered):
        value = answered[name]
        parts = value if isinstance(value, list) else re.split(r"\n|(?=[?&])", str(value))
        lines += [f"{name}: {part}" for part in parts]
    return lines


if __name__ == "__main__":
    sys.exit(main())
