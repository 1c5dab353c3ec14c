//! From configuration values and a URL to a signer.

use std::{fmt, str::FromStr};

use crate::{
    crypto::Provider,
    error::{ParseError, ParseErrorKind, SignError, SignErrorKind},
    sign::{EndpointCheck, SigV4, SigV4a, Signer, SigningOptions, host::check_algorithm},
    types::{
        Algorithm, Credentials, Endpoint, Region, RegionSet, Service,
        endpoint::{accepted_algorithms, host_of},
    },
};

/// Which algorithm to use, as a configuration value: `auto`, `sigv4` or `sigv4a`.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AlgorithmChoice {
    /// What the endpoint prefers.
    #[default]
    Auto,
    /// This one.
    Always(Algorithm),
}

impl fmt::Display for AlgorithmChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Always(algorithm) => algorithm.name(),
        })
    }
}

impl FromStr for AlgorithmChoice {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.eq_ignore_ascii_case("auto") {
            return Ok(Self::Auto);
        }
        text.parse().map(Self::Always).map_err(|_: ParseError| {
            ParseError::new(ParseErrorKind::Algorithm, "`auto`, `sigv4` or `sigv4a`").found(text)
        })
    }
}

/// What is configured about signing; every value may be absent. It resolves, with a URL, to a signer.
///
/// Two of these meet in [`resolve`](Self::resolve): what was *given* for this call (arguments, flags, a file of your own)
/// and what is *ambient* (the environment before the shared AWS files). The first source in a row that has a value wins:
///
/// | value | 1 | 2 | 3 | 4 |
/// |---|---|---|---|---|
/// | service | given | the host | | |
/// | region | given | the host | ambient | |
/// | region set | given | ambient | the host | the region |
/// | algorithm | given, or SigV4a for a region set given | ambient | the first of the preference the endpoint accepts | the endpoint's first |
/// | preference | given | ambient | | |
///
/// An ambient region is a default for hosts that do not tell theirs: `iam.amazonaws.com` is signed for `us-east-1`
/// whatever `AWS_REGION` says, because nothing else can work there.
///
/// A region set that was given means SigV4a, whatever the host prefers; beside `sigv4` it is an error. With a region beside
/// it, each is for its own algorithm, and the row above decides which. An ambient region set is a default that changes no
/// algorithm, but for one case: with `auto` and no region from anywhere, SigV4a is chosen where the endpoint accepts it.
/// Nothing is ever guessed: a missing value is an error that names it.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sigv4a::{Algorithm, Credentials, Signer, SignerConfig};
/// let config = SignerConfig::default().with_algorithm("auto".parse()?);
/// let url = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key";
/// let signer = config.signer(url, Credentials::new("AKIDEXAMPLE", "secret")?)?;
/// assert_eq!(signer.algorithm(), Algorithm::SigV4a);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignerConfig {
    algorithm: Option<AlgorithmChoice>,
    preference: Option<Vec<Algorithm>>,
    service: Option<Service>,
    region: Option<Region>,
    region_set: Option<RegionSet>,
    endpoint_check: EndpointCheck,
}

impl SignerConfig {
    /// Sets the algorithm.
    #[must_use]
    pub const fn with_algorithm(mut self, algorithm: AlgorithmChoice) -> Self {
        self.algorithm = Some(algorithm);
        self
    }

    /// Sets the order in which `auto` takes what an endpoint accepts: AWS's `auth_scheme_preference`.
    #[must_use]
    pub fn with_preference(mut self, preference: Vec<Algorithm>) -> Self {
        self.preference = Some(preference);
        self
    }

    /// Sets the service.
    #[must_use]
    pub fn with_service(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// Sets the region.
    #[must_use]
    pub fn with_region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Sets the region set.
    #[must_use]
    pub fn with_region_set(mut self, region_set: RegionSet) -> Self {
        self.region_set = Some(region_set);
        self
    }

    /// Allows SigV4 for a Multi-Region Access Point.
    #[must_use]
    pub const fn with_endpoint_check(mut self, check: EndpointCheck) -> Self {
        self.endpoint_check = check;
        self
    }

    /// Fills every absent value from a weaker source.
    #[must_use]
    pub fn or(self, weaker: Self) -> Self {
        Self {
            algorithm: self.algorithm.or(weaker.algorithm),
            preference: self.preference.or(weaker.preference),
            service: self.service.or(weaker.service),
            region: self.region.or(weaker.region),
            region_set: self.region_set.or(weaker.region_set),
            endpoint_check: match self.endpoint_check {
                EndpointCheck::Enforce => weaker.endpoint_check,
                EndpointCheck::Skip => EndpointCheck::Skip,
            },
        }
    }

    /// The algorithm, if set.
    #[must_use]
    pub const fn algorithm(&self) -> Option<AlgorithmChoice> {
        self.algorithm
    }

    /// The preference, if set.
    #[must_use]
    pub fn preference(&self) -> Option<&[Algorithm]> {
        self.preference.as_deref()
    }

    /// The service, if set.
    #[must_use]
    pub const fn service(&self) -> Option<&Service> {
        self.service.as_ref()
    }

    /// The region, if set.
    #[must_use]
    pub const fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }

    /// The region set, if set.
    #[must_use]
    pub const fn region_set(&self) -> Option<&RegionSet> {
        self.region_set.as_ref()
    }

    /// A signer for the endpoint of a URL, with nothing ambient.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve).
    pub fn signer(&self, url: &str, credentials: Credentials) -> Result<Box<dyn Signer>, SignError> {
        Ok(self.resolve(url, &Self::default())?.into_signer(credentials))
    }

    /// Decides algorithm, service and region or region set for the endpoint of a URL; see the table above.
    ///
    /// # Errors
    /// [`MissingService`](SignErrorKind::MissingService) and [`MissingRegion`](SignErrorKind::MissingRegion) name what to
    /// give; [`AlgorithmRefused`](SignErrorKind::AlgorithmRefused) for SigV4 at a Multi-Region Access Point;
    /// [`Config`](ParseErrorKind::Config) for SigV4 and a region set that were both given, without a region;
    /// [`NotSignable`](ParseErrorKind::NotSignable) for a host that takes no signature;
    /// [`Url`](ParseErrorKind::Url) and [`Host`](ParseErrorKind::Host).
    pub fn resolve(&self, url: &str, ambient: &Self) -> Result<Resolved, SignError> {
        self.resolve_as(url, host_of(url)?, ambient)
    }

    /// The same for a URL whose server is called by another host: that of a `Host` header, with or without a port. Of the
    /// URL only the scheme counts.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve).
    pub fn resolve_as(&self, url: &str, host: &str, ambient: &Self) -> Result<Resolved, SignError> {
        self.resolve_endpoint(host, Endpoint::from_url_and_host(url, host), ambient)
    }

    /// The same for a host alone, with or without a port. What only the scheme of a URL tells, see [`Endpoint::from_url`], it does
    /// not know.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve), without `Url`.
    pub fn resolve_host(&self, host: &str, ambient: &Self) -> Result<Resolved, SignError> {
        self.resolve_endpoint(host, Endpoint::from_host(host), ambient)
    }

    fn resolve_endpoint(
        &self,
        host: &str,
        endpoint: Result<Endpoint, ParseError>,
        ambient: &Self,
    ) -> Result<Resolved, SignError> {
        let endpoint = match endpoint {
            Ok(endpoint) => Some(endpoint),
            Err(error) if error.kind() == ParseErrorKind::UnknownHost => None,
            Err(error) => return Err(error.into()),
        };
        let told = endpoint.as_ref();
        let service = self.service.clone().or_else(|| told.map(|endpoint| endpoint.service().clone()));
        let Some(service) = service else {
            return Err(SignError::new(
                SignErrorKind::MissingService,
                format!("the host `{host}` does not tell it: give the service, for example `execute-api`"),
            ));
        };
        let accepted = match told {
            Some(endpoint) if *endpoint.service() == service => endpoint.algorithms(),
            _ => accepted_algorithms(service.as_str()),
        };
        let region =
            self.region.clone().or_else(|| told.and_then(Endpoint::region).cloned()).or_else(|| ambient.region.clone());
        let configured_set = self.region_set.clone().or_else(|| ambient.region_set.clone());
        let algorithm = match self.chosen()?.or(ambient.algorithm).unwrap_or_default() {
            AlgorithmChoice::Always(algorithm) => algorithm,
            AlgorithmChoice::Auto => {
                let preference = self.preference.as_deref().or(ambient.preference.as_deref()).unwrap_or_default();
                let is_wanted = |algorithm: &&Algorithm| accepted.contains(algorithm);
                let can_be_many = accepted.contains(&Algorithm::SigV4a);
                match preference.iter().find(is_wanted).or_else(|| accepted.first()) {
                    Some(Algorithm::SigV4) if region.is_none() && configured_set.is_some() && can_be_many => {
                        Algorithm::SigV4a
                    }
                    first => first.copied().unwrap_or(Algorithm::SigV4),
                }
            }
        };
        check_algorithm(algorithm, host, self.endpoint_check)?;
        let scheme = match algorithm {
            Algorithm::SigV4 => Scheme::SigV4(region.ok_or_else(|| {
                missing_region(&format!("the host `{host}` does not tell it: give the region, for example `us-east-1`"))
            })?),
            Algorithm::SigV4a => {
                let set = configured_set
                    .or_else(|| told.and_then(Endpoint::region_set).cloned())
                    .or_else(|| region.as_ref().map(RegionSet::from));
                Scheme::SigV4a(set.ok_or_else(|| {
                    missing_region(&format!("the host `{host}` tells none: give the region set, for example `*`"))
                })?)
            }
        };
        let options = SigningOptions::for_service(&service).with_endpoint_check(self.endpoint_check);
        Ok(Resolved { service, scheme, options, provider: Provider::default() })
    }

    /// What was given about the algorithm: by its name, or by a place that only one has.
    fn chosen(&self) -> Result<Option<AlgorithmChoice>, ParseError> {
        match (&self.region_set, self.algorithm) {
            // Beside a region, the set is for when the algorithm is another.
            (Some(set), algorithm) if self.region.is_none() => match algorithm {
                Some(AlgorithmChoice::Always(Algorithm::SigV4)) => {
                    let expected = "a region beside the algorithm `sigv4`, and no region set, which is for SigV4a";
                    Err(ParseError::new(ParseErrorKind::Config, expected).found(set.as_str()))
                }
                _ => Ok(Some(AlgorithmChoice::Always(Algorithm::SigV4a))),
            },
            (_, algorithm) => Ok(algorithm),
        }
    }
}

fn missing_region(message: &str) -> SignError {
    SignError::new(SignErrorKind::MissingRegion, message.to_owned())
}

/// Everything decided about how to sign for one endpoint.
#[derive(Debug, Clone)]
pub struct Resolved {
    service: Service,
    scheme: Scheme,
    options: SigningOptions,
    provider: Provider,
}

#[derive(Debug, Clone)]
enum Scheme {
    SigV4(Region),
    SigV4a(RegionSet),
}

impl Resolved {
    /// The algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self.scheme {
            Scheme::SigV4(_) => Algorithm::SigV4,
            Scheme::SigV4a(_) => Algorithm::SigV4a,
        }
    }

    /// The service.
    #[must_use]
    pub const fn service(&self) -> &Service {
        &self.service
    }

    /// The region, for SigV4.
    #[must_use]
    pub const fn region(&self) -> Option<&Region> {
        match &self.scheme {
            Scheme::SigV4(region) => Some(region),
            Scheme::SigV4a(_) => None,
        }
    }

    /// The region set, for SigV4a.
    #[must_use]
    pub const fn region_set(&self) -> Option<&RegionSet> {
        match &self.scheme {
            Scheme::SigV4(_) => None,
            Scheme::SigV4a(set) => Some(set),
        }
    }

    /// How requests will be signed: the service's usual manner.
    #[must_use]
    pub const fn options(&self) -> &SigningOptions {
        &self.options
    }

    /// Signs in another manner.
    #[must_use]
    pub fn with_options(mut self, options: SigningOptions) -> Self {
        self.options = options;
        self
    }

    /// Computes with another back end.
    #[must_use]
    pub const fn with_provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// The signer.
    #[must_use]
    pub fn into_signer(self, credentials: Credentials) -> Box<dyn Signer> {
        match self.scheme {
            Scheme::SigV4(region) => Box::new(
                SigV4::new(credentials, region, self.service).with_options(self.options).with_provider(self.provider),
            ),
            Scheme::SigV4a(set) => Box::new(
                SigV4a::new(credentials, set, self.service).with_options(self.options).with_provider(self.provider),
            ),
        }
    }
}
