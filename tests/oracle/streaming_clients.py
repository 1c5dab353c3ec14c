"""Lets AWS's clients upload in pieces to `sigv4a serve`, as they do it today.

Every object has to be taken and read back; what was changed on the way has to be refused.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from oracle.foreign.endpoint import ignore_the_environment, served  # noqa: E402
from oracle.streaming import boto3_client, command, crt_client, jsonl  # noqa: E402
from oracle.streaming.forwarder import tls_forwarder  # noqa: E402
from oracle.streaming.upload import Outcomes, Site  # noqa: E402

_CLIENTS = {"boto3": boto3_client, "aws": command, "awscrt": crt_client, "sign --jsonl": jsonl}


def main() -> int:
    """Prints every difference and the counts; 0 if there was no difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sigv4a", required=True, help="the command line program")
    parser.add_argument("--only", choices=_CLIENTS, help="only this client")
    arguments = parser.parse_args()
    ignore_the_environment()
    differences = 0
    with (
        TemporaryDirectory() as folder,
        served(arguments.sigv4a, "s3") as endpoint,
        tls_forwarder(endpoint.address, Path(folder)) as forwarder,
    ):
        site = Site(arguments.sigv4a, endpoint, forwarder, Path(folder))
        for name, client in _CLIENTS.items():
            if arguments.only in (None, name):
                differences += _of_one(name, client.outcomes(site))
    return 1 if differences else 0


def _of_one(name: str, outcomes: Outcomes) -> int:
    tried = wrong = 0
    for title, difference in outcomes:
        tried += 1
        if difference is not None:
            wrong += 1
            print(f"{title}: {difference}")
    print(f"{name}: {tried - wrong} of {tried} uploads as expected", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
