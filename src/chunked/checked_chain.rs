//! The chain of signatures, as whoever receives a body checks it.

use std::fmt;

use super::lines::{PADDING, signature_len};
use crate::{
    canonical::StringToSign,
    crypto::{Digest, Provider, is_ecdsa_der},
    error::{VerifyError, VerifyErrorKind},
    types::{Algorithm, CredentialScope, Signature, Timestamp},
    verify::{Checker, Verified},
};

/// The chain: each signature is over the one before.
pub(super) struct CheckedChain {
    checker: Checker,
    provider: Provider,
    algorithm: Algorithm,
    at: Timestamp,
    scope: CredentialScope,
    previous: Signature,
    /// How many chunks were right.
    checked: u64,
}

impl CheckedChain {
    pub(super) fn new(verified: &Verified) -> Self {
        Self {
            checker: verified.checker().clone(),
            provider: verified.provider(),
            algorithm: verified.algorithm(),
            at: verified.signed_at(),
            scope: verified.scope().clone(),
            previous: verified.seed().clone(),
            checked: 0,
        }
    }

    /// Reads a signature as it is sent: SigV4a's are filled up at their end, and there only.
    pub(super) fn parse(&self, text: &str) -> Result<Signature, VerifyError> {
        let error = |message: &'static str| VerifyError::new(VerifyErrorKind::MalformedChunkSignature, message);
        let expected = signature_len(self.algorithm);
        if text.len() != expected {
            let message = format!("expected {expected} characters for {}", self.algorithm);
            let error = VerifyError::new(VerifyErrorKind::MalformedChunkSignature, message);
            return Err(error.found(text.len().to_string()));
        }
        let hex = match self.algorithm {
            Algorithm::SigV4 => text,
            Algorithm::SigV4a => text.trim_end_matches(char::from(PADDING)),
        };
        let signature =
            Signature::parse(hex).map_err(|_| error("expected lower-case hex, then `*` for SigV4a only"))?;
        match self.algorithm == Algorithm::SigV4 || is_ecdsa_der(&signature) {
            true => Ok(signature),
            false => Err(error("expected an ECDSA signature in DER")),
        }
    }

    pub(super) fn check_chunk(&mut self, signature: Signature, data: Digest) -> Result<(), VerifyError> {
        let no_headers = self.provider.sha256(b"");
        let sha256 = [&no_headers, &data.finish()];
        let text = StringToSign::for_piece(self.algorithm, self.at, self.scope.clone(), &self.previous, sha256);
        if !self.checker.accepts(&text, &signature) {
            // Not the signature: that of this place is nobody's to know.
            let message = format!(
                "the signature of chunk {} is not the key's over this data at this place",
                self.checked.saturating_add(1)
            );
            return Err(VerifyError::new(VerifyErrorKind::ChunkSignatureMismatch, message));
        }
        self.previous = signature;
        self.checked = self.checked.saturating_add(1);
        Ok(())
    }

    pub(super) fn check_trailers(&self, signature: &Signature, canonical: &[u8]) -> Result<(), VerifyError> {
        let sha256 = self.provider.sha256(canonical);
        let text = StringToSign::for_trailers(self.algorithm, self.at, self.scope.clone(), &self.previous, &sha256);
        match self.checker.accepts(&text, signature) {
            true => Ok(()),
            false => Err(VerifyError::new(
                VerifyErrorKind::TrailerSignatureMismatch,
                "the signature of the trailers is not the key's",
            )),
        }
    }
}

impl fmt::Debug for CheckedChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedChain").field("scope", &self.scope).finish_non_exhaustive()
    }
}
