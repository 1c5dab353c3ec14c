"""`sigv4a serve`, started for signers and clients of other projects."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import NamedTemporaryFile

from oracle.foreign.task import Credentials, Style

REGION = "us-east-1"
EXAMPLE_KEYS = [
    {
        "access_key_id": "AKIDEXAMPLE",
        "secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    }
]
_READY = "listening on http://"


@dataclass(frozen=True)
class Endpoint:
    """A verifying server."""

    style: Style
    address: str
    """HOST:PORT."""
    credentials: Credentials


@contextmanager
def served(binary: str, style: Style) -> Iterator[Endpoint]:
    """An endpoint that runs until it is left."""
    with NamedTemporaryFile("w", suffix=".json") as keys:
        json.dump(EXAMPLE_KEYS, keys)
        keys.flush()
        command = [binary, "serve", "--style", style, "--listen", "127.0.0.1:0"]
        command += ["--region", REGION, "--keys", keys.name, "--quiet"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                line = server.stdout.readline() if server.stdout else ""
                if not line.startswith(_READY):
                    raise SystemExit(f"`serve` of style {style} is not ready, but says {line!r}")
                address = line.removeprefix(_READY).strip().rstrip("/")
                yield Endpoint(style, address, Credentials(**EXAMPLE_KEYS[0]))
            finally:
                server.terminate()


def ignore_the_environment() -> None:
    """Proxies and profiles of whoever runs this must not change what is sent."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("AWS_"):
            del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
