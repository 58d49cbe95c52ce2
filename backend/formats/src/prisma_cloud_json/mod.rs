//! What twistcli writes of the images that it scans: vulnerabilities, and compliance checks that failed.
//!
//! Refuses other lists of results: one here counts its findings by severity.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "prisma-cloud-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Prisma Cloud scan by twistcli",
    docs: "https://docs.prismacloud.io/en/compute-edition/22-12/admin-guide/tools/twistcli-scan-images",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let counted = ["vulnerabilityDistribution", "complianceDistribution"];
    let counts = counted.iter().any(|key| head.has(&format!("results[].{key}")));
    let item = ["packageName", "packageVersion", "discoveredDate"];
    let listed = item.iter().all(|key| head.has(&format!("results[].vulnerabilities[].{key}")));
    // Packages come before all else, and may be many.
    let begun = head.has("results[].distroRelease") && head.has("results[].packages");
    head.is_json_object() && (counts || listed || begun)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report))
}
