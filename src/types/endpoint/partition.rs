//! Partitions: the groups of regions that share a domain.

/// A partition, as far as its domain tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Partition {
    /// Where the global services of the partition are signed for.
    pub(super) global_region: &'static str,
    /// Whether the domain is one of customers' own hosts, where a label alone tells no service.
    pub(super) is_customers: bool,
    is_shared_with_govcloud: bool,
}

impl Partition {
    /// The partition of a host and the labels left of its domain.
    pub(super) fn of_host(host: &str) -> Option<(Self, Vec<&str>)> {
        let left_of = |suffix: &str| host.strip_suffix(suffix).and_then(|left| left.strip_suffix('.'));
        // The longest domain wins: `api.aws.ic.gov` is not a host below `ic.gov`.
        let found = SUFFIXES.iter().filter_map(|(suffix, partition)| Some((suffix.len(), partition, left_of(suffix)?)));
        let (_, partition, left) = found.max_by_key(|(len, ..)| *len)?;
        Some((*partition, left.split('.').collect()))
    }

    /// Where a global service is signed for, given what else the host says.
    pub(super) fn global_region(self, region: Option<&str>, is_us_gov: bool) -> &'static str {
        match self.is_shared_with_govcloud && (is_us_gov || region.is_some_and(|region| region.starts_with("us-gov-")))
        {
            true => "us-gov-west-1",
            false => self.global_region,
        }
    }
}

const fn partition(global_region: &'static str) -> Partition {
    Partition { global_region, is_customers: false, is_shared_with_govcloud: false }
}

const fn customers(global_region: &'static str) -> Partition {
    Partition { is_customers: true, ..partition(global_region) }
}

/// GovCloud has no domain of its own: its regions begin with `us-gov`.
const AWS: Partition = Partition { is_shared_with_govcloud: true, ..partition("us-east-1") };
const CHINA: Partition = partition("cn-northwest-1");
const ISO: Partition = partition("us-iso-east-1");
const ISO_B: Partition = partition("us-isob-east-1");
const ISO_E: Partition = partition("eu-isoe-west-1");
const ISO_F: Partition = partition("us-isof-south-1");
const EUSC: Partition = partition("eusc-de-east-1");

/// The domain of a region's plain hosts, from botocore's `partitions.json`. A region of no other partition is of `aws` or
/// of GovCloud, which share theirs.
#[cfg(feature = "presets")]
pub(super) fn domain_of_region(region: &str) -> &'static str {
    const DOMAINS: [(&str, &str); 6] = [
        ("cn-", "amazonaws.com.cn"),
        ("us-iso-", "c2s.ic.gov"),
        ("us-isob-", "sc2s.sgov.gov"),
        ("eu-isoe-", "cloud.adc-e.uk"),
        ("us-isof-", "csp.hci.ic.gov"),
        ("eusc-", "amazonaws.eu"),
    ];
    DOMAINS.iter().find(|(prefix, _)| region.starts_with(prefix)).map_or("amazonaws.com", |(_, domain)| domain)
}

/// Every domain, from botocore's `partitions.json` (plain, then dual-stack) and, for customers' hosts, AWS's user guides.
pub(super) const SUFFIXES: &[(&str, Partition)] = &[
    ("amazonaws.com", AWS),
    ("api.aws", AWS),
    ("amazonaws.com.cn", CHINA),
    ("api.amazonwebservices.com.cn", CHINA),
    ("c2s.ic.gov", ISO),
    ("api.aws.ic.gov", ISO),
    ("sc2s.sgov.gov", ISO_B),
    ("api.aws.scloud", ISO_B),
    ("cloud.adc-e.uk", ISO_E),
    ("api.cloud-aws.adc-e.uk", ISO_E),
    ("csp.hci.ic.gov", ISO_F),
    ("api.aws.hci.ic.gov", ISO_F),
    ("amazonaws.eu", EUSC),
    ("api.amazonwebservices.eu", EUSC),
    ("on.aws", customers("us-east-1")),
    ("on.amazonwebservices.com.cn", customers("cn-northwest-1")),
    ("on.amazonwebservices.eu", customers("eusc-de-east-1")),
];
