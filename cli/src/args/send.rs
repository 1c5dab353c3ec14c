//! `request`.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::{CommonArgs, Route, UploadArgs, route};

#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// The URL of the request, as you would type it; or `ARN/KEY` of a Multi-Region Access Point
    pub(crate) url: String,

    /// The profile of the shared AWS files; its credentials go before those of the environment
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    #[command(flatten)]
    pub(crate) show: ShowArgs,

    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,

    #[command(flatten)]
    pub(crate) upload: UploadArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// What is shown of the answer, and what counts as a failure.
#[derive(Debug, Args)]
#[command(next_help_heading = "Answer")]
pub(crate) struct ShowArgs {
    /// Status line and headers before the body; -I implies it
    #[arg(short, long)]
    pub(crate) include: bool,

    /// Say on standard error how it is signed, what is sent (`>`) and what comes back (`<`), without signature and tokens
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// Write the answer to this file, once its head is there; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Exit with 5 if the status is 400 or above, or if -L could not follow a redirect; then the file of -o is left as it is
    #[arg(short, long)]
    pub(crate) fail: bool,
}

/// How the host is reached.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionArgs {
    /// Follow redirects: signed anew to the same origin, without anything of yours to any other; one that asks for the body
    /// at another origin is not followed
    #[arg(short = 'L', long)]
    pub(crate) location: bool,

    /// Give up after this long, everything included: seconds, or as in `1m 30s`
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) max_time: Option<Duration>,

    /// Give up when there is no connection after this long
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) connect_timeout: Option<Duration>,

    /// Try again this often, signed anew each time: without a connection, after 408, 429, 500, 502, 503 and 504, and, unless
    /// it is a POST or a PATCH, when the connection breaks
    #[arg(long, value_name = "TIMES", default_value_t = 0)]
    pub(crate) retry: usize,

    /// Connect elsewhere than the URL says, through no proxy; what is signed and what TLS checks stays the URL's host. An
    /// empty HOST or PORT is any
    #[arg(long, value_name = "HOST:PORT:HOST2:PORT2", value_parser = route::connect_to)]
    pub(crate) connect_to: Vec<Route>,

    /// The address of a host, in place of what DNS says
    #[arg(long, value_name = "HOST:PORT:ADDRESS", value_parser = route::resolve)]
    pub(crate) resolve: Vec<Route>,

    /// Trust the authorities of this PEM file, and no others
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,
}

/// Plain seconds, also parts of them, or a duration such as `1m 30s`.
fn duration(text: &str) -> Result<Duration, String> {
    let parsed = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string()),
        Err(_) => humantime::parse_duration(text).map_err(|error| error.to_string()),
    };
    match parsed {
        Ok(duration) if duration.is_zero() => Err("expected more than nothing".to_owned()),
        Ok(duration) => Ok(duration),
        Err(error) => Err(format!("expected seconds, or a duration such as `1m 30s` ({error})")),
    }
}

pub(super) const HELP: &str = "\
The body of the answer is on standard output, byte for byte; everything else is on standard error. After a
SignatureDoesNotMatch that shows what the server has computed, the first difference is named.

Examples:
  # An API behind IAM (SigV4); what was decided and sent is on standard error
  sigv4a request -v https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders --json '{\"id\":1}'

  # S3 Multi-Region Access Points take SigV4a, chosen by itself
  sigv4a request https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key -o key

  # A file of any size, signed chunk by chunk while it is sent
  sigv4a request -f https://bucket.s3.eu-west-1.amazonaws.com/movie.mp4 -T movie.mp4 --checksum crc64nvme

  # A private API through its VPC endpoint, or through a tunnel on this machine
  sigv4a request https://abc123.execute-api.eu-west-1.amazonaws.com/prod \\
    --connect-to ::vpce-0123-abcd.execute-api.eu-west-1.vpce.amazonaws.com:
  sigv4a request https://abc123.execute-api.eu-west-1.amazonaws.com/prod --connect-to ::localhost:8443

Exit codes: see `sigv4a --help`.";
