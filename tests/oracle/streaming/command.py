"""The AWS CLI."""

import os
import subprocess
import sys
from pathlib import Path

from oracle.foreign.endpoint import REGION
from oracle.streaming.upload import (
    ALGORITHMS,
    BUCKET,
    CORRUPTED,
    LENGTHS,
    SOME_LENGTHS,
    Outcome,
    Outcomes,
    Site,
    Upload,
    places,
)

_TIMEOUT = 120

Run = subprocess.CompletedProcess[bytes]


def outcomes(site: Site) -> Outcomes:
    """`s3 cp` up and down, from standard input too, `s3api put-object`, and a changed upload."""
    for length in LENGTHS:
        yield _copied(site, Upload("aws s3 cp", length))
    for length in SOME_LENGTHS:
        yield _copied(site, Upload("aws s3 cp -", length), from_pipe=True)
    for algorithm in (None, *ALGORITHMS):
        yield _put(site, Upload("aws s3api put-object", 65536, algorithm))
    yield from _corrupted(site)


def _copied(site: Site, upload: Upload, *, from_pipe: bool = False) -> Outcome:
    path = _written(site, upload)
    url = f"s3://{BUCKET}/{upload.key}"
    arguments = ["s3", "cp", "-" if from_pipe else str(path), url]
    up = _run(site, arguments, upload.content if from_pipe else b"")
    return upload.title, _wrong(up) or _read_back(site, upload)


def _put(site: Site, upload: Upload) -> Outcome:
    run = _run(site, _put_arguments(site, upload))
    return upload.title, _wrong(run) or _read_back(site, upload)


def _put_arguments(site: Site, upload: Upload) -> list[str]:
    arguments = ["s3api", "put-object", "--bucket", BUCKET, "--key", upload.key]
    arguments += ["--body", str(_written(site, upload))]
    return [*arguments, *(("--checksum-algorithm", upload.algorithm) if upload.algorithm else ())]


def _read_back(site: Site, upload: Upload) -> str | None:
    path = site.folder / "down"
    down = _run(site, ["s3", "cp", f"s3://{BUCKET}/{upload.key}", str(path)])
    return _wrong(down) or upload.difference(site.forwarder, path.read_bytes())


def _corrupted(site: Site) -> Outcomes:
    upload = Upload("aws s3api put-object changed on the way", CORRUPTED)
    sent = _wrong(_run(site, _put_arguments(site, upload)))
    seen = site.forwarder.seen("PUT", upload.target)
    if sent or seen is None:
        yield upload.title, sent or "sent no such request"
        return
    for place, at in places(seen, upload.content).items():
        site.forwarder.flip_at = at
        run = _run(site, _put_arguments(site, upload))
        site.forwarder.flip_at = None
        said = run.stderr.decode()
        wrong = None if run.returncode and "(BadDigest)" in said else f"not BadDigest: {said!r}"
        yield f"{upload.title}, {place}", wrong


def _written(site: Site, upload: Upload) -> Path:
    path = site.folder / "up"
    path.write_bytes(upload.content)
    return path


def _run(site: Site, arguments: list[str], body: bytes = b"") -> Run:
    environment = os.environ | {
        "AWS_ACCESS_KEY_ID": site.endpoint.credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": site.endpoint.credentials.secret_access_key,
        "AWS_CA_BUNDLE": str(site.forwarder.certificate),
        "AWS_DEFAULT_REGION": REGION,
        "AWS_MAX_ATTEMPTS": "1",
    }
    # Of the same environment as this Python, and no other that is installed.
    program = str(Path(sys.executable).with_name("aws"))
    command = [program, *arguments, "--endpoint-url", site.forwarder.url]
    return subprocess.run(
        command,
        input=body,
        env=environment,
        capture_output=True,
        timeout=_TIMEOUT,
        check=False,
    )


def _wrong(run: Run) -> str | None:
    if run.returncode == 0:
        return None
    return f"exit {run.returncode}: {run.stderr.decode().strip()}"
