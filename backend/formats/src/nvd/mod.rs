//! Records of NVD as its API 2.0 answers and its 2.0 feeds hold them: a page, single records, and those that
//! Anchore's vunnel wraps.
//!
//! Refuses the feeds before 2.0, and the lists of affected products: a CPE names no package.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

/// Name of the format.
const KIND: &str = "nvd";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "NVD vulnerabilities (API 2.0)",
    docs: "https://nvd.nist.gov/developers/vulnerabilities",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    let telling =
        ["sourceIdentifier", "vulnStatus", "configurations[].nodes", "metrics.cvssMetricV31", "cveTags"];
    let listed = ["", "[].", "item.", "[].item.", "vulnerabilities[]."]
        .iter()
        .any(|prefix| telling.iter().any(|key| head.has(&format!("{prefix}cve.{key}"))));
    listed || head.value("format") == Some("NVD_CVE")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let pages: Vec<wire::Page<'_>> = objects::read(document, KIND)?;
    Ok(map::pages(&pages))
}
