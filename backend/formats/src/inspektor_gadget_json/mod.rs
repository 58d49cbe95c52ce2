//! What gadgets of Inspektor Gadget print with `-o json`: an event a line, one alone, or an array. A record does not say
//! which gadget wrote it: its fields do.
//!
//! Refuses to take a trace for an alert: only what a container should not do is an event, as `rules.rs` lists it. All
//! else is counted and set aside.

mod map;
mod rules;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

const KIND: &str = "inspektor-gadget-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Inspektor Gadget records (JSON)",
    docs: "https://inspektor-gadget.io/docs/latest/gadgets/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |path: &str| head.has(&format!("{prefix}{path}"));
        let pod = has("k8s.podName") && has("k8s.containerName");
        let container = has("runtime.containerName") || has("runtime.runtimeName");
        let told = ["mntns_id", "mountnsid", "proc.comm", "comm", "timestamp", "type"].into_iter().any(has);
        (pod || container || has("k8s.node")) && told
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let records: Vec<wire::Record<'_>> = objects::read(document, KIND)?;
    Ok(map::records(&records))
}
