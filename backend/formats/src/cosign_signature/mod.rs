//! Signed references: what cosign and simple signing put a signature on, one or several one after another. Each claims
//! that an image has a digest. Alone it is a claim; with its signature, as `cosign download signature` prints it and as
//! connectors of registries put it together, it can be checked. What `cosign verify` prints holds such claims too.
//!
//! Refuses to take a claim for a proof, and to check one: whose signatures count is a matter of settings.

mod map;
mod printed;
mod proof;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed};

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
    let claimed =
        |prefix: &str| ["image", "type"].iter().all(|part| head.has(&format!("{prefix}critical.{part}")));
    let alone = head.is_json_object() && (claimed("") || head.has("Base64Signature"));
    alone || head.is_json_array() && claimed("[].") || printed::is_printed(head.text())
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    match document.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') => printed::claims(document),
        _ => printed::parse(document),
    }
}
