//! Alerts of Orca in JSON, as its console exports them and as its API answers: of those, what is about container images
//! is kept.
//!
//! Refuses a bare list without alerts, which nobody could tell from another's, and assets.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "orca-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Orca alerts (JSON)",
    docs: "https://docs.orcasecurity.io/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let all = |paths: &[&str]| paths.iter().all(|path| head.has(path));
    if head.is_json_array() {
        return all(&["[].OrcaScore", "[].Title", "[].Category"]);
    }
    let answer = all(&["data", "total_ungrouped_items", "total_supported_items"]);
    let alerts = all(&["data[].asset_unique_id", "data[].state.alert_id"]);
    head.is_json_object() && (alerts || answer && head.is_whole() && !head.has_between("data[].", ""))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if Head::new(document).is_json_array() {
        let alerts: Vec<wire::Alert<'_>> = json::from_slice(document, KIND)?;
        return Ok(map::exported(&alerts));
    }
    Ok(map::answer(&json::from_slice(document, KIND)?))
}
