//! Objects in a folder: a file for each, in a folder for each segment of its key but the last.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
    process,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sigv4a::BodyHash;

use super::{
    condition::Condition,
    store::{Entry, Object, StoreError},
};
use crate::error::CliError;

pub(super) struct Folder {
    root: PathBuf,
    /// Who writes may have to move a folder, and changes nothing between condition and deed.
    lock: RwLock<()>,
    /// How many files were begun: the names of unfinished ones.
    begun: AtomicU64,
}

impl Folder {
    pub(super) fn open(root: &Path) -> Result<Self, CliError> {
        if !root.is_dir() {
            let source = fs::metadata(root).err().unwrap_or_else(|| io::ErrorKind::NotADirectory.into());
            return Err(CliError::input(format!("the folder `{}`", root.display()), source));
        }
        Ok(Self { root: root.to_owned(), lock: RwLock::new(()), begun: AtomicU64::new(0) })
    }

    pub(super) fn get(&self, key: &str) -> io::Result<Option<Object>> {
        let _guard = self.lock.read().unwrap_or_else(PoisonError::into_inner);
        let Some((mut file, found)) = open(&self.path(key))? else { return Ok(None) };
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        Ok(Some(Object::of(content.into(), found.modified()?)))
    }

    pub(super) fn entry(&self, key: &str) -> io::Result<Option<Entry>> {
        let _guard = self.lock.read().unwrap_or_else(PoisonError::into_inner);
        self.look_at(key)
    }

    pub(super) fn insert(&self, key: &str, content: &[u8], condition: &Condition) -> Result<(), StoreError> {
        let _guard = self.lock.write().unwrap_or_else(PoisonError::into_inner);
        self.check(key, condition)?;
        let path = self.path(key);
        let parent = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(parent)?;
        let unfinished = parent.join(self.unfinished());
        let written = fs::write(&unfinished, content).and_then(|()| {
            if path.is_dir() {
                fs::rename(&path, marked(&path))?;
            }
            fs::rename(&unfinished, &path)
        });
        if written.is_err() {
            // What counts is why it was not written.
            let _ = fs::remove_file(&unfinished);
        }
        Ok(written?)
    }

    pub(super) fn remove(&self, key: &str, condition: &Condition) -> Result<(), StoreError> {
        let _guard = self.lock.write().unwrap_or_else(PoisonError::into_inner);
        self.check(key, condition)?;
        let path = self.path(key);
        match path.is_file() {
            true => Ok(fs::remove_file(path)?),
            false => Ok(()),
        }
    }

    pub(super) fn keys(&self) -> io::Result<BTreeSet<String>> {
        let _guard = self.lock.read().unwrap_or_else(PoisonError::into_inner);
        let mut keys = BTreeSet::new();
        collect(&self.root, "", &mut keys)?;
        Ok(keys)
    }

    fn check(&self, key: &str, condition: &Condition) -> Result<(), StoreError> {
        match condition {
            // It need not be read.
            Condition::Always => Ok(()),
            condition => Ok(condition.check(self.look_at(key)?.as_ref())?),
        }
    }

    /// Reads a file through, piece by piece.
    fn look_at(&self, key: &str) -> io::Result<Option<Entry>> {
        let Some((mut file, found)) = open(&self.path(key))? else { return Ok(None) };
        let (mut hash, mut length, mut piece) = (BodyHash::new(), 0, vec![0; PIECE]);
        loop {
            match file.read(&mut piece)? {
                0 => return Ok(Some(Entry::new(length, hash, found.modified()?))),
                count => {
                    hash.update(piece.get(..count).unwrap_or_default());
                    length += u64::try_from(count).unwrap_or_default();
                }
            }
        }
    }

    /// Where an object lies. A folder that would have the name of a file has a [`marked`] one.
    fn path(&self, key: &str) -> PathBuf {
        let (folders, last) = key.rsplit_once('/').map_or((None, key), |(folders, last)| (Some(folders), last));
        let mut path = self.root.clone();
        for segment in folders.into_iter().flat_map(|folders| folders.split('/')) {
            path.push(name(segment));
            let marked = marked(&path);
            if path.is_file() || marked.is_dir() {
                path = marked;
            }
        }
        path.push(name(last));
        path
    }

    /// No key has a file of this name.
    fn unfinished(&self) -> String {
        format!("%unfinished-{}-{}", process::id(), self.begun.fetch_add(1, Ordering::Relaxed))
    }
}

/// How much of a file is in memory while it is hashed.
const PIECE: usize = 64 * 1024;

/// What a file name keeps as it is. Everything that could leave the folder is encoded.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b' ').remove(b'+');

/// The file name of a segment. Those that mean something else to a file system get one that no other segment has.
fn name(segment: &str) -> String {
    match segment {
        "" => "%".to_owned(),
        "." | ".." => segment.replace('.', "%2E"),
        segment => utf8_percent_encode(segment, KEPT).to_string(),
    }
}

/// The name of a folder beside a file of the same segment: `a/b` lies in `a%` where `a` is an object too. No segment is
/// encoded like that.
fn marked(folder: &Path) -> PathBuf {
    let mut marked = folder.as_os_str().to_owned();
    marked.push("%");
    marked.into()
}

/// The key segment that a file name stands for; `None` for a file that came otherwise.
fn segment(file_name: &str) -> Option<String> {
    let segment = match file_name {
        "%" => String::new(),
        encoded => percent_decode_str(encoded).decode_utf8().ok()?.into_owned(),
    };
    (name(&segment) == file_name).then_some(segment)
}

fn collect(folder: &Path, above: &str, keys: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file_name = entry.file_name();
        let Some(file_name) = file_name.to_str() else { continue };
        let is_folder = entry.file_type()?.is_dir();
        let unmarked = file_name.strip_suffix('%').filter(|rest| is_folder && !rest.is_empty());
        let Some(segment) = segment(unmarked.unwrap_or(file_name)) else { continue };
        match is_folder {
            true => collect(&entry.path(), &format!("{above}{segment}/"), keys)?,
            false => _ = keys.insert(format!("{above}{segment}")),
        }
    }
    Ok(())
}

/// The file, if there is one.
fn open(path: &Path) -> io::Result<Option<(File, fs::Metadata)>> {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    match File::open(path).and_then(|file| file.metadata().map(|found| (file, found))) {
        Ok((_, found)) if found.is_dir() => Ok(None),
        Ok(opened) => Ok(Some(opened)),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory | IsADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_leaves_the_folder_and_no_two_share_a_file() {
        let root = Path::new("/no such folder");
        let folder = Folder { root: root.to_owned(), lock: RwLock::default(), begun: AtomicU64::default() };
        let keys = ["a", "a/b", "../a", "a/../b", "/a", "a//b", "a/", ".", "..", "%2E", "%", "a\\b", "é", "a b", "%2F"];
        let mut paths: Vec<PathBuf> = keys.iter().map(|key| folder.path(key)).collect();
        for (key, path) in keys.iter().zip(&paths) {
            let names: Vec<_> = path.strip_prefix(root).unwrap().components().collect();
            assert!(names.iter().all(|name| matches!(name, std::path::Component::Normal(_))), "{key}: {path:?}");
            let back: Vec<String> =
                names.iter().map(|name| segment(name.as_os_str().to_str().unwrap()).unwrap()).collect();
            assert_eq!(back.join("/"), *key);
        }
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), keys.len());
    }

    #[test]
    fn an_object_and_what_is_below_it_have_room_in_any_order() {
        let root = std::env::temp_dir().join(format!("sigv4a-cli-folder-{}", process::id()));
        for order in [["a", "a/b", "a/b/c", "a/", "//"], ["a/b/c", "a/b", "//", "a/", "a"]] {
            fs::create_dir(&root).unwrap();
            let folder = Folder::open(&root).unwrap();
            for key in order {
                assert!(folder.insert(key, key.as_bytes(), &Condition::Always).is_ok(), "{key}");
            }
            // A file that was begun by somebody who is gone, and one that no key has.
            fs::write(root.join("%unfinished-1-1"), "half").unwrap();
            fs::write(root.join("a?"), "other").unwrap();
            assert_eq!(folder.keys().unwrap(), BTreeSet::from(order.map(str::to_owned)));
            for (index, key) in order.iter().enumerate() {
                assert_eq!(folder.get(key).unwrap().unwrap().content, key.as_bytes());
                assert!(folder.remove(key, &Condition::Always).is_ok());
                assert!(folder.get(key).unwrap().is_none() && folder.entry(key).unwrap().is_none());
                assert_eq!(folder.keys().unwrap().len(), order.len() - 1 - index, "after {key}");
            }
            // The name is free again for either.
            for key in ["a/b", "a"] {
                assert!(folder.insert(key, b"again", &Condition::Always).is_ok());
            }
            assert_eq!(folder.keys().unwrap().len(), 2);
            fs::remove_dir_all(&root).unwrap();
        }
    }
}
