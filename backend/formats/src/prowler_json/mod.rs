//! Prowler's own JSON: one finding a line in its second version, a list in its third.
//!
//! Refuses what it writes since: OCSF and tables, and findings for Security Hub, which are read as what they are.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "prowler-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Prowler JSON (versions 2 and 3)",
    docs: "https://docs.prowler.com/projects/prowler-open-source/en/v3/tutorials/reporting/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |key: &str| head.has(&format!("{prefix}{key}"));
        let third = has("CheckID") && has("StatusExtended") && has("FindingUniqueId");
        let second = has("Control ID") && has("Control") && has("Message") && has("Account Number");
        third || second
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let rows: Vec<wire::Row<'_>> = if Head::new(document).is_json_array() {
        json::from_slice(document, KIND)?
    } else {
        json::documents(document, KIND)?
    };
    Ok(map::rows(&rows))
}
