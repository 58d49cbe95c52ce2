//! cargo-audit's JSON: the crates of a lock file with RustSec's advisories.
//!
//! Refuses to count what is no vulnerability: crates that are unmaintained or yanked are set aside.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "cargo-audit-json";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "cargo-audit (JSON)",
    docs: "https://github.com/rustsec/rustsec/tree/main/cargo-audit",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    let found = head.has("vulnerabilities.found") && head.has("vulnerabilities.list");
    head.has("database.advisory-count") || (found && head.has("lockfile"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|report| map::report(&report))
}
