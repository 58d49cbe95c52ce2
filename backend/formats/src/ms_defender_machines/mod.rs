//! Machines that Microsoft Defender for Endpoint knows, as its API of 2023 lists them (`/api/machines`). Analysts keep such
//! a list beside that of the vulnerabilities, in which machines have ids and no names.
//!
//! The context `…#Machines` identifies it, or the health and risk of each machine. It names no images, no clusters and no
//! findings: machines are counted, and nothing is judged by them. Refuses lists of vulnerabilities, which are read as
//! what they are. The schema is Microsoft's documentation of the machine resource.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "ms-defender-machines";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Microsoft Defender for Endpoint machines",
    docs: "https://learn.microsoft.com/en-us/defender-endpoint/api/get-machines",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let named = head.value("@odata.context").is_some_and(|context| context.ends_with("#Machines"));
    let shaped = ["computerDnsName", "healthStatus", "onboardingStatus", "riskScore"]
        .iter()
        .all(|key| head.has(&format!("value[].{key}")));
    head.is_json_object() && head.has("value") && (named || shaped) && !head.has("value[].cveId")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    Ok(map::page(&json::from_slice(document, KIND)?))
}
