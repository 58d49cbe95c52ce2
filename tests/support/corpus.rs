//! Real documents handed to the project, which are not part of it. Refuses to be needed: tests over them
//! say that they were skipped where they are absent.

use std::path::PathBuf;

use crate::binary::root;
use crate::skipped;

/// The folder of the corpus: `PLIMSOLL_CORPUS`, or `../shared/corpus` beside the workspace.
#[must_use]
pub fn corpus() -> Option<PathBuf> {
    let folder = match std::env::var_os("PLIMSOLL_CORPUS") {
        Some(path) => PathBuf::from(path),
        None => root().join("../shared/corpus"),
    };
    if folder.is_dir() {
        return Some(folder);
    }
    skipped(&format!("no corpus in {}", folder.display()));
    None
}
