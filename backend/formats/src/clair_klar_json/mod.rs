//! What clients of Clair before v4 write down: klar, by severity, and clair-scanner, as a list with the name of
//! the image. They say the same of a vulnerability in other spelling.
//!
//! Refuses the answers of Clair's own API, and reports of Clair v4.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "clair-klar-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Clair report by klar or clair-scanner",
    docs: "https://github.com/optiopay/klar",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let klar = head.has("LayerCount") && head.has("Vulnerabilities");
    let item = head.has("vulnerabilities[].featurename") && head.has("vulnerabilities[].vulnerability");
    let scanner = head.has("image") && head.has("unapproved") && head.has("vulnerabilities");
    head.is_json_object() && (klar || item || scanner || is_grouped(head))
}

/// Whether a list by severity comes before the number of layers.
fn is_grouped(head: &Head) -> bool {
    wire::SEVERITIES.iter().any(|severity| {
        let item = |key: &str| head.has(&format!("Vulnerabilities.{severity}[].{key}"));
        item("FeatureName") && item("NamespaceName")
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let head = Head::new(document);
    if head.has("Vulnerabilities") || head.has("LayerCount") {
        let report: wire::Klar<'_> = json::from_slice(document, KIND)?;
        return Ok(map::klar(&report));
    }
    let report: wire::Scanner<'_> = json::from_slice(document, KIND)?;
    Ok(map::scanner(&report))
}
