//! What `wizcli iac scan` writes: rules that infrastructure as code breaks, and secrets in its files.
//!
//! Refuses what `wizcli` writes of directories and images, which list packages.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "wizcli-iac-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Wiz CLI, infrastructure as code (JSON)",
    docs: "https://docs.wiz.io/wiz-docs/docs/wiz-cli-overview",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let origin = head.value("scanOriginResource.__typename") == Some("CICDScanOriginIAC");
    let result = head.value("result.__typename") == Some("CICDIACScanResult");
    let wiz = head.has("policies") || head.has("reportUrl") || head.has("createdBy");
    head.is_json_object() && head.has("result") && wiz && (origin || result)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|document| map::scan(&document))
}
