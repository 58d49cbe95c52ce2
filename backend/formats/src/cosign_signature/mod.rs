//! Signed references: what cosign and simple signing put a signature on, one or several one after another. Each claims
//! that an image has a digest. Alone it is a claim; with its signature, as `cosign download signature` prints it and as
//! connectors of registries put it together, it can be checked.
//!
//! Refuses to take a claim for a proof, and to check one: whose signatures count is a matter of settings.

mod map;
mod proof;
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
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    let claimed = head.has("critical.image") && head.has("critical.type");
    head.is_json_object() && (claimed || head.has("Base64Signature"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    Ok(map::claims(&json::documents(document, KIND)?))
}
