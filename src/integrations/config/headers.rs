//! Everything in one call.

use http::HeaderMap;

use super::{Ambient, Environment, now};
use crate::{
    canonical::UriPolicy,
    error::{ParseError, ParseErrorKind, SignError},
    sign::{AlgorithmChoice, SignerConfig, SignerExt as _, SigningRequest},
    types::{Algorithm, Region, RegionSet, Service},
};

/// The headers that sign a request without a body, now, with the credentials of the environment or of the shared files.
///
/// Signed with SigV4a, unless the configuration value `SIGV4A_ALGORITHM` is `sigv4`: then with SigV4, and the set must be one
/// region. The URL must be in wire form, because it is not given back; [`SigningRequest`] has headers, bodies and any URL.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let url = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key";
/// for (name, value) in &sigv4a::config::get_headers("s3", "*", "GET", url)? {
///     println!("{name}: {}", value.to_str()?);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`SignerConfig::resolve`] and [`SignerExt::sign`](crate::SignerExt::sign);
/// [`MissingCredentials`](crate::SignErrorKind::MissingCredentials);
/// [`UriNotCanonical`](crate::SignErrorKind::UriNotCanonical) for a URL that would have to be sent otherwise; [`Region`](ParseErrorKind::Region) if SigV4 is asked
/// for and the region set is not one region.
pub fn get_headers(service: &str, region_set: &str, method: &str, url: &str) -> Result<HeaderMap, SignError> {
    let ambient = Ambient::load(None, &Environment::of_process())?;
    let region_set = RegionSet::new(region_set)?;
    let config = SignerConfig::default().with_service(Service::new(service)?);
    let config = match ambient.config().algorithm() {
        Some(AlgorithmChoice::Always(Algorithm::SigV4)) => config.with_region(single(&region_set)?),
        _ => config.with_region_set(region_set).with_algorithm(AlgorithmChoice::Always(Algorithm::SigV4a)),
    };
    let resolved = config.resolve(url, ambient.config())?;
    let options = resolved.options().clone().with_uri_policy(UriPolicy::Reject);
    let signer = resolved.with_options(options).into_signer(ambient.credentials()?);
    let signed = signer.sign(&SigningRequest::new(method, url)?, now()?)?;
    Ok(signed.added_headers().iter().cloned().collect())
}

/// The region of a set of one.
fn single(region_set: &RegionSet) -> Result<Region, ParseError> {
    Region::new(region_set.as_str()).map_err(|_| {
        ParseError::new(ParseErrorKind::Region, "one region, for SigV4 signs for one").found(region_set.as_str())
    })
}
