//! A list of findings of one's own, `{"findings": […]}`: keys are told by the dictionary in [`crate::generic`], and beside
//! the list stands who says so (`tool`, `type` or `name`). DefectDojo's generic JSON is one.
//!
//! Refuses bare arrays, lists without a severity, and every list that another format claims.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::generic::{self, Mapping};
use crate::{Error, Format, Head, Parsed, json};

pub(crate) const KIND: &str = "generic-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Findings in a list of one's own (JSON)",
    docs: "https://docs.defectdojo.com/supported_tools/parsers/generic_findings_import/",
    version: 1,
    recognise,
    parse,
};

/// Keys that may stand beside an empty list.
const BESIDE: [&str; 7] = ["description", "dynamic_tool", "findings", "name", "static_tool", "tool", "type"];

fn recognise(head: &Head) -> bool {
    let has = |key: &str| head.has(&format!("findings[].{key}"));
    let told = has("severity") && (has("title") || has("cve") || has("vulnerability"));
    head.is_json_object() && (told || is_empty(head)) && !generic::is_claimed(head)
}

/// A list without findings that names its tool: nothing but this is asked of it.
fn is_empty(head: &Head) -> bool {
    let plain = head.keys().iter().all(|key| BESIDE.contains(&key.as_str()));
    let named = head.has("tool") || head.has("type") || head.has("name");
    plain && named && head.has("findings") && head.is_whole() && !head.has_between("findings[]", "")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    read(document, &Mapping::default())
}

/// Reads a list by a mapping.
///
/// # Errors
/// When it is no JSON, or no list of objects.
pub(crate) fn read(document: &[u8], mapping: &Mapping) -> Result<Parsed, Error> {
    let list: wire::List<'_> = json::from_slice(document, KIND)?;
    Ok(map::list(&list, mapping))
}
