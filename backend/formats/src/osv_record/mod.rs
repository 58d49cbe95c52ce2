//! Records of OSV's schema, as databases publish them and as its API answers: one or many, and `vulns` of a query.
//!
//! Refuses reports of OSV-Scanner, and answers that hold ids alone.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json, objects};

/// Name of the format.
const KIND: &str = "osv-record";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "OSV records",
    docs: "https://ossf.github.io/osv-schema/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    ["", "[].", "vulns[]."].iter().any(|prefix| {
        let has = |key: &str| head.has(&format!("{prefix}{key}"));
        let affected = has("affected[].package.ecosystem") || has("affected[].ranges[].events");
        let named = has("id") && has("modified");
        (named && (affected || has("schema_version"))) || (affected && !head.is_whole())
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if Head::new(document).has("vulns") {
        let answer: wire::Answer<'_> = json::from_slice(document, KIND)?;
        return Ok(map::records(&answer.vulns));
    }
    let records: Vec<wire::Record<'_>> = objects::read(document, KIND)?;
    Ok(map::records(&records))
}
