//! Tenable Container Security's report on an image, as its API answers and its consoles download it: vulnerabilities of
//! packages, malware and programs that may be unwanted.
//!
//! Refuses Nessus' reports, which are about hosts, and lists of images.

mod map;
mod record;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "tenable-container-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Tenable Container Security report",
    docs: "https://developer.tenable.com/reference/container-security-v2-get-image-report",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let of_image = head.has("docker_image_id") && (head.has("findings") || head.has("os_architecture"));
    head.is_json_object() && (of_image && head.has("risk_score") || head.has("findings[].nvdFinding"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    Ok(map::report(&json::from_slice(document, KIND)?))
}
