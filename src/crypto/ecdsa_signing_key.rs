//! The ECDSA key pair of SigV4a and how it is derived from credentials.

use std::fmt;

use p256::ecdsa::SigningKey;
use zeroize::Zeroizing;

use crate::{
    crypto::{
        Provider, VerifyingKey,
        provider::{EcdsaSign, KeyPairBytes},
    },
    error::{SignError, SignErrorKind},
    types::{AccessKeyId, Algorithm, SecretAccessKey, Signature},
};

/// The P-256 key pair of credentials. No date, region or service enters, so one pair serves as long as they live.
pub(crate) struct EcdsaSigningKey {
    signer: Box<dyn EcdsaSign>,
    verifying_key: VerifyingKey,
}

impl EcdsaSigningKey {
    /// Derives the pair: NIST SP 800-108 in counter mode with HMAC-SHA256, then a candidate for the private key from
    /// 256 bits, as in FIPS 186-5 A.2.2.
    pub(crate) fn derive(
        provider: Provider,
        access_key_id: &AccessKeyId,
        secret: &SecretAccessKey,
    ) -> Result<Self, SignError> {
        let mut input_key = Zeroizing::new(Vec::with_capacity(5 + secret.expose().len()));
        input_key.extend_from_slice(b"AWS4A");
        input_key.extend_from_slice(secret.expose());
        let mac = provider.mac(&input_key);
        let key = first_valid(|counter| Zeroizing::new(mac.sign(&fixed_input(access_key_id, counter))))?;
        let point = key.verifying_key().to_sec1_point(false);
        let public = <[u8; 65]>::try_from(point.as_bytes())
            .map_err(|_| SignError::new(SignErrorKind::Key, "the public key has another length than 65 bytes"))?;
        let pair = KeyPairBytes { scalar: Zeroizing::new(key.to_bytes().into()), public };
        Ok(Self { signer: provider.ecdsa_signer(&pair)?, verifying_key: VerifyingKey::from_valid(public, provider)? })
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        self.signer.sign(message)
    }

    pub(crate) const fn verifying_key(&self) -> &VerifyingKey {
        &self.verifying_key
    }
}

impl fmt::Debug for EcdsaSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EcdsaSigningKey").field("verifying_key", &self.verifying_key).finish_non_exhaustive()
    }
}

/// AWS's own implementation counts this far; each try fails with a probability of 2^-32, so none gets to the third.
const MAX_COUNTER: u8 = 254;

/// The private key of the first counter whose 256 bits give a valid one.
fn first_valid(candidate: impl Fn(u8) -> Zeroizing<[u8; 32]>) -> Result<SigningKey, SignError> {
    (1..=MAX_COUNTER)
        .find_map(|counter| private_key(&candidate(counter)))
        .ok_or_else(|| SignError::new(SignErrorKind::Key, "no counter from 1 to 254 gives a valid private key"))
}

/// The key `candidate + 1`, if the candidate is at most N − 2: then and only then is the sum in 1…N − 1, which is what
/// the key type accepts. An overflow of the sum leaves 0, which it refuses. All in constant time.
fn private_key(candidate: &[u8; 32]) -> Option<SigningKey> {
    let mut sum = Zeroizing::new(*candidate);
    let mut carry = true;
    for byte in sum.iter_mut().rev() {
        (*byte, carry) = byte.overflowing_add(u8::from(carry));
    }
    SigningKey::from_slice(&*sum).ok()
}

/// `[i] ‖ label ‖ 00 ‖ context ‖ [L]`, where the context is the access key ID and the counter, and L is 256 bits.
fn fixed_input(access_key_id: &AccessKeyId, counter: u8) -> Vec<u8> {
    let mut input = vec![0, 0, 0, 1];
    input.extend_from_slice(Algorithm::SigV4a.as_str().as_bytes());
    input.push(0);
    input.extend_from_slice(access_key_id.as_str().as_bytes());
    input.push(counter);
    input.extend_from_slice(&256_u32.to_be_bytes());
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order N of P-256 minus 2, from FIPS 186-5.
    const N_MINUS_2: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f";

    fn bytes(hex: &str) -> [u8; 32] {
        base16ct::lower::decode_vec(hex).unwrap().try_into().unwrap()
    }

    #[test]
    fn a_candidate_up_to_n_minus_2_is_taken_plus_one() {
        let largest = private_key(&bytes(N_MINUS_2)).unwrap();
        assert_eq!(base16ct::lower::encode_string(&largest.to_bytes()), N_MINUS_2.replace("254f", "2550"));
        assert_eq!(private_key(&[0; 32]).unwrap().to_bytes()[31], 1);
        assert!(private_key(&bytes(&N_MINUS_2.replace("254f", "2550"))).is_none(), "N - 1");
        assert!(private_key(&[0xff; 32]).is_none(), "overflow");
    }

    #[test]
    fn the_counter_goes_on_until_a_candidate_is_valid() {
        let key = first_valid(|counter| Zeroizing::new(if counter < 3 { [0xff; 32] } else { [counter; 32] })).unwrap();
        assert_eq!(key.to_bytes()[31], 4);
        assert_eq!(first_valid(|_| Zeroizing::new([0xff; 32])).unwrap_err().kind(), SignErrorKind::Key);
    }

    #[test]
    fn the_input_of_the_second_counter_differs_in_one_byte() {
        let id = AccessKeyId::new("AKIDEXAMPLE").unwrap();
        let (first, second) = (fixed_input(&id, 1), fixed_input(&id, 2));
        let differing: Vec<_> = first.iter().zip(&second).filter(|(a, b)| a != b).collect();
        assert_eq!((first.len(), differing), (4 + 22 + 1 + 11 + 1 + 4, vec![(&1, &2)]));
    }
}
