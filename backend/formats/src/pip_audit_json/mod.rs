//! pip-audit's JSON: packages of Python with their vulnerabilities, as an object or, before 2.5, as an array.
//!
//! Refuses its CycloneDX output, which is a document of that kind.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "pip-audit-json";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "pip-audit (JSON)",
    docs: "https://github.com/pypa/pip-audit",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    let listed = ["dependencies[].", "[]."].iter().any(|prefix| {
        let has = |key: &str| head.has(&format!("{prefix}{key}"));
        has("name") && (has("vulns") || has("skip_reason"))
    });
    let keys = head.keys();
    let nothing = keys.len() == 2 && keys.iter().all(|key| key == "dependencies" || key == "fixes");
    listed || nothing
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let is_array = document.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    if is_array {
        let dependencies: Vec<wire::Dependency<'_>> = json::from_slice(document, KIND)?;
        return Ok(map::report(&dependencies));
    }
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report.dependencies))
}
