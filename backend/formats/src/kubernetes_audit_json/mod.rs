//! The audit log of Kubernetes: events one a line, alone, in an array, or as the `EventList` that a webhook is sent. A
//! small fixed table, in `rules.rs`, says which requests are noteworthy.
//!
//! Refuses every other request, what was denied or failed, and the stages of a request before its answer: they are
//! counted and set aside. Objects of Kubernetes, its `Event` among them, are another format's.

mod map;
mod rules;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

const KIND: &str = "kubernetes-audit-json";
const GROUP: &str = "audit.k8s.io";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Kubernetes audit log",
    docs: "https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    // Events of a list need not name their group, and the list may name it behind them.
    let listed = ["auditID", "stage", "requestURI"].iter().all(|key| head.has(&format!("items[].{key}")));
    objects::are_of(head, &[GROUP]) || listed
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let events: Vec<wire::Event<'_>> = objects::read(document, KIND)?;
    Ok(map::events(&events))
}
