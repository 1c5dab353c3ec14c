//! Reading a URL, a host name or an ARN never panics; letter case does not matter; and every access point that can be
//! named is recognised by its host.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sigv4a::{Algorithm, Endpoint, MultiRegionAccessPoint};

fuzz_target!(|text: &str| {
    if let Ok(endpoint) = Endpoint::from_host(text) {
        assert!(!endpoint.algorithms().is_empty());
        assert_eq!(Endpoint::from_host(&text.to_ascii_uppercase()), Ok(endpoint.clone()));
        assert_eq!(Endpoint::from_url(&format!("https://{text}/")), Ok(endpoint));
    }
    let _ = Endpoint::from_url(text);
    let _ = Endpoint::from_url(&format!("https://{text}"));
    for suffix in ["amazonaws.com", "amazonaws.com.cn", "api.aws", "on.aws", "amazonaws.eu"] {
        let _ = Endpoint::from_host(&format!("{text}.{suffix}"));
    }
    for point in [
        MultiRegionAccessPoint::parse_arn(text),
        MultiRegionAccessPoint::parse_arn(&format!("arn:aws-cn:s3::123456789012:accesspoint/{text}")),
        MultiRegionAccessPoint::from_alias(text),
        MultiRegionAccessPoint::from_alias(&format!("{text}.mrap")),
    ]
    .into_iter()
    .flatten()
    {
        let endpoint = Endpoint::from_url(&point.url(text)).expect("the host of an access point tells everything");
        assert_eq!(endpoint.algorithms(), [Algorithm::SigV4a]);
        assert_eq!(endpoint.region_set().map(|set| set.as_str()), Some("*"));
        assert_eq!(
            MultiRegionAccessPoint::from_alias(point.alias()).map(|same| same.alias().to_owned()),
            Ok(point.alias().to_owned())
        );
    }
});
