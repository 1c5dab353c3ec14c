//! `serde` for configuration values: each is a string and read by its own parser, so a file cannot hold a wrong one.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    sign::{AlgorithmChoice, SignerConfig},
    types::{Algorithm, Region, RegionSet, Service, Timestamp},
};

macro_rules! as_text {
    ($($name:ty: $text:expr;)*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let text: fn(&$name) -> Cow<'_, str> = $text;
                serializer.serialize_str(&text(self))
            }
        }
    )*};
}

as_text! {
    Algorithm: |algorithm| algorithm.name().into();
    AlgorithmChoice: |choice| choice.to_string().into();
    Region: |region| region.as_str().into();
    RegionSet: |set| set.as_str().into();
    Service: |service| service.as_str().into();
    Timestamp: |timestamp| timestamp.amz_date().into();
}

/// The shape of a [`SignerConfig`] in a file.
#[derive(Deserialize, Serialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    algorithm: Option<AlgorithmChoice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_scheme_preference: Option<Preference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region_set: Option<RegionSet>,
}

/// A list, or AWS's spelling: names separated by commas.
struct Preference(Vec<Algorithm>);

impl Serialize for Preference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Preference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Preference;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`sigv4` and `sigv4a` as a list or separated by commas")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Preference, E> {
                text.split(',')
                    .map(|name| name.trim().parse().map_err(E::custom))
                    .collect::<Result<_, _>>()
                    .map(Preference)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut names: A) -> Result<Preference, A::Error> {
                let mut preference = Vec::new();
                while let Some(algorithm) = names.next_element()? {
                    preference.push(algorithm);
                }
                Ok(Preference(preference))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl<'de> Deserialize<'de> for SignerConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        let mut config = Self::default();
        if let Some(algorithm) = fields.algorithm {
            config = config.with_algorithm(algorithm);
        }
        if let Some(Preference(preference)) = fields.auth_scheme_preference {
            config = config.with_preference(preference);
        }
        if let Some(service) = fields.service {
            config = config.with_service(service);
        }
        if let Some(region) = fields.region {
            config = config.with_region(region);
        }
        if let Some(region_set) = fields.region_set {
            config = config.with_region_set(region_set);
        }
        Ok(config)
    }
}

impl Serialize for SignerConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Fields {
            algorithm: self.algorithm(),
            auth_scheme_preference: self.preference().map(|preference| Preference(preference.to_vec())),
            service: self.service().cloned(),
            region: self.region().cloned(),
            region_set: self.region_set().cloned(),
        }
        .serialize(serializer)
    }
}
