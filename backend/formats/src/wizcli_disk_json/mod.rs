//! What `wizcli` writes of container images, directories and virtual machines: packages with their vulnerabilities, and
//! secrets in files.
//!
//! Refuses what it writes of infrastructure as code, which lists rules.

mod map;
mod package;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "wizcli-disk-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Wiz CLI, images and directories (JSON)",
    docs: "https://docs.wiz.io/wiz-docs/docs/wiz-cli-overview",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let origin = head.value("scanOriginResource.__typename");
    let result = head.value("result.__typename");
    let iac = origin == Some("CICDScanOriginIAC") || result == Some("CICDIACScanResult");
    let disk = result == Some("CICDDiskScanResult")
        || origin.is_some_and(|origin| origin.starts_with("CICDScanOrigin"));
    head.is_json_object() && head.has("result") && disk && !iac
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|document| map::scan(&document))
}
