//! The command line.

mod common;
mod data;
mod expires;
mod route;
mod send;
mod serve;
mod upload;
mod verify;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use sigv4a::ExpiresIn;

pub(crate) use self::{
    common::{CommonArgs, HeaderPolicyChoice, SigningArgs},
    data::{DataArgs, Piece, PieceKind},
    route::Route,
    send::{ConnectionArgs, SendArgs},
    serve::{ServeArgs, Style},
    upload::UploadArgs,
    verify::VerifyArgs,
};

/// Sign, presign, explain and verify AWS requests with SigV4 and SigV4a.
///
/// Service, region or region set, and algorithm follow from the host of the URL, the environment and the profile; flags
/// go before all of these. What cannot be known is asked for, never guessed.
#[derive(Debug, Parser)]
#[command(name = "sigv4a", version, max_term_width = 110, after_help = AFTER_HELP, subcommand_required = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign a request with headers, or many requests described in JSON
    #[command(after_help = SIGN_HELP)]
    Sign(Box<SignArgs>),
    /// Make a URL that carries its signature and works until it expires
    #[command(after_help = PRESIGN_HELP)]
    Presign(Box<PresignArgs>),
    /// Sign a request, send it, and show the answer
    #[command(visible_alias = "curl", after_help = send::HELP)]
    Request(Box<SendArgs>),
    /// Print every step from the request to its signature
    #[command(after_help = EXPLAIN_HELP)]
    Explain(Box<ExplainArgs>),
    /// Check the signature of a request that was received, or of many described in JSON
    #[command(after_help = verify::HELP)]
    Verify(Box<VerifyArgs>),
    /// Run a local endpoint that authenticates as AWS does, to try clients against
    #[command(after_help = serve::HELP)]
    Serve(Box<ServeArgs>),
}

#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The URL of the request, as you would type it; or `ARN/KEY` of a Multi-Region Access Point
    #[arg(required_unless_present = "jsonl")]
    pub(crate) url: Option<String>,

    /// Read one JSON description of a request per line and answer one JSON object per line
    ///
    /// From FILE, or from standard input without one or with `-`. A line that is wrong answers an error, and the next
    /// one is read; the exit code is 1 then.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-",
          conflicts_with_all = ["url", "output", "request", "signing", "data-group", "upload"])]
    pub(crate) jsonl: Option<PathBuf>,

    /// What to print [default: headers]
    #[arg(long, short, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<OutputFormat>,

    /// The profile of the shared AWS files; its credentials go before those of the environment
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    #[command(flatten)]
    pub(crate) upload: UploadArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PresignArgs {
    /// The URL of the request, as you would type it; or `ARN/KEY` of a Multi-Region Access Point
    pub(crate) url: String,

    /// How long the URL works: seconds, or as in `15m`, `12h`, `7d` (the longest)
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = expires::parse)]
    pub(crate) expires: ExpiresIn,

    /// What to print [default: url]
    #[arg(long, short, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<OutputFormat>,

    /// The profile of the shared AWS files; its credentials go before those of the environment
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The URL of the request, as you would type it; or `ARN/KEY` of a Multi-Region Access Point
    pub(crate) url: String,

    /// Explain the presigned URL that works this long, not the signed headers
    #[arg(long, value_name = "TIME", value_parser = expires::parse)]
    pub(crate) expires: Option<ExpiresIn>,

    /// Compare with the body of a 403 answer in this file, `-` is standard input: print the first difference and its cause
    ///
    /// Without --time it is signed at the time that the server's values tell. The exit code is 0 if every line is the same,
    /// 1 if one differs.
    #[arg(long, value_name = "FILE")]
    pub(crate) compare: Option<PathBuf>,

    /// The profile of the shared AWS files; its credentials go before those of the environment
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// What is printed on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// The headers to add, or those that a presigned URL needs beside it
    Headers,
    /// A curl command to paste into a shell
    Curl,
    /// The HTTP/1.1 request, byte for byte
    Http,
    /// One JSON object with the request and every value on the way
    Json,
    /// The URL to send
    Url,
}

const AFTER_HELP: &str = "\
Credentials:
  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, else the profile of ~/.aws/credentials and
  ~/.aws/config. Never an argument: every process on the machine can read those.

Exit codes:
  0    done
  1    a request could not be signed, or was refused; with --jsonl: at least one; explain --compare: a line differs
  2    the command line is wrong
  3    credentials or configuration are missing, expired or wrong
  4    a file could not be read, the output not be written or the address not be listened on
  5    request --fail: the status of the answer is 400 or above, or -L could not follow a redirect
  6    request: no answer, or not all of it: name, connection, certificate or time
  141  the reader of the output went away

Examples:
  sigv4a sign https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders
  sigv4a presign https://bucket.s3.us-east-1.amazonaws.com/key --expires 15m
  sigv4a request https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders
  sigv4a explain https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key
  sigv4a verify request.http --service execute-api --region eu-west-1
  sigv4a serve --style s3";

const SIGN_HELP: &str = "\
Examples:
  # The headers to add to a request that another program sends (SigV4)
  sigv4a sign https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders -d id=1

  # A command to paste: S3 Multi-Region Access Points take SigV4a, chosen by itself
  sigv4a sign arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/key -o curl

  # SigV4a for a custom domain in front of API Gateway
  sigv4a sign https://api.example.com/orders --service execute-api --algorithm sigv4a --region-set 'eu-*'

  # Send it as bytes
  sigv4a sign https://sts.eu-west-1.amazonaws.com/ -d Action=GetCallerIdentity -d Version=2011-06-15 -o http |
    openssl s_client -quiet -connect sts.eu-west-1.amazonaws.com:443

  # A file of any size, signed chunk by chunk while it is sent, with a checksum at its end
  sigv4a sign https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key -T movie.mp4 --checksum crc64nvme |
    openssl s_client -quiet -connect mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com:443

  # One process for many requests; DESIGN.md has the fields
  echo '{\"method\":\"GET\",\"url\":\"https://sqs.eu-west-1.amazonaws.com/\"}' | sigv4a sign --jsonl

Exit codes: see `sigv4a --help`; with --jsonl 0 means that every line was signed, 1 that one was not.";

const PRESIGN_HELP: &str = "\
The URL is on standard output; its expiry and the headers that must be sent with it are on standard error.
The URL works until it expires, or until the credentials do, whichever is earlier.

Examples:
  curl \"$(sigv4a presign https://bucket.s3.us-east-1.amazonaws.com/key --expires 15m)\"

  # An upload to a Multi-Region Access Point (SigV4a) that is bound to its content type
  sigv4a presign -X PUT https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key -H 'content-type: text/csv'

Exit codes: see `sigv4a --help`.";

const EXPLAIN_HELP: &str = "\
Compare the canonical request and the string to sign with those in the server's SignatureDoesNotMatch answer, or let
--compare do it: it names the first difference. A session token that is signed is part of the canonical request; the secret access key is never printed.

Examples:
  sigv4a explain https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders --time 20150830T123600Z
  sigv4a explain https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key --expires 15m

  # What another client sent, and the server refused: the same request, and the body of the answer
  sigv4a explain https://bucket.s3.eu-west-1.amazonaws.com/a+key -H 'x-amz-meta-a: b' --compare answer.xml

Exit codes: see `sigv4a --help`; with --compare 0 means that every line is the same, 1 that one differs.";
