//! Whatever stands around a secret in the shared AWS files: no panic, and neither an error nor `Debug` shows it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sigv4a::config::{Ambient, Environment, ProfileName, SharedFiles};

const SECRET: &str = "sEcReT/VaLuE";

/// Input: the config file, what stands before the secret in the credentials file, and what after, between these marks.
const MARK: char = '\u{1}';

fuzz_target!(|input: &str| {
    let (config, rest) = input.split_once(MARK).unwrap_or_default();
    let (before, after) = rest.split_once(MARK).unwrap_or((rest, ""));
    let key = if after.len() % 2 == 0 { "aws_session_token" } else { "aws_secret_access_key" };
    let credentials = format!("{before}\n{key} = {SECRET}{after}");
    let with_secret_in_config = format!("{config}\n{key} = {SECRET}{after}");
    for (config, credentials) in [(config, credentials.as_str()), (&with_secret_in_config, before)] {
        for profile in [ProfileName::Default, ProfileName::Given("p".to_owned())] {
            let mut shown = String::new();
            match SharedFiles::parse(&profile, config, credentials) {
                Err(error) => shown.push_str(&format!("{error} {error:?}")),
                Ok(files) => {
                    shown.push_str(&format!("{files:?} {:?} {:?}", files.config(), files.credentials()));
                    if let Err(error) = files.credentials() {
                        shown.push_str(&error.to_string());
                    }
                    if let Err(error) = files.config() {
                        shown.push_str(&error.to_string());
                    }
                    let environment = Environment::from_variables([("AWS_REGION", "us-east-1")]);
                    shown.push_str(&format!("{:?}", Ambient::new(&profile, &environment, &files)));
                }
            }
            assert!(!shown.contains(SECRET), "{shown}");
        }
    }
});
