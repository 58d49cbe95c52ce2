//! The sums of a scan of posture by Kubescape, as version 2.3 and later put them into `summaryDetails` of its report: each
//! control with how many resources met it, without the report around them.
//!
//! The counters of resources beside controls and frameworks identify it. It names no cluster and no resource, so controls
//! that failed are counted and nothing is kept of them. Refuses the report itself, which is read as what it is. The schema
//! is the package `reporthandling/results/v1/reportsummary` of `kubescape/opa-utils`.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "kubescape-summary-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Kubescape summary",
    docs: "https://github.com/kubescape/opa-utils/tree/master/reporthandling/results/v1/reportsummary",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let summed = ["ResourceCounters", "controlsSeverityCounters"].iter().any(|path| head.has(path));
    let of_report = ["summaryDetails", "results", "resources", "metadata", "customerGUID"];
    head.is_json_object()
        && head.has("controls")
        && head.has("frameworks")
        && summed
        && !of_report.iter().any(|path| head.has(path))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    Ok(map::summary(&json::from_slice(document, KIND)?))
}
