//! What a signature says about a body that a client sends.

/// How the body of a request becomes part of its signature.
///
/// A body in memory is hashed, whatever its length. One that comes from elsewhere is read into memory up to
/// [`with_body_limit`](super::RequestSigner::with_body_limit), unless:
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BodySigning {
    /// The service's profile wants it otherwise (VPC Lattice: `UNSIGNED-PAYLOAD`), or the service is S3, and the body is
    /// longer than the limit and of known length: then it is signed piece by piece while it is sent, as aws-chunked.
    #[default]
    OfService,
    /// Always read and hashed; a body above the limit is an error.
    Hash,
    /// Never read: `UNSIGNED-PAYLOAD`. S3 accepts it over https, most services do not.
    Unsigned,
    /// Always signed piece by piece, as aws-chunked; S3 only. Its length must be known.
    Chunked,
}
