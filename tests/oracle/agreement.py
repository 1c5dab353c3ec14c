"""What the oracles say about a request, if they say the same."""

from oracle import botocore_oracle, crt_oracle
from oracle.keys import sigv4a_key
from oracle.signable import OracleUnavailable, Signable, Signed


def agreed(request: Signable) -> tuple[Signed, str]:
    """The common result, and the names of the oracles that computed it."""
    if request.algorithm == "sigv4a":
        return _verified(request), crt_oracle.NAME
    runtime = crt_oracle.sign(request)
    try:
        compare(request, runtime, botocore_oracle.sign(request))
    except OracleUnavailable as reason:
        return runtime, f"{crt_oracle.NAME}; not {botocore_oracle.NAME}: {reason}"
    return runtime, f"{crt_oracle.NAME}, {botocore_oracle.NAME}"


def compare(request: Signable, runtime: Signed, botocore: Signed) -> None:
    """Raises if the two signers differ."""
    if request.token_mode == "append":
        # Botocore signs as if there were no token; only the runtime adds one.
        tokens = {"x-amz-security-token", "x-amz-s3session-token"}
        runtime = Signed(
            runtime.canonical_request,
            runtime.string_to_sign,
            runtime.signature,
            {name: value for name, value in runtime.headers.items() if name not in tokens},
            {name: value for name, value in runtime.query.items() if name not in tokens},
        )
    if runtime != botocore:
        raise AssertionError(f"the oracles differ on {request}:\n{runtime}\n{botocore}")


def _verified(request: Signable) -> Signed:
    signed = crt_oracle.sign(request)
    credentials = request.credentials
    key = sigv4a_key(credentials.access_key_id, credentials.secret_access_key)
    if not key.verifies(signed.signature, signed.string_to_sign):
        raise AssertionError(f"the derived key does not verify the signature of {request}")
    return signed
