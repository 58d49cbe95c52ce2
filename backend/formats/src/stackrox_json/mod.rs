//! What StackRox, or Red Hat Advanced Cluster Security, finds in an image: the image as its API has it, and the
//! summary that roxctl writes, which names no image.
//!
//! Refuses alerts, and checks of policies.

mod map;
mod package;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "stackrox-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "StackRox image scan",
    docs: "https://docs.openshift.com/acs/cli/checking-images.html",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let image = head.has("name.fullName") && (head.has("scan") || head.has("metadata.v1"));
    head.is_json_object() && (image || is_summary(head))
}

fn is_summary(head: &Head) -> bool {
    let item = |key: &str| head.has(&format!("result.vulnerabilities[].{key}"));
    head.has("result.summary.TOTAL-COMPONENTS") || item("cveId") && item("componentName")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if is_summary(&Head::new(document)) {
        let summary: wire::Summary<'_> = json::from_slice(document, KIND)?;
        return Ok(map::summary(&summary.result));
    }
    let image: wire::Image<'_> = json::from_slice(document, KIND)?;
    Ok(map::image(&image))
}
