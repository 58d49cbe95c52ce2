//! What NeuVector finds by the CIS benchmarks of Docker and Kubernetes and by checks of one's own: the answer of its
//! controller for a node or a container.
//!
//! Refuses its lists across assets, and its scans of images.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "neuvector-compliance-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "NeuVector compliance report",
    docs: "https://open-docs.neuvector.com/scanning/scanning/compliance",
    version: 1,
    recognise,
    parse,
};

/// The benchmarks' versions: of both, or of one where it was asked for alone.
const VERSIONS: [&str; 3] = ["cis_version", "docker_cis_version", "kubernetes_cis_version"];

fn recognise(head: &Head) -> bool {
    let made = head.has("items") && head.has("run_at") && head.has("run_timestamp");
    let listed = head.has("items[].test_number") && head.has("items[].level");
    head.is_json_object() && made && (listed || VERSIONS.iter().any(|version| head.has(version)))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|report| map::report(&report))
}
