//! What Microsoft Defender for Cloud found in images: sub-assessments as Resource Graph answers them, as the
//! resource manager lists them, or as a bare array; and assessments of whole images, of which those that are healthy
//! say that nothing was found.
//!
//! Refuses every other assessment, exports of recommendations in CSV, and Defender for Endpoint.

mod healthy;
mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "azure-defender";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Microsoft Defender for Cloud findings",
    docs: "https://learn.microsoft.com/en-us/azure/defender-for-cloud/subassessment-rest-api",
    version: 1,
    recognise,
    parse,
};

/// Where rows stand: in an answer of Resource Graph, of the manager, in an array.
const PREFIXES: [&str; 3] = ["data[].", "value[].", "[]."];

fn recognise(head: &Head) -> bool {
    let row = |prefix: &&str| {
        let has = |path: &str| head.has(&format!("{prefix}properties.{path}"));
        let named = has("resourceDetails.id") || has("resourceDetails.Id");
        let assessed = head.value(&format!("{prefix}type")).is_some_and(healthy::is_assessment);
        named && (has("additionalData.assessedResourceType") || assessed && has("status.code"))
    };
    PREFIXES.iter().any(row) || is_empty(head)
}

/// An answer of Resource Graph without rows: nothing but this is asked of it.
fn is_empty(head: &Head) -> bool {
    let answer = ["totalRecords", "count", "resultTruncated", "data"].iter().all(|path| head.has(path));
    head.is_json_object() && head.is_whole() && answer && head.value("count") == Some("0")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if Head::new(document).is_json_array() {
        let rows: Vec<wire::Row<'_>> = json::from_slice(document, KIND)?;
        return Ok(map::rows(&rows, None));
    }
    let page: wire::Page<'_> = json::from_slice(document, KIND)?;
    let more = page.skip_token.filled().or(page.next_link.filled()).is_some();
    Ok(map::rows(&page.rows, more.then_some("the list goes on: its next page is missing")))
}
