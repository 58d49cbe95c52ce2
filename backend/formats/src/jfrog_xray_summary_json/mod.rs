//! Xray's answer on artifacts (`/xray/api/v1/summary/artifact`, and v2): what it knows of images by their
//! checksums, and what it does not know.
//!
//! Refuses its answers on builds, which name no artifact, and its other documents.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "jfrog-xray-summary-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "JFrog Xray artifact summary",
    docs: "https://jfrog.com/help/r/xray-rest-apis/artifact-summary",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let general = |key: &str| head.has(&format!("artifacts[].general.{key}"));
    let known = general("component_id") || general("pkg_type") || general("sha256");
    let unknown = head.has("artifacts") && head.has("errors[].identifier") && head.has("errors[].error");
    head.is_json_object() && (known || unknown)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let answer: wire::Answer<'_> = json::from_slice(document, KIND)?;
    Ok(map::answer(&answer))
}
