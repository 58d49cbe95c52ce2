//! What OpenSCAP found on a host or in an image: results of XCCDF, bare, in their benchmark or in an ARF, and results of
//! OVAL. Rules that are advisories of a distribution (RHSA) are vulnerabilities, all others checks of settings.
//!
//! Refuses benchmarks and definitions that were not evaluated, and OVAL's definitions of inventory and compliance.

mod advisory;
mod map;
mod oval;
mod wire;
mod xccdf;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, xml};

const KIND: &str = "openscap-xml";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "OpenSCAP results (XCCDF, OVAL)",
    docs: "https://www.open-scap.org/resources/documentation/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let text = head.text();
    let namespace = match xml::root_name(text) {
        Some("Benchmark" | "TestResult") => "checklists.nist.gov/xccdf",
        Some("asset-report-collection") => "scap.nist.gov/schema/asset-reporting-format",
        Some("oval_results") => "oval.mitre.org/",
        _ => return false,
    };
    head.first_byte() == Some(b'<') && text.contains(namespace)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let root = xml::read(document, KIND, &wire::SKIPPED)?;
    match wire::report(&root) {
        Some(report) => Ok(map::report(&report)),
        None => Err(Error::Broken {
            kind: KIND,
            at: root.name.clone(),
            offset: 0,
            expectation: "expected results; nothing in it was evaluated".to_owned(),
        }),
    }
}
