//! The precedence table in the documentation of `SignerConfig`, cell by cell, and the sources: environment and shared
//! files. Every value comes from a variable given here, none from this process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use sigv4a::{
    Algorithm, AlgorithmChoice, Credentials, EndpointCheck, ParseErrorKind, Region, RegionSet, Resolved, Service,
    SessionTokenMode, SignErrorKind, Signer, SignerConfig,
    config::{Ambient, Environment, ProfileName, SharedFiles},
};

const MRAP: &str = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key";
const GATEWAY: &str = "https://abc123.execute-api.eu-west-1.amazonaws.com/private";
const CUSTOM: &str = "https://api.example.com/private";
const ACCELERATE: &str = "https://bucket.s3-accelerate.amazonaws.com/key";
const OUTPOSTS: &str = "https://ap-123456789012.op-01234567890123456.s3-outposts.us-west-2.amazonaws.com/key";

fn ambient(variables: &[(&str, &str)], config: &str) -> Ambient {
    let environment = Environment::from_variables(variables.iter().copied());
    let profile = ProfileName::choose(None, &environment);
    let files = SharedFiles::parse(&profile, config, "").unwrap();
    Ambient::new(&profile, &environment, &files).unwrap()
}

fn nothing() -> Ambient {
    ambient(&[], "")
}

fn given() -> SignerConfig {
    SignerConfig::default()
}

fn region(text: &str) -> Region {
    Region::new(text).unwrap()
}

fn set(text: &str) -> RegionSet {
    RegionSet::new(text).unwrap()
}

/// Algorithm, service, and region or region set.
fn outcome(resolved: Result<Resolved, sigv4a::SignError>) -> Result<(Algorithm, String, String), SignErrorKind> {
    let resolved = resolved.map_err(|error| error.kind())?;
    let place = match (resolved.region(), resolved.region_set()) {
        (Some(region), None) => region.to_string(),
        (None, Some(set)) => set.to_string(),
        other => panic!("one of both: {other:?}"),
    };
    Ok((resolved.algorithm(), resolved.service().to_string(), place))
}

fn check(config: SignerConfig, url: &str, ambient: &Ambient, expected: (Algorithm, &str, &str)) {
    let found = outcome(config.resolve(url, ambient.config()));
    assert_eq!(found, Ok((expected.0, expected.1.to_owned(), expected.2.to_owned())), "{url} {config:?}");
    // A `Host` header tells as much as a URL.
    let host = url.split('/').nth(2).unwrap();
    for host in [host.to_owned(), format!("{host}:8443")] {
        assert_eq!(outcome(config.resolve_host(&host, ambient.config())), found, "{host}");
    }
}

const SIGV4: AlgorithmChoice = AlgorithmChoice::Always(Algorithm::SigV4);
const SIGV4A: AlgorithmChoice = AlgorithmChoice::Always(Algorithm::SigV4a);

#[test]
fn service_given_then_host() {
    check(given(), GATEWAY, &nothing(), (Algorithm::SigV4, "execute-api", "eu-west-1"));
    let other = given().with_service(Service::new("lambda").unwrap());
    check(other, GATEWAY, &nothing(), (Algorithm::SigV4, "lambda", "eu-west-1"));
    let error = given().with_region(region("us-east-1")).resolve(CUSTOM, nothing().config()).unwrap_err();
    assert_eq!(error.kind(), SignErrorKind::MissingService);
    assert!(error.to_string().contains("`api.example.com`") && error.to_string().contains("execute-api"), "{error}");
}

/// T-62, T-70: the scheme tells a service too, and a database is not the API that manages it.
#[test]
fn the_services_of_iot_and_of_databases() {
    let resolved = given().resolve("wss://abc-ats.iot.us-east-1.amazonaws.com/mqtt", nothing().config()).unwrap();
    assert_eq!((resolved.service().as_str(), resolved.region().unwrap().as_str()), ("iotdevicegateway", "us-east-1"));
    assert_eq!(resolved.options().profile().session_token, SessionTokenMode::Append);
    let database = "https://mydb.abc.us-east-1.rds.amazonaws.com/?Action=connect&DBUser=me";
    check(given(), database, &nothing(), (Algorithm::SigV4, "rds-db", "us-east-1"));
    check(given(), "https://rds.us-east-1.amazonaws.com/", &nothing(), (Algorithm::SigV4, "rds", "us-east-1"));
}

#[test]
fn region_given_then_host_then_environment_then_profile() {
    let both = ambient(&[("AWS_REGION", "eu-central-1")], "[default]\nregion = ap-south-1\n");
    let profile = ambient(&[], "[default]\nregion = ap-south-1\n");
    let fallback = ambient(&[("AWS_DEFAULT_REGION", "sa-east-1")], "[default]\nregion = ap-south-1\n");
    let first = ambient(&[("AWS_DEFAULT_REGION", "sa-east-1"), ("AWS_REGION", "eu-central-1")], "");
    check(given().with_region(region("us-west-2")), GATEWAY, &both, (Algorithm::SigV4, "execute-api", "us-west-2"));
    check(given(), GATEWAY, &both, (Algorithm::SigV4, "execute-api", "eu-west-1"));
    check(given(), "https://iam.amazonaws.com/", &both, (Algorithm::SigV4, "iam", "us-east-1"));
    check(given(), ACCELERATE, &both, (Algorithm::SigV4, "s3", "eu-central-1"));
    check(given(), ACCELERATE, &first, (Algorithm::SigV4, "s3", "eu-central-1"));
    check(given(), ACCELERATE, &fallback, (Algorithm::SigV4, "s3", "sa-east-1"));
    check(given(), ACCELERATE, &profile, (Algorithm::SigV4, "s3", "ap-south-1"));
    // Never a silent us-east-1.
    assert_eq!(outcome(given().resolve(ACCELERATE, nothing().config())), Err(SignErrorKind::MissingRegion));
}

#[test]
fn region_set_given_then_environment_then_profile_then_host_then_region() {
    let config = given().with_algorithm(SIGV4A);
    let variable = ("AWS_SIGV4A_SIGNING_REGION_SET", "us-*");
    let file = "[default]\nsigv4a_signing_region_set = eu-west-1, eu-west-2\n";
    let of = |set: &'static str| (Algorithm::SigV4a, "s3", set);
    check(config.clone().with_region_set(set("us-east-1")), MRAP, &ambient(&[variable], file), of("us-east-1"));
    check(config.clone(), MRAP, &ambient(&[variable], file), of("us-*"));
    check(config.clone(), MRAP, &ambient(&[], file), of("eu-west-1,eu-west-2"));
    check(config.clone(), MRAP, &nothing(), of("*"));
    check(config.clone(), GATEWAY, &nothing(), (Algorithm::SigV4a, "execute-api", "eu-west-1"));
    // The region of the host or of the environment is the last resort; a set never becomes a region.
    let config = config.with_service(Service::EXECUTE_API);
    check(
        config.clone(),
        CUSTOM,
        &ambient(&[("AWS_REGION", "us-west-2")], ""),
        (Algorithm::SigV4a, "execute-api", "us-west-2"),
    );
    assert_eq!(outcome(config.resolve(CUSTOM, nothing().config())), Err(SignErrorKind::MissingRegion));
    let only_a_set = ambient(&[("AWS_SIGV4A_SIGNING_REGION_SET", "*")], "");
    let v4 = given().with_algorithm(SIGV4).with_service(Service::EXECUTE_API);
    assert_eq!(outcome(v4.resolve(CUSTOM, only_a_set.config())), Err(SignErrorKind::MissingRegion));
}

#[test]
fn algorithm_given_then_environment_then_preference_then_endpoint() {
    let by_variable = ambient(&[("SIGV4A_ALGORITHM", "sigv4a"), ("AWS_AUTH_SCHEME_PREFERENCE", "sigv4")], "");
    let gateway = |algorithm| (algorithm, "execute-api", "eu-west-1");
    check(given().with_algorithm(SIGV4), GATEWAY, &by_variable, gateway(Algorithm::SigV4));
    check(given(), GATEWAY, &by_variable, gateway(Algorithm::SigV4a));
    check(given().with_algorithm(AlgorithmChoice::Auto), GATEWAY, &by_variable, gateway(Algorithm::SigV4));
    let preferring =
        |names| ambient(&[("AWS_AUTH_SCHEME_PREFERENCE", names)], "[default]\nauth_scheme_preference = sigv4a\n");
    check(given(), GATEWAY, &preferring(""), gateway(Algorithm::SigV4a));
    check(given(), GATEWAY, &preferring("sigv4, sigv4a"), gateway(Algorithm::SigV4));
    check(given(), GATEWAY, &preferring("httpBearerAuth,sigv4a"), gateway(Algorithm::SigV4a));
    check(given().with_preference(vec![Algorithm::SigV4]), GATEWAY, &preferring("sigv4a"), gateway(Algorithm::SigV4));
    // What the endpoint does not accept is passed over.
    check(given(), MRAP, &preferring("sigv4"), (Algorithm::SigV4a, "s3", "*"));
    check(
        given(),
        "https://b.s3.us-east-1.amazonaws.com/",
        &preferring("sigv4a"),
        (Algorithm::SigV4, "s3", "us-east-1"),
    );
    // The endpoint's own order.
    check(given(), OUTPOSTS, &nothing(), (Algorithm::SigV4a, "s3-outposts", "*"));
    check(given(), OUTPOSTS, &preferring("sigv4"), (Algorithm::SigV4, "s3-outposts", "us-west-2"));
    check(given(), GATEWAY, &nothing(), gateway(Algorithm::SigV4));
}

#[test]
fn a_region_set_that_is_given_means_sigv4a() {
    let bucket = "https://b.s3.us-east-1.amazonaws.com/";
    let everywhere = given().with_region_set(RegionSet::all());
    let preferring = ambient(&[("SIGV4A_ALGORITHM", "sigv4"), ("AWS_AUTH_SCHEME_PREFERENCE", "sigv4")], "");
    for config in [everywhere.clone(), everywhere.clone().with_algorithm(AlgorithmChoice::Auto)] {
        for ambient in [&nothing(), &ambient(&[("AWS_REGION", "eu-west-1")], ""), &preferring] {
            check(config.clone(), GATEWAY, ambient, (Algorithm::SigV4a, "execute-api", "*"));
            check(config.clone(), bucket, ambient, (Algorithm::SigV4a, "s3", "*"));
            let other = config.clone().with_service(Service::EXECUTE_API);
            check(other, CUSTOM, ambient, (Algorithm::SigV4a, "execute-api", "*"));
        }
    }
    // SigV4 has no place for it.
    let error = everywhere.clone().with_algorithm(SIGV4).resolve(GATEWAY, nothing().config()).unwrap_err();
    assert_eq!(error.code(), "invalid_config");
    assert!(error.to_string().contains("and no region set, which is for SigV4a"));
}

#[test]
fn a_region_and_a_region_set_are_each_for_an_algorithm() {
    let config = given().with_region_set(set("eu-*")).with_region(region("us-east-1"));
    let service = |config: &SignerConfig| config.clone().with_service(Service::EXECUTE_API);
    check(service(&config), CUSTOM, &nothing(), (Algorithm::SigV4, "execute-api", "us-east-1"));
    check(service(&config).with_algorithm(SIGV4), CUSTOM, &nothing(), (Algorithm::SigV4, "execute-api", "us-east-1"));
    check(service(&config).with_algorithm(SIGV4A), CUSTOM, &nothing(), (Algorithm::SigV4a, "execute-api", "eu-*"));
    check(config, MRAP, &nothing(), (Algorithm::SigV4a, "s3", "eu-*"));
}

/// As in AWS's SDKs.
#[test]
fn an_ambient_region_set_changes_no_algorithm_where_there_is_a_region() {
    let ambient = ambient(&[("AWS_SIGV4A_SIGNING_REGION_SET", "*")], "");
    check(given(), GATEWAY, &ambient, (Algorithm::SigV4, "execute-api", "eu-west-1"));
    check(given().with_algorithm(SIGV4), GATEWAY, &ambient, (Algorithm::SigV4, "execute-api", "eu-west-1"));
    check(given().with_service(Service::EXECUTE_API), CUSTOM, &ambient, (Algorithm::SigV4a, "execute-api", "*"));
    assert_eq!(outcome(given().resolve(ACCELERATE, ambient.config())), Err(SignErrorKind::MissingRegion));
}

/// T-14: the algorithm from the preference, the set from the environment, the region from the endpoint.
#[test]
fn a_region_set_of_the_environment_is_not_replaced_by_the_endpoints_region() {
    let ambient = ambient(&[("AWS_AUTH_SCHEME_PREFERENCE", "sigv4a"), ("AWS_SIGV4A_SIGNING_REGION_SET", "*")], "");
    check(given(), "https://x.execute-api.us-west-2.amazonaws.com/", &ambient, (Algorithm::SigV4a, "execute-api", "*"));
}

#[test]
fn sigv4_is_refused_at_an_mrap_unless_forced() {
    let config = given().with_algorithm(SIGV4).with_region(region("us-east-1"));
    let error = config.resolve(MRAP, nothing().config()).unwrap_err();
    assert_eq!(error.kind(), SignErrorKind::AlgorithmRefused);
    assert!(error.to_string().contains("sigv4a"), "{error}");
    let forced = config.with_endpoint_check(EndpointCheck::Skip);
    check(forced.clone(), MRAP, &nothing(), (Algorithm::SigV4, "s3", "us-east-1"));
    let signer = forced.signer(MRAP, Credentials::new("AKIDEXAMPLE", "secret").unwrap()).unwrap();
    assert_eq!(signer.algorithm(), Algorithm::SigV4);
}

#[test]
fn wrong_values_name_their_source() {
    for (variables, config, expected) in [
        (vec![("AWS_REGION", "*")], "", "`AWS_REGION`"),
        (vec![("AWS_DEFAULT_REGION", "us-east-1,us-west-2")], "", "`AWS_DEFAULT_REGION`"),
        (vec![("AWS_SIGV4A_SIGNING_REGION_SET", "us-east-1,")], "", "`AWS_SIGV4A_SIGNING_REGION_SET`"),
        (vec![("SIGV4A_ALGORITHM", "hmac")], "", "`SIGV4A_ALGORITHM`"),
        (vec![], "[default]\nregion = *\n", "`region` in the profile `default`"),
        (vec![], "[default]\nsigv4a_signing_region_set = ,\n", "`sigv4a_signing_region_set` in the profile `default`"),
    ] {
        let environment = Environment::from_variables(variables);
        let files = SharedFiles::parse(&ProfileName::Default, config, "").unwrap();
        let error = Ambient::new(&ProfileName::Default, &environment, &files).unwrap_err();
        assert_eq!(error.kind(), ParseErrorKind::Config);
        assert!(error.to_string().contains(expected), "{error}");
    }
}

const ENVIRONMENT_KEYS: [(&str, &str); 3] =
    [("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_SECRET_ACCESS_KEY", "env/secret"), ("AWS_SESSION_TOKEN", "env-token")];
const CREDENTIALS_FILE: &str = "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = a\\b\"c#d;e=f\n\n[work]\naws_access_key_id=AKIDWORK\naws_secret_access_key=work/secret\naws_session_token=work-token\n";

fn key_id(given: Option<&str>, variables: &[(&str, &str)], config: &str) -> Result<String, String> {
    let environment = Environment::from_variables(variables.iter().copied());
    let profile = ProfileName::choose(given, &environment);
    let files = SharedFiles::parse(&profile, config, CREDENTIALS_FILE).map_err(|error| error.to_string())?;
    let ambient = Ambient::new(&profile, &environment, &files).map_err(|error| error.to_string())?;
    ambient.credentials().map(|found| found.access_key_id().to_string()).map_err(|error| error.to_string())
}

#[test]
fn credentials_come_from_a_named_profile_then_the_environment_then_the_files() {
    let mut with_profile = ENVIRONMENT_KEYS.to_vec();
    with_profile.push(("AWS_PROFILE", "work"));
    assert_eq!(key_id(Some("work"), &ENVIRONMENT_KEYS, "").as_deref(), Ok("AKIDWORK"));
    assert_eq!(key_id(None, &with_profile, "").as_deref(), Ok("AKIDENV"));
    assert_eq!(key_id(None, &ENVIRONMENT_KEYS, "").as_deref(), Ok("AKIDENV"));
    assert_eq!(key_id(None, &[("AWS_PROFILE", "work")], "").as_deref(), Ok("AKIDWORK"));
    assert_eq!(key_id(None, &[], "").as_deref(), Ok("AKIDDEFAULT"));
    // A profile without keys that was named leaves the environment's.
    assert_eq!(
        key_id(Some("plain"), &ENVIRONMENT_KEYS, "[profile plain]\nregion=us-east-1\n").as_deref(),
        Ok("AKIDENV")
    );
}

#[test]
fn credentials_that_cannot_be_had_say_why() {
    let role = "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = work\n";
    let own_role = "[profile self]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = self\n\
                    aws_access_key_id = AKID\naws_secret_access_key = hush-hush\n";
    for (given, variables, config, expected) in [
        (Some("absent"), vec![], "", "found neither"),
        (None, vec![("AWS_PROFILE", "absent")], "", "[profile absent]"),
        (Some("role"), vec![], role, "aws configure export-credentials --profile role"),
        // The keys beside a role are there to assume it.
        (Some("self"), vec![], own_role, "found `role_arn`: put them into the environment"),
        (None, vec![("AWS_ACCESS_KEY_ID", "AKID")], "", "`AWS_SECRET_ACCESS_KEY`"),
        (None, vec![("AWS_SECRET_ACCESS_KEY", "hush-hush")], "", "`AWS_ACCESS_KEY_ID`"),
        (
            None,
            vec![("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "hush-hush ")],
            "",
            "white space at its ends",
        ),
        (Some("half"), vec![], "[profile half]\naws_access_key_id = AKID\n", "found one of them"),
    ] {
        let error = key_id(given, &variables, config).unwrap_err();
        assert!(error.contains(expected) && !error.contains("hush-hush"), "{error}");
    }
    let empty = SharedFiles::parse(&ProfileName::Default, "", "").unwrap();
    let none = Ambient::new(&ProfileName::Default, &Environment::default(), &empty).unwrap();
    assert_eq!(none.credentials().unwrap_err().kind(), SignErrorKind::MissingCredentials);
}

/// Backslashes, quotes, `#` and `=` are part of a secret; comments and the settings of one service are not.
#[test]
fn shared_files_are_read_as_aws_reads_them() {
    let config = "# a comment\n[default]\nregion = eu-west-1 # of the team\ns3 =\n  region = nowhere\n  addressing_style = path\n\n[profile work]\nregion=us-west-2\n[work]\nregion = not-this\n";
    let parse =
        |name: &str| SharedFiles::parse(&ProfileName::Given(name.to_owned()), config, CREDENTIALS_FILE).unwrap();
    assert_eq!(parse("default").config().unwrap().region().unwrap().as_str(), "eu-west-1");
    assert_eq!(parse("work").config().unwrap().region().unwrap().as_str(), "us-west-2");
    let credentials = parse("default").credentials().unwrap().unwrap();
    let same = Credentials::new("AKIDDEFAULT", "a\\b\"c#d;e=f").unwrap();
    let key = |credentials| {
        let signer = sigv4a::SigV4a::new(credentials, RegionSet::all(), Service::S3);
        signer.verifying_key().unwrap()
    };
    assert_eq!(key(credentials), key(same));
    // An indented line belongs to the one above it; what it holds is in no message.
    let indented = "[default]\nregion = *\n  aws_secret_access_key = hush-hush\n";
    let files = SharedFiles::parse(&ProfileName::Default, indented, "").unwrap();
    let error = files.config().unwrap_err().to_string();
    assert!(error.contains("`*`") && !error.contains("hush-hush"), "{error}");
    let broken = SharedFiles::parse(&ProfileName::Default, "[default\nhush-hush", "").unwrap_err().to_string();
    assert!(broken.contains("line") && !broken.contains("hush-hush"), "{broken}");
}

#[test]
fn a_configuration_is_a_serde_value() {
    let text = r#"{"algorithm":"sigv4a","auth_scheme_preference":"sigv4a, sigv4","service":"s3","region_set":"us-east-1, us-west-2"}"#;
    let config: SignerConfig = serde_json::from_str(text).unwrap();
    assert_eq!(config.region_set().unwrap().as_str(), "us-east-1,us-west-2");
    assert_eq!(config.preference(), Some([Algorithm::SigV4a, Algorithm::SigV4].as_slice()));
    let written = serde_json::to_string(&config).unwrap();
    assert_eq!(serde_json::from_str::<SignerConfig>(&written).unwrap(), config);
    for refused in
        [r#"{"algorithm":"v5"}"#, r#"{"region":"*"}"#, r#"{"regoin":"x"}"#, r#"{"auth_scheme_preference":7}"#]
    {
        assert!(serde_json::from_str::<SignerConfig>(refused).is_err(), "{refused}");
    }
}

#[test]
fn nothing_that_is_printed_holds_a_secret() {
    let environment = Environment::from_variables(ENVIRONMENT_KEYS);
    let files = SharedFiles::parse(&ProfileName::Default, "", CREDENTIALS_FILE).unwrap();
    let ambient = Ambient::new(&ProfileName::Default, &environment, &files).unwrap();
    let signer = given().signer(MRAP, ambient.credentials().unwrap()).unwrap();
    let printed = format!("{environment:?} {files:?} {ambient:?} {signer:?} {:?}", ambient.credentials());
    for secret in ["env/secret", "env-token", "a\\b", "work/secret"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
