//! What the tests share: each uses what it needs of it.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic, and uses what it needs"
)]

pub mod upload;
pub mod vector;

use sigv4a::{Algorithm, Credentials, Region, RegionSet, Service, Timestamp};
use sigv4a_crt::Oracle;

/// The credentials of AWS's S3 documents.
pub fn documented_credentials() -> Credentials {
    Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").unwrap()
}

/// The time of AWS's S3 documents.
pub fn documented_time() -> Timestamp {
    Timestamp::parse_amz_date("20130524T000000Z").unwrap()
}

/// The runtime with the documented credentials, for S3 in `us-east-1`, or with SigV4a, in `region_set`.
pub fn oracle(algorithm: Algorithm, region_set: &str) -> Oracle {
    let credentials = documented_credentials();
    match algorithm {
        Algorithm::SigV4a => Oracle::sigv4a(&credentials, &RegionSet::new(region_set).unwrap(), &Service::S3).unwrap(),
        _ => Oracle::sigv4(&credentials, &Region::new("us-east-1").unwrap(), &Service::S3).unwrap(),
    }
}
