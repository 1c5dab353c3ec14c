"""One case, and the request description it stands for under each algorithm."""

from dataclasses import dataclass
from typing import Any

from oracle.signable import Algorithm

Json = dict[str, Any]

BOTH: tuple[Algorithm, ...] = ("sigv4", "sigv4a")
SIGV4: tuple[Algorithm, ...] = ("sigv4",)
SIGV4A: tuple[Algorithm, ...] = ("sigv4a",)

TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJH+abc/def=="
"""A session token with every character that needs an escape in a URL."""

_MRAP = "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com"
_HOSTS: dict[tuple[str, Algorithm], str] = {
    ("s3", "sigv4"): "examplebucket.s3.us-east-1.amazonaws.com",
    ("s3", "sigv4a"): _MRAP,
    ("execute-api", "sigv4"): "abcde12345.execute-api.us-east-1.amazonaws.com",
    ("execute-api", "sigv4a"): "abcde12345.execute-api.us-east-1.amazonaws.com",
}

_FIELD_ORDER = (
    "id",
    "method",
    "url",
    "headers",
    "body",
    "body_base64",
    "time",
    "algorithm",
    "service",
    "region",
    "region_set",
    "access_key_id",
    "secret_access_key",
    "session_token",
    "payload",
    "presign",
    "rules",
    "normalize_path",
    "content_sha256_header",
    "session_token_mode",
)


@dataclass(frozen=True)
class Case:
    """A request to sign. A `target` without scheme is sent to the usual host of its service."""

    id: str
    target: str
    algorithms: tuple[Algorithm, ...]
    fields: Json

    def description(self, algorithm: Algorithm) -> Json:
        """The request description, complete: nothing is left to inference."""
        description: Json = {
            "id": self.id,
            "method": "GET",
            "url": self._url(algorithm),
            "time": "20150830T123600Z",
            "algorithm": algorithm,
            "service": "execute-api",
            "region": "us-east-1",
            "region_set": "*",
            "access_key_id": "AKIDEXAMPLE",
            "secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            **self.fields,
        }
        del description["region" if algorithm == "sigv4a" else "region_set"]
        return {name: description[name] for name in _FIELD_ORDER if name in description}

    def _url(self, algorithm: Algorithm) -> str:
        if not self.target.startswith(("/", "?")) and self.target:
            return self.target
        service = self.fields.get("service", "execute-api")
        host = _HOSTS.get((service, algorithm), f"{service}.us-east-1.amazonaws.com")
        return f"https://{host}{self.target}"


def case(id: str, target: str, algorithms: tuple[Algorithm, ...] = BOTH, **fields: Any) -> Case:
    """A case from the fields in which it differs from a plain GET to API Gateway."""
    unknown = fields.keys() - set(_FIELD_ORDER)
    if unknown:
        raise TypeError(f"{id}: unknown fields {unknown}")
    return Case(id, target, algorithms, fields)
