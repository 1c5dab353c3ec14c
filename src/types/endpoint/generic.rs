//! Every host but Amazon S3's: service label, then region.

use super::{
    Endpoint, accepted_algorithms,
    partition::Partition,
    region_label::{Tail, is_region},
    signing_name::{CUSTOMERS, Scope, global_scope, signing_name},
};

/// Endpoints that accept SigV4a only and say so in their labels.
pub(super) fn sigv4a_only(labels: &[&str]) -> Option<Endpoint> {
    Some(Endpoint::sigv4a(match labels {
        [_, .., "accesspoint", "s3-global"] => "s3",
        [_, .., "endpoint", "events"] => "events",
        [_, .., "endpoints", "email"] | [_, .., "endpoints", "email", "global" | "us-gov"] => "ses",
        [_, .., "cloudfront-kvs", "global"] => "cloudfront-keyvaluestore",
        _ => return None,
    }))
}

pub(super) fn endpoint(partition: Partition, tail: &Tail<'_>) -> Option<Endpoint> {
    let label = tail.service();
    if label.is_empty() || is_region(label) {
        return None;
    }
    if partition.is_customers {
        let (_, service) = CUSTOMERS.iter().find(|(known, _)| *known == label)?;
        return Some(Endpoint::sigv4(service, tail.region)?.with_algorithms(accepted_algorithms(service)));
    }
    let global = partition.global_region(tail.region, tail.is_us_gov);
    if label == "importexport" && global == "us-east-1" {
        // One partition only, and whatever region the host names.
        return Endpoint::sigv4("IngestionService", Some(global));
    }
    let service = signing_name(tail.before_service(), label);
    let region = match (global_scope(label), tail.region) {
        (Some(Scope::Always), _) => Some(global),
        (_, Some(region)) => Some(region),
        // The one service whose global region is not its partition's.
        (Some(Scope::WithoutRegion), None) if label == "iam" && global == "cn-northwest-1" => Some("cn-north-1"),
        (Some(Scope::WithoutRegion), None) => Some(global),
        (None, None) => None,
    };
    let accepted = match label {
        "discovery-marketplace" => super::SIGV4_OR_SIGV4A,
        _ => accepted_algorithms(service),
    };
    Some(Endpoint::sigv4(service, region)?.with_algorithms(accepted))
}

/// The sign-in service has domains of its own: `{region}.signin.aws.amazon.com`.
pub(super) fn sign_in(host: &str) -> Option<Endpoint> {
    const DOMAINS: [&str; 8] = [
        "aws.amazon.com",
        "amazonaws.cn",
        "amazonaws-us-gov.com",
        "amazonaws-eusc.eu",
        "c2shome.ic.gov",
        "sc2shome.sgov.gov",
        "csphome.adc-e.uk",
        "csphome.hci.ic.gov",
    ];
    let left = DOMAINS.iter().find_map(|domain| host.strip_suffix(domain)?.strip_suffix('.'))?;
    match left.split_once('.') {
        Some((region, "signin" | "signin-fips")) if is_region(region) => Endpoint::sigv4("signin", Some(region)),
        None if left == "signin-fips" && host.ends_with("amazonaws-us-gov.com") => {
            Endpoint::sigv4("signin", Some("us-gov-west-1"))
        }
        _ => None,
    }
}
