//! The body that is streamed.

use std::path::PathBuf;

use clap::Args;
use sigv4a::{Checksum, ChunkedUpload};

/// A body that is signed chunk by chunk while it is sent.
#[derive(Debug, Args)]
#[group(id = "upload", multiple = true, conflicts_with = "data-group")]
#[command(next_help_heading = "Upload")]
pub(crate) struct UploadArgs {
    /// Stream this file as aws-chunked, each chunk signed, or as it is with --unsigned-payload; `sign` prints the HTTP/1.1
    /// request. Implies PUT
    #[arg(short = 'T', long, value_name = "FILE", conflicts_with_all = ["head", "get"])]
    pub(crate) upload_file: Option<PathBuf>,

    /// Send a checksum as a trailer: crc32, crc32c, crc64nvme, sha1 or sha256; may be given several times
    #[arg(long, value_name = "NAME", requires = "upload_file")]
    pub(crate) checksum: Vec<Checksum>,

    /// Send this trailer; may be given several times
    #[arg(long, value_name = "NAME: VALUE", requires = "upload_file")]
    pub(crate) trailer: Vec<String>,

    /// Bytes in a chunk: 8192 to 1073741824 (1 GiB). A signed one above 16777216 (16 MiB) must fit into the server's memory:
    /// `sigv4a serve` and `verify --jsonl` refuse it
    #[arg(long, value_name = "BYTES", default_value_t = 65536, requires = "upload_file", value_parser = chunk_size)]
    pub(crate) chunk_size: usize,

    /// Sign no chunks: only TLS and the checksums protect the body
    #[arg(long, requires = "upload_file")]
    pub(crate) unsigned_chunks: bool,

    /// Show no progress bar
    #[arg(long)]
    pub(crate) no_progress: bool,
}

/// What the library accepts, refused with the name of the flag.
fn chunk_size(text: &str) -> Result<usize, String> {
    let size = text.parse().ok().filter(|size| ChunkedUpload::new(0).with_chunk_size(*size).is_ok());
    size.ok_or_else(|| "expected 8192 to 1073741824 bytes (1 GiB)".to_owned())
}
