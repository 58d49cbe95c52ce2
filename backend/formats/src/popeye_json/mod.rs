//! What Popeye finds in a cluster (`popeye -o json`): issues of each object by section, in the layout with linters and
//! in the old one with sanitizers.
//!
//! Refuses its score, and issues without a code: those tell of the look, not of what was looked at.

mod kinds;
mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "popeye-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Popeye report",
    docs: "https://popeyecli.io/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let told = ["sections", "sanitizers", "score", "grade"];
    head.is_json_object() && told.iter().any(|key| head.has(&format!("popeye.{key}")))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let report: wire::Document<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report))
}
