//! Xeol's JSON report: software in an image or directory that is past its end of life, or will be soon.
//!
//! Refuses Grype's report, whose frame it shares.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, grype_json, json};

const KIND: &str = "xeol-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Xeol JSON report",
    docs: "https://github.com/xeol-io/xeol#getting-started",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let matched = head.has("matches[].Cycle") && !head.has("matches[].vulnerability");
    let empty = head.has("matches") && head.value("descriptor.name") == Some("xeol");
    head.is_json_object() && (matched || empty)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    let frame: grype_json::Inner<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report, &frame))
}
