//! What kube-hunter finds from outside or within a cluster (`kube-hunter --report json`): weaknesses of hosts and of
//! the pod that it runs in.
//!
//! Refuses to read CVEs out of its prose: it names none by id.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "kube-hunter-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "kube-hunter report",
    docs: "https://aquasecurity.github.io/kube-hunter/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let hunted = head.has("vulnerabilities[].hunter") && head.has("vulnerabilities[].vulnerability");
    let listed = ["nodes", "services", "vulnerabilities"].iter().all(|key| head.has(key));
    head.is_json_object() && (hunted || listed)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report))
}
