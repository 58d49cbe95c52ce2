//! What KubeClarity's command line finds with `kubeclarity-cli scan -o json`: the matches of several scanners, each
//! vulnerability of a package once or, where scanners differ on it, several times.
//!
//! Refuses the bills of materials that it writes, which are CycloneDX, and what its server answers.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "kubeclarity-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "KubeClarity scan results",
    docs: "https://github.com/openclarity/kubeclarity#cli",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let list = head.has("vulnerabilities[][].vulnerability") && head.has("vulnerabilities[][].scanners");
    let source = head.has("source.name") && head.has("source.hash");
    head.is_json_object() && (list || (source && head.has("vulnerabilities") && head.keys().len() == 2))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report))
}
