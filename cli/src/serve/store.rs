//! Objects, in memory or in a folder.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sigv4a::BodyHash;

use crate::error::CliError;

#[derive(Clone)]
pub(super) struct Object {
    pub(super) content: Bytes,
    pub(super) content_type: Option<HeaderValue>,
    pub(super) etag: String,
    pub(super) modified: SystemTime,
}

/// The last second of the year 9999: no date of HTTP is later.
const LAST_DATE: Duration = Duration::from_secs(253_402_300_799);

impl Object {
    /// An object of this moment.
    #[expect(clippy::disallowed_methods, reason = "an endpoint lives in the present, and nothing signed depends on it")]
    pub(super) fn new(content: Bytes, content_type: Option<HeaderValue>) -> Self {
        Self::of(content, content_type, SystemTime::now())
    }

    fn of(content: Bytes, content_type: Option<HeaderValue>, modified: SystemTime) -> Self {
        // An entity tag need not be an MD5, only another for other content.
        let mut hash = BodyHash::new();
        hash.update(&content);
        let digest = hash.finish();
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let modified = modified.clamp(UNIX_EPOCH, UNIX_EPOCH + LAST_DATE);
        Self { content, content_type, etag: format!("\"{hex}\""), modified }
    }
}

pub(super) enum StoreError {
    /// No file can have this name.
    Key,
    Io(io::Error),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidFilename | io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory => Self::Key,
            _ => Self::Io(error),
        }
    }
}

pub(super) enum Store {
    Memory(Mutex<BTreeMap<String, Object>>),
    /// A file per object, named by its key.
    Folder(PathBuf),
}

impl Store {
    pub(super) fn in_memory() -> Self {
        Self::Memory(Mutex::new(BTreeMap::new()))
    }

    pub(super) fn in_folder(folder: &Path) -> Result<Self, CliError> {
        let name = || format!("the folder `{}`", folder.display());
        if !folder.is_dir() {
            let source = fs::metadata(folder).err().unwrap_or_else(|| io::ErrorKind::NotADirectory.into());
            return Err(CliError::input(name(), source));
        }
        Ok(Self::Folder(folder.to_owned()))
    }

    pub(super) fn get(&self, key: &str) -> Result<Option<Object>, StoreError> {
        match self {
            Self::Memory(objects) => Ok(lock(objects).get(key).cloned()),
            Self::Folder(folder) => match read(&path(folder, key)) {
                Ok(object) => Ok(Some(object)),
                Err(error) if is_absent(&error) => Ok(None),
                Err(error) => Err(error.into()),
            },
        }
    }

    pub(super) fn insert(&self, key: &str, object: Object) -> Result<(), StoreError> {
        match self {
            Self::Memory(objects) => {
                lock(objects).insert(key.to_owned(), object);
                Ok(())
            }
            Self::Folder(folder) => {
                let path = path(folder, key);
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent)?;
                }
                Ok(fs::write(path, object.content)?)
            }
        }
    }

    /// An object that is not there is gone already.
    pub(super) fn remove(&self, key: &str) -> Result<(), StoreError> {
        match self {
            Self::Memory(objects) => {
                lock(objects).remove(key);
                Ok(())
            }
            Self::Folder(folder) => match fs::remove_file(path(folder, key)) {
                Err(error) if !is_absent(&error) => Err(error.into()),
                _ => Ok(()),
            },
        }
    }

    /// The objects whose key begins with `prefix`, in the order of their keys.
    pub(super) fn list(&self, prefix: &str) -> Result<BTreeMap<String, Object>, StoreError> {
        match self {
            Self::Memory(objects) => {
                let objects = lock(objects);
                let found = objects.iter().filter(|(key, _)| key.starts_with(prefix));
                Ok(found.map(|(key, object)| (key.clone(), object.clone())).collect())
            }
            Self::Folder(folder) => {
                let mut keys = Vec::new();
                collect(folder, "", &mut keys)?;
                let mut found = BTreeMap::new();
                for key in keys.into_iter().filter(|key| key.starts_with(prefix)) {
                    if let Some(object) = self.get(&key)? {
                        found.insert(key, object);
                    }
                }
                Ok(found)
            }
        }
    }
}

/// What a file name keeps as it is. Everything that could leave the folder is encoded.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b' ').remove(b'+');

/// Where an object lies: a folder for each segment of its key. Segments that mean something else to a file system get a
/// name that no other segment has.
fn path(folder: &Path, key: &str) -> PathBuf {
    let mut path = folder.to_owned();
    for segment in key.split('/') {
        path.push(match segment {
            "" => "%".to_owned(),
            "." | ".." => segment.replace('.', "%2E"),
            segment => utf8_percent_encode(segment, KEPT).to_string(),
        });
    }
    path
}

/// The key segment that a file name stands for; `None` for a file that came otherwise.
fn segment(name: &str) -> Option<String> {
    match name {
        "%" => Some(String::new()),
        name => percent_decode_str(name).decode_utf8().ok().map(|name| name.into_owned()),
    }
}

fn collect(folder: &Path, above: &str, keys: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Some(segment) = entry.file_name().to_str().and_then(segment) else { continue };
        let key = format!("{above}{segment}");
        match entry.file_type()?.is_dir() {
            true => collect(&entry.path(), &format!("{key}/"), keys)?,
            false => keys.push(key),
        }
    }
    Ok(())
}

fn read(path: &Path) -> io::Result<Object> {
    let content = fs::read(path)?;
    Ok(Object::of(content.into(), None, fs::metadata(path)?.modified()?))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_leaves_the_folder_and_no_two_share_a_file() {
        let folder = Path::new("/folder");
        let keys = ["a", "a/b", "../a", "a/../b", "/a", "a//b", "a/", ".", "..", "%2E", "%", "a\\b", "é", "a b", "%2F"];
        let mut paths: Vec<PathBuf> = keys.iter().map(|key| path(folder, key)).collect();
        for (key, path) in keys.iter().zip(&paths) {
            let names: Vec<_> = path.strip_prefix(folder).unwrap().components().collect();
            assert!(names.iter().all(|name| matches!(name, std::path::Component::Normal(_))), "{key}: {path:?}");
            let back: Vec<String> =
                names.iter().map(|name| segment(name.as_os_str().to_str().unwrap()).unwrap()).collect();
            assert_eq!(back.join("/"), *key);
        }
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), keys.len());
    }
}
