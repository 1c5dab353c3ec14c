//! `verify`.

use std::path::PathBuf;

use clap::Args;
use sigv4a::{Region, Service, Timestamp};

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The request as HTTP/1.1 bytes: a file, or `-` for standard input
    #[arg(value_name = "FILE", required_unless_present = "jsonl")]
    pub(crate) request: Option<PathBuf>,

    /// Read one JSON description of a received request per line and answer one JSON object per line
    ///
    /// From FILE, or from standard input without one or with `-`. A line that is wrong answers an error, and the next
    /// one is read; the exit code is 1 if any was refused.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-",
          conflicts_with_all = ["request", "server"])]
    pub(crate) jsonl: Option<PathBuf>,

    /// The profile of the shared AWS files, whose key the request should be signed with
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

/// What the server demands.
#[derive(Debug, Args)]
#[group(id = "server", multiple = true)]
#[command(next_help_heading = "Server")]
pub(crate) struct ServerArgs {
    /// The server's service [default: what the host tells]
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<Service>,

    /// The server's region: a SigV4 scope must name it, a region set must cover it [default: what the host tells]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<Region>,

    /// Keys as a JSON array of {"access_key_id", "secret_access_key" or "public_key"} [default: your own credentials]
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,

    /// The server's time, as 20150830T123600Z or 2015-08-30T12:36:00Z [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Timestamp>,

    /// By how much clocks may differ: seconds, or as in `10m` [default: 15m]
    #[arg(long, value_name = "TIME", value_parser = skew)]
    pub(crate) max_skew: Option<u32>,

    /// A header that may be there unsigned
    #[arg(long, value_name = "NAME")]
    pub(crate) unsigned_header: Vec<String>,

    /// The host that was signed, where a proxy has changed it; may be given several times
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(crate) host: Vec<String>,
}

/// Plain seconds, or a duration such as `10m`, in whole seconds.
fn skew(text: &str) -> Result<u32, String> {
    let expected = || "expected whole seconds, or a duration such as `10m`".to_owned();
    text.parse().or_else(|_| match humantime::parse_duration(text) {
        Ok(duration) if duration.subsec_nanos() == 0 => u32::try_from(duration.as_secs()).map_err(|_| expected()),
        _ => Err(expected()),
    })
}

pub(super) const HELP: &str = "\
The verdict is one line. When the signature is wrong, what the server computes follows on standard error: compare it with
what the client computed, for example with `sigv4a explain`. Every rule of a careful server is on: host and date signed,
every x-amz-* header and content-type signed, fresh, scoped to this service and region, the body as signed. A body in chunks
(aws-chunked, as `sigv4a sign -T` prints it) is decoded: every signature and checksum in it must be right.

Examples:
  # What a client sends, byte for byte
  sigv4a sign https://api.example.com/orders --service execute-api --region eu-west-1 -o http |
    sigv4a verify - --service execute-api --region eu-west-1

  # One process for many requests; DESIGN.md has the fields
  sigv4a verify --jsonl received.jsonl

Exit codes: see `sigv4a --help`; 0 means that the signature is right, 1 that the request is refused.";
