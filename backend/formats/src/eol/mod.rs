//! Until when releases are maintained, as endoflife.date tells it: answers of its API, version 1 (one product or
//! several) and before (the cycles of a product that is not named), and the data behind it. Also the list of products
//! alone, `api/all.json`, which tells nothing of their releases: it is known by names that it has always held.
//!
//! Refuses other lists of names, and one cycle without its name.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::json::Text;
use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "eol";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "endoflife.date",
    docs: "https://endoflife.date/docs/api/v1/",
    version: 2,
    recognise,
    parse,
};

/// Products that the list of all has held under these names from its first versions on.
const ALWAYS: [&str; 6] = ["android", "debian", "nodejs", "postgresql", "python", "ubuntu"];

fn recognise(head: &Head<'_>) -> bool {
    let answer = ["result[].releases[].isEol", "result.releases[].isEol"].iter().any(|path| head.has(path));
    let nothing = head.has("schema_version") && head.has("generated_at") && head.has("result");
    let cycles = head.has("[].cycle") && head.has("[].eol");
    answer || nothing || cycles || is_data(head) || is_products(head)
}

/// The names of products and nothing else.
fn is_products(head: &Head) -> bool {
    let names = head.is_json_array() && head.has("[]") && !head.has_between("[].", "");
    names && ALWAYS.iter().all(|name| head.text().contains(&format!("\"{name}\"")))
}

/// The data behind the site: releases with their ends beside versions with their days, and nothing else.
fn is_data(head: &Head<'_>) -> bool {
    let keys = head.keys();
    keys.len() == 2 && keys.iter().all(|key| key == "releases" || key == "versions")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if is_products(&Head::new(document)) {
        let names: Vec<Text<'_>> = json::from_slice(document, KIND)?;
        return Ok(map::products(names.len()));
    }
    let is_array = document.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let document: wire::Document<'_> = if is_array {
        wire::Document::of(json::from_slice(document, KIND)?)
    } else {
        json::from_slice(document, KIND)?
    };
    Ok(map::document(&document))
}
