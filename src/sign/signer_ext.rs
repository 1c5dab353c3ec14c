//! What every signer can do.

use http::request::Parts;

use crate::{
    error::SignError,
    sign::{
        PresignedRequest, SignedRequest, Signer, SigningRequest,
        added::Added,
        pipeline::{self, Task},
        request::Payload,
    },
    types::{ExpiresIn, PayloadHash, Timestamp},
};

/// Signing and presigning, for every [`Signer`] the same.
///
/// Time is always an argument: nothing here reads a clock.
pub trait SignerExt: Signer {
    /// Computes the signature of a request and what to add to it. Nothing is changed; see
    /// [`SignedRequest::apply_to`].
    ///
    /// # Errors
    /// Whatever is wrong with the request, see [`SignErrorKind`](crate::SignErrorKind).
    fn sign(&self, request: &SigningRequest<'_>, at: Timestamp) -> Result<SignedRequest, SignError>;

    /// Computes a URL that carries its signature in the query, valid for `expires_in` from `at`.
    ///
    /// Headers of the request that the policy signs are bound: whoever uses the URL must send them, see
    /// [`PresignedRequest::headers_to_send`].
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    fn presign(
        &self,
        request: &SigningRequest<'_>,
        expires_in: ExpiresIn,
        at: Timestamp,
    ) -> Result<PresignedRequest, SignError>;

    /// Signs a request whose body is in memory, in place. Signing again replaces what was there.
    ///
    /// # Errors
    /// As [`sign`](Self::sign); then the request is unchanged.
    fn sign_request<B: AsRef<[u8]>>(&self, request: &mut http::Request<B>, at: Timestamp) -> Result<(), SignError>;

    /// Signs the parts of a request whose body is elsewhere, in place: `payload` is its hash or a sentinel.
    ///
    /// # Errors
    /// As [`sign`](Self::sign); then the parts are unchanged.
    fn sign_parts(&self, parts: &mut Parts, payload: PayloadHash, at: Timestamp) -> Result<(), SignError>;

    /// Presigns a URL for a method, without headers and body.
    ///
    /// # Errors
    /// As [`presign`](Self::presign).
    fn presign_url(
        &self,
        method: &str,
        url: &str,
        expires_in: ExpiresIn,
        at: Timestamp,
    ) -> Result<PresignedRequest, SignError> {
        self.presign(&SigningRequest::new(method, url)?, expires_in, at)
    }
}

impl<S: Signer> SignerExt for S {
    fn sign(&self, request: &SigningRequest<'_>, at: Timestamp) -> Result<SignedRequest, SignError> {
        let mut added = Added::default();
        let (trace, wire) =
            pipeline::sign(Task { signer: self, request, at }, &mut added, |signed| signed.into_value())?;
        Ok(SignedRequest::new(wire, added.into_headers(), trace))
    }

    fn presign(
        &self,
        request: &SigningRequest<'_>,
        expires_in: ExpiresIn,
        at: Timestamp,
    ) -> Result<PresignedRequest, SignError> {
        pipeline::presign(Task { signer: self, request, at }, expires_in)
    }

    fn sign_request<B: AsRef<[u8]>>(&self, request: &mut http::Request<B>, at: Timestamp) -> Result<(), SignError> {
        let given = SigningRequest::from_request(request)?;
        let mut added = Added::default();
        let change = pipeline::sign(Task { signer: self, request: &given, at }, &mut added, |signed| signed.change())?;
        change.apply_to_uri(request.uri_mut())?;
        change.apply_to_headers(&mut added, request.headers_mut());
        Ok(())
    }

    fn sign_parts(&self, parts: &mut Parts, payload: PayloadHash, at: Timestamp) -> Result<(), SignError> {
        sign_parts(self, parts, Payload::Given(payload), at)
    }
}

/// Signs the parts of a request in place, with what is known about its body.
pub(crate) fn sign_parts(
    signer: &(impl Signer + ?Sized),
    parts: &mut Parts,
    payload: Payload<'_>,
    at: Timestamp,
) -> Result<(), SignError> {
    let mut given = SigningRequest::from_parts(parts)?;
    given.payload = payload;
    let mut added = Added::default();
    let signer = &signer;
    let change = pipeline::sign(Task { signer, request: &given, at }, &mut added, |signed| signed.change())?;
    change.apply_to_uri(&mut parts.uri)?;
    change.apply_to_headers(&mut added, &mut parts.headers);
    Ok(())
}
