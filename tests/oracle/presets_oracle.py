"""botocore's token generators and the AWS CLI's for EKS, as oracles for the presets. SigV4 only."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any
from unittest.mock import patch

from awscli.customizations.eks import get_token
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.session import Session, get_session

from oracle.botocore_oracle import NAME

EKS_NAME = f"awscli {version('awscli')}, {NAME}"

_FORMAT = "%Y%m%dT%H%M%SZ"
_LOCAL_SETTINGS = {
    "ignore_configured_endpoint_urls": True,
    "sts_regional_endpoints": "regional",
    "use_dualstack_endpoint": False,
    "use_fips_endpoint": False,
}
"""What a configuration of this machine could change."""


@dataclass(frozen=True)
class Signing:
    """Who signs, where and when."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None
    region: str
    time: str

    def later(self, seconds: float) -> str:
        """The time so many seconds from now."""
        return (datetime.strptime(self.time, _FORMAT) + timedelta(seconds=seconds)).strftime(
            _FORMAT
        )


def rds_token(signing: Signing, host: str, port: int, user: str) -> str:
    """`generate_db_auth_token`."""
    with _pure_python_at(signing.time):
        token: str = _client("rds", signing).generate_db_auth_token(host, port, user)
    return token


def dsql_token(signing: Signing, host: str, admin: bool, expires_in: int | None) -> str:
    """`generate_db_connect_auth_token` and its counterpart for the role `admin`."""
    client = _client("dsql", signing)
    generate = (
        client.generate_db_connect_admin_auth_token
        if admin
        else client.generate_db_connect_auth_token
    )
    lifetime = {} if expires_in is None else {"ExpiresIn": expires_in}
    with _pure_python_at(signing.time):
        token: str = generate(host, **lifetime)
    return token


def eks_token(signing: Signing, cluster: str) -> tuple[str, str]:
    """`aws eks get-token`: the token, and when it tells `kubectl` to ask for another."""
    client = get_token.STSClientFactory(_session(signing)).get_sts_client(signing.region)
    with _pure_python_at(signing.time):
        token: str = get_token.TokenGenerator(client).get_token(cluster)
    return token, signing.later(60 * get_token.TOKEN_EXPIRATION_MINS)


def sts_url(signing: Signing, headers: list[list[str]], expires_in: int) -> str:
    """`generate_presigned_url` of `get_caller_identity`, bound to headers."""
    client = _client("sts", signing)

    def bind(request: AWSRequest, **_: object) -> None:
        for name, value in headers:
            request.headers[name] = value

    client.meta.events.register("before-sign.sts.GetCallerIdentity", bind)
    with _pure_python_at(signing.time):
        url: str = client.generate_presigned_url(
            "get_caller_identity", ExpiresIn=expires_in, HttpMethod="GET"
        )
    return url


# botocore has no type annotations, so its clients are `Any` here.
def _client(service: str, signing: Signing) -> Any:
    return _session(signing).create_client(service, region_name=signing.region)


def _session(signing: Signing) -> Session:
    session = get_session()
    session.set_credentials(signing.access_key_id, signing.secret_access_key, signing.session_token)
    for name, value in _LOCAL_SETTINGS.items():
        session.set_config_variable(name, value)
    return session


@contextmanager
def _pure_python_at(time: str) -> Iterator[None]:
    now = datetime.strptime(time, _FORMAT)
    # Where awscrt is installed, botocore lets it sign, and that has a clock of its own.
    signers = {"v4": auth.SigV4Auth, "v4-query": auth.SigV4QueryAuth}
    with (
        patch.object(auth, "get_current_datetime", lambda: now),
        patch.dict(auth.AUTH_TYPE_MAPS, signers),
    ):
        yield
