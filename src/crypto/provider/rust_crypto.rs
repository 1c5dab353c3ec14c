//! The pure Rust back end.

use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::{
    DerSignature, SigningKey, VerifyingKey,
    signature::{Signer as _, Verifier as _},
};
use sha2::{Digest as _, Sha256};

use super::{Backend, EcdsaSign, EcdsaVerify, KeyPairBytes, Mac};
use crate::{
    error::{SignError, SignErrorKind},
    types::Signature,
};

pub(super) struct RustCrypto;

impl Backend for RustCrypto {
    fn name(&self) -> &'static str {
        "rust_crypto"
    }

    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        Sha256::digest(data).into()
    }

    fn mac(&self, key: &[u8]) -> Box<dyn Mac> {
        // Of no length is HMAC's key refused; a longer one is hashed first.
        match Hmac::<Sha256>::new_from_slice(key) {
            Ok(mac) => Box::new(mac),
            Err(_) => Box::new(Hmac::<Sha256>::new(&hmac::digest::Key::<Hmac<Sha256>>::default())),
        }
    }

    fn ecdsa_signer(&self, pair: &KeyPairBytes) -> Result<Box<dyn EcdsaSign>, SignError> {
        match SigningKey::from_slice(&*pair.scalar) {
            // The other back ends refuse a pair whose halves do not belong together; so does this one.
            Ok(key) if key.verifying_key().to_sec1_point(false).as_bytes() == pair.public => Ok(Box::new(key)),
            _ => Err(SignError::new(SignErrorKind::Key, "the derived key pair is not one")),
        }
    }

    fn ecdsa_verifier(&self, public: &[u8; 65]) -> Option<Arc<dyn EcdsaVerify>> {
        Some(Arc::new(VerifyingKey::from_sec1_bytes(public).ok()?))
    }
}

impl Mac for Hmac<Sha256> {
    fn sign(&self, message: &[u8]) -> [u8; 32] {
        self.clone().chain_update(message).finalize().into_bytes().into()
    }
}

impl EcdsaSign for SigningKey {
    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        let signature: DerSignature = self.try_sign(message).map_err(SignError::from_signer)?;
        Ok(Signature::from_bytes(signature.as_bytes())?)
    }
}

impl EcdsaVerify for VerifyingKey {
    fn verifies(&self, message: &[u8], der: &[u8]) -> bool {
        DerSignature::try_from(der).is_ok_and(|signature| self.verify(message, &signature).is_ok())
    }
}
