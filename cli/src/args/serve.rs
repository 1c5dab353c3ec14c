//! `serve`.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};
use sigv4a::{Region, Service};

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Whom to behave like
    #[arg(long, value_enum, value_name = "STYLE", default_value = "s3")]
    pub(crate) style: Style,

    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,

    /// The region to be in [default: AWS_REGION, the profile's, or us-east-1]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<Region>,

    /// The service that must be signed for [default: s3 or execute-api]
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<Service>,

    /// Keys as a JSON array of {"access_key_id", "secret_access_key" or "public_key"} [default: your own credentials]
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,

    /// The profile of the shared AWS files, whose key clients sign with
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// Keep objects in this folder, not in memory (style s3)
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,

    /// The largest body, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024 * 1024)]
    pub(crate) max_body: u64,

    /// Demand that content-type is signed, which AWS does not
    #[arg(long)]
    pub(crate) strict: bool,

    /// Do not show clients what their signature was expected over
    #[arg(long)]
    pub(crate) no_echo: bool,

    /// Print no line per request
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Whom to behave like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    /// Amazon S3 and its Multi-Region Access Points: PUT, GET, HEAD, DELETE and lists of small objects, with ranges and
    /// conditions; what else is asked for is NotImplemented
    S3,
    /// API Gateway with IAM authorization: answers with what was sent, and by whom; clocks may be off by 5 minutes, not 15
    ApiGateway,
}

pub(super) const HELP: &str = "\
The address is printed on standard output, a line per request on standard error. A wrong signature is answered as AWS does
it, with the canonical request and the string to sign that were expected. There is no TLS: listen on this machine only.

The first segment of a path is the bucket, which is there without being made: a PUT that makes one leaves an object of
nothing in its place.

Examples:
  sigv4a serve --style s3 &
  curl \"$(sigv4a presign -X PUT http://127.0.0.1:8080/bucket/key --service s3 --region us-east-1)\" -X PUT -d hello

  # Any AWS client: here one that signs with SigV4a for every region
  sigv4a serve --style api-gateway --region eu-west-1 --keys keys.json

Exit codes: see `sigv4a --help`.";
