//! What kube-bench finds on a node by the CIS benchmarks of Kubernetes (`kube-bench --json`): all sections with their
//! totals, sections alone in a list, or one after another.
//!
//! Refuses its findings for AWS Security Hub, which are ASFF.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

const KIND: &str = "kube-bench-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "kube-bench report",
    docs: "https://aquasecurity.github.io/kube-bench/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let of_sections = ["", "[].", "Controls[]."].iter().any(|prefix| {
        let has = |path: &str| head.has(&format!("{prefix}{path}"));
        has("tests[].results[].test_number") || has("tests") && has("node_type")
    });
    of_sections || head.has("Controls") && head.has("Totals.total_pass")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let reports: Vec<wire::Report<'_>> = objects::read(document, KIND)?;
    Ok(map::reports(&reports))
}
