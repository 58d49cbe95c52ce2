//! Reports that the Trivy operator keeps in a cluster (`aquasecurity.github.io`), one or listed: what it
//! found in images (vulnerabilities, secrets, bills of materials), and how many of its checks of workloads,
//! roles, nodes and the cluster itself failed, which have no place here yet.
//!
//! Refuses reports of Trivy itself, which name an artifact and no Kubernetes object, and what others make
//! of the operator's reports (policy reports, samples of Prometheus).

mod image;
mod map;
mod package;
mod vulnerability;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

pub(crate) use image::image;
pub(crate) use map::TOOL;
pub(crate) use package::{Told, component};

const KIND: &str = "trivy-operator-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Trivy operator reports",
    docs: "https://aquasecurity.github.io/trivy-operator/latest/docs/crds/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    objects::are_of(head, &["aquasecurity.github.io"])
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let documents: Vec<wire::Object<'_>> = objects::read(document, KIND)?;
    Ok(map::documents(&documents))
}
