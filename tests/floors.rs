//! The drawing of `DESIGN.md` section 3, held against the code: an import may only go down.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The modules of the library from the bottom up; those of one row may not name each other.
const FLOORS: [&[&str]; 6] =
    [&["error", "types"], &["canonical"], &["crypto"], &["sign", "verify"], &["chunked", "events"], &["integrations"]];

/// Crates that only one floor may name.
const CRYPTO_CRATES: [&str; 5] = ["p256::", "sha2::", "hmac::", "ring::", "aws_lc_rs::"];

/// What reads a clock, a variable, a file or a socket.
const OUTSIDE: [&str; 7] =
    ["SystemTime::now", "Instant::now", "Timestamp::now", "std::env", "std::fs", "std::net", "std::process"];

#[test]
fn imports_go_down_only() {
    let mut seen = 0;
    for source in sources() {
        let Some(floor) = floor_of(&source.module) else { continue };
        for (number, line) in source.code() {
            let above = FLOORS.iter().skip(floor + 1).flat_map(|names| names.iter());
            // Errors and types are one vocabulary; elsewhere those side by side do not know each other.
            let beside = FLOORS[floor].iter().filter(|name| floor > 0 && **name != source.module);
            for name in above.chain(beside) {
                let names = [format!("crate::{name}::"), format!("crate::{name};"), format!("    {name}::")];
                assert!(
                    !names.iter().any(|name| line.contains(name)),
                    "{}:{number} goes up or aside to `{name}`",
                    source.path.display()
                );
            }
            seen += usize::from(FLOORS.concat().iter().any(|name| line.contains(&format!("{name}::"))));
        }
    }
    assert!(seen > 50, "only {seen} imports were looked at");
}

#[test]
fn only_floor_2_names_a_crypto_crate() {
    for source in sources().filter(|source| source.module != "crypto") {
        for (number, line) in source.code() {
            let named = CRYPTO_CRATES.iter().find(|name| {
                line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').any(|word| word.starts_with(*name))
            });
            assert!(named.is_none(), "{}:{number} names {named:?}", source.path.display());
        }
    }
}

#[test]
fn nothing_below_floor_4_reaches_outside() {
    for source in sources().filter(|source| source.module != "integrations") {
        for (number, line) in source.code() {
            let found = OUTSIDE.iter().find(|name| line.contains(*name));
            assert!(found.is_none(), "{}:{number} uses {found:?}", source.path.display());
        }
    }
}

/// The limit of `CONTRIBUTING.md`: a longer file holds more than one noun.
#[test]
fn no_file_is_longer_than_300_lines_of_code() {
    const FOLDERS: [&str; 6] = ["benches", "cli", "crt", "examples", "fuzz", "interop"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut others = Vec::new();
    // What is packaged is the library alone.
    for folder in FOLDERS.map(|folder| root.join(folder)).iter().filter(|folder| folder.is_dir()) {
        collect(folder, &mut others);
    }
    let others = others.into_iter().map(|path| Source::read(path, String::new()));
    for source in sources().chain(others) {
        let lines = source.code().count();
        assert!(lines <= 300, "{} has {lines} lines of code", source.path.display());
    }
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|names| names.contains(&module))
}

struct Source {
    path: PathBuf,
    /// The module below the crate root; `lib` for the root itself.
    module: String,
    text: String,
}

impl Source {
    fn read(path: PathBuf, module: String) -> Self {
        Self { text: fs::read_to_string(&path).unwrap(), path, module }
    }

    /// Lines of code with their numbers: no comments, no tests, nothing blank.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let body = self.text.split("#[cfg(test)]").next().unwrap();
        body.lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
            .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with("//"))
    }
}

fn sources() -> impl Iterator<Item = Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&root, &mut found);
    assert!(found.len() > 30, "only {} files under src", found.len());
    found.into_iter().map(move |path| {
        let relative = path.strip_prefix(&root).unwrap();
        let module = relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        Source::read(path, module)
    })
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            // What is built is not ours, and a table of cases may be long.
            true if path.ends_with("target") || path.ends_with("tests") => {}
            true => collect(&path, found),
            false if path.extension().is_some_and(|extension| extension == "rs") => found.push(path),
            false => {}
        }
    }
}
