//! Grype's JSON report, from 0.7 to today: matches, and the matches that rules set aside.
//!
//! Refuses Syft's bill of materials, which shares `source` and `descriptor` but lists artifacts.

mod map;
mod target;
mod vulnerability;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

pub(crate) use map::Inner;

const KIND: &str = "grype-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Grype JSON report",
    docs: "https://github.com/anchore/grype#output-formats",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    if !head.is_json_object() || head.has("artifacts") {
        return false;
    }
    let matched = head.has("matches[].vulnerability") && head.has("matches[].artifact");
    let empty = head.has("matches") && head.has("source") && head.value("descriptor.name") == Some("grype");
    matched || empty
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report))
}
