"""Key vectors: credentials whose keys are awkward, and what is derived from them."""

from base64 import b32encode, b64encode
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from typing import Any

from aws_documented import PLUS_SECRET, SIGNING_KEYS, SLASH_SECRET
from oracle import crt_oracle
from oracle.description import resolve
from oracle.keys import ORDER, SigV4aKey, sigv4_signing_key, sigv4a_key

Json = dict[str, Any]

_KNOWN = [
    # The private keys that the AWS Common Runtime and others publish with their tests.
    (
        "t01-usual",
        "AKIDEXAMPLE",
        PLUS_SECRET,
        "7efc8c0e65a324242818c5a50c891c6060b6a00717b7ba3cbe3c5d765be9259c",
    ),
    (
        "t02-usual",
        "AKISORANDOMAASORANDOM",
        "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom",
        "7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd",
    ),
    (
        "s3-examples",
        "AKIAIOSFODNN7EXAMPLE",
        SLASH_SECRET,
        "04c4d39191ae06f37a86b873d2f9951f7c37621d69e0eb834fb622c368f360c3",
    ),
    (
        "t03-top-bit",
        "AKIAIOSFODNN7EX00000",
        PLUS_SECRET,
        "a02b1dd596aa8b9cc419564c6a82df755b1db857c399383a45387e6cb879ac7f",
    ),
    (
        "t04-leading-zero-private",
        "AKIAIOSFODNN7EX00249",
        PLUS_SECRET,
        "00b28af57c30ae8259e644a9106e5df60560126edf2d61aadfd3b25f1a2b7714",
    ),
]

_AWKWARD: dict[str, Callable[[SigV4aKey], bool]] = {
    "above-half-order": lambda key: int(key.private_key, 16) > ORDER // 2,
    "top-bit": lambda key: key.private_key[0] in "89abcdef",
    "leading-zero-private": lambda key: key.private_key.startswith("00"),
    "leading-zero-x": lambda key: key.public_key[2:].startswith("00"),
    "leading-zero-y": lambda key: key.public_key[66:].startswith("00"),
}
_OF_EACH = 4

_SECOND_COUNTER = ["AKIDCOUNTER2AFSUJ3LC"]
"""Access key ids whose first candidate is above N-2: one in 2^32, found by an exhaustive search."""

_LADDERS = [
    ("20150830", "us-east-1", "service"),
    ("20130524", "us-east-1", "s3"),
    ("20240229", "us-gov-west-1", "sts"),
    ("20261231", "cn-north-1", "execute-api"),
    ("19700101", "auto", "s3"),
    ("20260101", "eu-west-3", "IoTSecuredTunneling"),
]
_LONG_SECRET = "s" * 128
"""Longer than a SHA-256 block: HMAC hashes such a key first."""


def key_vectors() -> list[Json]:
    """All of them; every SigV4a key is checked against a signature of the AWS Common Runtime."""
    return [*_known(), *_awkward(), *_documented_ladders(), *_ladders()]


def _known() -> list[Json]:
    vectors = []
    for id, access_key_id, secret, private_key in _KNOWN:
        vector = _sigv4a(id, access_key_id, secret)
        if vector["private_key"] != private_key:
            raise AssertionError(f"{id}: not the published key: {vector}")
        vectors.append(vector)
    long_secret = _sigv4a("long-secret", "AKIDEXAMPLE", _LONG_SECRET)
    return [*vectors, long_secret, *_second_counter()]


def _second_counter() -> list[Json]:
    vectors = [_sigv4a(f"counter-2-{id}", id, PLUS_SECRET) for id in _SECOND_COUNTER]
    if any(vector["counter"] != 2 for vector in vectors):
        raise AssertionError(f"not the second counter: {vectors}")
    return vectors


def _awkward() -> list[Json]:
    """Credentials that only look random, so that the search finds the same ones every time."""
    missing = dict.fromkeys(_AWKWARD, _OF_EACH)
    vectors: list[Json] = []
    for number in count():
        if not any(missing.values()):
            return vectors
        credentials = _credentials(number)
        key = sigv4a_key(*credentials)
        for name, is_awkward in _AWKWARD.items():
            if missing[name] and is_awkward(key):
                missing[name] -= 1
                vectors.append(_sigv4a(f"{name}-{_OF_EACH - missing[name]}", *credentials))
                break
    raise AssertionError("count() does not end")


def _credentials(number: int) -> tuple[str, str]:
    digest = sha256(f"sigv4a key vector {number}".encode()).digest()
    return "AKIA" + b32encode(digest)[:16].decode(), b64encode(digest).decode()[:40]


def _sigv4a(id: str, access_key_id: str, secret: str) -> Json:
    key = sigv4a_key(access_key_id, secret)
    _check_with_the_runtime(access_key_id, secret, key)
    return {
        "id": f"sigv4a-{id}",
        "algorithm": "sigv4a",
        "access_key_id": access_key_id,
        "secret_access_key": secret,
        "counter": key.counter,
        "private_key": key.private_key,
        "public_key": key.public_key,
    }


def _check_with_the_runtime(access_key_id: str, secret: str, key: SigV4aKey) -> None:
    request = {
        "method": "GET",
        "url": "https://example.amazonaws.com/",
        "time": "20150830T123600Z",
        "algorithm": "sigv4a",
        "service": "service",
        "region_set": "*",
        "access_key_id": access_key_id,
        "secret_access_key": secret,
    }
    signed = crt_oracle.sign(resolve(request).signable)
    if not key.verifies(signed.signature, signed.string_to_sign):
        raise AssertionError(f"the runtime derives another key for {access_key_id}")


def _documented_ladders() -> list[Json]:
    vectors = []
    for id, arguments, signing_key in SIGNING_KEYS:
        vector = _sigv4(f"documented-{id}", *arguments)
        if vector["signing_key"] != signing_key:
            raise AssertionError(f"{id}: not the documented key: {vector}")
        vectors.append(vector)
    return vectors


def _ladders() -> list[Json]:
    secrets = {"plus": PLUS_SECRET, "long": _LONG_SECRET}
    return [
        _sigv4(f"{name}-{date}-{region}-{service}", secret, date, region, service)
        for name, secret in secrets.items()
        for date, region, service in _LADDERS
    ]


def _sigv4(id: str, secret: str, date: str, region: str, service: str) -> Json:
    return {
        "id": f"sigv4-{id}",
        "algorithm": "sigv4",
        "secret_access_key": secret,
        "date": date,
        "region": region,
        "service": service,
        "signing_key": sigv4_signing_key(secret, date, region, service),
    }
