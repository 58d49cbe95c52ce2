//! CVE records of version 5, one or many, with the containers of others: CISA's Vulnrichment adds SSVC decisions,
//! CVSS vectors and the day a CVE entered the KEV catalogue.
//!
//! Refuses records of version 4, deltas of the CVE list, and the lists of affected products: their names are not
//! those of packages.

mod map;
mod ssvc;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

/// Name of the format.
const KIND: &str = "cve5";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "CVE records 5 (with CISA Vulnrichment)",
    docs: "https://github.com/CVEProject/cve-schema",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |key: &str| head.has(&format!("{prefix}{key}"));
        let container = has("containers.cna.providerMetadata") || has("containers.adp[].providerMetadata");
        let stated = head.value(&format!("{prefix}dataType")) == Some("CVE_RECORD");
        has("cveMetadata.cveId") || (stated && has("cveMetadata")) || (!head.is_whole() && container)
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let records: Vec<wire::Record<'_>> = objects::read(document, KIND)?;
    Ok(map::records(&records))
}
