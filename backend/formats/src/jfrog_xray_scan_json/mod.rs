//! What `jf docker scan` and `jf scan` write with `--format json`: Xray's answers on local images and files,
//! one or a list.
//!
//! Refuses the tables of the same commands (`simple-json`) and what Xray says of artifacts in Artifactory.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "jfrog-xray-scan-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "JFrog Xray on-demand scan",
    docs: "https://jfrog.com/help/r/jfrog-security-user-guide/developers/cli/scan-your-binaries/scan-binaries",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |key: &str| head.has(&format!("{prefix}{key}"));
        let named = has("component_id") || has("package_type");
        let found = ["vulnerabilities[].components", "vulnerabilities[].cves", "violations[].components"];
        has("scan_id") && (named || found.into_iter().any(has))
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let is_array = document.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let scans: Vec<wire::Scan<'_>> =
        if is_array { json::from_slice(document, KIND)? } else { json::documents(document, KIND)? };
    Ok(map::scans(&scans))
}
