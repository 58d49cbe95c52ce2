//! What Microsoft Defender for Cloud found in images: sub-assessments as Resource Graph answers them, as the
//! resource manager lists them, or as a bare array; and assessments of whole images, of which those that are healthy
//! say that nothing was found. Assessments of other resources, such as registries and clusters, are checks of these. Lists
//! of alerts in the same shapes, of which those on clusters and containers are events. The manager's lists of assessments
//! are read from recordings of its answers too (VCR cassettes in JSON, version 1).
//!
//! Refuses tables of recommendations, recordings of other requests, and Defender for Endpoint.

mod alerts;
mod assessments;
mod healthy;
mod map;
mod wire;
mod wire_alerts;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

pub(crate) use map::TOOL;

const KIND: &str = "azure-defender";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Microsoft Defender for Cloud findings",
    docs: "https://learn.microsoft.com/en-us/azure/defender-for-cloud/subassessment-rest-api",
    version: 3,
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
    PREFIXES.iter().any(row) || has_alerts(head) || is_empty(head) || is_cassette(head)
}

/// Whether what was recorded begins with a request for assessments: the answer stands too deep to be seen.
fn is_cassette(head: &Head) -> bool {
    head.value("interactions[].request.uri").is_some_and(|uri| {
        let uri = uri.to_ascii_lowercase();
        uri.contains("/providers/microsoft.security/") && uri.contains("assessments")
    })
}

/// Whether the first row is an alert.
fn has_alerts(head: &Head) -> bool {
    PREFIXES.iter().any(|prefix| {
        let alert = head.value(&format!("{prefix}type")).is_some_and(alerts::is_alert);
        alert && head.has(&format!("{prefix}properties.alertType"))
    })
}

/// An answer of Resource Graph without rows: nothing but this is asked of it.
fn is_empty(head: &Head) -> bool {
    let answer = ["totalRecords", "count", "resultTruncated", "data"].iter().all(|path| head.has(path));
    head.is_json_object() && head.is_whole() && answer && head.value("count") == Some("0")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    const MORE: &str = "the list goes on: its next page is missing";
    let head = Head::new(document);
    if head.has("interactions") {
        let cassette: wire::Cassette<'_> = json::from_slice(document, KIND)?;
        let pages = cassette.interactions.into_iter().map(|interaction| interaction.response.body.data);
        let (mut rows, mut more) = (Vec::new(), false);
        for page in pages {
            more = page.next_link.filled().is_some();
            rows.extend(page.rows);
        }
        return Ok(map::rows(&rows, more.then_some(MORE)));
    }
    match (has_alerts(&head), head.is_json_array()) {
        (true, true) => {
            let rows: Vec<wire_alerts::Row<'_>> = json::from_slice(document, KIND)?;
            Ok(alerts::rows(&rows, None))
        }
        (true, false) => {
            let page: wire_alerts::Page<'_> = json::from_slice(document, KIND)?;
            let more = page.skip_token.filled().or(page.next_link.filled()).is_some();
            Ok(alerts::rows(&page.rows, more.then_some(MORE)))
        }
        (false, true) => {
            let rows: Vec<wire::Row<'_>> = json::from_slice(document, KIND)?;
            Ok(map::rows(&rows, None))
        }
        (false, false) => {
            let page: wire::Page<'_> = json::from_slice(document, KIND)?;
            let more = page.skip_token.filled().or(page.next_link.filled()).is_some();
            Ok(map::rows(&page.rows, more.then_some(MORE)))
        }
    }
}
