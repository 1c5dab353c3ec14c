//! The cryptography that no signer and no verifier can do without, and nothing else.
//!
//! SigV4: SHA-256 over as many bytes as our canonical request has, and one HMAC with a ready key over the string to sign.
//! SigV4a: one ECDSA over the string to sign. What hashing the canonical request costs is not in it. To verify, the key is
//! parsed beforehand where there is a form for that (*ring* has none), the signature is not.

use std::hint::black_box;

use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::{
    DerSignature, SigningKey, VerifyingKey,
    signature::{Signer as _, Verifier as _},
};
use sha2::{Digest as _, Sha256};
use sigv4a::SigningTrace;

use crate::{
    Outcome,
    request::{Job, Scheme},
    rounds::Contender,
};

const KEY: [u8; 32] = [0x42; 32];

pub(crate) fn contenders(scheme: Scheme, job: Job, trace: &SigningTrace) -> Outcome<Vec<Contender>> {
    let canonical_request = trace.canonical_request().as_str().as_bytes();
    let string_to_sign = trace.string_to_sign().as_bytes();
    match (scheme, job) {
        (Scheme::SigV4, _) => sigv4(canonical_request, string_to_sign),
        (Scheme::SigV4a, Job::Sign | Job::Presign) => sigv4a_sign(string_to_sign),
        (Scheme::SigV4a, Job::Verify) => sigv4a_verify(string_to_sign),
    }
}

/// The bare signature of a string to sign, with the back end that ours uses by default.
pub(crate) fn signer_of_default(scheme: Scheme, string_to_sign: &[u8]) -> Outcome<Contender> {
    let contenders = match scheme {
        // Its hash is that of nothing: the data is hashed elsewhere.
        Scheme::SigV4 => sigv4(&[], string_to_sign)?,
        Scheme::SigV4a => sigv4a_sign(string_to_sign)?,
    };
    let name = match (scheme, sigv4a::Provider::default().name()) {
        (Scheme::SigV4a, "ring") => "raw_ring",
        _ => "raw_rust_crypto",
    };
    contenders.into_iter().find(|contender| contender.name == name).ok_or_else(|| "no such back end".into())
}

fn sigv4(canonical_request: &[u8], string_to_sign: &[u8]) -> Outcome<Vec<Contender>> {
    let texts = || (canonical_request.to_vec(), string_to_sign.to_vec());
    Ok(vec![
        {
            let ((hashed, signed), mac) = (texts(), Hmac::<Sha256>::new_from_slice(&KEY)?);
            Contender::new("raw_rust_crypto", move |_| {
                black_box(Sha256::digest(black_box(&hashed)));
                black_box(mac.clone().chain_update(black_box(&signed)).finalize());
                Ok(())
            })
        },
        #[cfg(feature = "ring")]
        {
            use ring::{digest, hmac};
            let ((hashed, signed), key) = (texts(), hmac::Key::new(hmac::HMAC_SHA256, &KEY));
            Contender::new("raw_ring", move |_| {
                black_box(digest::digest(&digest::SHA256, black_box(&hashed)));
                black_box(hmac::sign(&key, black_box(&signed)));
                Ok(())
            })
        },
        #[cfg(feature = "aws-lc-rs")]
        {
            use aws_lc_rs::{digest, hmac};
            let ((hashed, signed), key) = (texts(), hmac::Key::new(hmac::HMAC_SHA256, &KEY));
            Contender::new("raw_aws_lc_rs", move |_| {
                black_box(digest::digest(&digest::SHA256, black_box(&hashed)));
                black_box(hmac::sign(&key, black_box(&signed)));
                Ok(())
            })
        },
    ])
}

fn sigv4a_sign(string_to_sign: &[u8]) -> Outcome<Vec<Contender>> {
    Ok(vec![
        {
            let (message, key) = (string_to_sign.to_vec(), SigningKey::from_slice(&KEY)?);
            Contender::new("raw_rust_crypto", move |_| {
                black_box::<DerSignature>(key.try_sign(black_box(&message))?);
                Ok(())
            })
        },
        #[cfg(feature = "ring")]
        {
            use ring::{
                rand::SystemRandom,
                signature::{ECDSA_P256_SHA256_ASN1_SIGNING as ECDSA, EcdsaKeyPair},
            };
            let (message, random) = (string_to_sign.to_vec(), SystemRandom::new());
            let refused = |_| "ring makes no key";
            let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA, &random).map_err(refused)?;
            let key = EcdsaKeyPair::from_pkcs8(&ECDSA, pkcs8.as_ref(), &random).map_err(|_| "ring refuses its key")?;
            Contender::new("raw_ring", move |_| {
                black_box(key.sign(&random, black_box(&message)).map_err(|_| "ring does not sign")?);
                Ok(())
            })
        },
        #[cfg(feature = "aws-lc-rs")]
        {
            use aws_lc_rs::{
                rand::SystemRandom,
                signature::{ECDSA_P256_SHA256_ASN1_SIGNING as ECDSA, EcdsaKeyPair},
            };
            let (message, random) = (string_to_sign.to_vec(), SystemRandom::new());
            let key = EcdsaKeyPair::generate(&ECDSA)?;
            Contender::new("raw_aws_lc_rs", move |_| {
                black_box(key.sign(&random, black_box(&message))?);
                Ok(())
            })
        },
    ])
}

fn sigv4a_verify(string_to_sign: &[u8]) -> Outcome<Vec<Contender>> {
    let signing_key = SigningKey::from_slice(&KEY)?;
    let public = signing_key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
    let signature: DerSignature = signing_key.try_sign(string_to_sign)?;
    let texts = || (string_to_sign.to_vec(), signature.as_bytes().to_vec());
    Ok(vec![
        {
            let ((message, signature), key) = (texts(), VerifyingKey::from_sec1_bytes(&public)?);
            Contender::new("raw_rust_crypto", move |_| {
                let signature = DerSignature::try_from(black_box(&*signature))?;
                Ok(key.verify(black_box(&message), &signature)?)
            })
        },
        #[cfg(feature = "ring")]
        {
            use ring::signature::{ECDSA_P256_SHA256_ASN1 as ECDSA, UnparsedPublicKey};
            let ((message, signature), key) = (texts(), UnparsedPublicKey::new(&ECDSA, public.clone()));
            Contender::new("raw_ring", move |_| {
                key.verify(black_box(&message), black_box(&signature)).map_err(|_| "ring does not verify")?;
                Ok(())
            })
        },
        #[cfg(feature = "aws-lc-rs")]
        {
            use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1 as ECDSA, ParsedPublicKey};
            let ((message, signature), key) = (texts(), ParsedPublicKey::new(&ECDSA, &public)?);
            Contender::new("raw_aws_lc_rs", move |_| Ok(key.verify_sig(black_box(&message), black_box(&signature))?))
        },
    ])
}
