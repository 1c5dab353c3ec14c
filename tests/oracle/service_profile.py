"""What a service expects of a signature when the request does not say."""

from dataclasses import dataclass

from oracle.wire_form import Rules

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

_S3_RULES = frozenset(("s3", "s3-outposts", "s3-object-lambda", "s3express"))
_SENDS_CONTENT_SHA256 = _S3_RULES | {"aoss", "s3tables", "vpc-lattice-svcs"}


@dataclass(frozen=True)
class ServiceProfile:
    """The signing habits of one service."""

    service: str

    @property
    def rules(self) -> Rules:
        """How the path is encoded."""
        return "s3" if self.service in _S3_RULES else "standard"

    @property
    def content_sha256_header(self) -> bool:
        """Whether a header-signed request carries `x-amz-content-sha256`."""
        return self.service in _SENDS_CONTENT_SHA256

    @property
    def never_signs_payload(self) -> bool:
        """VPC Lattice: the payload is never signed, and the header that says so always is."""
        return self.service == "vpc-lattice-svcs"

    @property
    def presigns_unsigned(self) -> bool:
        """Whether a presigned URL leaves the payload open."""
        return self.rules == "s3" or self.never_signs_payload

    @property
    def uses_session_header(self) -> bool:
        """S3 Express: the session token has a name of its own."""
        return self.service == "s3express"
