//! A JSON document that is an empty list or an empty object, `[]` or `{}`: the report of a tool that lists what it found
//! and found nothing, such as anchorectl, Prowler 5 and Orca's exports.
//!
//! It cannot say which tool wrote it, nor what that looked at, so nothing counts as checked by it. Refuses what holds
//! anything, and documents one after another of which only the first is empty. There is no schema but that of JSON.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "empty-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Empty report (JSON)",
    docs: "https://www.rfc-editor.org/rfc/rfc8259",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let text = head.text();
    let closed = [("[", "]"), ("{", "}")].into_iter().find_map(|(open, close)| {
        text.strip_prefix(open)?.trim_ascii_start().strip_prefix(close).map(str::trim_ascii_start)
    });
    closed.is_some_and(|rest| !rest.starts_with(['[', '{']))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice::<wire::Nothing>(document, KIND).map(map::nothing)
}
