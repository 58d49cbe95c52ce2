//! What kubeaudit finds in the objects of a cluster or a manifest (`kubeaudit all --format json`): a result a line, as
//! its logger writes them.
//!
//! Refuses its SARIF, which another format reads, and the lines of its first releases, which name no result.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "kubeaudit-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "kubeaudit results",
    docs: "https://github.com/Shopify/kubeaudit",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    head.is_json_object() && head.has("AuditResultName")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let results: Vec<wire::Outcome<'_>> = json::documents(document, KIND)?;
    Ok(map::results(&results))
}
