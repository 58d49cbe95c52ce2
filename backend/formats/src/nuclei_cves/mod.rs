//! Nuclei's list of its templates for CVEs, `cves.json`: one a line.
//!
//! Refuses what Nuclei finds, which has hosts.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

const KIND: &str = "nuclei-cves";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Nuclei templates for CVEs",
    docs: "https://github.com/projectdiscovery/nuclei-templates/blob/main/cves.json",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |key: &str| head.has(&format!("{prefix}{key}"));
        has("ID") && has("file_path") && has("Info") && !has("host")
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let templates: Vec<wire::Template<'_>> = objects::read(document, KIND)?;
    Ok(map::templates(&templates))
}
