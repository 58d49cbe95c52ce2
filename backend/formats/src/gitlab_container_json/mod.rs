//! GitLab's container-scanning report, schema 14 and 15, with the cluster image scanning that shares it:
//! what GitLab's analyser writes, and what Trivy's template for GitLab does.
//!
//! Refuses GitLab's other security reports (code, dependencies, secrets), which share the envelope and
//! name no image.

mod map;
mod names;
mod package;
mod targets;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "gitlab-container-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "GitLab container scanning report",
    docs: "https://docs.gitlab.com/user/application_security/container_scanning/#reports-json-format",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    if !head.is_json_object() || !head.has("vulnerabilities") {
        return false;
    }
    let of_images = matches!(head.value("scan.type"), Some("container_scanning" | "cluster_image_scanning"));
    let location = |key: &str| head.has(&format!("vulnerabilities[].location.{key}"));
    of_images || location("image") && (location("dependency") || location("operating_system"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report))
}
