//! Values of the SDK as values of ours, and back.

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials as SdkCredentials;
use aws_smithy_runtime_api::client::{
    auth::{AuthSchemeId, AuthSchemePreference},
    identity::Identity,
};
use aws_types::{
    SdkConfig,
    region::{Region, SigningRegionSet},
};
use sigv4a::{Algorithm, Credentials, ParseErrorKind, SignErrorKind, SignerConfig};

use crate::client::{ID, SECRET};

#[test]
fn credentials_come_and_go() {
    let end = UNIX_EPOCH + Duration::from_secs(1_440_938_160);
    let given = SdkCredentials::new(ID, SECRET, Some("token".to_owned()), Some(end), "example");
    let ours = Credentials::try_from(&given).unwrap();
    assert_eq!(ours.access_key_id().as_str(), ID);
    assert_eq!(ours.secret_access_key().expose(), SECRET.as_bytes());
    assert_eq!(ours.session_token().map(|token| token.expose()), Some("token"));
    assert_eq!(ours.expires_at().unwrap().amz_date(), "20150830T123600Z");
    assert!(!format!("{ours:?}").contains(SECRET) && !format!("{ours:?}").contains("token\""));
    let back = SdkCredentials::try_from(&ours).unwrap();
    assert_eq!((back.access_key_id(), back.secret_access_key()), (ID, SECRET));
    assert_eq!((back.session_token(), back.expiry()), (Some("token"), Some(end)));

    let lasting = Credentials::new(ID, SECRET).unwrap();
    let back = SdkCredentials::try_from(&lasting).unwrap();
    assert_eq!((back.session_token(), back.expiry()), (None, None));
    assert!(Credentials::try_from(&back).unwrap().expires_at().is_none());
}

#[test]
fn what_we_refuse_is_refused_without_being_shown() {
    let given = SdkCredentials::new(ID, "secret\n", None, None, "example");
    let error = Credentials::try_from(&given).unwrap_err();
    assert_eq!(error.kind(), ParseErrorKind::SecretAccessKey);
    assert!(!error.to_string().contains("secret\\n"), "{error}");
}

#[test]
fn an_identity_may_end_before_its_credentials() {
    let [early, late] = [1_440_938_160, 1_440_938_161].map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds));
    for (of_credentials, of_identity) in [(Some(early), Some(late)), (Some(late), Some(early)), (None, Some(early))] {
        let given = SdkCredentials::new(ID, SECRET, None, of_credentials, "example");
        let ours = Credentials::try_from(&Identity::new(given, of_identity)).unwrap();
        assert_eq!(ours.expires_at().unwrap().amz_date(), "20150830T123600Z");
    }
    let error = Credentials::try_from(&Identity::new("a bearer token", None)).unwrap_err();
    assert_eq!(error.kind(), SignErrorKind::MissingCredentials);
    assert!(!error.to_string().contains("bearer"), "{error}");
}

#[test]
fn region_region_set_and_preference_are_configured() {
    let preference = ["httpBearerAuth", "sigv4a", "sigv4"].map(AuthSchemeId::new);
    let given = SdkConfig::builder()
        .region(Region::new("eu-west-1"))
        .sigv4a_signing_region_set(SigningRegionSet::from("eu-*"))
        .auth_scheme_preference(AuthSchemePreference::from(preference));
    let config = SignerConfig::try_from(&given.build()).unwrap();
    assert_eq!(config.region().map(|region| region.as_str()), Some("eu-west-1"));
    assert_eq!(config.region_set().map(|set| set.as_str()), Some("eu-*"));
    assert_eq!(config.preference(), Some([Algorithm::SigV4a, Algorithm::SigV4].as_slice()));

    let config = SignerConfig::try_from(&SdkConfig::builder().build()).unwrap();
    assert_eq!(config, SignerConfig::default());
    let given = SdkConfig::builder().region(Region::new("eu west")).build();
    assert_eq!(SignerConfig::try_from(&given).unwrap_err().kind(), ParseErrorKind::Region);
}
