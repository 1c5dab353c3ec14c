"""The JSON description of a request (see DESIGN.md), resolved to what is signed."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from oracle.header_policy import Headers, is_signed, without_signer_headers
from oracle.service_profile import UNSIGNED_PAYLOAD, ServiceProfile
from oracle.signable import Credentials, Signable
from oracle.wire_form import WireUrl, wire_url

Json = dict[str, Any]

_DEFAULT_PORTS = {"http": ":80", "https": ":443", "ws": ":80", "wss": ":443"}


@dataclass(frozen=True)
class Resolved:
    """A description with every default filled in."""

    signable: Signable
    wire_headers: Headers
    """Everything the caller sends, `host` included, signed or not."""
    announced: Headers
    """What a presigned request sends beside its signature to say which payload was signed."""


def resolve(description: Json) -> Resolved:
    """What a signer has to sign and to send for a description with an explicit time and scope."""
    profile = ServiceProfile(description["service"])
    url = wire_url(description["url"], description.get("rules", profile.rules))
    headers: Headers = [(name, value) for name, value in description.get("headers", [])]
    wire_headers = with_host(without_signer_headers(headers), url)
    return on_wire(description, str(url), wire_headers)


def on_wire(description: Json, url: str, wire_headers: Headers) -> Resolved:
    """The same for a wire request that someone else made of the description."""
    service = description["service"]
    profile = ServiceProfile(service)
    presign = description.get("presign")
    signed = tuple(header for header in wire_headers if is_signed(header[0], service))
    signable = Signable(
        method=description["method"],
        url=url,
        headers=signed,
        body=_body(description),
        algorithm=description["algorithm"],
        service=service,
        region=_region(description),
        credentials=_credentials(description),
        time=description["time"],
        rules=description.get("rules", profile.rules),
        normalize_path=description.get("normalize_path", True),
        payload=_payload(description, profile),
        content_sha256_header=description.get(
            "content_sha256_header", profile.content_sha256_header
        ),
        token_mode=description.get("session_token_mode", "sign"),
        expires=presign["expires"] if presign else None,
    )
    return Resolved(signable, wire_headers, _announced(description, signable, profile))


def _announced(description: Json, signable: Signable, profile: ServiceProfile) -> Headers:
    """The unsigned header without which the server takes the payload for its usual one."""
    given = "presign" in description and "payload" in description
    usual = profile.presigns_unsigned and signable.payload == UNSIGNED_PAYLOAD
    if not given or usual or profile.never_signs_payload or not signable.content_sha256_header:
        return []
    return [("x-amz-content-sha256", signable.payload_line)]


def with_host(headers: Headers, url: WireUrl) -> Headers:
    """The headers with the `host` that is sent when the caller names none."""
    if any(name.lower() == "host" for name, _ in headers):
        return headers
    return [*headers, ("host", url.authority.removesuffix(_DEFAULT_PORTS[url.scheme]))]


def _body(description: Json) -> bytes:
    if "body_base64" in description:
        return b64decode(description["body_base64"], validate=True)
    return str(description.get("body", "")).encode()


def _region(description: Json) -> str:
    if description["algorithm"] == "sigv4":
        return str(description["region"])
    return ",".join(region.strip() for region in description["region_set"].split(","))


def _credentials(description: Json) -> Credentials:
    return Credentials(
        description["access_key_id"],
        description["secret_access_key"],
        description.get("session_token"),
    )


def _payload(description: Json, profile: ServiceProfile) -> str | None:
    if profile.never_signs_payload:
        return UNSIGNED_PAYLOAD
    presigned = "presign" in description
    by_default = "unsigned" if presigned and profile.presigns_unsigned else "hash"
    payload: str = description.get("payload", by_default)
    if payload == "hash":
        return None
    return UNSIGNED_PAYLOAD if payload == "unsigned" else payload
