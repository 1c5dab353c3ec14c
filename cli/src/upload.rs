//! `sign --upload-file`: a request whose body is signed while it is written.

use std::{
    fs::File,
    io::{self, BufWriter, Read as _, Write},
    path::Path,
    process::ExitCode,
};

use http::{HeaderValue, header};
use sigv4a::{ChunkedUpload, SignerExt as _, config::Ambient};

use crate::{
    args::{OutputFormat, SignArgs, UploadArgs},
    error::CliError,
    progress,
    request::Request,
    signed::{resolve, target},
};

const BUFFER: usize = 64 * 1024;

/// Writes the request to standard output. The file is read once, piece by piece.
pub(crate) fn run(path: &Path, args: &SignArgs, ambient: &Ambient) -> Result<ExitCode, CliError> {
    if args.output.is_some_and(|format| format != OutputFormat::Http) {
        return Err(CliError::usage(
            "expected --output http with --upload-file",
            "leave --output out: what is printed is the request, byte for byte",
        ));
    }
    let (mut file, length) = open(path)?;
    let upload = upload(&args.upload, length)?;
    let mut request = Request::new(args.url.as_deref().unwrap_or_default(), &args.common)?;
    if args.common.request.method.is_none() {
        "PUT".clone_into(&mut request.method);
    }
    let encoding = take_encoding(&mut request)?;
    let resolved = resolve(&request, &args.common.signing, ambient)?;
    let framing = upload.headers(resolved.algorithm(), encoding.as_ref());
    let provider = args.common.signing.provider.into();
    let signer = resolved.with_provider(provider).into_signer(ambient.credentials()?);
    let at = args.common.signing.time.map_or_else(crate::now, Ok)?;
    let mut signing = request.to_signing()?;
    for (name, value) in &framing {
        signing = signing.with_header(name.as_str(), value)?;
    }
    let signing = signing.with_payload(upload.payload());
    let signed = signer.sign(&signing, at)?;

    let mut output = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    output
        .write_all(&head(&request.method, &signed.url(), signed.host(), &signed.wire_headers(&signing)))
        .map_err(CliError::output)?;
    let progress = progress::bar(Some(length), args.upload.no_progress);
    let mut encoder = upload.encoder(signer, at, signed.trace().signature().clone());
    let (mut piece, mut wire) = (vec![0; BUFFER], Vec::new());
    loop {
        let read = file.read(&mut piece).map_err(|error| CliError::input(name(path), error))?;
        if read == 0 {
            break;
        }
        encoder.push(piece.get(..read).unwrap_or_default(), &mut wire)?;
        output.write_all(&wire).map_err(CliError::output)?;
        wire.clear();
        progress.inc(u64::try_from(read).unwrap_or(u64::MAX));
    }
    encoder.finish(&mut wire)?;
    output.write_all(&wire).and_then(|()| output.flush()).map_err(CliError::output)?;
    progress.finish_and_clear();
    Ok(ExitCode::SUCCESS)
}

/// The file to upload and its length.
pub(crate) fn open(path: &Path) -> Result<(File, u64), CliError> {
    let input = |error| CliError::input(name(path), error);
    let file = File::open(path).map_err(input)?;
    let metadata = file.metadata().map_err(input)?;
    match metadata.is_file() {
        true => Ok((file, metadata.len())),
        false => Err(CliError::usage(
            format!("expected a file in --upload-file, found something else at `{}`", path.display()),
            "its length must be known before it is sent: write it to a file first",
        )),
    }
}

fn name(path: &Path) -> String {
    format!("the body from `{}`", path.display())
}

/// How the flags want the body framed.
pub(crate) fn upload(args: &UploadArgs, length: u64) -> Result<ChunkedUpload, CliError> {
    let upload = if args.unsigned_chunks { ChunkedUpload::unsigned(length) } else { ChunkedUpload::new(length) };
    let mut upload = upload.with_chunk_size(args.chunk_size)?;
    for checksum in &args.checksum {
        upload = upload.with_checksum(*checksum);
    }
    for text in &args.trailer {
        let (name, value) = text.split_once(':').ok_or_else(|| {
            CliError::usage(
                format!("--trailer: expected `name: value`, found `{text}`"),
                "quote the trailer as one argument",
            )
        })?;
        upload = upload.with_trailer(name.trim(), value.trim())?;
    }
    Ok(upload)
}

/// Takes the header out that the framing sets; what the content is encoded with is kept in front of it.
fn take_encoding(request: &mut Request) -> Result<Option<HeaderValue>, CliError> {
    refuse_framing(request)?;
    let is_encoding = |name: &str| name.eq_ignore_ascii_case(header::CONTENT_ENCODING.as_str());
    let given = request.headers.iter().rfind(|(name, _)| is_encoding(name));
    let encoding = given.and_then(|(_, value)| HeaderValue::from_str(value).ok());
    request.headers.retain(|(name, _)| !is_encoding(name));
    Ok(encoding)
}

/// Refuses the headers that only the framing can set.
pub(crate) fn refuse_framing(request: &Request) -> Result<(), CliError> {
    const FRAMING: [&str; 4] = ["content-length", "transfer-encoding", "x-amz-decoded-content-length", "x-amz-trailer"];
    let is_framing = |name: &str| FRAMING.iter().any(|framing| name.eq_ignore_ascii_case(framing));
    match request.headers.iter().find(|(name, _)| is_framing(name)) {
        Some((name, _)) => {
            Err(CliError::usage(format!("expected no header `{name}` with --upload-file"), "it is set by itself"))
        }
        None => Ok(()),
    }
}

/// `Host` first, as RFC 9110 section 7.2 asks.
fn head(method: &str, url: &str, host: &str, headers: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut head = format!("{method} {} HTTP/1.1\r\nhost: {host}\r\n", target(url)).into_bytes();
    for (name, value) in headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("host")) {
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            head.extend_from_slice(part);
        }
    }
    head.extend_from_slice(b"\r\n");
    head
}
