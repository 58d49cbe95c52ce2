//! The list of issues that older consoles of Xray export for one artifact: `total_count` and `data`.
//!
//! Refuses other lists with these two keys: an entry tells versions of a component.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "jfrog-xray-legacy-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "JFrog Xray issues, old export",
    docs: "https://jfrog.com/help/r/jfrog-security-documentation",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    if !head.is_json_object() || !head.has("total_count") || !head.has("data") {
        return false;
    }
    let named = head.has("data[].source_comp_id") || head.has("data[].component_versions");
    let empty = head.keys().len() == 2 && head.value("total_count") == Some("0") && head.is_whole();
    named && head.has("data[].severity") || empty
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let export: wire::Export<'_> = json::from_slice(document, KIND)?;
    Ok(map::export(&export))
}
