//! In-toto attestations: statements of layout 0.1 and 1, bare, in DSSE envelopes or in bundles of Sigstore,
//! one or several one after another.
//!
//! Refuses to check signatures: those that sign an image are handed on, the others counted. Refuses cosign's signed
//! references, which attest nothing but the image itself, and predicates without a statement around them.

mod map;
mod predicate;
mod provenance;
mod signed;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "in-toto";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "In-toto attestations",
    docs: "https://github.com/in-toto/attestation/tree/main/spec",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    let envelope = |at: &str| {
        let payload = |path: &str| head.has(&format!("{at}{path}"));
        let kind = head.value(&format!("{at}payloadType"));
        payload("payload") && kind.is_some_and(|kind| kind.starts_with("application/vnd.in-toto"))
    };
    let statement = head.value("_type").is_some_and(|kind| kind.starts_with("https://in-toto.io/Statement/"));
    head.is_json_object() && (statement || envelope("") || envelope("dsseEnvelope.") || hides_its_type(head))
}

/// Whether a long payload hides the type that follows it.
fn hides_its_type(head: &Head<'_>) -> bool {
    let beginning: String = head.text().chars().take(64).collect();
    // What every JSON object begins with, in base64.
    let is_object = ["eyJ", "ewo", "eyA"].iter().any(|begins| beginning.contains(&format!("\"{begins}")));
    !head.is_whole() && head.keys() == ["payload"] && is_object
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    map::attestations(&json::documents(document, KIND)?, document)
}
