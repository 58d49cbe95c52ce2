//! Dependency-Track's findings of one project: its File Packaging Format (FPF), and the bare list that its API answers.
//!
//! Refuses the bills of materials and VEX that it exports, which are CycloneDX.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "dependency-track-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Dependency-Track findings",
    docs: "https://docs.dependencytrack.org/integrations/file-formats/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let listed = |prefix: &str| {
        let has = |path: &str| head.has(&format!("{prefix}{path}"));
        has("vulnerability.vulnId") && has("component.name")
    };
    let empty = head.value("meta.application") == Some("Dependency-Track") && head.has("project");
    listed("findings[].") || listed("[].") || empty && !head.has("bomFormat")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if document.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        let findings: Vec<wire::Finding<'_>> = json::from_slice(document, KIND)?;
        return Ok(map::report(&wire::Report { findings, ..wire::Report::default() }, ""));
    }
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report, "findings"))
}
