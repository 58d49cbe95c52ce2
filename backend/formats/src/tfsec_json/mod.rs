//! tfsec's JSON (`tfsec -f json`): rules that resources of Terraform break, in the layouts of before and after its
//! checks moved to Trivy's library.
//!
//! Refuses its SARIF, which is read as such, and an empty list of results, which other tools write alike.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "tfsec-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "tfsec JSON report",
    docs: "https://aquasecurity.github.io/tfsec/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let has = |path: &str| head.has(&format!("results[].{path}"));
    let listed =
        has("rule_id") && has("location.filename") && (has("rule_provider") || has("rule_description"));
    // Only tfsec writes nothing at all where it found nothing.
    let nothing = head.is_whole() && head.keys() == ["results"] && head.value("results") == Some("null");
    head.is_json_object() && (listed || nothing)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|report| map::report(&report))
}
