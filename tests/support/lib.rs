//! What the end-to-end tests share: the built binary, a served demo, documents, a browser's view of pages.
//! Refuses assertions about the product: those belong to the tests, where they can be read. What is held of every cloud
//! alike stands here once (`synced`, `resumed`).

pub mod asked;
pub mod aws;
pub mod azure;
pub mod binary;
pub mod boto;
pub mod cloud;
pub mod commands;
pub mod corpus;
pub mod documents;
pub mod emulator;
pub mod facts;
pub mod gcp;
pub mod kubernetes;
pub mod ministack;
pub mod page;
pub mod registries;
pub mod registry;
pub mod resumed;
pub mod run;
pub mod served;
pub mod sources;
pub mod started;
pub mod sync;
pub mod synced;

use std::io::Write;

/// Says that a test did not run, and why: it is counted as passed, but not in silence.
pub fn skipped(why: &str) {
    say(&format!("skipped: {why}"));
}

/// Says what was measured: a number for people, of which no test depends.
pub fn measured(what: &str) {
    say(&format!("measured: {what}"));
}

/// Chooses the encryption of every client of this process, as the binary does first of all.
pub fn choose_encryption() {
    // A second choice is refused, which changes nothing.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// Past the capture of the test harness, which would hide it as long as the test passes.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// The value of a step of a test that cannot fail unless the test's own ground is broken.
///
/// # Panics
/// With what was being done, when it did fail.
#[track_caller]
#[expect(clippy::panic, reason = "a test without its ground must fail loudly")]
pub fn must<T, E: std::fmt::Display>(result: Result<T, E>, doing: &str) -> T {
    result.unwrap_or_else(|error| panic!("{doing}: {error}"))
}

/// The same for what may be absent.
///
/// # Panics
/// With what was looked for, when it is absent.
#[track_caller]
#[expect(clippy::panic, reason = "a test without its ground must fail loudly")]
pub fn there<T>(found: Option<T>, what: &str) -> T {
    found.unwrap_or_else(|| panic!("{what} is not there"))
}
