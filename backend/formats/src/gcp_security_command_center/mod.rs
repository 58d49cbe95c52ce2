//! Findings of Google's Security Command Center: pages of its API, the array that `gcloud scc findings list` prints,
//! notifications. Of them, vulnerabilities of packages in container images are kept, as GKE and Artifact Registry
//! report them.
//!
//! Refuses findings on machines, projects and clusters, and threats, which are told and set aside.

mod map;
mod vulnerability;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "gcp-security-command-center";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Google Security Command Center findings",
    docs: "https://cloud.google.com/security-command-center/docs/reference/rest/v2/organizations.sources.findings",
    version: 1,
    recognise,
    parse,
};

const MORE: &str = "the list goes on: its next page is missing";
const SINGLE: &str = "the document holds single findings, not a whole list";

fn recognise(head: &Head) -> bool {
    let listed = |prefix: &str| {
        let has = |path: &str| head.has(&format!("{prefix}finding.{path}"));
        has("category") && (has("resourceName") || has("findingClass") || has("parent"))
    };
    if head.is_json_array() {
        return listed("[].");
    }
    head.is_json_object() && (head.has("listFindingsResults") || listed(""))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let head = Head::new(document);
    if head.is_json_array() {
        let lists: Vec<Vec<wire::Listed<'_>>> = json::documents(document, KIND)?;
        return Ok(map::results(&lists.into_iter().flatten().collect::<Vec<_>>(), None));
    }
    if head.has("listFindingsResults") {
        let pages: Vec<wire::Page<'_>> = json::documents(document, KIND)?;
        let more = pages.last().is_some_and(|page| page.next_page_token.filled().is_some());
        let all: Vec<wire::Listed<'_>> = pages.into_iter().flat_map(|page| page.results).collect();
        return Ok(map::results(&all, more.then_some(MORE)));
    }
    let single: Vec<wire::Listed<'_>> = json::documents(document, KIND)?;
    Ok(map::results(&single, Some(SINGLE)))
}
