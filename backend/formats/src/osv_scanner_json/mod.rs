//! OSV-Scanner's JSON report, versions 1 and 2: packages by the files that name them, with OSV's records; or a row for each
//! of the records, as the scanner's library has them.
//!
//! Refuses single records of OSV, which speak of no scan.

mod flat;
mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "osv-scanner-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "OSV-Scanner JSON report",
    docs: "https://google.github.io/osv-scanner/output/#json",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let found = head.has("results[].source") && head.has("results[].packages[].package");
    let empty = head.has("results") && (head.has("experimental_config") || head.has("image_metadata.os"));
    head.is_json_object() && (found || empty) || is_flat(head)
}

fn is_flat(head: &Head) -> bool {
    let parts = ["Source.path", "Package.ecosystem", "Vulnerability.id"];
    head.is_json_array() && parts.iter().all(|part| head.has(&format!("[].{part}")))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if is_flat(&Head::new(document)) {
        let rows: Vec<wire::Flat<'_>> = json::from_slice(document, KIND)?;
        return Ok(map::report(&flat::report(rows)));
    }
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report))
}
