//! SPDX 3.0 as JSON-LD: the packages in its graph. A package is `packages[0]` in warnings, by its place among
//! the packages of the graph.
//!
//! Refuses SPDX 2, which has formats of its own. Elements of the security profile are counted in a warning and
//! not read; files, builds and data sets are passed over.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "spdx3";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "SPDX 3 (JSON-LD)",
    docs: "https://spdx.github.io/spdx-spec/v3.0.1/serializations/",
    version: 1,
    recognise,
    parse,
};

/// The context says so, or, where a long graph hides it, the graph's shape does.
fn recognise(head: &Head<'_>) -> bool {
    let context = head.value("@context").or_else(|| head.value("@context[]"));
    match context {
        Some(context) => context.contains("://spdx.org/rdf/3."),
        None => head.has("@graph[].spdxId") && head.has("@graph[].creationInfo"),
    }
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|root| map::map(&root))
}
