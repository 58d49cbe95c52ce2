//! Dockle's JSON (`dockle -f json`): checks of one image, by code.
//!
//! Refuses its SARIF, which is read as such.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "dockle-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Dockle JSON report",
    docs: "https://github.com/goodwithtech/dockle",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let counted = ["fatal", "warn", "info", "pass"].iter().all(|key| head.has(&format!("summary.{key}")));
    head.is_json_object() && (counted || head.has("details[].alerts") && head.has("details[].code"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|report| map::report(&report))
}
