//! Events of Sysdig Secure's policies: the list that its API answers, an array, and events as they are forwarded, one a
//! line or one alone.
//!
//! Refuses events that name no rule, such as those of image scans: they are counted and set aside.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

const KIND: &str = "sysdig-events-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Sysdig Secure events",
    docs: "https://docs.sysdig.com/en/sysdig-secure/event-forwarding/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let event = |prefix: &&str| {
        let has = |path: &str| head.has(&format!("{prefix}{path}"));
        has("severity") && has("content.ruleName") && (has("originator") || has("labels"))
    };
    ["", "[].", "data[]."].iter().any(event) || is_empty(head)
}

/// A page without events: it holds nothing but its counts.
fn is_empty(head: &Head) -> bool {
    let alone = head.keys().iter().all(|key| key == "page" || key == "data");
    head.is_whole() && alone && head.has("data") && head.value("page.total") == Some("0")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let read: Vec<wire::Event<'_>> = objects::read(document, KIND)?;
    Ok(map::events(&read))
}
