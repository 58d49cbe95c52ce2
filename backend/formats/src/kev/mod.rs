//! CISA's catalogue of Known Exploited Vulnerabilities: the JSON document with or without the fields
//! that came later, the bare array of its entries that mirrors serve, and the official CSV.
//!
//! Refuses the catalogue's JSON schema, and other tables that merely mention KEV entries.

mod map;
#[cfg(test)]
mod tests;
mod wire;

use crate::warnings::Warnings;
use crate::{Error, Format, Head, Parsed, table};

/// CISA KEV.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "CISA Known Exploited Vulnerabilities",
    docs: "https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
    version: 1,
    recognise,
    parse,
};

const KIND: &str = "kev";

fn recognise(head: &Head) -> bool {
    if head.is_json_object() {
        let listed = head.has("vulnerabilities[].cveID") && head.has("vulnerabilities[].dateAdded");
        return listed || (head.has("catalogVersion") && head.has("vulnerabilities"));
    }
    if head.is_json_array() {
        return head.has("[].cveID") && head.has("[].dateAdded") && head.has("[].dueDate");
    }
    table::begins(head, &wire::LAYOUTS)
}

fn parse(bytes: &[u8]) -> Result<Parsed, Error> {
    let mut warnings = Warnings::default();
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let catalogue = match first {
        Some(b'{') => crate::json::from_slice(bytes, KIND)?,
        Some(b'[') => wire::Catalogue::of(crate::json::from_slice(bytes, KIND)?),
        _ => wire::Catalogue::of(wire::rows(bytes, KIND, &mut warnings)?),
    };
    Ok(map::catalogue(catalogue, warnings))
}
