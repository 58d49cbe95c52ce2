//! The files of the workspace, read once for each rule.

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every file below a folder of the workspace with one of the endings, sorted, without build output.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root().join(folder), endings, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", ".git", ".tests", "node_modules"].contains(&name.as_str()) {
                collect(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The path below the root, with forward slashes.
pub(crate) fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().into_owned()
}

/// Whether a source file holds tests, benchmarks or examples rather than product code.
pub(crate) fn is_test(path: &Path) -> bool {
    let short = short(path);
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    short.starts_with("tests/")
        || ["/tests/", "/benches/", "/examples/", "/test_support", "/store/src/seed/"]
            .iter()
            .any(|part| short.contains(part))
        || ["tests.rs", "properties.rs", "test_support.rs"].contains(&name.as_str())
        || short.contains("/properties/")
}

/// The part of a source file before its inline tests.
pub(crate) fn product(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or(text)
}

/// Fails with every problem at once.
#[track_caller]
pub(crate) fn none(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
