"""Preset vectors: tokens and URLs as boto3, the AWS CLI and the AWS CRT make them.

`request` names the target, who signs, where and when. `answer` is a token with the time until which
it is good, or a signed request as in the other files.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from cases.case import TOKEN
from oracle.agreement import agreed
from oracle.answer import answer
from oracle.botocore_oracle import NAME
from oracle.description import resolve
from oracle.presets_oracle import EKS_NAME, Signing, dsql_token, eks_token, rds_token, sts_url

Json = dict[str, Any]

_LONG_TERM = Signing(
    "AKIDEXAMPLE",
    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    None,
    "us-east-1",
    "20150830T123600Z",
)
_TEMPORARY = replace(_LONG_TERM, access_key_id="ASIAEXAMPLE", session_token=TOKEN)
_SIGNERS = {"long-term": _LONG_TERM, "temporary": _TEMPORARY}
_LIFETIME = 900
_FORM = "application/x-www-form-urlencoded; charset=utf-8"
_SERVER_ID = ["X-Vault-AWS-IAM-Server-ID", "vault.example.com"]

_STS_HOSTS = {
    "us-east-1": "sts.us-east-1.amazonaws.com",
    "eu-central-1": "sts.eu-central-1.amazonaws.com",
    "us-gov-west-1": "sts.us-gov-west-1.amazonaws.com",
    "cn-north-1": "sts.cn-north-1.amazonaws.com.cn",
    "us-iso-east-1": "sts.us-iso-east-1.c2s.ic.gov",
    "us-isob-east-1": "sts.us-isob-east-1.sc2s.sgov.gov",
    "eusc-de-east-1": "sts.eusc-de-east-1.amazonaws.eu",
}
_DOMAINS = {
    "us-east-1": "amazonaws.com",
    "eu-west-3": "amazonaws.com",
    "us-gov-east-1": "amazonaws.com",
    "cn-northwest-1": "amazonaws.com.cn",
}

_DATABASES: list[tuple[str, str, str, int, str]] = [
    ("mysql", "us-east-1", "db.abc123.us-east-1.rds.amazonaws.com", 3306, "jane_doe"),
    ("postgres", "eu-west-3", "db.cluster-abc123.eu-west-3.rds.amazonaws.com", 5432, "app"),
    ("proxy", "us-west-2", "p.proxy-abc123.us-west-2.rds.amazonaws.com", 5432, "app"),
    ("gov", "us-gov-west-1", "db.abc123.us-gov-west-1.rds.amazonaws.com", 3306, "app"),
    ("china", "cn-north-1", "db.abc123.rds.cn-north-1.amazonaws.com.cn", 3306, "app"),
    ("global", "us-east-1", "g.global-abc123.global.rds.amazonaws.com", 5432, "app"),
    ("https-port", "us-east-1", "db.abc123.us-east-1.rds.amazonaws.com", 443, "app"),
    ("last-port", "us-east-1", "db.abc123.us-east-1.rds.amazonaws.com", 65535, "app"),
    ("first-port", "us-east-1", "db.abc123.us-east-1.rds.amazonaws.com", 1, "app"),
    ("own-name", "eu-central-1", "db.example.com", 3306, "app"),
    ("one-label", "us-east-1", "localhost", 3306, "app"),
    ("user-with-signs", "us-east-1", "db.example.com", 3306, "a b+c&d=e/f?g%20h@i:j~k*"),
    ("user-beyond-ascii", "us-east-1", "db.example.com", 3306, "Zoë ☃ 𝄞"),
]
_DSQL_CLUSTERS: list[tuple[str, str, str, int | None]] = [
    ("plain", "us-east-1", "abc123.dsql.us-east-1.on.aws", None),
    ("europe", "eu-west-2", "abc123.dsql.eu-west-2.on.aws", None),
    ("private", "us-east-2", "abc123.dsql-fnh4.us-east-2.on.aws", None),
    ("a-second", "us-east-1", "abc123.dsql.us-east-1.on.aws", 1),
    ("a-week", "us-east-1", "abc123.dsql.us-east-1.on.aws", 604_800),
]
_EKS_CLUSTERS = ["prod", "1", "A-b_c", "x" * 100, "0b5e4f5e-3a06-4a3e-a7b3-8f0c9d9f3c11"]


def presets() -> list[Json]:
    return [*_rds(), *_dsql(), *_eks(), *_sts_urls(), *_sts_posts(), *_sts_sigv4a(), *_iot()]


def _rds() -> Iterator[Json]:
    for name, region, host, port, user in _DATABASES:
        for who, signer in _SIGNERS.items():
            signing = replace(signer, region=region)
            token = rds_token(signing, host, port, user)
            target = {"host": host, "port": port, "user": user}
            yield _token(
                f"rds-{name}-{who}", NAME, signing, target, token, signing.later(_LIFETIME)
            )


def _dsql() -> Iterator[Json]:
    for name, region, host, expires_in in _DSQL_CLUSTERS:
        for who, signer in _SIGNERS.items():
            for role in ("admin", "custom"):
                signing = replace(signer, region=region)
                token = dsql_token(signing, host, role == "admin", expires_in)
                target: Json = {"host": host, "role": role}
                if expires_in is not None:
                    target["expires_in"] = expires_in
                ends = signing.later(_LIFETIME if expires_in is None else expires_in)
                yield _token(f"dsql-{name}-{role}-{who}", NAME, signing, target, token, ends)


def _eks() -> Iterator[Json]:
    names = [("us-east-1", cluster) for cluster in _EKS_CLUSTERS]
    for region, cluster in [*names, *((region, "prod") for region in list(_STS_HOSTS)[1:])]:
        for who, signer in _SIGNERS.items():
            signing = replace(signer, region=region)
            token, ends = eks_token(signing, cluster)
            id = f"eks-{region}-{cluster[:8]}-{who}"
            yield _token(id, EKS_NAME, signing, {"cluster": cluster}, token, ends)


def _sts_urls() -> Iterator[Json]:
    for region in _STS_HOSTS:
        for who, signer in _SIGNERS.items():
            for bound, headers in (("plain", []), ("bound", [_SERVER_ID, ["X-Note", "a  b"]])):
                signing = replace(signer, region=region)
                url = sts_url(signing, headers, _LIFETIME)
                # What is sent: botocore's own headers, which it does not sign, stay out.
                id = f"sts-url-{region}-{bound}-{who}"
                ends = signing.later(_LIFETIME)
                yield _token(id, NAME, signing, {"headers": headers}, url, ends)


def _sts_posts() -> Iterator[Json]:
    for region, host in _STS_HOSTS.items():
        for who, signer in _SIGNERS.items():
            signing = replace(signer, region=region)
            headers = [_SERVER_ID] if who == "temporary" else []
            request = {
                "method": "POST",
                "url": f"https://{host}/",
                "headers": [*headers, ["content-type", _FORM]],
                "body": "Action=GetCallerIdentity&Version=2011-06-15",
                "algorithm": "sigv4",
                "service": "sts",
                "region": region,
            }
            target = {"headers": headers}
            yield _request(f"sts-post-{region}-{who}", "sts-post", signing, target, request)


def _sts_sigv4a() -> Iterator[Json]:
    sets = {"us-east-1": "*", "eu-central-1": "us-*,eu-central-1", "cn-north-1": "cn-north-1"}
    for region, region_set in sets.items():
        for who, signer in _SIGNERS.items():
            signing = replace(signer, region=region)
            url = f"https://{_STS_HOSTS[region]}/"
            parameters = "Action=GetCallerIdentity&Version=2011-06-15"
            target = {"headers": [_SERVER_ID], "region_set": region_set}
            common = {"algorithm": "sigv4a", "service": "sts", "region_set": region_set}
            presigned = {
                "method": "GET",
                "url": f"{url}?{parameters}",
                "headers": [_SERVER_ID],
                "presign": {"expires": _LIFETIME},
                **common,
            }
            yield _request(f"sts-url-sigv4a-{region}-{who}", "sts-url", signing, target, presigned)
            posted = {
                "method": "POST",
                "url": url,
                "headers": [_SERVER_ID, ["content-type", _FORM]],
                "body": parameters,
                **common,
            }
            yield _request(f"sts-post-sigv4a-{region}-{who}", "sts-post", signing, target, posted)


def _iot() -> Iterator[Json]:
    hosts = [(region, f"a1b2c3-ats.iot.{region}.{domain}") for region, domain in _DOMAINS.items()]
    for region, host in [*hosts, ("us-west-2", "iot.example.com")]:
        for who, signer in _SIGNERS.items():
            for expires_in in (None, 86_400):
                signing = replace(signer, region=region)
                target: Json = {"host": host}
                if expires_in is not None:
                    target["expires_in"] = expires_in
                request = {
                    "method": "GET",
                    "url": f"wss://{host}/mqtt",
                    "algorithm": "sigv4",
                    "service": "iotdevicegateway",
                    "region": region,
                    "presign": {"expires": expires_in or _LIFETIME},
                    "session_token_mode": "append",
                }
                id = f"iot-{host}-{expires_in or 'usual'}-{who}"
                yield _request(id, "iot", signing, target, request)


def _token(
    id: str, oracle: str, signing: Signing, target: Json, token: str, expires_at: str
) -> Json:
    # `sts-url-…` is the preset `sts-url`.
    preset = "sts-url" if id.startswith("sts-url-") else id.partition("-")[0]
    return {
        "id": f"preset-{id}",
        "oracle": oracle,
        "preset": preset,
        "request": {**target, **_signing(signing)},
        "answer": {"token": token, "expires_at": expires_at},
    }


def _request(id: str, preset: str, signing: Signing, target: Json, description: Json) -> Json:
    credentials = {name: value for name, value in _signing(signing).items() if name != "region"}
    resolved = resolve({**credentials, **description})
    signed, oracle = agreed(resolved.signable)
    return {
        "id": f"preset-{id}",
        "oracle": oracle,
        "preset": preset,
        "request": {**target, **_signing(signing)},
        "answer": answer(resolved, signed),
    }


def _signing(signing: Signing) -> Json:
    return {name: value for name, value in asdict(signing).items() if value is not None}
