//! Objects, in memory or in a folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::HeaderValue;
use sigv4a::BodyHash;

use super::{
    condition::{Condition, Unmet},
    folder::Folder,
};
use crate::error::CliError;

#[derive(Clone)]
pub(super) struct Object {
    pub(super) content: Bytes,
    pub(super) entry: Entry,
}

/// What is known of an object without its content.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) length: u64,
    pub(super) content_type: Option<HeaderValue>,
    pub(super) etag: String,
    pub(super) modified: SystemTime,
}

impl Object {
    /// An object of this moment.
    #[expect(clippy::disallowed_methods, reason = "an endpoint lives in the present, and nothing signed depends on it")]
    pub(super) fn new(content: Bytes, content_type: Option<HeaderValue>) -> Self {
        let mut object = Self::of(content, SystemTime::now());
        object.entry.content_type = content_type;
        object
    }

    pub(super) fn of(content: Bytes, modified: SystemTime) -> Self {
        let mut hash = BodyHash::new();
        hash.update(&content);
        let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
        Self { content, entry: Entry::new(length, hash, modified) }
    }
}

/// The last second of the year 9999: no date of HTTP is later.
const LAST_DATE: Duration = Duration::from_secs(253_402_300_799);

impl Entry {
    pub(super) fn new(length: u64, hash: BodyHash, modified: SystemTime) -> Self {
        // An entity tag need not be an MD5, only another for other content.
        let hex: String = hash.finish().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let modified = modified.clamp(UNIX_EPOCH, UNIX_EPOCH + LAST_DATE);
        Self { length, content_type: None, etag: format!("\"{hex}\""), modified }
    }
}

pub(super) enum StoreError {
    /// No file can have this name.
    Key,
    /// The condition of a write is not met.
    Unmet(Unmet),
    Io(io::Error),
}

impl From<Unmet> for StoreError {
    fn from(unmet: Unmet) -> Self {
        Self::Unmet(unmet)
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidFilename => Self::Key,
            _ => Self::Io(error),
        }
    }
}

pub(super) enum Store {
    Memory(Mutex<BTreeMap<String, Object>>),
    Folder(Folder),
}

impl Store {
    pub(super) fn in_memory() -> Self {
        Self::Memory(Mutex::new(BTreeMap::new()))
    }

    pub(super) fn in_folder(folder: &Path) -> Result<Self, CliError> {
        Folder::open(folder).map(Self::Folder)
    }

    pub(super) fn get(&self, key: &str) -> Result<Option<Object>, StoreError> {
        match self {
            Self::Memory(objects) => Ok(lock(objects).get(key).cloned()),
            Self::Folder(folder) => Ok(folder.get(key)?),
        }
    }

    pub(super) fn entry(&self, key: &str) -> Result<Option<Entry>, StoreError> {
        match self {
            Self::Memory(objects) => Ok(lock(objects).get(key).map(|object| object.entry.clone())),
            Self::Folder(folder) => Ok(folder.entry(key)?),
        }
    }

    pub(super) fn insert(&self, key: &str, object: Object, condition: &Condition) -> Result<(), StoreError> {
        match self {
            Self::Memory(objects) => {
                let mut objects = lock(objects);
                condition.check(objects.get(key).map(|object| &object.entry))?;
                objects.insert(key.to_owned(), object);
                Ok(())
            }
            Self::Folder(folder) => folder.insert(key, &object.content, condition),
        }
    }

    /// An object that is not there is gone already.
    pub(super) fn remove(&self, key: &str, condition: &Condition) -> Result<(), StoreError> {
        match self {
            Self::Memory(objects) => {
                let mut objects = lock(objects);
                condition.check(objects.get(key).map(|object| &object.entry))?;
                objects.remove(key);
                Ok(())
            }
            Self::Folder(folder) => folder.remove(key, condition),
        }
    }

    /// The keys that begin with `prefix`.
    pub(super) fn keys(&self, prefix: &str) -> Result<BTreeSet<String>, StoreError> {
        match self {
            Self::Memory(objects) => {
                let objects = lock(objects);
                Ok(objects.keys().filter(|key| key.starts_with(prefix)).cloned().collect())
            }
            Self::Folder(folder) => {
                let mut keys = folder.keys()?;
                keys.retain(|key| key.starts_with(prefix));
                Ok(keys)
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
