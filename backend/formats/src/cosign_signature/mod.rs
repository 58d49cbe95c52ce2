//! Signed references: what cosign and simple signing put a signature on, one or several one after another.
//! Each claims that an image has a digest; the signature itself lies beside it in the registry.
//!
//! Refuses to take a claim for a proof: nothing here was signed as far as the document can tell.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "cosign-signature";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Signed references of cosign",
    docs: "https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    head.is_json_object() && head.has("critical.image") && head.has("critical.type")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    Ok(map::claims(&json::documents(document, KIND)?))
}
