//! The answer to a refused request, in AWS's form.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use pin_project_lite::pin_project;
use quick_xml::escape::escape;

use crate::{
    error::{VerifyError, VerifyErrorKind as Kind},
    types::Timestamp,
    verify::{AnswerStyle, Authorization, VerificationTrace},
};

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// What a client may see that debugs.
pub(super) struct Echoed {
    pub(super) trace: VerificationTrace,
    pub(super) authorization: Authorization,
}

/// The answer to a refused request. `echo` is what [`Verifier::trace`](crate::Verifier::trace) gives, for operators who
/// let their clients see it; the time and the allowed skew, in seconds, are for those whose clock is wrong. The error is in the extensions of the response.
pub(super) fn answer<B>(
    error: VerifyError,
    style: AnswerStyle,
    echo: Option<&Echoed>,
    (now, max_skew): (Option<Timestamp>, u32),
) -> Response<AnswerBody<B>> {
    let text = match style {
        AnswerStyle::S3 => xml(&error, echo, (now, max_skew)),
        AnswerStyle::ApiGateway => json(&error, echo),
    };
    let mut response = Response::new(AnswerBody { state: State::Answer { body: Full::new(Bytes::from(text)) } });
    *response.status_mut() = StatusCode::from_u16(error.status(style)).unwrap_or(StatusCode::FORBIDDEN);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(style.content_type()));
    if style == AnswerStyle::ApiGateway {
        response.headers_mut().insert(ERROR_TYPE, HeaderValue::from_static(error.code(style)));
    }
    response.extensions_mut().insert(error);
    response
}

fn json(error: &VerifyError, echo: Option<&Echoed>) -> String {
    let mut message = error.client_message(AnswerStyle::ApiGateway);
    if let (Kind::SignatureMismatch, Some(echo)) = (error.kind(), echo) {
        let parts = [
            ("The Canonical String for this request should have been", echo.trace.canonical_request().as_str()),
            ("The String-to-Sign should have been", echo.trace.string_to_sign().as_str()),
        ];
        for (title, text) in parts {
            message.push_str(&format!("\n\n{title}\n'{text}'"));
        }
        message.push('\n');
    }
    serde_json::json!({ "message": message }).to_string()
}

fn xml(error: &VerifyError, echo: Option<&Echoed>, (now, max_skew): (Option<Timestamp>, u32)) -> String {
    let now = now.map(|now| now.rfc3339()).unwrap_or_default();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>");
    let mut element = |name: &str, text: &str| xml.push_str(&format!("<{name}>{}</{name}>", escape(text)));
    element("Code", error.code(AnswerStyle::S3));
    element("Message", &error.client_message(AnswerStyle::S3));
    match error.kind() {
        Kind::UnknownKey => element("AWSAccessKeyId", error.found_value()),
        Kind::HeaderNotSigned => element("HeadersNotSigned", error.found_value()),
        Kind::HostNotSigned => element("HeadersNotSigned", "host"),
        Kind::ScopeRegion => element("Region", error.expected_value()),
        Kind::RequestExpired | Kind::RequestNotYetValid => {
            element("RequestTime", error.found_value());
            element("ServerTime", &now);
            element("MaxAllowedSkewMilliseconds", &(1000 * u64::from(max_skew)).to_string());
        }
        Kind::PresignExpired | Kind::PresignNotYetValid => element("ServerTime", &now),
        Kind::SignatureMismatch => {
            if let Some(echo) = echo {
                let (string_to_sign, canonical) =
                    (echo.trace.string_to_sign().as_str(), echo.trace.canonical_request().as_str());
                element("AWSAccessKeyId", echo.authorization.access_key_id().as_str());
                element("StringToSign", string_to_sign);
                element("SignatureProvided", &echo.authorization.signature_hex());
                element("StringToSignBytes", &spaced_hex(string_to_sign));
                element("CanonicalRequest", canonical);
                element("CanonicalRequestBytes", &spaced_hex(canonical));
            }
        }
        _ => {}
    }
    xml.push_str("</Error>");
    xml
}

fn spaced_hex(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}

pin_project! {
    /// The body of a response: the service's own, or the refusal.
    #[derive(Debug)]
    pub struct AnswerBody<B> {
        #[pin]
        state: State<B>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<B> {
        Inner {
            #[pin]
            body: B,
        },
        Answer {
            #[pin]
            body: Full<Bytes>,
        },
    }
}

impl<B> AnswerBody<B> {
    pub(super) const fn inner(body: B) -> Self {
        Self { state: State::Inner { body } }
    }
}

impl<B: Body<Data = Bytes>> Body for AnswerBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self.project().state.project() {
            StateProjection::Inner { body } => body.poll_frame(context),
            StateProjection::Answer { body } => body.poll_frame(context).map_err(|never| match never {}),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Inner { body } => body.is_end_stream(),
            State::Answer { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Inner { body } => body.size_hint(),
            State::Answer { body } => body.size_hint(),
        }
    }
}
