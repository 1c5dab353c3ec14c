//! The signature.

use std::fmt;

use subtle::ConstantTimeEq;

use crate::error::{ParseError, ParseErrorKind};

/// A signature: 32 bytes of HMAC-SHA256 (SigV4), or an ECDSA signature in DER of at most 72 bytes (SigV4a).
///
/// On the wire it is lower-case hex. Equality takes constant time. `Debug` shows only the length: a fresh signature in
/// a log can be replayed for minutes.
#[derive(Clone)]
pub struct Signature {
    bytes: [u8; MAX_LEN],
    len: usize,
}

/// A DER sequence of two 256-bit integers with their sign bytes: 2 + 2 × (2 + 33).
const MAX_LEN: usize = 72;

impl Signature {
    /// From the bytes of an HMAC or of a DER-encoded ECDSA signature.
    ///
    /// # Errors
    /// [`Signature`](ParseErrorKind::Signature) if there are none or more than 72.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut signature = Self { bytes: [0; MAX_LEN], len: bytes.len() };
        match signature.bytes.get_mut(..bytes.len()) {
            Some(target) if !bytes.is_empty() => target.copy_from_slice(bytes),
            _ => {
                return Err(
                    ParseError::new(ParseErrorKind::Signature, "1 to 72 bytes").found(format!("{} bytes", bytes.len()))
                );
            }
        }
        Ok(signature)
    }

    /// From lower-case hex, as it stands in the `Authorization` header.
    ///
    /// # Errors
    /// [`Signature`](ParseErrorKind::Signature) for an odd length, upper case or anything that is not hex.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut bytes = [0; MAX_LEN];
        match base16ct::lower::decode(text, &mut bytes) {
            Ok(decoded) => Self::from_bytes(decoded),
            Err(_) => {
                Err(ParseError::new(ParseErrorKind::Signature, "an even number, at most 144, of lower-case hex digits"))
            }
        }
    }

    /// The bytes: an HMAC, or DER.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Lower-case hex.
    #[must_use]
    pub fn to_hex(&self) -> String {
        base16ct::lower::encode_string(self.as_bytes())
    }

    /// Where [`hex`](Self::hex) writes.
    pub(crate) const HEX_ROOM: [u8; 2 * MAX_LEN] = [0; 2 * MAX_LEN];

    /// Lower-case hex without an allocation.
    pub(crate) fn hex<'a>(&self, room: &'a mut [u8; 2 * MAX_LEN]) -> &'a str {
        base16ct::lower::encode_str(self.as_bytes(), room).unwrap_or_default()
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl Eq for Signature {}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature").field("len", &self.len).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_goes_both_ways() {
        let text = "3045022018b4e277d0281864beb51d3600e23f88510ea5031d68ddfbb68614b82a5eb7d2";
        let signature = Signature::parse(text).unwrap();
        assert_eq!(signature.to_hex(), text);
        assert_eq!(signature, Signature::from_bytes(signature.as_bytes()).unwrap());
        assert_ne!(signature, Signature::parse(&text[2..]).unwrap());
        assert!(!format!("{signature:?}").contains("3045"));
    }

    #[test]
    fn only_lower_case_hex_of_a_possible_length() {
        for refused in ["", "0", "AB", "zz", "ab ", &"ab".repeat(73)] {
            assert_eq!(Signature::parse(refused).unwrap_err().kind(), ParseErrorKind::Signature, "{refused}");
        }
    }
}
