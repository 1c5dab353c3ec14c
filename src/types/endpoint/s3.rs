//! The shapes of Amazon S3's hosts.

use super::{
    Endpoint, SIGV4A_OR_SIGV4,
    partition::Partition,
    region_label::{Tail, is_region},
};

/// Labels of the S3 family and their signing names.
const FAMILY: &[(&str, &str)] = &[
    ("s3", "s3"),
    ("s3-accesspoint", "s3"),
    ("s3-control", "s3"),
    ("s3-accelerate", "s3"),
    ("s3-object-lambda", "s3-object-lambda"),
    ("s3-outposts", "s3-outposts"),
    ("s3express-control", "s3express"),
];

pub(super) fn endpoint(partition: Partition, tail: &Tail<'_>) -> Option<Endpoint> {
    let label = tail.service();
    if partition.is_customers {
        return None;
    }
    if let Some(region) = legacy_region(label) {
        return Endpoint::sigv4("s3", Some(region));
    }
    if label.starts_with("s3express-") {
        return Endpoint::sigv4("s3express", tail.region);
    }
    let (_, service) = FAMILY.iter().find(|(known, _)| *known == label)?;
    let region = match (tail.region, label) {
        // The one host of S3 that is signed for the partition's first region though it names none.
        (None, "s3") if partition.global_region == "us-east-1" && !tail.is_us_gov => Some("us-east-1"),
        // Transfer Acceleration goes wherever the bucket is, whatever stands in the host.
        (_, "s3-accelerate") => None,
        (region, _) => region,
    };
    let endpoint = Endpoint::sigv4(service, region)?;
    // Access points and buckets on Outposts; the bare host is the management service.
    Some(match (label, tail.before_service()) {
        ("s3-outposts", Some(_)) => endpoint.with_algorithms(SIGV4A_OR_SIGV4),
        _ => endpoint,
    })
}

/// Whether the host serves a website: anyone may read it, nobody can sign for it.
pub(super) fn is_website(tail: &Tail<'_>) -> bool {
    let label = tail.service();
    label == "s3-website" || label.strip_prefix("s3-website-").is_some_and(is_region)
}

/// The region inside a label of old: `s3-eu-west-1`, `s3-fips-us-gov-west-1`, `s3-external-1`.
fn legacy_region(label: &str) -> Option<&str> {
    if label == "s3-external-1" {
        return Some("us-east-1");
    }
    let region = label.strip_prefix("s3-")?;
    Some(region.strip_prefix("fips-").unwrap_or(region)).filter(|region| is_region(region))
}
