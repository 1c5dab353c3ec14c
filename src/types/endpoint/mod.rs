//! What the host name of an AWS endpoint tells.

mod generic;
mod mrap;
mod partition;
mod region_label;
mod s3;
mod signing_name;

pub use self::mrap::MultiRegionAccessPoint;
use self::partition::Partition;
use crate::{
    error::{ParseError, ParseErrorKind},
    types::{Algorithm, Region, RegionSet, Service, ServiceProfile},
};

/// What the host name of an [AWS endpoint](https://docs.aws.amazon.com/general/latest/gr/rande.html) tells about signing
/// for it: the service, the region or region set, and the accepted algorithms.
///
/// Everything is read from the labels right of what customers choose, so that a bucket called `execute-api` or
/// `s3.us-west-2` misleads nobody. What a host does not tell stays open: nothing is guessed.
///
/// ```
/// # fn main() -> Result<(), sigv4a::ParseError> {
/// use sigv4a::{Algorithm, Endpoint};
/// let endpoint = Endpoint::from_host("abc123.execute-api.eu-west-1.amazonaws.com")?;
/// assert_eq!(endpoint.service().as_str(), "execute-api");
/// assert_eq!(endpoint.region().map(|region| region.as_str()), Some("eu-west-1"));
/// assert!(endpoint.accepts(Algorithm::SigV4a));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    service: Service,
    region: Option<Region>,
    region_set: Option<RegionSet>,
    algorithms: &'static [Algorithm],
}

impl Endpoint {
    /// Reads a host name, with or without a port, in any letter case.
    ///
    /// # Errors
    /// [`UnknownHost`](ParseErrorKind::UnknownHost) if nothing can be inferred, for example from a custom domain;
    /// [`NotSignable`](ParseErrorKind::NotSignable) for an S3 website; [`Host`](ParseErrorKind::Host) for what is no host.
    pub fn from_host(host: &str) -> Result<Self, ParseError> {
        let lower = host.to_ascii_lowercase();
        let name = without_port(&lower);
        let name = name.strip_suffix('.').unwrap_or(name);
        let is_host_byte =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'*' | b'[' | b']' | b':');
        if name.is_empty() || !name.bytes().all(is_host_byte) {
            return Err(ParseError::new(ParseErrorKind::Host, "a host name").found(host));
        }
        let unknown = || {
            ParseError::new(
                ParseErrorKind::UnknownHost,
                "a host name of AWS, which tells service and region; for another one give both",
            )
            .found(host)
        };
        if let Some(endpoint) = generic::sign_in(name) {
            return Ok(endpoint);
        }
        let (partition, labels) = Partition::of_host(name).ok_or_else(unknown)?;
        if labels.iter().any(|label| label.is_empty()) {
            return Err(ParseError::new(ParseErrorKind::Host, "a host name without empty labels").found(host));
        }
        if let Some(endpoint) = generic::sigv4a_only(&labels) {
            return Ok(endpoint);
        }
        let tail = region_label::Tail::of(&labels);
        if s3::is_website(&tail) {
            return Err(ParseError::new(
                ParseErrorKind::NotSignable,
                "a REST endpoint of S3 such as `BUCKET.s3.REGION.amazonaws.com`: websites take no signature",
            )
            .found(host));
        }
        s3::endpoint(partition, &tail).or_else(|| generic::endpoint(partition, &tail)).ok_or_else(unknown)
    }

    /// Reads the host of a URL. Its scheme tells something too: a WebSocket to the data endpoint of AWS IoT is another
    /// service, `iotdevicegateway` ([Device communication
    /// protocols](https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html)).
    ///
    /// # Errors
    /// As [`from_host`](Self::from_host); [`Url`](ParseErrorKind::Url) for what is no URL.
    pub fn from_url(url: &str) -> Result<Self, ParseError> {
        Self::from_url_and_host(url, host_of(url)?)
    }

    /// The same for a host that is not the URL's.
    pub(crate) fn from_url_and_host(url: &str, host: &str) -> Result<Self, ParseError> {
        let endpoint = Self::from_host(host)?;
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
        let is_web_socket = ["wss", "ws"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        Ok(match endpoint.service.as_str() {
            "iotdata" if is_web_socket => Self { service: Service::from_static("iotdevicegateway"), ..endpoint },
            _ => endpoint,
        })
    }

    /// The service (signing name), which is not always the label in the host.
    #[must_use]
    pub const fn service(&self) -> &Service {
        &self.service
    }

    /// The region; `None` if the host does not tell and it must be given, as for S3 Transfer Acceleration.
    #[must_use]
    pub const fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }

    /// The region set that SigV4a needs here, if the endpoint has one of its own.
    #[must_use]
    pub const fn region_set(&self) -> Option<&RegionSet> {
        self.region_set.as_ref()
    }

    /// The algorithms the endpoint accepts, the preferred one first.
    #[must_use]
    pub const fn algorithms(&self) -> &'static [Algorithm] {
        self.algorithms
    }

    /// Whether the endpoint accepts an algorithm.
    #[must_use]
    pub fn accepts(&self, algorithm: Algorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }

    /// How the service wants its requests signed.
    #[must_use]
    pub fn profile(&self) -> ServiceProfile {
        ServiceProfile::for_service(&self.service)
    }

    /// SigV4 in one region, which may have to be asked for.
    fn sigv4(service: &str, region: Option<&str>) -> Option<Self> {
        Some(Self {
            service: Service::new(service).ok()?,
            region: region.and_then(|region| Region::new(region).ok()),
            region_set: None,
            algorithms: SIGV4,
        })
    }

    /// SigV4a everywhere.
    fn sigv4a(service: &'static str) -> Self {
        Self {
            service: Service::from_static(service),
            region: None,
            region_set: Some(RegionSet::all()),
            algorithms: SIGV4A,
        }
    }

    fn with_algorithms(mut self, algorithms: &'static [Algorithm]) -> Self {
        self.algorithms = algorithms;
        if algorithms.first() == Some(&Algorithm::SigV4a) {
            self.region_set = Some(RegionSet::all());
        }
        self
    }
}

const SIGV4: &[Algorithm] = &[Algorithm::SigV4];
const SIGV4A: &[Algorithm] = &[Algorithm::SigV4a];
const SIGV4_OR_SIGV4A: &[Algorithm] = &[Algorithm::SigV4, Algorithm::SigV4a];
const SIGV4A_OR_SIGV4: &[Algorithm] = &[Algorithm::SigV4a, Algorithm::SigV4];

/// The algorithms a service accepts, the preferred one first, when its host is not known to us.
pub(crate) fn accepted_algorithms(service: &str) -> &'static [Algorithm] {
    match service {
        // Reported by users for API Gateway REST APIs, documented for VPC Lattice, in the model of STS.
        "execute-api" | "vpc-lattice-svcs" | "sts" => SIGV4_OR_SIGV4A,
        "partnercentral-channel" | "partnercentral" | "sustainability" => SIGV4A_OR_SIGV4,
        "cloudfront-keyvaluestore" => SIGV4A,
        _ => SIGV4,
    }
}

/// The host of a service that has one per region, such as `sts.us-east-1.amazonaws.com`.
///
/// # Errors
/// [`Region`](ParseErrorKind::Region) unless the region has the shape of AWS's: any other names no host of AWS.
#[cfg(feature = "presets")]
pub(crate) fn regional_host(label: &str, region: &Region) -> Result<String, ParseError> {
    let name = region.as_str();
    if !region_label::is_region(name) {
        return Err(ParseError::new(ParseErrorKind::Region, "a region of AWS such as `us-east-1`").found(name));
    }
    Ok([label, ".", name, ".", partition::domain_of_region(name)].concat())
}

/// Whether a host is a Multi-Region Access Point's. Allocates nothing: it is asked for every request that is signed.
pub(crate) fn is_mrap_host(host: &str) -> bool {
    // Hardly any host is, and nearly all are in lower case.
    let has_upper_case = host.bytes().fold(false, |any, byte| any | byte.is_ascii_uppercase());
    if !has_upper_case && !host.contains("s3-global") {
        return false;
    }
    let name = without_port(host);
    let left_of = |suffix: &&(&'static str, Partition)| strip_suffix_ignore_case(name, suffix.0);
    let left = partition::SUFFIXES.iter().find_map(|suffix| left_of(&suffix));
    left.is_some_and(|left| strip_suffix_ignore_case(left, ".accesspoint.s3-global.").is_some())
}

/// What is left of a suffix in lower case; a domain's leading dot stays.
fn strip_suffix_ignore_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (left, right) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    right.eq_ignore_ascii_case(suffix).then_some(left)
}

/// The host without its port; what follows a colon and is no port stays, and no domain ends with it.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() && !port.starts_with('+') => name,
        _ => host,
    }
}

/// The host of a URL, its port included.
pub(crate) fn host_of(url: &str) -> Result<&str, ParseError> {
    let (_, rest) = url
        .split_once("://")
        .ok_or_else(|| ParseError::new(ParseErrorKind::Url, "`https://HOST/PATH`").found(before_query(url)))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or(rest);
    Ok(authority.rsplit_once('@').map_or(authority, |(_, host)| host))
}

/// A URL without what may be secret in it.
fn before_query(url: &str) -> &str {
    url.split_once('?').map_or(url, |(before, _)| before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(host: &str, service: &str, region: Option<&str>, algorithms: &[Algorithm]) {
        let endpoint = Endpoint::from_host(host).unwrap();
        assert_eq!(endpoint.service().as_str(), service, "{host}");
        assert_eq!(endpoint.region().map(Region::as_str), region, "{host}");
        assert_eq!(endpoint.algorithms(), algorithms, "{host}");
        assert_eq!(endpoint.region_set().is_some(), algorithms.first() == Some(&Algorithm::SigV4a), "{host}");
    }

    #[test]
    fn hosts_of_customers() {
        use Algorithm::{SigV4, SigV4a};
        for (host, service, region) in [
            ("abc.execute-api.us-east-1.amazonaws.com", "execute-api", "us-east-1"),
            ("abc-vpce-0123.execute-api.us-east-1.amazonaws.com", "execute-api", "us-east-1"),
            ("vpce-0123-x.execute-api.us-west-2.vpce.amazonaws.com", "execute-api", "us-west-2"),
            ("abc.execute-api.cn-north-1.amazonaws.com.cn", "execute-api", "cn-north-1"),
            ("x.7d67968.vpc-lattice-svcs.us-west-2.on.aws", "vpc-lattice-svcs", "us-west-2"),
            ("sts.eu-west-1.amazonaws.com", "sts", "eu-west-1"),
        ] {
            check(host, service, Some(region), &[SigV4, SigV4a]);
        }
        for (host, service, region) in [
            ("id.lambda-url.eu-west-1.on.aws", "lambda", "eu-west-1"),
            ("search-domain-id.us-east-1.es.amazonaws.com", "es", "us-east-1"),
            ("vpc-domain-id.eu-central-1.es.amazonaws.com", "es", "eu-central-1"),
            ("domain-id.aos.us-east-1.on.aws", "es", "us-east-1"),
            ("id.us-east-1.aoss.amazonaws.com", "aoss", "us-east-1"),
            ("c.cluster-id.us-east-1.neptune.amazonaws.com", "neptune-db", "us-east-1"),
            ("g-id.us-east-1.neptune-graph.amazonaws.com", "neptune-graph", "us-east-1"),
            ("pipeline-id.us-east-1.osis.amazonaws.com", "osis", "us-east-1"),
            ("db.abc123.us-east-1.rds.amazonaws.com:3306", "rds-db", "us-east-1"),
            ("db.abc123.rds.cn-north-1.amazonaws.com.cn", "rds-db", "cn-north-1"),
            ("db.abc123.us-gov-west-1.rds.amazonaws.com", "rds-db", "us-gov-west-1"),
            ("db.cluster-ro-abc123.eu-west-1.rds.amazonaws.com", "rds-db", "eu-west-1"),
            ("mine.cluster-custom-abc123.eu-west-1.rds.amazonaws.com", "rds-db", "eu-west-1"),
            ("proxy.proxy-abc123.us-east-1.rds.amazonaws.com", "rds-db", "us-east-1"),
            ("reader.endpoint.proxy-abc123.us-east-1.rds.amazonaws.com", "rds-db", "us-east-1"),
            ("rds.us-east-1.amazonaws.com", "rds", "us-east-1"),
            ("rds.cn-north-1.amazonaws.com.cn", "rds", "cn-north-1"),
            ("rds-fips.us-east-1.amazonaws.com", "rds", "us-east-1"),
            ("vpce-0123-x-us-east-1a.rds.us-east-1.vpce.amazonaws.com", "rds", "us-east-1"),
            ("search-d-id.us-east-1.cloudsearch.amazonaws.com", "cloudsearch", "us-east-1"),
            ("id.appsync-api.us-east-1.amazonaws.com", "appsync", "us-east-1"),
            ("id.appsync-realtime-api.us-east-1.amazonaws.com", "appsync", "us-east-1"),
            ("a1b2c3-ats.iot.us-east-1.amazonaws.com", "iotdata", "us-east-1"),
            ("iot.us-east-1.amazonaws.com", "iot", "us-east-1"),
            ("aps-workspaces.us-east-1.amazonaws.com", "aps", "us-east-1"),
            ("id.dsql.us-east-1.on.aws", "dsql", "us-east-1"),
            ("vpce-0123.sqs.us-east-1.vpce.amazonaws.com", "sqs", "us-east-1"),
            ("bucket.vpce-0123.s3.us-east-1.vpce.amazonaws.com", "s3", "us-east-1"),
            ("dynamodb.us-east-1.amazonaws.com:443", "dynamodb", "us-east-1"),
            ("us-west-2.queue.amazonaws.com", "sqs", "us-west-2"),
            ("sync-states.eu-west-1.amazonaws.com", "states", "eu-west-1"),
            ("cp.maps.geo.us-east-1.amazonaws.com", "geo", "us-east-1"),
            ("cdn.s3-control.s3.us-east-1.amazonaws.com", "s3", "us-east-1"),
            ("BUCKET.S3.US-WEST-2.AmazonAWS.com.", "s3", "us-west-2"),
        ] {
            check(host, service, Some(region), &[SigV4]);
        }
    }

    #[test]
    fn a_web_socket_to_iot_is_another_service() {
        let data = "a1b2c3-ats.iot.us-east-1.amazonaws.com";
        for (url, service) in [
            (format!("wss://{data}/mqtt"), "iotdevicegateway"),
            (format!("WSS://{data}:443/mqtt"), "iotdevicegateway"),
            (format!("ws://{data}/mqtt"), "iotdevicegateway"),
            (format!("wss://{data}.cn/mqtt"), "iotdevicegateway"),
            (format!("https://{data}/topics/a"), "iotdata"),
            ("wss://iot.us-east-1.amazonaws.com/".to_owned(), "iot"),
            ("wss://abc123.execute-api.us-east-1.amazonaws.com/prod".to_owned(), "execute-api"),
        ] {
            assert_eq!(Endpoint::from_url(&url).unwrap().service().as_str(), service, "{url}");
        }
    }

    #[test]
    fn the_shapes_of_s3() {
        use Algorithm::{SigV4, SigV4a};
        for (host, region) in [
            ("s3.us-east-2.amazonaws.com", "us-east-2"),
            ("a.b.s3.us-east-2.amazonaws.com", "us-east-2"),
            ("s3.us-west-2-backup.s3.us-east-2.amazonaws.com", "us-east-2"),
            ("execute-api.s3.us-east-2.amazonaws.com", "us-east-2"),
            ("bucket.s3-eu-west-1.amazonaws.com", "eu-west-1"),
            ("s3-fips-us-gov-west-1.amazonaws.com", "us-gov-west-1"),
            ("bucket.s3-external-1.amazonaws.com", "us-east-1"),
            ("bucket.s3.amazonaws.com", "us-east-1"),
            ("eu-west-1.s3.amazonaws.com", "us-east-1"),
            ("ap-123456789012.s3-accesspoint-fips.dualstack.us-gov-east-1.amazonaws.com", "us-gov-east-1"),
            ("123456789012.s3-control.eu-west-1.amazonaws.com", "eu-west-1"),
        ] {
            check(host, "s3", Some(region), &[SigV4]);
        }
        check("bucket.s3-accelerate.amazonaws.com", "s3", None, &[SigV4]);
        check("bucket.s3-accelerate.dualstack.amazonaws.com", "s3", None, &[SigV4]);
        check("bucket.s3-accelerate.dualstack.us-east-1.amazonaws.com", "s3", None, &[SigV4]);
        check("route.s3-object-lambda.eu-west-1.amazonaws.com", "s3-object-lambda", Some("eu-west-1"), &[SigV4]);
        check("b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com", "s3express", Some("us-east-1"), &[SigV4]);
        check("s3tables.us-east-1.amazonaws.com", "s3tables", Some("us-east-1"), &[SigV4]);
        check("s3-outposts.us-east-1.amazonaws.com", "s3-outposts", Some("us-east-1"), &[SigV4]);
        check("b.ec2.s3-outposts.us-east-1.amazonaws.com", "s3-outposts", Some("us-east-1"), &[SigV4a, SigV4]);
        check("x.mrap.accesspoint.s3-global.amazonaws.com.cn", "s3", None, &[SigV4a]);
        for host in ["b.s3-website-us-east-1.amazonaws.com", "b.s3-website.eu-central-1.amazonaws.com"] {
            assert_eq!(Endpoint::from_host(host).unwrap_err().kind(), ParseErrorKind::NotSignable, "{host}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for host in [
            "api.example.com",
            "s3.us-east-1.amazonaws.com.evil.com",
            "evilamazonaws.com",
            "amazonaws.com",
            "on.aws",
            "foo.us-east-1.on.aws",
            "us-east-1.amazonaws.com",
            "global.amazonaws.com",
            "123456789012.us-east-1.amazonaws.com",
            "foo.iam.amazonaws.com",
            "load-balancer.us-east-1.elb.amazonaws.com",
            "ec2-203-0-113-25.compute-1.amazonaws.com",
            "vpce-0123.vpce-svc-0123.us-east-1.vpce.amazonaws.com",
            "abc.credentials.iot.us-east-1.amazonaws.com",
            "lambda-url.us-east-1.on.aws",
            "abc.lambda-url.on.aws",
            "s3.us-east-1.amazonaws.com:65536",
            "s3.us-east-1.amazonaws.com:x",
            "localhost:9000",
            "127.0.0.1",
            "[::1]:9000",
        ] {
            assert_eq!(Endpoint::from_host(host).unwrap_err().kind(), ParseErrorKind::UnknownHost, "{host}");
        }
        for host in ["", "a b.amazonaws.com", ".amazonaws.com", "a..s3.amazonaws.com", "é.amazonaws.com"] {
            assert_eq!(Endpoint::from_host(host).unwrap_err().kind(), ParseErrorKind::Host, "{host}");
        }
        // The writer of a global database is wherever it is now.
        check("db.global-abc123.global.rds.amazonaws.com", "rds-db", None, &[Algorithm::SigV4]);
        // The label is certain, the region is not.
        check("dynamodb.amazonaws.com", "dynamodb", None, &[Algorithm::SigV4]);
        check("sts.amazonaws.com.cn", "sts", None, &[Algorithm::SigV4, Algorithm::SigV4a]);
        assert!(Endpoint::from_url("no-scheme.amazonaws.com").is_err());
        assert!(Endpoint::from_url("https://u:p@s3.us-east-1.amazonaws.com?x").is_ok());
    }

    #[cfg(feature = "presets")]
    #[test]
    fn a_regional_host_tells_its_region_again() {
        for (region, domain) in [
            ("us-east-1", "amazonaws.com"),
            ("mx-central-1", "amazonaws.com"),
            ("us-gov-east-1", "amazonaws.com"),
            ("cn-north-1", "amazonaws.com.cn"),
            ("us-iso-west-1", "c2s.ic.gov"),
            ("us-isob-east-1", "sc2s.sgov.gov"),
            ("eu-isoe-west-1", "cloud.adc-e.uk"),
            ("us-isof-south-1", "csp.hci.ic.gov"),
            ("eusc-de-east-1", "amazonaws.eu"),
        ] {
            let host = regional_host("sts", &Region::new(region).unwrap()).unwrap();
            assert_eq!(host, format!("sts.{region}.{domain}"));
            check(&host, "sts", Some(region), &[Algorithm::SigV4, Algorithm::SigV4a]);
        }
        for refused in ["us-east-1.evil.com", "aws-global", "minio", "US-EAST-1", "us-east-1a", "us-isofs-east-1"] {
            let error = regional_host("sts", &Region::new(refused).unwrap()).unwrap_err();
            assert_eq!(error.kind(), ParseErrorKind::Region, "{refused}");
        }
    }

    #[test]
    fn access_points_of_many_regions_are_recognised_without_reading_the_rest() {
        for host in ["x.mrap.accesspoint.s3-global.amazonaws.com", "X.MRAP.ACCESSPOINT.S3-GLOBAL.AMAZONAWS.COM:443"] {
            assert!(is_mrap_host(host), "{host}");
        }
        for host in ["x.accesspoint.s3-global.example.com", "s3.us-east-1.amazonaws.com", "", "é:1"] {
            assert!(!is_mrap_host(host), "{host}");
        }
    }
}
