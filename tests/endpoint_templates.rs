//! Every host template of botocore's endpoint rule sets: over all services, regions, FIPS and dual-stack.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use proptest::{prelude::*, test_runner::FileFailurePersistence};
use sigv4a::{Algorithm, Endpoint, MultiRegionAccessPoint};

/// Regions to try for a domain; GovCloud shares the domains of the `aws` partition.
const REGIONS: &[(&str, &[&str], &str)] = &[
    ("amazonaws.com", &["us-east-1", "ap-southeast-2", "us-gov-west-1"], "us-east-1"),
    ("api.aws", &["us-east-1", "mx-central-1", "us-gov-east-1"], "us-east-1"),
    ("amazonaws.com.cn", &["cn-north-1"], "cn-northwest-1"),
    ("api.amazonwebservices.com.cn", &["cn-northwest-1"], "cn-northwest-1"),
    ("c2s.ic.gov", &["us-iso-west-1"], "us-iso-east-1"),
    ("api.aws.ic.gov", &["us-iso-east-1"], "us-iso-east-1"),
    ("sc2s.sgov.gov", &["us-isob-east-1"], "us-isob-east-1"),
    ("api.aws.scloud", &["us-isob-east-1"], "us-isob-east-1"),
    ("cloud.adc-e.uk", &["eu-isoe-west-1"], "eu-isoe-west-1"),
    ("api.cloud-aws.adc-e.uk", &["eu-isoe-west-1"], "eu-isoe-west-1"),
    ("csp.hci.ic.gov", &["us-isof-south-1"], "us-isof-south-1"),
    ("api.aws.hci.ic.gov", &["us-isof-east-1"], "us-isof-south-1"),
    ("amazonaws.eu", &["eusc-de-east-1"], "eusc-de-east-1"),
    ("api.amazonwebservices.eu", &["eusc-de-east-1"], "eusc-de-east-1"),
];

/// Hosts that cannot be inferred, with the reason. One that agrees after all fails the test.
const EXCEPTIONS: &[(&str, &str)] =
    &[("api.sustainability.us-gov-east-1.api.aws", "not a host: GovCloud has `sustainability.us-gov.api.aws`")];

#[test]
fn every_template_of_botocore() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/host_templates.tsv");
    let text = fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<&str>> =
        text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|row| row.split('\t').collect()).collect();
    let mut hosts = 0;
    let mut differing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut excepted: BTreeSet<&str> = BTreeSet::new();
    for row in &rows {
        let [template, _, suffixes, _, _] = row[..] else { panic!("{row:?}") };
        // Rules that differ for regions or partitions which share a domain stand in rows of the same template.
        let rules: Vec<&str> = rows.iter().filter(|other| other[0] == template).map(|other| other[1]).collect();
        for (host, region, global) in hosts_of(template, suffixes) {
            hosts += 1;
            let differences: Vec<_> =
                rules.iter().filter_map(|auth| check(&host, auth, region, global).err()).collect();
            if differences.len() < rules.len() {
                continue;
            }
            match EXCEPTIONS.iter().find(|(exception, _)| *exception == host) {
                Some((exception, _)) => _ = excepted.insert(exception),
                None => differing.entry(row[..2].join(" ")).or_default().extend(differences),
            }
        }
    }
    println!("{} of {} templates agree ({hosts} hosts)", rows.len() - differing.len(), rows.len());
    assert!(differing.is_empty(), "{differing:#?}");
    for (exception, reason) in EXCEPTIONS {
        assert!(excepted.contains(exception), "{exception} agrees now, although: {reason}");
    }
    assert_eq!((rows.len(), hosts), (959, 14_268));
}

/// The hosts of a template with the region in each and the global region of its partition.
fn hosts_of(template: &str, suffixes: &str) -> Vec<(String, &'static str, &'static str)> {
    if suffixes == "(own)" {
        // Domains of the sign-in service: the template is the whole host.
        let region = if template.contains("us-gov") { "us-gov-west-1" } else { "us-east-1" };
        return vec![(template.replace("{region}", region), region, "us-gov-west-1")];
    }
    let suffixes: Vec<&str> =
        if suffixes == "(see 1.4)" { vec!["amazonaws.com"] } else { suffixes.split(',').collect() };
    let mut hosts = Vec::new();
    for suffix in suffixes {
        let (_, regions, global) =
            REGIONS.iter().find(|(known, ..)| *known == suffix).unwrap_or_else(|| panic!("{suffix}"));
        let is_us_gov = template.ends_with("us-gov");
        for region in regions.iter().filter(|region| !is_us_gov || region.starts_with("us-gov")) {
            let host = format!("{}.{suffix}", template.replace("{region}", region));
            let global = if region.starts_with("us-gov") && (is_us_gov || template.contains("{region}")) {
                "us-gov-west-1"
            } else {
                global
            };
            hosts.push((host, *region, global));
            if !template.contains("{region}") {
                break;
            }
        }
    }
    hosts
}

/// Holds an endpoint against the `auth` column: schemes in order, each with signing name and region or region set.
fn check(host: &str, auth: &str, region: &str, global: &str) -> Result<(), String> {
    let endpoint = Endpoint::from_host(host).map_err(|error| error.to_string())?;
    let mut algorithms = Vec::new();
    for scheme in auth.split("; ") {
        let [scheme, service, place, ..] = scheme.split(',').collect::<Vec<_>>()[..] else { panic!("{auth}") };
        if endpoint.service().as_str() != service {
            return Err(format!("{host}: service {} instead of {service}", endpoint.service()));
        }
        if scheme == "sigv4a" {
            algorithms.push(Algorithm::SigV4a);
            if endpoint.region_set().map(|set| set.as_str()) != Some(place) {
                return Err(format!("{host}: region set {:?} instead of {place}", endpoint.region_set()));
            }
            continue;
        }
        algorithms.push(Algorithm::SigV4);
        let expected = match place {
            "{region}" => Some(region),
            "{global}" => Some(global),
            "{region NOT in host}" => None,
            named => Some(named),
        };
        if expected != endpoint.region().map(|region| region.as_str()) {
            return Err(format!("{host}: region {:?} instead of {expected:?}", endpoint.region()));
        }
    }
    match endpoint.algorithms().starts_with(&algorithms) {
        true => Ok(()),
        false => Err(format!("{host}: {:?} instead of {algorithms:?}", endpoint.algorithms())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))), ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_an_endpoint_or_an_error(text in any::<String>(), label in "[a-z0-9.-]{0,20}", arn in "arn:aws:s3::[0-9:/a-z.]{0,30}") {
        for host in [text.clone(), format!("{label}.amazonaws.com"), format!("{text}.s3.us-east-1.amazonaws.com"), format!("{label}.on.aws")] {
            let _ = Endpoint::from_host(&host);
            let _ = Endpoint::from_url(&format!("https://{host}/x"));
        }
        for arn in [text, arn] {
            if let Ok(point) = MultiRegionAccessPoint::parse_arn(&arn) {
                let endpoint = Endpoint::from_host(&point.host()).unwrap();
                prop_assert_eq!(endpoint.algorithms(), &[Algorithm::SigV4a]);
            }
        }
    }
}
