//! Alerts of StackRox, or Red Hat Advanced Cluster Security: the list of its API, a single one, what roxctl writes of a
//! deployment, and what a webhook is told. Alerts on what is set up are failed checks of a workload or an image; those on
//! what happened at run time are events.
//!
//! Refuses images and their scans.

mod event;
mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "stackrox-alerts-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "StackRox alerts",
    docs: "https://docs.openshift.com/acs/operating/respond-to-violations.html",
    version: 1,
    recognise,
    parse,
};

/// What an alert is on, or says of it.
const PARTS: [&str; 6] =
    ["deployment", "image", "resource", "violations", "processViolation", "commonEntityInfo"];

fn recognise(head: &Head) -> bool {
    let alert = |prefix: &&str| {
        let graded = head.value(&format!("{prefix}policy.severity"));
        graded.is_some_and(|word| word.ends_with(map::SEVERITY))
            && PARTS.iter().any(|part| head.has(&format!("{prefix}{part}")))
    };
    head.is_json_object() && (["", "alert.", "alerts[]."].iter().any(alert) || is_empty(head))
}

/// The list without alerts: it holds nothing else.
fn is_empty(head: &Head) -> bool {
    head.is_whole() && head.keys() == ["alerts"] && !head.has_between("alerts[].", "")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let head = Head::new(document);
    if head.has("alerts") {
        let page: wire::Page<'_> = json::from_slice(document, KIND)?;
        return Ok(map::alerts(&page.alerts));
    }
    let alert = if head.has("alert") {
        json::from_slice::<wire::Told<'_>>(document, KIND)?.alert
    } else {
        json::from_slice(document, KIND)?
    };
    Ok(map::alerts(&[alert]))
}
