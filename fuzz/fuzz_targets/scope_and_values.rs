//! Every value that can be read is printed as it was read, or in a form that is read as the same value.

#![no_main]

use std::{fmt, str::FromStr};

use libfuzzer_sys::fuzz_target;
use sigv4a::{
    AccessKeyId, Algorithm, AlgorithmChoice, CredentialScope, PayloadHash, Region, RegionSet, Service, Signature,
    Timestamp,
};

fuzz_target!(|text: &str| {
    if let Ok(scope) = CredentialScope::parse(text) {
        assert_eq!(scope.as_str(), text);
        let parts = [Some(scope.date_stamp()), scope.region(), Some(scope.service()), Some("aws4_request")];
        assert_eq!(parts.into_iter().flatten().collect::<Vec<_>>().join("/"), text);
        assert_eq!(CredentialScope::parse(scope.as_str()), Ok(scope));
    }
    if let Ok(time) = Timestamp::parse_amz_date(text) {
        assert_eq!(time.amz_date(), text);
        assert_eq!(time.date_stamp(), &text[..8]);
        assert_eq!(Timestamp::from_unix(time.as_unix()), Ok(time));
        assert!(time.saturating_add(1) >= time);
    }
    for algorithm in [Algorithm::SigV4, Algorithm::SigV4a] {
        if let Ok(payload) = PayloadHash::parse(text, algorithm) {
            assert_eq!(payload.header_value(algorithm).as_deref(), Ok(text));
        }
    }
    if let Ok(signature) = Signature::parse(text) {
        assert_eq!(signature.to_hex(), text);
        assert_eq!(Signature::from_bytes(signature.as_bytes()), Ok(signature));
    }
    if let Ok(id) = AccessKeyId::new(text) {
        assert_eq!(id.as_str(), text);
    }
    if let Some(region) = reads_its_own_print::<Region>(text) {
        assert_eq!(region.as_str(), text);
        assert!(RegionSet::from(&region).covers(&region) && RegionSet::all().covers(&region));
    }
    if let Some(service) = reads_its_own_print::<Service>(text) {
        assert_eq!(service.as_str(), text);
    }
    if let Some(set) = reads_its_own_print::<RegionSet>(text) {
        assert!(set.entries().all(|entry| !entry.is_empty()));
        let regions = set.entries().filter_map(|entry| Region::new(entry).ok());
        assert!(regions.into_iter().all(|region| set.covers(&region)));
    }
    reads_its_own_print::<Timestamp>(text);
    reads_its_own_print::<Algorithm>(text);
    reads_its_own_print::<AlgorithmChoice>(text);
});

fn reads_its_own_print<T: FromStr + fmt::Display + PartialEq + fmt::Debug>(text: &str) -> Option<T> {
    let value = text.parse::<T>().ok()?;
    let printed = value.to_string();
    assert_eq!(printed.parse::<T>().ok().as_ref(), Some(&value), "{printed}");
    Some(value)
}
