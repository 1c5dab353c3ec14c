//! A signed request, in either form, with all that was decided on the way.

use sigv4a::{
    Algorithm, AlgorithmChoice, Credentials, EndpointCheck, ExpiresIn, PayloadSigning, PresignedRequest, Provider,
    RegionSet, Resolved, SignedRequest, SignerConfig, SignerExt as _, SigningTrace, Timestamp, config::Ambient,
};

use crate::{
    args::{CommonArgs, SigningArgs},
    error::{self, CliError},
    manner::Manner,
    request::{PayloadChoice, Request},
    signature_headers::SignatureHeaders,
};

/// Where the signature goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Form {
    /// Into headers.
    Headers,
    /// Into the query of a URL that works this long.
    Query(ExpiresIn),
}

#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) request: Request,
    pub(crate) resolved: Resolved,
    pub(crate) credentials: Credentials,
    pub(crate) provider: Provider,
    pub(crate) at: Timestamp,
    /// Who named the time.
    pub(crate) time_source: &'static str,
    outcome: Outcome,
    wire_headers: Vec<(String, String)>,
}

#[derive(Debug)]
enum Outcome {
    Headers(SignedRequest),
    Query(PresignedRequest, ExpiresIn),
}

impl Signed {
    pub(crate) fn new(url: &str, args: &CommonArgs, ambient: &Ambient, form: Form) -> Result<Self, CliError> {
        Self::of(Request::new(url, args)?, args, ambient, form)
    }

    pub(crate) fn of(request: Request, args: &CommonArgs, ambient: &Ambient, form: Form) -> Result<Self, CliError> {
        // Whatever is wrong with the request is told before anything is asked for.
        request.check_hash()?;
        let signing = request.to_signing()?;
        let resolved = resolve(&request, &args.signing, ambient)?;
        let is_never_signed = resolved.options().profile().payload == PayloadSigning::AlwaysUnsigned;
        if is_never_signed && matches!(request.payload, PayloadChoice::Given(_)) {
            return Err(CliError::usage(
                format!("expected no hash of the body: {} takes unsigned ones only", resolved.service()),
                "leave the header `x-amz-content-sha256` out",
            ));
        }
        let credentials = request.told.complete(ambient.credentials()?)?;
        let provider = args.signing.provider.into();
        let signer = resolved.clone().with_provider(provider).into_signer(credentials.clone());
        let (at, time_source) = time(&request, &args.signing)?;
        let (outcome, wire_headers) = match form {
            Form::Headers => {
                let signed = signer.sign(&signing, at)?;
                let headers = signed.wire_headers(&signing);
                (Outcome::Headers(signed), headers)
            }
            Form::Query(expires_in) => {
                let presigned = signer.presign(&signing, expires_in, at)?;
                let headers = presigned.wire_headers(&signing);
                (Outcome::Query(presigned, expires_in), headers)
            }
        };
        // Arguments are text, and so is all that signing adds.
        let text = |(name, value)| Some((name, String::from_utf8(value).ok()?));
        let wire_headers = wire_headers.into_iter().filter_map(text).collect();
        notes(&request, &args.signing, &resolved).iter().for_each(|note| error::note(note));
        Ok(Self { request, resolved, credentials, provider, at, time_source, outcome, wire_headers })
    }

    pub(crate) const fn trace(&self) -> &SigningTrace {
        match &self.outcome {
            Outcome::Headers(signed) => signed.trace(),
            Outcome::Query(presigned, _) => presigned.trace(),
        }
    }

    /// The URL to send.
    pub(crate) fn url(&self) -> String {
        match &self.outcome {
            Outcome::Headers(signed) => signed.url(),
            Outcome::Query(presigned, _) => presigned.url(),
        }
    }

    pub(crate) fn host(&self) -> &str {
        match &self.outcome {
            Outcome::Headers(signed) => signed.host(),
            Outcome::Query(presigned, _) => presigned.host(),
        }
    }

    /// All headers to send.
    pub(crate) fn wire_headers(&self) -> &[(String, String)] {
        &self.wire_headers
    }

    /// The headers that whoever sends the request does not have yet, or must send with a presigned URL.
    pub(crate) fn headers_to_add(&self) -> Vec<(String, String)> {
        let text = |(name, value): &(http::HeaderName, http::HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        match &self.outcome {
            Outcome::Headers(signed) => {
                let implied = self.request.implied_headers().iter().cloned();
                implied.chain(signed.added_headers().iter().filter_map(text)).collect()
            }
            Outcome::Query(presigned, _) => {
                // A host that is not the URL's must be sent; the URL's own is sent anyway.
                let other =
                    (authority(&self.url()) != Some(self.host())).then(|| ("host".to_owned(), self.host().to_owned()));
                other.into_iter().chain(presigned.headers_to_send().iter().filter_map(text)).collect()
            }
        }
    }

    /// The end of a presigned URL, and the lifetime that was asked for.
    pub(crate) const fn expiry(&self) -> Option<(Timestamp, ExpiresIn)> {
        match &self.outcome {
            Outcome::Headers(_) => None,
            Outcome::Query(presigned, expires_in) => Some((presigned.expires_at(), *expires_in)),
        }
    }

    /// The path and query of the URL to send: the target of the request line.
    pub(crate) fn target(&self) -> String {
        target(&self.url()).to_owned()
    }
}

/// The path and query of a URL in wire form.
pub(crate) fn target(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or(rest, |at| rest.split_at(at).1)
}

/// Decides algorithm, service and region for the host that is signed, which is not always the URL's.
pub(crate) fn resolve(request: &Request, args: &SigningArgs, ambient: &Ambient) -> Result<Resolved, CliError> {
    let (config, ambient) = (config(args, &request.told)?, ambient.config());
    let resolved = match other_host(request, args) {
        Some(host) => config.resolve_as(&request.url, host, ambient)?,
        None => config.resolve(&request.url, ambient)?,
    };
    let options = Manner::new(args, &request.told)?.apply(resolved.options().clone());
    let options = match &args.host {
        Some(host) => options.with_host(host)?,
        None => options,
    };
    Ok(resolved.with_options(options))
}

/// The time of signing, and who named it.
pub(crate) fn time(request: &Request, args: &SigningArgs) -> Result<(Timestamp, &'static str), CliError> {
    match (args.time, request.told.time()) {
        (Some(at), _) => Ok((at, "flag")),
        (None, Some(told)) => Ok(told),
        (None, None) => Ok((crate::now()?, "clock")),
    }
}

/// A region set is for SigV4a; beside a region, it is for when that is the algorithm.
fn refuse_region_set(args: &SigningArgs, region_set: Option<&RegionSet>) -> Result<(), CliError> {
    match (args.algorithm, &args.region, region_set) {
        (Some(AlgorithmChoice::Always(Algorithm::SigV4)), None, Some(set)) => Err(CliError::usage(
            format!("expected --region with --algorithm sigv4, found --region-set {set}, which is for SigV4a"),
            "give --region, or --algorithm sigv4a",
        )),
        _ => Ok(()),
    }
}

/// What is said about the request that is not done.
pub(crate) fn notes(request: &Request, args: &SigningArgs, resolved: &Resolved) -> Vec<String> {
    let mut notes = request.told.notes(args.time);
    // Who says `auto` leaves it to the host.
    let region_set = args.region_set.as_ref().or(request.told.region_set.as_ref());
    if let (Algorithm::SigV4, None, Some(set)) = (resolved.algorithm(), args.algorithm, region_set) {
        notes.push(format!(
            "note: signed with SigV4 for the region, as the host prefers; the region set {set} is for --algorithm sigv4a"
        ));
    }
    notes
}

/// The host that tells the endpoint, where it is not the URL's.
pub(crate) fn other_host<'a>(request: &'a Request, args: &'a SigningArgs) -> Option<&'a str> {
    args.host.as_deref().or_else(|| request.host_header())
}

/// What the flags and headers say about algorithm, service and place.
pub(crate) fn config(args: &SigningArgs, told: &SignatureHeaders) -> Result<SignerConfig, CliError> {
    let region_set = match (&args.region_set, &told.region_set) {
        (Some(flag), Some(header)) if flag != header => {
            return Err(CliError::usage(
                format!("expected one region set, found --region-set {flag} and `{header}` in `x-amz-region-set`"),
                "leave one of them out",
            ));
        }
        (flag, header) => flag.as_ref().or(header.as_ref()),
    };
    refuse_region_set(args, region_set)?;
    let mut config = SignerConfig::default();
    if let Some(algorithm) = args.algorithm {
        config = config.with_algorithm(algorithm);
    }
    if let Some(service) = &args.service {
        config = config.with_service(service.clone());
    }
    if let Some(region) = &args.region {
        config = config.with_region(region.clone());
    }
    if let Some(region_set) = region_set {
        config = config.with_region_set(region_set.clone());
    }
    if args.force {
        config = config.with_endpoint_check(EndpointCheck::Skip);
    }
    Ok(config)
}

/// The host of a URL without a default port: what a client sends by itself.
fn authority(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split('/').next()?;
    let default_port = match scheme.to_ascii_lowercase().as_str() {
        "https" | "wss" => ":443",
        _ => ":80",
    };
    Some(authority.strip_suffix(default_port).unwrap_or(authority))
}
