//! `verify`: the verdict on one received request.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
    process::ExitCode,
};

use sigv4a::{
    Authorization, ChunkDecoder, Endpoint, ReceivedRequest, Region, Service, Streaming, Verified, Verifier,
    VerifyError, VerifyErrorKind,
};

use crate::{
    ambient,
    args::VerifyArgs,
    error::{self, CliError},
    jsonl, keys, now,
    raw_request::RawRequest,
    write_stdout,
};

pub(crate) fn run(args: &VerifyArgs) -> Result<ExitCode, CliError> {
    let ambient = ambient(args.profile.as_deref())?;
    if let Some(source) = &args.jsonl {
        return jsonl::verify(source, &ambient);
    }
    let server = &args.server;
    let bytes = read(args.request.as_deref().unwrap_or_else(|| Path::new("-")))?;
    let raw = RawRequest::parse(&bytes)?;
    let (service, region) = place(args, &raw)?;
    let mut verifier = Verifier::new(service, region).with_streaming(Streaming::WillBeDecoded);
    if let Some(seconds) = server.max_skew {
        verifier = verifier.with_max_skew(seconds);
    }
    for name in &server.unsigned_header {
        verifier = verifier.with_unsigned_header(name)?;
    }
    let keys = keys::load(server.keys.as_deref(), &ambient)?;
    let hosts: Vec<&str> = server.host.iter().map(String::as_str).collect();
    let request = raw.received().map_err(CliError::Refused)?.with_hosts(&hosts);
    let at = server.now.map_or_else(now, Ok)?;
    let verdict = verifier.verify_request(&request, |asked| keys.get(asked.access_key_id()), at);
    let verdict = verdict.and_then(|verified| decoded(verified, &request, raw.body()));
    write_stdout(line(&verdict, &verifier).as_bytes())?;
    match verdict {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(error) => {
            if error.kind() == VerifyErrorKind::SignatureMismatch {
                show_expected(&verifier, &request);
            }
            Ok(ExitCode::from(1))
        }
    }
}

/// What was verified, once its body is too: the signature of an aws-chunked request covers none of it.
fn decoded(verified: Verified, request: &ReceivedRequest<'_>, body: &[u8]) -> Result<Verified, VerifyError> {
    if verified.payload().is_chunked() {
        // All of it is in memory already, however large its chunks are.
        let mut decoder = ChunkDecoder::new(&verified, request.headers())?.with_max_chunk_size(usize::MAX);
        decoder.push(body, &mut Vec::new())?;
        decoder.finish()?;
    }
    Ok(verified)
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(|error| CliError::input("standard input", error))?;
        return Ok(bytes);
    }
    fs::read(path).map_err(|error| CliError::input(format!("`{}`", path.display()), error))
}

/// The server's own service and region: given, or told by the host.
fn place(args: &VerifyArgs, raw: &RawRequest<'_>) -> Result<(Service, Region), CliError> {
    let endpoint = raw.host().and_then(|host| Endpoint::from_host(host).ok());
    let service = args.server.service.clone().or_else(|| Some(endpoint.as_ref()?.service().clone()));
    let region = args.server.region.clone().or_else(|| endpoint.as_ref()?.region().cloned());
    let missing =
        |what: &str, hint| CliError::usage(format!("expected the server's {what}, which the host does not tell"), hint);
    Ok((
        service.ok_or_else(|| missing("service", "give --service, for example --service execute-api"))?,
        region.ok_or_else(|| missing("region", "give --region, the one that the server is in"))?,
    ))
}

fn line(verdict: &Result<Verified, VerifyError>, verifier: &Verifier) -> String {
    match verdict {
        Ok(verified) => format!(
            "ok: {} signed with {} at {}, scope {}, signed headers {}\n",
            verified.access_key_id(),
            verified.algorithm().name(),
            verified.signed_at(),
            verified.scope(),
            verified.signed_headers(),
        ),
        Err(error) => {
            let style = verifier.answer_style();
            format!("refused: {error} [{}; AWS: {} {}]\n", error.kind(), error.status(style), error.code(style))
        }
    }
}

/// What the server computes. Its reader has the request, and with it all that is in there.
fn show_expected(verifier: &Verifier, request: &ReceivedRequest<'_>) {
    let trace = Authorization::from_request(request).and_then(|asked| verifier.trace(&asked, request));
    if let Ok(trace) = trace {
        error::note("The canonical request of the server:");
        error::note(trace.canonical_request().as_str());
        error::note("\nThe string to sign of the server:");
        error::note(trace.string_to_sign().as_str());
    }
}
