//! Syft's own JSON, schemas 1 to 16: the packages of an image, directory or file.
//!
//! Refuses Grype's report, which embeds the same source and artifacts beside its matches.

mod map;
mod source;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "syft-json";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Syft",
    docs: "https://github.com/anchore/syft/tree/main/schema/json",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    let by_syft = head.has("artifacts[].foundBy")
        || head.value("descriptor.name") == Some("syft")
        || head.value("schema.url").is_some_and(|url| url.contains("/syft/"));
    head.is_json_object() && head.has("artifacts") && by_syft && !head.has("matches")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|document| map::map(&document))
}
