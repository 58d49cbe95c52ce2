//! Quay's security information of a manifest: its features, as Quay calls packages, with their
//! vulnerabilities; and the same layer without Quay's status around it, as Clair before v4 answered too.
//!
//! Refuses an answer without a layer, which tells only that nothing was looked at yet.

mod map;
mod package;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "quay-security-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Quay security information",
    docs: "https://docs.quay.io/api/swagger/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    head.is_json_object() && (head.has("data.Layer.Features") || head.has("Layer.Features"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let answer: wire::Answer<'_> = json::from_slice(document, KIND)?;
    Ok(map::answer(&answer))
}
