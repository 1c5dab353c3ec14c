"""Random request descriptions that a signer must accept and easily gets wrong."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from oracle.service_profile import ServiceProfile
from oracle.signable import Algorithm

Json = dict[str, Any]

_PATH_PIECES = [
    "a", "b", "key", "Z9", "test.txt", ".hidden", "..x", "...", "a b", " ", "caf\u00e9",
    "\u2603", "\U0001f980", "%20", "%2F", "%2f", "%FF", "%ff%00", "%C3%A9", "%e2%98%83", "%25",
    "%2520", "%7E", "%61", "%2e", "%2E%2e", "%3F", "%23", "+", "a+b", "%2B", "=", "a=b", ":",
    "a:b", "@", ";", ",", "$", "&", "!", "'", "(", ")", "*", "~", "-", "_", "{", "}", "[0]",
    "|", "\\", "^", '"', "`", "<", ">", "arn:aws:s3:::x",
]  # fmt: skip
_SEGMENTS_TO_NORMALISE = ["", "", ".", ".."]
_BROKEN_ESCAPES = ["%", "%z", "%2", "100%"]
_QUERY_PIECES = [
    "a", "b", "k", "key", "A", "x-id", "list-type", "prefix", "X-Amz-A", "x-amz-meta-q", "0",
    "a b", "+", "a+b", "%2B", "%20", "%2f", "%2F", "%FF", "%ff%FE", "%00", "%7E", "~", "%61",
    "*", "'", "(", ")", "!", "$", ",", ";", ":", "@", "/", "?", "[", "]", "{", "}", "|", "\\",
    "^", "`", '"', "<", ">", "caf\u00e9", "\u2603", "%E2%98%83", "%25", "%2520", "-", ".", "_",
]  # fmt: skip
_STALE_PARAMETERS = [
    "X-Amz-Signature=00",
    "x-amz-signature",
    "X-AMZ-DATE=20140101T000000Z",
    "X-Amz-Credential=OLD%2F20140101%2Fx",
    "X-Amz-SignedHeaders=host",
    "x-amz-algorithm=AWS4-HMAC-SHA256",
    "X-Amz-Expires=1",
    "X-Amz-Security-Token=stale%2F",
    "X-Amz-Region-Set=%2A",
    "%58-amz-S3session-Token=stale",
    "X-Amz-Content-Sha256=UNSIGNED-PAYLOAD",
]
_HEADER_NAMES = [
    "accept", "Accept", "Content-Type", "x-amz-meta-note", "X-Amz-Meta-Note", "x-custom",
    "X-CUSTOM", "x-custom-2", "Cache-Control", "Cookie", "Range", "x-amz-acl", "X-Amz-Target",
    "If-Match", "x_under", "x.dot", "a", "a-b", "Content-Length", "Content-MD5",
    "Content-Encoding", "Origin", "x-amz-user-agent",
]  # fmt: skip
_UNSIGNED_NAMES = [
    "User-Agent", "Connection", "Expect", "Accept-Encoding", "TE", "via", "X-Forwarded-For",
    "X-Amzn-Trace-Id", "Upgrade", "traceparent", "baggage", "Proxy-Connection",
    "Sec-WebSocket-Key", "Transfer-Encoding", "Forwarded", "keep-alive",
]  # fmt: skip
_VALUES = [
    "", "value", "a b", "a  b", "a\tb", " a ", "\ta\t b \t", " ", '"a   b"', 'say "a  b', "a,b",
    "a, b", ",", "%20+%2B", "bytes=0-9", "https://x.example:8443/?a=b", "!#$%&'*+-.^_`|~",
    "{}[]()<>@,;:\\/?=", "a=1; b=2", "0123456789 " * 40,
]  # fmt: skip
_STALE_HEADERS = [
    ("Authorization", "AWS4-HMAC-SHA256 Credential=OLD, SignedHeaders=host, Signature=00"),
    ("AUTHORIZATION", "Bearer abc"),
    ("X-AMZ-Date", "20140101T000000Z"),
    ("x-amz-security-token", "stale"),
    ("X-Amz-Region-Set", "eu-west-1"),
    ("X-Amz-S3session-Token", "stale"),
]
_AUTHORITIES = [
    "example.com", "example.com:443", "example.com:80", "example.com:8443", "127.0.0.1:9000",
    "[::1]:9000", "[2001:db8::1]", "localhost", "bucket.s3.us-east-1.amazonaws.com",
    "abc.execute-api.us-east-1.amazonaws.com", "a_b.example.com",
]  # fmt: skip
_KEYS = [
    ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    ("AKIAIOSFODNN7EX00000", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    ("AKIAIOSFODNN7EX00249", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
]
_STANDARD_SERVICES = [
    "execute-api",
    "iam",
    "dynamodb",
    "es",
    "bedrock",
    "vpc-lattice-svcs",
    "aoss",
    "s3tables",
]
_S3_SERVICES = ["s3", "s3", "s3-outposts", "s3-object-lambda", "s3express"]
_REGION_SETS = ["*", "us-east-1", "us-east-1,us-west-2", "us-*", "eu-*, ap-south-1"]
_METHODS = ["GET", "GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"]
_TOKEN = "IQoJb3JpZ2luX2VjE//+=="


def description(random: Random, id: str) -> Json:
    """One description, complete: nothing is left to inference."""
    algorithm: Algorithm = random.choice(["sigv4", "sigv4a"])
    service = _service(random, algorithm)
    access_key_id, secret = random.choice(_KEYS)
    result: Json = {
        "id": id,
        "method": random.choice(_METHODS),
        "url": _url(random, service),
        "headers": _headers(random, service),
        "time": _time(random),
        "algorithm": algorithm,
        "service": service,
        "access_key_id": access_key_id,
        "secret_access_key": secret,
    }
    if algorithm == "sigv4":
        result["region"] = random.choice(["us-east-1", "cn-north-1", "auto"])
    else:
        result["region_set"] = random.choice(_REGION_SETS)
    result.update(_body(random), **_token(random, service))
    presign = random.random() < 0.4
    if presign:
        result["presign"] = {"expires": random.choice([1, 60, 3600, 604800])}
    result.update(_payload(random, service, presign))
    return result


def _time(random: Random) -> str:
    start = datetime(2010, 1, 1, tzinfo=UTC)
    return f"{start + timedelta(seconds=random.randrange(10**9)):%Y%m%dT%H%M%SZ}"


def _service(random: Random, algorithm: Algorithm) -> str:
    service = random.choice(random.choice([_S3_SERVICES, _STANDARD_SERVICES]))
    # S3 Express has session credentials for SigV4 only.
    return "s3" if (service, algorithm) == ("s3express", "sigv4a") else service


def _url(random: Random, service: str) -> str:
    scheme = random.choice(["https", "https", "http"])
    fragment = "#frag?a/b" if random.random() < 0.05 else ""
    path = _path(random, s3=service in _S3_SERVICES)
    return f"{scheme}://{random.choice(_AUTHORITIES)}{path}{_query(random)}{fragment}"


def _path(random: Random, s3: bool) -> str:
    if random.random() < 0.05:
        return ""
    segments = [_segment(random, s3) for _ in range(random.randint(1, 6))]
    return "/" + "/".join(segments)


def _segment(random: Random, s3: bool) -> str:
    if random.random() < 0.3:
        return random.choice(_SEGMENTS_TO_NORMALISE)
    pieces = random.choices(_PATH_PIECES, k=random.randint(1, 4))
    # S3 paths are decoded, so there a broken escape is an error; elsewhere it is sent as it is.
    if not s3 and random.random() < 0.03:
        pieces.append(random.choice(_BROKEN_ESCAPES))
    return "".join(pieces)


def _query(random: Random) -> str:
    if random.random() < 0.25:
        return ""
    pairs = [_pair(random) for _ in range(random.randint(0, 7))]
    return "?" + "&".join(pairs)


def _pair(random: Random) -> str:
    kind = random.random()
    if kind < 0.1:
        return ""
    if kind < 0.2:
        return random.choice(_STALE_PARAMETERS)
    name = "".join(random.choices(_QUERY_PIECES, k=random.randint(0, 2)))
    if kind < 0.3:
        return name
    return name + "=" + "".join(random.choices([*_QUERY_PIECES, "="], k=random.randint(0, 4)))


def _headers(random: Random, service: str) -> list[list[str]]:
    headers = [
        [random.choice(_HEADER_NAMES), random.choice(_VALUES)] for _ in range(random.randint(0, 6))
    ]
    if random.random() < 0.3:
        headers += [[name, "x  y"] for name in random.sample(_UNSIGNED_NAMES, 3)]
    if random.random() < 0.2:
        headers += [list(header) for header in random.sample(_STALE_HEADERS, 2)]
    if random.random() < 0.1 and ServiceProfile(service).content_sha256_header:
        headers.append(["X-AMZ-Content-SHA256", "stale"])
    if random.random() < 0.1:
        headers.append([random.choice(["Host", "host", "HOST"]), "signed.example.com:8080"])
    random.shuffle(headers)
    return headers


def _body(random: Random) -> Json:
    kind = random.random()
    if kind < 0.4:
        return {}
    if kind < 0.7:
        return {"body": random.choice(["", "a=1&b=2", '{"a": "\u2603"}', "x" * 70000])}
    return {"body_base64": b64encode(random.randbytes(random.randint(0, 200))).decode()}


def _token(random: Random, service: str) -> Json:
    if random.random() < 0.5:
        return {}
    if random.random() < 0.3 and service != "s3express":
        return {"session_token": _TOKEN, "session_token_mode": "append"}
    return {"session_token": _TOKEN}


def _payload(random: Random, service: str, presign: bool) -> Json:
    given = sha256(random.randbytes(4)).hexdigest()
    kind = random.random()
    if service == "vpc-lattice-svcs" or kind < 0.6:
        return {}
    if presign or ServiceProfile(service).content_sha256_header:
        return {"payload": random.choice(["hash", "unsigned", given])}
    return {
        "payload": random.choice(["hash", given]),
        "content_sha256_header": random.random() < 0.5,
    }
