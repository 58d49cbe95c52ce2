//! Occurrences of Google's Artifact Analysis (Grafeas) as `projects.occurrences.list` writes them, as `gcloud
//! artifacts docker images list-vulnerabilities` prints them, and as `gcloud artifacts docker images describe` sorts
//! them into summaries.
//!
//! Refuses other lists of the same vendor (notes, findings of Security Command Center).

mod attestation;
mod map;
mod occurrence;
mod wire;

#[cfg(test)]
mod tests;

pub(crate) use occurrence::{platform, spelled};
pub(crate) use wire::Cvss;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "gcp-artifact-analysis";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Google Artifact Analysis occurrences",
    docs: "https://cloud.google.com/artifact-analysis/docs/reference/rest/v1/projects.occurrences",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let occurrence = |prefix: &str| {
        let has = |name: &str| head.has(&format!("{prefix}{name}"));
        has("noteName") && (has("resourceUri") || has("kind"))
    };
    if head.is_json_array() {
        return occurrence("[].");
    }
    head.is_json_object() && (occurrence("occurrences[].") || is_description(head) || is_empty(head))
}

/// Whether it is what gcloud says of one image.
fn is_description(head: &Head) -> bool {
    head.has("image_summary") && (head.has("discovery_summary") || head.has("package_vulnerability_summary"))
}

fn is_empty(head: &Head) -> bool {
    let bare: String = head.text().split_ascii_whitespace().collect();
    head.is_whole() && bare == "{\"occurrences\":[]}"
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let head = Head::new(document);
    if head.is_json_array() {
        let lists: Vec<Vec<wire::Occurrence<'_>>> = json::documents(document, KIND)?;
        return Ok(map::occurrences(&lists.into_iter().flatten().collect::<Vec<_>>(), None, ""));
    }
    if is_description(&head) {
        let description: wire::Description<'_> = json::from_slice(document, KIND)?;
        let (digest, all) = description.into_occurrences();
        return Ok(map::occurrences(&all, None, &digest));
    }
    let pages: Vec<wire::Page<'_>> = json::documents(document, KIND)?;
    let more = pages.last().is_some_and(|page| page.next_page_token.filled().is_some());
    let all: Vec<wire::Occurrence<'_>> = pages.into_iter().flat_map(|page| page.occurrences).collect();
    Ok(map::occurrences(&all, more.then_some("the list goes on: its next page is missing"), ""))
}
