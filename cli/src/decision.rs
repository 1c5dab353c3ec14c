//! What was decided about how to sign, and who decided it.

use sigv4a::{AlgorithmChoice, Endpoint, SignerConfig, config::Ambient};

use crate::{
    args::{CommonArgs, SigningArgs},
    signed::{Signed, other_host},
};

/// One line per value: its name, the value, where it came from. The order of the sources is that of [`SignerConfig`].
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) lines: Vec<(&'static str, String, &'static str)>,
}

const FLAG: &str = "flag";
const AMBIENT: &str = "environment or profile";
const HOST: &str = "host";

impl Decision {
    pub(crate) fn new(signed: &Signed, args: &CommonArgs, ambient: &Ambient) -> Self {
        let flags = &args.signing;
        let endpoint = match other_host(&signed.request, flags) {
            Some(host) => Endpoint::from_host(host),
            None => Endpoint::from_url(&signed.request.url),
        };
        let told = endpoint.as_ref().ok();
        let ambient = ambient.config();
        let resolved = &signed.resolved;

        let set_source = match (&flags.region_set, &signed.request.told.region_set) {
            (Some(_), _) => Some(FLAG),
            (None, Some(_)) => Some("X-Amz-Region-Set header"),
            (None, None) => None,
        };
        let mut lines = Vec::new();
        let algorithm = resolved.algorithm().name().to_owned();
        lines.push(("algorithm", algorithm, algorithm_source(flags, set_source, ambient, told)));
        let of_service = if flags.service.is_some() { FLAG } else { HOST };
        lines.push(("service", resolved.service().to_string(), of_service));
        if let Some(region) = resolved.region() {
            let source = [(flags.region.is_some(), FLAG), (told.is_some_and(|told| told.region().is_some()), HOST)];
            lines.push(("region", region.to_string(), first(source, AMBIENT)));
        }
        if let Some(set) = resolved.region_set() {
            let told = told.is_some_and(|told| told.region_set().is_some());
            let source = [(ambient.region_set().is_some(), AMBIENT), (told, HOST)];
            lines.push(("region set", set.to_string(), set_source.unwrap_or_else(|| first(source, "the region"))));
        }
        let host_source = match (&flags.host, signed.request.host_header()) {
            (Some(_), _) => FLAG,
            (None, Some(_)) => "Host header",
            (None, None) => "URL",
        };
        lines.push(("host", signed.host().to_owned(), host_source));
        lines.push(("time", signed.at.to_string(), signed.time_source));
        Self { lines }
    }
}

fn algorithm_source(
    flags: &SigningArgs,
    set_source: Option<&'static str>,
    ambient: &SignerConfig,
    told: Option<&Endpoint>,
) -> &'static str {
    let flag = flags.algorithm;
    let source = if flag.is_some() { FLAG } else { AMBIENT };
    // A region set without a region is a choice.
    if let (Some(_), None, None | Some(AlgorithmChoice::Auto)) = (set_source, &flags.region, flag) {
        return "the region set given";
    }
    match flag.or_else(|| ambient.algorithm()) {
        Some(AlgorithmChoice::Always(_)) => source,
        _ if ambient.preference().is_some() => "auto: the preference and what the endpoint accepts",
        _ if told.is_some() => "auto: what the host prefers",
        _ => "auto: what the service and the values given allow",
    }
}

fn first<const N: usize>(sources: [(bool, &'static str); N], last: &'static str) -> &'static str {
    sources.into_iter().find(|(decided, _)| *decided).map_or(last, |(_, source)| source)
}
