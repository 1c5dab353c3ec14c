//! The hashed payload: the last line of the canonical request, and the value of `x-amz-content-sha256`.

use std::borrow::Cow;

use crate::{
    error::{ParseError, ParseErrorKind},
    types::Algorithm,
};

/// What a signature says about the body: its SHA-256, or a sentinel that says how the body is protected otherwise.
///
/// See [Signature calculations for the Authorization
/// header](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html). The two signed streaming
/// sentinels are spelled per [`Algorithm`]; [`header_value`](Self::header_value) picks the right one.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PayloadHash {
    /// SHA-256 of the body.
    Sha256([u8; 32]),
    /// `UNSIGNED-PAYLOAD`: the signature does not cover the body.
    Unsigned,
    /// `STREAMING-AWS4-…-PAYLOAD`: the body is aws-chunked and every chunk is signed.
    StreamingSigned,
    /// `STREAMING-AWS4-…-PAYLOAD-TRAILER`: the same with signed trailers.
    StreamingSignedTrailer,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: aws-chunked with an unsigned trailer.
    StreamingUnsignedTrailer,
    /// `STREAMING-AWS4-HMAC-SHA256-EVENTS`: an event stream; SigV4 only.
    StreamingEvents,
}

const EMPTY_HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
const UNSIGNED_TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const EVENTS: &str = "STREAMING-AWS4-HMAC-SHA256-EVENTS";

impl PayloadHash {
    /// SHA-256 of nothing: the hash of an absent body.
    pub const EMPTY: Self = Self::Sha256([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae,
        0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
    ]);

    /// The text in the canonical request and in `x-amz-content-sha256`: lower-case hex or a sentinel.
    ///
    /// # Errors
    /// [`PayloadHash`](ParseErrorKind::PayloadHash) for an event stream with SigV4a: AWS defines none.
    pub fn header_value(&self, algorithm: Algorithm) -> Result<Cow<'static, str>, ParseError> {
        Ok(Cow::Borrowed(match (self, algorithm) {
            // Most requests have no body: their hash needs no allocation.
            (payload, _) if *payload == Self::EMPTY => EMPTY_HEX,
            (Self::Sha256(digest), _) => return Ok(Cow::Owned(base16ct::lower::encode_string(digest))),
            (Self::Unsigned, _) => UNSIGNED,
            (Self::StreamingUnsignedTrailer, _) => UNSIGNED_TRAILER,
            (Self::StreamingSigned, algorithm) => streaming_sentinel(algorithm),
            (Self::StreamingSignedTrailer, algorithm) => streaming_trailer_sentinel(algorithm),
            (Self::StreamingEvents, Algorithm::SigV4) => EVENTS,
            (Self::StreamingEvents, Algorithm::SigV4a) => {
                return Err(ParseError::new(ParseErrorKind::PayloadHash, "SigV4: event streams have no SigV4a form"));
            }
        }))
    }

    /// Reads 64 lower-case hex digits or a sentinel, which must be one of `algorithm`.
    ///
    /// # Errors
    /// [`PayloadHash`](ParseErrorKind::PayloadHash); it names the right sentinel if the other algorithm's was given.
    pub fn parse(text: &str, algorithm: Algorithm) -> Result<Self, ParseError> {
        let sentinels = [
            Self::Unsigned,
            Self::StreamingSigned,
            Self::StreamingSignedTrailer,
            Self::StreamingUnsignedTrailer,
            Self::StreamingEvents,
        ];
        let spelled = |sentinel: &&Self, algorithm| sentinel.header_value(algorithm).is_ok_and(|value| value == text);
        if let Some(sentinel) = sentinels.iter().find(|sentinel| spelled(sentinel, algorithm)) {
            return Ok(*sentinel);
        }
        let other = match algorithm {
            Algorithm::SigV4 => Algorithm::SigV4a,
            Algorithm::SigV4a => Algorithm::SigV4,
        };
        if let Some(sentinel) = sentinels.iter().find(|sentinel| spelled(sentinel, other)) {
            let expected = sentinel.header_value(algorithm)?;
            return Err(ParseError::new(
                ParseErrorKind::PayloadHash,
                format!("`{expected}`, the sentinel of {}", algorithm.name()),
            )
            .found(text));
        }
        let mut digest = [0; 32];
        match base16ct::lower::decode(text, &mut digest) {
            Ok(decoded) if decoded.len() == 32 => Ok(Self::Sha256(digest)),
            _ => Err(ParseError::new(
                ParseErrorKind::PayloadHash,
                "64 lower-case hex digits, `UNSIGNED-PAYLOAD` or a streaming sentinel",
            )
            .found(text)),
        }
    }

    /// Whether the body is framed as aws-chunked.
    #[must_use]
    pub const fn is_chunked(&self) -> bool {
        matches!(self, Self::StreamingSigned | Self::StreamingSignedTrailer | Self::StreamingUnsignedTrailer)
    }

    /// Whether the body comes in pieces that have signatures or a frame of their own.
    pub(crate) const fn is_streaming(&self) -> bool {
        self.is_chunked() || matches!(self, Self::StreamingEvents)
    }
}

const fn streaming_sentinel(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::SigV4 => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        Algorithm::SigV4a => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
    }
}

const fn streaming_trailer_sentinel(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::SigV4 => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        Algorithm::SigV4a => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_algorithm_has_its_own_sentinels() {
        use Algorithm::{SigV4, SigV4a};
        use PayloadHash::{
            StreamingEvents, StreamingSigned, StreamingSignedTrailer, StreamingUnsignedTrailer, Unsigned,
        };
        for (payload, algorithm, text) in [
            (Unsigned, SigV4, "UNSIGNED-PAYLOAD"),
            (Unsigned, SigV4a, "UNSIGNED-PAYLOAD"),
            (StreamingSigned, SigV4, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
            (StreamingSigned, SigV4a, "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"),
            (StreamingSignedTrailer, SigV4, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
            (StreamingSignedTrailer, SigV4a, "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"),
            (StreamingUnsignedTrailer, SigV4, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
            (StreamingUnsignedTrailer, SigV4a, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
            (StreamingEvents, SigV4, "STREAMING-AWS4-HMAC-SHA256-EVENTS"),
            (PayloadHash::EMPTY, SigV4, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ] {
            assert_eq!(payload.header_value(algorithm).unwrap(), text);
            assert_eq!(PayloadHash::parse(text, algorithm).unwrap(), payload);
        }
        assert!(StreamingEvents.header_value(SigV4a).is_err());
    }

    #[test]
    fn the_other_algorithms_sentinel_is_refused_by_name() {
        let error = PayloadHash::parse("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", Algorithm::SigV4a).unwrap_err();
        assert!(error.to_string().contains("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"), "{error}");
        for refused in ["", "unsigned-payload", "E3B0", &"E".repeat(64), &"e".repeat(63)] {
            assert!(PayloadHash::parse(refused, Algorithm::SigV4).is_err(), "{refused}");
        }
    }
}
