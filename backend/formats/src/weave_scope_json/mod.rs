//! A report of a probe of Weave Scope, `/api/report` of version 1.13 and before, and as the sensors of Deepfence
//! ThreatMapper 2 write it: topologies of hosts, pods, containers and images, each with its nodes.
//!
//! The names of its topologies identify it. A probe of a cluster knows pods without the images that they run, and one of a
//! host the reverse; neither tells how a workload was set up, nor who reaches it. So its nodes are counted and nothing is
//! kept of them: what Kubernetes itself says of them is read as such. Refuses what Scope's views show of a report. The
//! schema is the package `report` of Scope's source, and that of ThreatMapper's fork.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "weave-scope-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Weave Scope report",
    docs: "https://github.com/weaveworks/scope/tree/master/report",
    version: 1,
    recognise,
    parse,
};

/// Topologies that every report has, whatever its probe sees.
const ALWAYS: [&str; 7] = ["Container", "ContainerImage", "Endpoint", "Host", "Overlay", "Pod", "Process"];
/// How many of them tell a report: of a long one the beginning does not show all.
const ENOUGH: usize = 4;

fn recognise(head: &Head) -> bool {
    let shown = ALWAYS.iter().filter(|name| head.has(name)).count();
    head.is_json_object() && shown >= ENOUGH
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    Ok(map::report(&json::from_slice(document, KIND)?))
}
