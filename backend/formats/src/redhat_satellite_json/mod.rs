//! Red Hat Satellite's list of errata, as its API answers: advisories with the CVEs that they fix, the packages that
//! fix them, and how many hosts need them.
//!
//! It names neither hosts nor images: what it says is kept of the list. Refuses Satellite's other lists.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "redhat-satellite-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Red Hat Satellite errata",
    docs: "https://docs.redhat.com/en/documentation/red_hat_satellite/6.15/html/api_guide/index",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let page = ["total", "subtotal", "selectable", "per_page", "results"].iter().all(|key| head.has(key));
    let listed = head.has("results[].errata_id");
    // An empty page does not tell of what it is one: errata are listed by when they were updated.
    let empty = head.value("total") == Some("0") && head.value("sort.by") == Some("updated");
    head.is_json_object() && page && (listed || empty)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let page: wire::Page<'_> = json::from_slice(document, KIND)?;
    Ok(map::page(&page))
}
