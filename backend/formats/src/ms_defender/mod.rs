//! What Microsoft Defender for Endpoint found on machines: a page of the vulnerabilities of all machines, by product,
//! as its API lists them and as its export of assessments writes them.
//!
//! They name machines, and no images: what they say is kept of the machine. Refuses lists of machines and what Defender
//! for Cloud says, which have formats of their own.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "ms-defender";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Microsoft Defender for Endpoint vulnerabilities",
    docs: "https://learn.microsoft.com/en-us/defender-endpoint/api/get-all-vulnerabilities-by-machines",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let of_machine = head.has("value[].machineId") || head.has("value[].deviceId");
    head.is_json_object() && (head.has("value[].cveId") && of_machine || is_empty(head))
}

/// A page without rows: nothing but its context tells whose it is.
fn is_empty(head: &Head) -> bool {
    let context = head.value("@odata.context").unwrap_or_default();
    let of_defender = context.contains(".securitycenter.") && !context.ends_with("#Machines");
    let rows = head.has_between("value[].", "");
    head.is_whole() && of_defender && head.has("value") && !rows
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    Ok(map::page(&json::from_slice(document, KIND)?))
}
