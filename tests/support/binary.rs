//! The binary under test: built once by cargo for this process, found by what cargo says it made.
//! Refuses to guess where build output lies.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::{must, there};

/// Names a built binary that is used instead of building one.
const VARIABLE: &str = "PLIMSOLL_TEST_BINARY";

/// The root of the workspace.
#[must_use]
pub fn root() -> &'static Path {
    there(Path::new(env!("CARGO_MANIFEST_DIR")).parent(), "the root of the workspace")
}

/// The path of `plimsoll`.
pub fn plimsoll() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| match std::env::var_os(VARIABLE) {
        Some(path) => path.into(),
        None => build(),
    })
}

fn build() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--quiet", "--package", "server", "--bin", "plimsoll", "--message-format", "json"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output();
    let output = must(output, "cargo cannot be started");
    assert!(output.status.success(), "the binary could not be built");
    let made = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back();
    there(made, "the built binary")
}
