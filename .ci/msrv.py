"""Reads `cargo metadata`; fails if a normal or build dependency needs a newer Rust than the workspace promises."""

import json
import sys
from typing import Any


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def needed(metadata: dict[str, Any]) -> set[str]:
    """Ids of everything that is built for a user: development dependencies are not."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    todo, seen = list(metadata["workspace_members"]), set[str]()
    while todo:
        current = todo.pop()
        if current in seen:
            continue
        seen.add(current)
        for dependency in nodes[current]["deps"]:
            if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"]):
                todo.append(dependency["pkg"])
    return seen


def main() -> int:
    metadata = json.load(sys.stdin)
    packages = {package["id"]: package for package in metadata["packages"]}
    promised = min(version(packages[member]["rust_version"]) for member in metadata["workspace_members"])
    ids = needed(metadata)
    newer = [
        f"{package['name']} {package['version']} needs Rust {package['rust_version']}"
        for package in (packages[id] for id in ids)
        if package["rust_version"] and version(package["rust_version"]) > promised
    ]
    print(f"{len(ids)} packages, Rust {'.'.join(map(str, promised))}: {len(newer)} need a newer one")
    print("\n".join(newer))
    return 1 if newer else 0


if __name__ == "__main__":
    sys.exit(main())
