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
    if partition.is_customers {
        let (_, service) = CUSTOMERS.iter().find(|(known, _)| *known == label)?;
        let (_customers_id, region) = tail.before_service().zip(tail.region)?;
        return Some(Endpoint::sigv4(service, Some(region))?.with_algorithms(accepted_algorithms(service)));
    }
    if is_no_service(tail) {
        return None;
    }
    let global = partition.global_region(tail.region, tail.is_us_gov);
    if label == "importexport" && global == "us-east-1" {
        // One partition only, and whatever region the host names.
        return Endpoint::sigv4("IngestionService", Some(global));
    }
    let service = match tail.labels {
        // The control plane of Location; its data planes are services of their own.
        [.., "cp", _, "geo"] => "geo",
        labels if is_database(labels) => "rds-db",
        _ => signing_name(tail.before_service(), label),
    };
    let region = match (global_scope(label), tail.region) {
        (Some(Scope::Always), _) => Some(global),
        (_, Some(region)) => Some(region),
        (Some(Scope::WithoutRegion), None) => {
            // Nobody's name stands left of a global service.
            if !matches!(tail.labels, [_] | ["global", _]) {
                return None;
            }
            // The one service whose global region is not its partition's.
            Some(if label == "iam" && global == "cn-northwest-1" { "cn-north-1" } else { global })
        }
        (Some(Scope::WithoutRegionInAws), None) if partition.global_region == "us-east-1" => Some(global),
        (Some(Scope::WithoutRegionInAws) | None, None) => None,
    };
    let accepted = match label {
        "discovery-marketplace" => super::SIGV4_OR_SIGV4A,
        _ => accepted_algorithms(service),
    };
    Some(Endpoint::sigv4(service, region)?.with_algorithms(accepted))
}

/// Labels that stand where a service's would and are none: parts of AWS's own scheme, account IDs, and hosts that AWS
/// gives to applications of customers.
fn is_no_service(tail: &Tail<'_>) -> bool {
    const OTHERS: [&str; 9] = ["", "global", "dualstack", "us-gov", "vpce", "s3-global", "elb", "compute", "compute-1"];
    let label = tail.service();
    OTHERS.contains(&label)
        || is_region(label)
        || label.starts_with("vpce-")
        || label.bytes().all(|byte| byte.is_ascii_digit())
        // Wants a client certificate, not a signature.
        || (tail.before_service(), label) == (Some("credentials"), "iot")
}

/// Whether a host is a database's, of which IAM gives tokens, and not that of RDS's API: left of the service and the region,
/// which stand in either order, are a name and an identifier of the account (instance, cluster, proxy), from the user guides of
/// RDS and Aurora. An interface endpoint of the API has one label there.
fn is_database(labels: &[&str]) -> bool {
    match labels {
        [names @ .., region, "rds"] if is_region(region) => names.len() >= 2,
        [names @ .., "rds"] => names.len() >= 2,
        _ => false,
    }
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
