"""botocore's `generate_presigned_post` as an oracle for S3 POST policies. SigV4 only."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unittest.mock import patch

from botocore import auth, signers
from botocore.config import Config
from botocore.session import get_session

from oracle.botocore_oracle import NAME

Json = dict[str, Any]


@dataclass(frozen=True)
class Post:
    """What to allow a browser, as botocore is told."""

    bucket: str
    key: str
    fields: dict[str, str] = field(default_factory=dict)
    conditions: list[Any] = field(default_factory=list)
    expires_in: int = 3600
    time: str = "20151229T000000Z"
    region: str = "us-east-1"
    access_key_id: str = "AKIAIOSFODNN7EXAMPLE"
    secret_access_key: str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    session_token: str | None = None


def sign(post: Post) -> Json:
    """The fields of the form, in botocore's order, and the text of the policy."""
    # The client keeps to the region it is told, and looks at no configuration of this machine.
    client = get_session().create_client(
        "s3",
        region_name=post.region,
        aws_access_key_id=post.access_key_id,
        aws_secret_access_key=post.secret_access_key,
        aws_session_token=post.session_token,
        config=Config(signature_version="s3v4"),
    )
    with _clock_at(post.time):
        signed = client.generate_presigned_post(
            post.bucket,
            post.key,
            Fields=dict(post.fields),
            Conditions=list(post.conditions),
            ExpiresIn=post.expires_in,
        )
    fields: dict[str, str] = signed["fields"]
    return {
        "oracle": NAME,
        "policy": b64decode(fields["policy"]).decode(),
        "fields": [[name, value] for name, value in fields.items()],
    }


@contextmanager
def _clock_at(time: str) -> Iterator[None]:
    now = datetime.strptime(time, "%Y%m%dT%H%M%SZ")
    with (
        patch.object(auth, "get_current_datetime", lambda: now),
        patch.object(signers, "get_current_datetime", lambda: now),
    ):
        yield
