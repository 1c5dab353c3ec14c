//! ECDSA through *ring*.

use std::sync::Arc;

use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, UnparsedPublicKey},
};

use super::{Backend, EcdsaSign, EcdsaVerify, KeyPairBytes, Mac, rust_crypto::RustCrypto};
use crate::{
    error::{SignError, SignErrorKind},
    types::Signature,
};

pub(super) struct Ring;

impl Backend for Ring {
    fn name(&self) -> &'static str {
        "ring"
    }

    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        RustCrypto.sha256(data)
    }

    fn mac(&self, key: &[u8]) -> Box<dyn Mac> {
        RustCrypto.mac(key)
    }

    fn ecdsa_signer(&self, pair: &KeyPairBytes) -> Result<Box<dyn EcdsaSign>, SignError> {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_ASN1_SIGNING,
            &*pair.scalar,
            &pair.public,
            &random,
        )
        .map_err(|_| SignError::new(SignErrorKind::Key, "ring refused the derived key"))?;
        Ok(Box::new(RingKey { key, random }))
    }

    fn ecdsa_verifier(&self, public: &[u8; 65]) -> Option<Arc<dyn EcdsaVerify>> {
        Some(Arc::new(UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, *public)))
    }
}

struct RingKey {
    key: EcdsaKeyPair,
    random: SystemRandom,
}

impl EcdsaSign for RingKey {
    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        let signature = self
            .key
            .sign(&self.random, message)
            .map_err(|_| SignError::new(SignErrorKind::Signer, "ring could not sign: no random numbers"))?;
        Ok(Signature::from_bytes(signature.as_ref())?)
    }
}

/// *ring* has no form of a public key that was read already.
impl EcdsaVerify for UnparsedPublicKey<[u8; 65]> {
    fn verifies(&self, message: &[u8], der: &[u8]) -> bool {
        self.verify(message, der).is_ok()
    }
}
