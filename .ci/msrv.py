"""Reads `cargo metadata`; fails if a normal or build dependency needs a newer Rust than the workspace promises."""

import json
import sys
from typing import Any


HELD_UP = {
    "aws-config",
    "aws-credential-types",
    "aws-runtime",
    "aws-sdk-sso",
    "aws-sdk-ssooidc",
    "aws-sdk-sts",
    "aws-sigv4",
    "aws-smithy-async",
    "aws-smithy-eventstream",
    "aws-smithy-http",
    "aws-smithy-http-client",
    "aws-smithy-json",
    "aws-smithy-observability",
    "aws-smithy-query",
    "aws-smithy-runtime",
    "aws-smithy-runtime-api",
    "aws-smithy-runtime-api-macros",
    "aws-smithy-schema",
    "aws-smithy-types",
    "aws-smithy-xml",
    "aws-types",
}
"""Packages that this lock file has newer than a user with an old Rust would get: for the SDK of member `interop`, and the
peer `aws-sigv4`. Alone, cargo picks some for the Rust that is promised: `.ci/msrv` builds with these."""


def version(text: str) -> tuple[int, ...]:
    """Three parts, so that `1.88` and `1.88.0` are the same."""
    major, minor, *patch = (int(part) for part in text.split("."))
    return (major, minor, *(patch or [0]))


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
    held_up = {line.split()[0] for line in newer} & HELD_UP
    newer = [line for line in newer if line.split()[0] not in HELD_UP]
    newer += [f"{name} is held up no longer: drop the exception" for name in HELD_UP - held_up]
    print(f"{len(ids)} packages, Rust {'.'.join(map(str, promised))}: {len(newer)} need a newer one")
    print("\n".join(newer))
    return 1 if newer else 0


if __name__ == "__main__":
    sys.exit(main())
