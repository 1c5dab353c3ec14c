//! Headers of the signature that the user wrote. Signing sets them itself: what they say is done, as if a flag had said it,
//! or refused. It is never dropped without a word.

use sigv4a::{Algorithm, Credentials, PayloadHash, RegionSet, SessionToken, Timestamp};

use crate::error::CliError;

/// What they say.
#[derive(Debug, Default)]
pub(crate) struct SignatureHeaders {
    pub(crate) session_token: Option<SessionToken>,
    pub(crate) region_set: Option<RegionSet>,
    /// The hash of a body, or that there is none to sign.
    pub(crate) payload: Option<PayloadHash>,
    pub(crate) amz_date: Option<Timestamp>,
    pub(crate) date: Option<Timestamp>,
    has_old_signature: bool,
}

impl SignatureHeaders {
    /// Takes them out of the headers of a request; `Date` stays, for it is sent as it is.
    pub(crate) fn take(headers: &mut Vec<(String, String)>) -> Result<Self, CliError> {
        let mut told = Self::default();
        let mut kept = Vec::with_capacity(headers.len());
        for (name, value) in headers.drain(..) {
            match name.to_ascii_lowercase().as_str() {
                "x-amz-security-token" => told.set_session_token(SessionToken::new(&value)?, &name)?,
                "x-amz-region-set" => set(&mut told.region_set, RegionSet::new(&value)?, &name)?,
                "x-amz-content-sha256" => set(&mut told.payload, payload(&value)?, &name)?,
                "x-amz-date" => set(&mut told.amz_date, Timestamp::parse_amz_date(&value)?, &name)?,
                // What a request had that was signed before: it can be signed, or explained, again.
                "authorization" if value.starts_with("AWS4-") => told.has_old_signature = true,
                "authorization" => {
                    return Err(CliError::usage(
                        format!("expected no header `{name}`: that is where the signature goes"),
                        "leave it out; a request has one of both, a token of another kind or a signature",
                    ));
                }
                "x-amz-s3session-token" => {
                    return Err(CliError::usage(
                        format!("expected no header `{name}`: it is set from the credentials"),
                        "export the token of the session as AWS_SESSION_TOKEN",
                    ));
                }
                "date" => {
                    set(&mut told.date, Timestamp::parse_http_date(&value)?, &name)?;
                    kept.push((name, value));
                }
                _ => kept.push((name, value)),
            }
        }
        *headers = kept;
        match (told.date, told.amz_date) {
            (Some(date), Some(amz_date)) if date != amz_date => Err(CliError::usage(
                format!("expected one time, found {date} in the header `Date` and {amz_date} in `X-Amz-Date`"),
                "leave one of them out",
            )),
            _ => Ok(told),
        }
    }

    fn set_session_token(&mut self, token: SessionToken, name: &str) -> Result<(), CliError> {
        match self.session_token.as_ref().is_some_and(|known| known.expose() != token.expose()) {
            true => Err(two(name)),
            false => {
                self.session_token = Some(token);
                Ok(())
            }
        }
    }

    /// The credentials that were found, with the session token of the header.
    pub(crate) fn complete(&self, found: Credentials) -> Result<Credentials, CliError> {
        let Some(token) = &self.session_token else { return Ok(found) };
        match found.session_token() {
            None => Ok(found.with_session_token(token.expose())?),
            Some(own) if own.expose() == token.expose() => Ok(found),
            Some(_) => Err(CliError::usage(
                "expected one session token, found another in the header `x-amz-security-token` than in the credentials",
                "leave the header out, or the token: unset AWS_SESSION_TOKEN, or take a profile without one",
            )),
        }
    }

    /// The time of signing, and which header has it.
    pub(crate) fn time(&self) -> Option<(Timestamp, &'static str)> {
        let date = self.date.map(|at| (at, "Date header"));
        date.or_else(|| Some((self.amz_date?, "X-Amz-Date header")))
    }

    /// What of them is not done, beside a time that was given by a flag.
    pub(crate) fn notes(&self, time: Option<Timestamp>) -> Vec<String> {
        let mut notes = Vec::new();
        if self.has_old_signature {
            notes.push("note: the signature in the header `authorization` that was given is left out".to_owned());
        }
        if let (Some(time), Some((told, header))) = (time, self.time())
            && told != time
        {
            notes.push(format!("note: signed at {time} (--time), not at {told} ({header})"));
        }
        notes
    }
}

/// Sets a value once; a header that says it again may say nothing else.
fn set<T: PartialEq>(place: &mut Option<T>, value: T, name: &str) -> Result<(), CliError> {
    match place.as_ref().is_some_and(|known| *known != value) {
        true => Err(two(name)),
        false => {
            *place = Some(value);
            Ok(())
        }
    }
}

fn two(name: &str) -> CliError {
    CliError::usage(format!("expected one header `{name}`, found two that differ"), "leave one of them out")
}

fn payload(text: &str) -> Result<PayloadHash, CliError> {
    // The two algorithms differ in what streams are called only.
    let parse = |text: &str| PayloadHash::parse(text, Algorithm::SigV4).ok();
    match parse(text).or_else(|| parse(&text.to_ascii_lowercase())) {
        Some(payload @ (PayloadHash::Unsigned | PayloadHash::Sha256(_))) => Ok(payload),
        _ => Err(CliError::usage(
            format!(
                "x-amz-content-sha256: expected UNSIGNED-PAYLOAD or the SHA-256 of the body in hex, found `{text}`"
            ),
            "leave the header out: it is set by itself; --unsigned-payload, --upload-file and --unsigned-chunks change it",
        )),
    }
}
