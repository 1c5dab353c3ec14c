//! The body that is streamed.

use std::path::PathBuf;

use clap::Args;
use sigv4a::Checksum;

/// A body that is signed chunk by chunk while it is sent.
#[derive(Debug, Args)]
#[group(id = "upload", multiple = true, conflicts_with = "data-group")]
#[command(next_help_heading = "Upload")]
pub(crate) struct UploadArgs {
    /// Stream this file as aws-chunked, each chunk signed; `sign` prints the HTTP/1.1 request. Implies PUT
    #[arg(short = 'T', long, value_name = "FILE")]
    pub(crate) upload_file: Option<PathBuf>,

    /// Send a checksum as a trailer: crc32, crc32c, crc64nvme, sha1 or sha256; may be given several times
    #[arg(long, value_name = "NAME", requires = "upload_file")]
    pub(crate) checksum: Vec<Checksum>,

    /// Send this trailer; may be given several times
    #[arg(long, value_name = "NAME: VALUE", requires = "upload_file")]
    pub(crate) trailer: Vec<String>,

    /// Bytes in a chunk, at least 8192
    #[arg(long, value_name = "BYTES", default_value_t = 65536, requires = "upload_file")]
    pub(crate) chunk_size: usize,

    /// Sign no chunks: only TLS and the checksums protect the body
    #[arg(long, requires = "upload_file")]
    pub(crate) unsigned_chunks: bool,

    /// Show no progress bar
    #[arg(long)]
    pub(crate) no_progress: bool,
}
