"""Reads what `cargo test --no-run --message-format=json` prints: where the C libraries are, and the tests' binaries."""

import json
import sys


def main() -> None:
    for line in sys.stdin:
        message = json.loads(line)
        if message.get("executable"):
            print(f"test:{message['executable']}")
        if message["reason"] == "build-script-executed" and "mountpoint-s3-crt-sys" in message["package_id"]:
            print(f"libraries:{message['out_dir']}/target")


if __name__ == "__main__":
    main()
