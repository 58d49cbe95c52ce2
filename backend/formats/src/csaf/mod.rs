//! CSAF 2.0 and 2.1, one document or several one after another: who is and is not affected, as the VEX profile
//! states it and the advisory profiles state it in the same words.
//!
//! Refuses what is not VEX: scores, remediations beyond the action statement, and notes. A document of another
//! profile says so in a warning. Lists of documents (provider metadata, feeds, aggregators) are no CSAF documents.

mod map;
mod products;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "csaf";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "CSAF",
    docs: "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html",
    version: 1,
    recognise,
    parse,
};

/// The heading says so, or, where a long tree of products hides it, the tree's shape does.
fn recognise(head: &Head<'_>) -> bool {
    let headed = head.has("document.csaf_version")
        || (head.has("document.tracking") && head.has("document.publisher"));
    let listed = [
        "product_tree.branches[].branches",
        "product_tree.relationships",
        "vulnerabilities[].product_status",
    ];
    let shaped = !head.is_whole() && listed.iter().any(|path| head.has(path));
    head.is_json_object() && (headed || shaped)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::documents(document, KIND).map(|documents| map::map(&documents))
}
