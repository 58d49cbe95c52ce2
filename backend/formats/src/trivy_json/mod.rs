//! Trivy's JSON report: the bare array of schema version 1 and the object of version 2, with
//! vulnerabilities, secrets, misconfigurations, licences, packages and what an ignore file set aside.
//!
//! Refuses what only looks alike: reports of the Trivy operator (Kubernetes objects) and of
//! `trivy k8s`, which name a cluster instead of an artifact.

mod lists;
mod map;
mod package;
mod target;
mod vulnerability;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

pub(crate) use lists::LISTS;

pub(crate) use package::purl as purl_of_package;
pub(crate) use target::{distribution_of_target, ecosystem_of_group};
pub(crate) use vulnerability::cvss;
pub(crate) use wire::Cvss;

const KIND: &str = "trivy-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Trivy JSON report",
    docs: "https://trivy.dev/latest/docs/configuration/reporting/#json",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    if head.is_json_array() {
        let holds = |key: &str| head.has(&format!("[].{key}"));
        return holds("Target") && ["Vulnerabilities", "Type", "Class"].into_iter().any(holds);
    }
    let artifact = head.has("ArtifactName") || head.has("ArtifactType");
    artifact && (head.has("SchemaVersion") || head.has("Results")) || versioned_results(head)
}

/// Reports of unnamed artifacts leave the name out.
fn versioned_results(head: &Head) -> bool {
    head.value("SchemaVersion") == Some("2") && (head.has("Results") || head.has("Metadata"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let is_array = document.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let report = if is_array {
        wire::Report { results: json::from_slice(document, KIND)?, ..wire::Report::default() }
    } else {
        json::from_slice(document, KIND)?
    };
    Ok(map::report(&report))
}
