"""Signing keys, computed without a signer: the SigV4 ladder and the SigV4a key derivation."""

import hmac
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256 (FIPS 186-4, D.1.2.3)."""

_LAST_COUNTER = 254
_OUTPUT_BITS = 256


@dataclass(frozen=True)
class SigV4aKey:
    """The key pair of one pair of credentials."""

    counter: int
    private_key: str
    """64 hex digits."""
    public_key: str
    """The uncompressed point, 130 hex digits."""

    def verifies(self, signature: str, string_to_sign: str) -> bool:
        """Whether this key made a hex DER signature of the text."""
        point = bytes.fromhex(self.public_key)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        try:
            public.verify(bytes.fromhex(signature), string_to_sign.encode(), ec.ECDSA(SHA256()))
        except (InvalidSignature, ValueError):
            return False
        return True


@cache
def sigv4a_key(access_key_id: str, secret_access_key: str) -> SigV4aKey:
    """NIST SP 800-108 in counter mode, with HMAC-SHA256."""
    for counter in range(1, _LAST_COUNTER + 1):
        candidate = int.from_bytes(_kdf(access_key_id, secret_access_key, counter))
        if candidate <= ORDER - 2:
            return _key_pair(counter, candidate + 1)
    raise ValueError("every counter was refused")


def sigv4_signing_key(secret_access_key: str, date: str, region: str, service: str) -> str:
    """The key of one day, region and service, in hex."""
    key = b"AWS4" + secret_access_key.encode()
    for step in (date, region, service, "aws4_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    return key.hex()


def _kdf(access_key_id: str, secret_access_key: str, counter: int) -> bytes:
    label = b"AWS4-ECDSA-P256-SHA256"
    context = access_key_id.encode() + bytes([counter])
    block = (1).to_bytes(4) + label + b"\0" + context + _OUTPUT_BITS.to_bytes(4)
    return hmac.digest(b"AWS4A" + secret_access_key.encode(), block, "sha256")


def _key_pair(counter: int, scalar: int) -> SigV4aKey:
    public = ec.derive_private_key(scalar, ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return SigV4aKey(counter, f"{scalar:064x}", point.hex())
