//! OpenVEX 0.0.x and 0.2.0: statements of who is and is not affected.
//!
//! Refuses CSAF, CycloneDX VEX and indexes of VEX repositories, which have formats of their own.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "openvex";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "OpenVEX",
    docs: "https://github.com/openvex/spec",
    version: 1,
    recognise,
    parse,
};

/// The context says so, or, where it is left out, every statement's shape does.
fn recognise(head: &Head<'_>) -> bool {
    let context = head.value("@context").is_some_and(|context| context.contains("openvex.dev/ns"));
    let status = head.has("statements[].status");
    let shaped = status && (head.has("statements[].vulnerability") || head.has("statements[].products"));
    head.is_json_object() && head.has("statements") && (context || shaped)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|document| map::map(&document))
}
