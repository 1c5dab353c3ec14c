//! `sign --upload-file`: a request whose body is signed while it is written.

use std::{
    fs::File,
    io::{self, BufWriter, Read as _, Write},
    path::Path,
    process::ExitCode,
};

use http::{HeaderValue, header};
use indicatif::ProgressBar;
use sigv4a::{ChunkEncoder, ChunkedUpload, SignerExt as _, config::Ambient};

use crate::{
    args::{OutputFormat, SignArgs, UploadArgs},
    error::{self, CliError},
    progress,
    request::{PayloadChoice, Request},
    signed::{self, resolve, target, time},
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
    let (file, length) = open(path)?;
    let mut request = Request::new(args.url.as_deref().unwrap_or_default(), &args.common)?;
    if args.common.request.method.is_none() {
        "PUT".clone_into(&mut request.method);
    }
    let signing = &args.common.signing;
    let upload = chunks(&request, &args.upload, length)?;
    // Whatever is wrong with a header is told before it is taken out.
    request.to_signing()?;
    let resolved = resolve(&request, signing, ambient)?;
    let notes = signed::notes(&request, signing, &resolved);
    let framing = match &upload {
        Some(upload) => upload.headers(resolved.algorithm(), take_encoding(&mut request)?.as_ref()),
        None => vec![(header::CONTENT_LENGTH, HeaderValue::from(length))],
    };
    let credentials = request.told.complete(ambient.credentials()?)?;
    let signer = resolved.with_provider(signing.provider.into()).into_signer(credentials);
    let (at, _) = time(&request, signing)?;
    let mut unsigned = request.to_signing()?;
    for (name, value) in &framing {
        unsigned = unsigned.with_header(name.as_str(), value)?;
    }
    if let Some(upload) = &upload {
        unsigned = unsigned.with_payload(upload.payload());
    }
    let signed = signer.sign(&unsigned, at)?;

    let mut output = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    output
        .write_all(&head(&request.method, &signed.url(), signed.host(), &signed.wire_headers(&unsigned)))
        .map_err(CliError::output)?;
    let progress = progress::bar(Some(length), args.upload.no_progress);
    let encoder = upload.map(|upload| upload.encoder(signer, at, signed.trace().signature().clone()));
    write_body(file, path, encoder, &mut output, &progress)?;
    output.flush().map_err(CliError::output)?;
    progress.finish_and_clear();
    notes.iter().for_each(|note| error::note(note));
    Ok(ExitCode::SUCCESS)
}

/// Writes the file piece by piece: in chunks, or as it is.
fn write_body(
    mut file: File,
    path: &Path,
    mut encoder: Option<ChunkEncoder>,
    output: &mut impl Write,
    progress: &ProgressBar,
) -> Result<(), CliError> {
    let (mut piece, mut wire) = (vec![0; BUFFER], Vec::new());
    loop {
        let read = file.read(&mut piece).map_err(|error| CliError::input(name(path), error))?;
        let piece = piece.get(..read).unwrap_or_default();
        match &mut encoder {
            Some(encoder) if read == 0 => encoder.finish(&mut wire)?,
            Some(encoder) => encoder.push(piece, &mut wire)?,
            None => wire.extend_from_slice(piece),
        }
        output.write_all(&wire).map_err(CliError::output)?;
        wire.clear();
        progress.inc(u64::try_from(read).unwrap_or(u64::MAX));
        if read == 0 {
            return Ok(());
        }
    }
}

/// The file to upload and its length.
pub(crate) fn open(path: &Path) -> Result<(File, u64), CliError> {
    if path == Path::new("-") {
        return Err(CliError::usage(
            "expected a file in --upload-file, found `-`: the length of standard input is not known before its end",
            "write it to a file first, or have it read into memory with --data-binary @- (and -X PUT)",
        ));
    }
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

/// How the body is framed; `None` for one that goes out as it is, unsigned, to services that know no chunks.
pub(crate) fn chunks(request: &Request, args: &UploadArgs, length: u64) -> Result<Option<ChunkedUpload>, CliError> {
    refuse_framing(request)?;
    let needs_chunks = !args.checksum.is_empty() || !args.trailer.is_empty() || args.unsigned_chunks;
    match request.payload {
        PayloadChoice::OfService => upload(args, length).map(Some),
        PayloadChoice::Unsigned if needs_chunks => Err(CliError::usage(
            "expected --unsigned-payload without checksums, trailers and chunks, which only aws-chunked has",
            "--unsigned-chunks sends them, and signs no chunk",
        )),
        PayloadChoice::Unsigned => Ok(None),
        PayloadChoice::Given(_) => Err(CliError::usage(
            "expected no hash in the header `x-amz-content-sha256` with --upload-file: the file is signed in chunks",
            "leave the header out: it is set by itself",
        )),
    }
}

/// How the flags want the body framed.
fn upload(args: &UploadArgs, length: u64) -> Result<ChunkedUpload, CliError> {
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
    let is_encoding = |name: &str| name.eq_ignore_ascii_case(header::CONTENT_ENCODING.as_str());
    let given: Vec<_> = request.headers.extract_if(.., |(name, _)| is_encoding(name)).map(|(_, value)| value).collect();
    if given.is_empty() {
        return Ok(None);
    }
    // Two lines mean what one with a comma does.
    HeaderValue::try_from(given.join(",")).map(Some).map_err(|_| {
        CliError::usage("expected values of `content-encoding` that HTTP can carry", "they are names: gzip, br, zstd")
    })
}

/// Refuses the headers that only the framing can set.
fn refuse_framing(request: &Request) -> Result<(), CliError> {
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
