//! Everything through AWS-LC.

use std::sync::Arc;

use aws_lc_rs::{
    digest, hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, ParsedPublicKey},
};

use super::{Backend, EcdsaSign, EcdsaVerify, KeyPairBytes, Mac, rust_crypto::RustCrypto};
use crate::{
    crypto::Digest,
    error::{SignError, SignErrorKind},
    types::Signature,
};

pub(super) struct AwsLc;

impl Backend for AwsLc {
    fn name(&self) -> &'static str {
        "aws_lc_rs"
    }

    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        // The digest of SHA-256 has 32 bytes; the other arm keeps the promise not to panic.
        digest::digest(&digest::SHA256, data).as_ref().try_into().unwrap_or_else(|_| RustCrypto.sha256(data))
    }

    fn digest(&self) -> Digest {
        Digest::AwsLc(digest::Context::new(&digest::SHA256))
    }

    fn mac(&self, key: &[u8]) -> Box<dyn Mac> {
        Box::new(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    fn ecdsa_signer(&self, pair: &KeyPairBytes) -> Result<Box<dyn EcdsaSign>, SignError> {
        let key =
            EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_ASN1_SIGNING, &*pair.scalar, &pair.public)
                .map_err(|_| SignError::new(SignErrorKind::Key, "AWS-LC refused the derived key"))?;
        Ok(Box::new(key))
    }

    fn ecdsa_verifier(&self, public: &[u8; 65]) -> Option<Arc<dyn EcdsaVerify>> {
        Some(Arc::new(ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, public).ok()?))
    }
}

impl Mac for hmac::Key {
    fn sign(&self, message: &[u8]) -> [u8; 32] {
        hmac::sign(self, message).as_ref().try_into().unwrap_or_default()
    }
}

impl EcdsaSign for EcdsaKeyPair {
    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        let signature = Self::sign(self, &SystemRandom::new(), message)
            .map_err(|_| SignError::new(SignErrorKind::Signer, "AWS-LC could not sign"))?;
        Ok(Signature::from_bytes(signature.as_ref())?)
    }
}

impl EcdsaVerify for ParsedPublicKey {
    fn verifies(&self, message: &[u8], der: &[u8]) -> bool {
        self.verify_sig(message, der).is_ok()
    }
}
