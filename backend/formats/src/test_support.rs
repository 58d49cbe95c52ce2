//! Where unit tests find the corpus. Refuses to be needed: without a corpus such tests pass and say so.

use std::path::PathBuf;

/// A folder of the corpus, or nothing (with a note) where there is no corpus.
pub(crate) fn corpus(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PLIMSOLL_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus")),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no corpus");
    None
}
