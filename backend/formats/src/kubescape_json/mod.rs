//! What Kubescape says of a cluster: its report of posture (`kubescape scan --format json`), and the objects that
//! its operator keeps (`spdx.softwarecomposition.kubescape.io`), one or listed. Vulnerabilities of images are
//! read; controls that failed are counted and told.
//!
//! Refuses its scans of single images, which are Grype's reports, and its summaries, which have a format of their own.

mod manifests;
mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json, objects};

const KIND: &str = "kubescape-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Kubescape reports",
    docs: "https://kubescape.io/docs/operator/vulnerabilities/",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    is_posture(head) || objects::are_of(head, &["spdx.softwarecomposition.kubescape.io"])
}

/// Whether it is a report of posture: it names a customer or the settings of its scan.
fn is_posture(head: &Head) -> bool {
    let scanned = ["customerGUID", "clusterAPIServerInfo", "metadata.scanMetadata"];
    let told = ["summaryDetails", "results[].controls", "resources[].resourceID"];
    head.is_json_object()
        && scanned.iter().any(|path| head.has(path))
        && told.iter().any(|path| head.has(path))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if is_posture(&Head::new(document)) {
        let reports: Vec<wire::Posture<'_>> = json::documents(document, KIND)?;
        return Ok(map::postures(&reports));
    }
    let documents: Vec<wire::Object<'_>> = objects::read(document, KIND)?;
    Ok(map::documents(&documents))
}
