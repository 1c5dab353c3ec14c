//! Keys that are known from the start.

use std::{collections::HashMap, fmt};

use crate::{types::AccessKeyId, verify::VerificationKey};

/// Keys by their access key ID, for a server that knows them all: secrets, public keys, or some of each.
///
/// ```
/// # fn main() -> Result<(), sigv4a::ParseError> {
/// use sigv4a::{AccessKeyId, StaticKeys, VerificationKey};
/// let keys: StaticKeys =
///     [VerificationKey::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?].into_iter().collect();
/// assert!(keys.get(&AccessKeyId::new("AKIDEXAMPLE")?).is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct StaticKeys(HashMap<AccessKeyId, VerificationKey>);

impl StaticKeys {
    /// No keys yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key, in place of one with the same ID.
    #[must_use]
    pub fn with(mut self, key: VerificationKey) -> Self {
        self.0.insert(key.access_key_id().clone(), key);
        self
    }

    /// The key of an access key ID.
    #[must_use]
    pub fn get(&self, access_key_id: &AccessKeyId) -> Option<&VerificationKey> {
        self.0.get(access_key_id)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<VerificationKey> for StaticKeys {
    fn from_iter<I: IntoIterator<Item = VerificationKey>>(keys: I) -> Self {
        keys.into_iter().fold(Self::new(), Self::with)
    }
}

impl fmt::Debug for StaticKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
