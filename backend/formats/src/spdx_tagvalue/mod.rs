//! SPDX 2 as tag-value text: the packages of one image, directory or product. A package is `packages[0]` in
//! warnings, by its place among the packages.
//!
//! Refuses SPDX in YAML, JSON and XML, and lists of files: packages are what is kept.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed};

/// Name of the format.
const KIND: &str = "spdx-tagvalue";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "SPDX 2 (tag-value)",
    docs: "https://spdx.github.io/spdx-spec/v2.3/conformance/",
    version: 1,
    recognise,
    parse,
};

/// The first tag is one of the document's own, and the version of SPDX is among them.
fn recognise(head: &Head<'_>) -> bool {
    const HEADING: [&str; 8] = [
        "SPDXVersion",
        "DataLicense",
        "SPDXID",
        "DocumentName",
        "DocumentNamespace",
        "LicenseListVersion",
        "Creator",
        "Created",
    ];
    let mut tags = head.text().lines().filter_map(wire::tagged);
    let first = head.text().lines().find(|line| !wire::is_idle(line)).and_then(wire::tagged);
    first.is_some_and(|(tag, _)| HEADING.contains(&tag))
        && tags.any(|(tag, value)| tag == "SPDXVersion" && value.starts_with("SPDX-"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    map::map(&String::from_utf8_lossy(document))
}
