"""Writes the vector files next to this script, or with `--check` compares them.

Every answer is computed by an oracle, none is written by hand. See tests/oracle/README.md.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from aws_documented import REQUESTS  # noqa: E402
from cases import ALL  # noqa: E402
from key_vectors import key_vectors  # noqa: E402
from oracle.agreement import agreed  # noqa: E402
from oracle.answer import answer  # noqa: E402
from oracle.description import resolve  # noqa: E402
from oracle.keys import sigv4a_key  # noqa: E402
from oracle.signable import Algorithm  # noqa: E402
from post_policies import post_policies  # noqa: E402
from presets import presets  # noqa: E402

Json = dict[str, Any]


def main() -> int:
    """Writes or checks the files; the number of those that differ is the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check: bool = parser.parse_args().check
    return sum(_write_or_check(HERE / name, make(), check) for name, make in _FILES.items())


def _write_or_check(path: Path, vectors: list[Json], check: bool) -> int:
    recorded = _read(path)
    vectors = [_with_recorded_signature(vector, recorded) for vector in vectors]
    _refuse_repeated_ids(path, vectors)
    if not check:
        path.write_text("".join(_line(vector) for vector in vectors), encoding="utf-8")
        print(f"{path.name}: {len(vectors)} vectors")
        return 0
    differing = _differing(vectors, recorded)
    print(f"{path.name}: {len(vectors)} vectors, {len(differing)} differ {differing or ''}")
    return 1 if differing else 0


def _read(path: Path) -> dict[str, Json]:
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {vector["id"]: vector for vector in map(json.loads, lines)}


def _line(vector: Json) -> str:
    return json.dumps(vector, separators=(",", ":")) + "\n"


def _refuse_repeated_ids(path: Path, vectors: list[Json]) -> None:
    ids = [vector["id"] for vector in vectors]
    repeated = {id for id in ids if ids.count(id) > 1}
    if repeated:
        raise AssertionError(f"{path.name}: repeated ids {repeated}")


def _differing(vectors: list[Json], recorded: dict[str, Json]) -> list[str]:
    expected = {vector["id"]: vector for vector in vectors}
    ids = sorted(expected.keys() | recorded.keys())
    return [id for id in ids if expected.get(id) != recorded.get(id)]


def _with_recorded_signature(vector: Json, recorded: dict[str, Json]) -> Json:
    """An ECDSA signature is random: the recorded one stays as long as it signs the same."""
    old = recorded.get(vector["id"])
    if old is None or vector.get("answer", {}).get("algorithm") != "sigv4a":
        return vector
    request, signature = vector["request"], old["answer"]["signature"]
    key = sigv4a_key(request["access_key_id"], request["secret_access_key"])
    if not key.verifies(signature, vector["answer"]["string_to_sign"]):
        return vector
    text = json.dumps(vector).replace(vector["answer"]["signature"], signature)
    kept: Json = json.loads(text)
    return kept


def _documented() -> list[Json]:
    vectors = []
    for documented in REQUESTS:
        vector = _vector(documented.description)
        documented.check(vector["answer"])
        vectors.append(vector)
    return vectors


def _cases(algorithm: Algorithm) -> list[Json]:
    return [_vector(case.description(algorithm)) for case in ALL if algorithm in case.algorithms]


def _vector(description: Json) -> Json:
    resolved = resolve(description)
    signed, oracle = agreed(resolved.signable)
    return {
        "id": description["id"],
        "oracle": oracle,
        "request": description,
        "answer": answer(resolved, signed),
    }


_FILES: dict[str, Callable[[], list[Json]]] = {
    "aws-documented.jsonl": _documented,
    "sigv4.jsonl": lambda: _cases("sigv4"),
    "sigv4a.jsonl": lambda: _cases("sigv4a"),
    "keys.jsonl": key_vectors,
    "post_policy.jsonl": post_policies,
    "presets.jsonl": presets,
}

if __name__ == "__main__":
    sys.exit(main())
