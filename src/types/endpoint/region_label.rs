//! The region in a host name.

/// The labels of a host, read from the right: what AWS put there is told from what customers chose.
#[derive(Debug)]
pub(super) struct Tail<'a> {
    /// The labels up to and including the service's.
    pub(super) labels: &'a [&'a str],
    pub(super) region: Option<&'a str>,
    /// `us-gov` stands where a region would.
    pub(super) is_us_gov: bool,
}

/// Services whose customers' hosts have the region left of the service, not right of it.
const REGION_FIRST: [&str; 8] = ["es", "aoss", "cloudsearch", "neptune", "neptune-graph", "osis", "queue", "rds"];

impl<'a> Tail<'a> {
    pub(super) fn of(labels: &'a [&'a str]) -> Self {
        let mut tail = Self { labels, region: None, is_us_gov: false };
        // The first label is never a region: it is the service of a global endpoint or something of the customer's.
        while let [rest @ .., last] = tail.labels
            && !rest.is_empty()
        {
            match *last {
                "vpce" | "global" | "dualstack" => {}
                "us-gov" => tail.is_us_gov = true,
                region if is_region(region) && tail.region.is_none() => tail.region = Some(region),
                _ => break,
            }
            tail.labels = rest;
        }
        if let [.., region, service] = tail.labels
            && tail.region.is_none()
            && REGION_FIRST.contains(service)
            && is_region(region)
        {
            tail.region = Some(region);
        }
        tail
    }

    /// The label of the service, without the mark of FIPS endpoints.
    pub(super) fn service(&self) -> &'a str {
        self.labels.last().map_or("", |label| without_fips(label))
    }

    /// The label left of the service's, likewise.
    pub(super) fn before_service(&self) -> Option<&'a str> {
        match self.labels {
            [.., before, _] => Some(without_fips(before)),
            _ => None,
        }
    }
}

fn without_fips(label: &str) -> &str {
    label.strip_suffix("-fips").unwrap_or(label)
}

/// Whether a label has the shape of a region: `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`.
pub(super) fn is_region(label: &str) -> bool {
    let mut parts = label.rsplitn(3, '-');
    let (Some(number), Some(direction), Some(area)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let is_letters = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_area = match area {
        "us-gov" | "eu-isoe" | "eusc-de" => true,
        _ => area.len() == 2 && is_letters(area) || is_iso(area),
    };
    is_area && is_letters(direction) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// `us-iso` and `us-isob` and their kin.
fn is_iso(area: &str) -> bool {
    area.strip_prefix("us-iso")
        .is_some_and(|letter| letter.len() <= 1 && letter.bytes().all(|byte| byte.is_ascii_lowercase()))
}
