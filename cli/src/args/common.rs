//! The flags that `sign`, `presign` and `explain` share.

use clap::{Args, ValueEnum};
use sigv4a::{AlgorithmChoice, Provider, Region, RegionSet, Service, SessionTokenMode, Timestamp, UriPolicy};

use super::DataArgs;

#[derive(Debug, Args)]
pub(crate) struct CommonArgs {
    #[command(flatten)]
    pub(crate) request: RequestArgs,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) signing: SigningArgs,
}

/// The request, with the flags of curl.
#[derive(Debug, Args)]
#[group(id = "request")]
#[command(next_help_heading = "Request")]
pub(crate) struct RequestArgs {
    /// HTTP method [default: GET, or POST with a body]
    #[arg(short = 'X', long = "request", value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// Header as `Name: value`; `Name;` sends an empty one, `Name:` none where one is implied. One that signing sets says
    /// what its flag would: `X-Amz-Date` and `Date`, `X-Amz-Region-Set`, `X-Amz-Content-Sha256`; `X-Amz-Security-Token`
    /// goes with the credentials
    #[arg(short = 'H', long = "header", value_name = "HEADER", allow_hyphen_values = true)]
    pub(crate) headers: Vec<String>,

    /// Use the method HEAD
    #[arg(short = 'I', long)]
    pub(crate) head: bool,

    /// Put the data into the query of the URL, and use GET
    #[arg(short = 'G', long)]
    pub(crate) get: bool,
}

/// How to sign.
#[derive(Debug, Args)]
#[group(id = "signing")]
#[command(next_help_heading = "Signing")]
pub(crate) struct SigningArgs {
    /// `auto`, `sigv4` or `sigv4a`; auto takes what the endpoint prefers
    #[arg(long, value_name = "ALGORITHM")]
    pub(crate) algorithm: Option<AlgorithmChoice>,

    /// Service (signing name), for a host that does not tell it
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<Service>,

    /// Region, for SigV4
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<Region>,

    /// Regions in which a SigV4a signature is valid: `*`, `us-*`, `eu-west-1,eu-west-2`. Means SigV4a, whatever the host
    /// prefers; beside --region each is for its algorithm
    #[arg(long, value_name = "REGIONS")]
    pub(crate) region_set: Option<RegionSet>,

    /// Time of signing, as 20150830T123600Z or 2015-08-30T12:36:00Z [default: that of a header `Date` or `X-Amz-Date`, else
    /// now]
    #[arg(long, value_name = "TIME")]
    pub(crate) time: Option<Timestamp>,

    /// Sign for this host, for requests that go through a tunnel or a proxy
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(crate) host: Option<String>,

    /// Leave the body out of the signature
    #[arg(long)]
    pub(crate) unsigned_payload: bool,

    /// What to do with a URL that is not in wire form
    #[arg(long, value_enum, value_name = "POLICY", default_value = "rewrite")]
    pub(crate) uri_policy: UriChoice,

    /// Which of the given headers are signed
    #[arg(long, value_enum, value_name = "POLICY", default_value = "standard")]
    pub(crate) signed_headers: HeaderPolicyChoice,

    /// Sign this header too, whatever the policy says
    #[arg(long = "sign-header", value_name = "NAME")]
    pub(crate) sign_headers: Vec<String>,

    /// Send this header unsigned, whatever the policy says
    #[arg(long = "no-sign-header", value_name = "NAME")]
    pub(crate) no_sign_headers: Vec<String>,

    /// Whether the session token is signed [default: as the service wants it]
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) session_token_mode: Option<TokenChoice>,

    /// Sign what AWS cannot accept: SigV4 for a Multi-Region Access Point
    #[arg(long)]
    pub(crate) force: bool,

    /// Cryptography; the SigV4a signatures of rust-crypto are the same every time
    #[arg(long, value_enum, value_name = "NAME", default_value = "ring")]
    pub(crate) provider: ProviderChoice,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum UriChoice {
    /// Print the wire form, which must be sent
    Rewrite,
    /// Refuse it
    Reject,
    /// Leave it as it is
    AsGiven,
}

impl From<UriChoice> for UriPolicy {
    fn from(choice: UriChoice) -> Self {
        match choice {
            UriChoice::Rewrite => Self::Rewrite,
            UriChoice::Reject => Self::Reject,
            UriChoice::AsGiven => Self::AsGiven,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum HeaderPolicyChoice {
    /// All but those that clients and proxies change
    Standard,
    /// Only what AWS requires
    Minimal,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum TokenChoice {
    /// Sign it
    Sign,
    /// Send it unsigned
    Append,
}

impl From<TokenChoice> for SessionTokenMode {
    fn from(choice: TokenChoice) -> Self {
        match choice {
            TokenChoice::Sign => Self::Sign,
            TokenChoice::Append => Self::Append,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ProviderChoice {
    /// Pure Rust
    RustCrypto,
    /// ring, the fastest
    Ring,
}

impl From<ProviderChoice> for Provider {
    fn from(choice: ProviderChoice) -> Self {
        match choice {
            ProviderChoice::RustCrypto => Self::rust_crypto(),
            ProviderChoice::Ring => Self::ring(),
        }
    }
}
