//! Reports of policy engines and scanners in the common shapes of the Kubernetes policy working group:
//! `PolicyReport` and `ClusterPolicyReport` (`wgpolicyk8s.io`, `reports.x-k8s.io`), `Report` and `ClusterReport`
//! (`openreports.io`), one or listed. Vulnerabilities are read; checks that failed are counted and told.
//!
//! Refuses the objects that such reports are made from: other formats speak for them.

mod map;
mod vulnerability;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

const KIND: &str = "policy-report-json";
const GROUPS: [&str; 3] = ["openreports.io", "reports.x-k8s.io", "wgpolicyk8s.io"];

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Policy reports (OpenReports, wgpolicyk8s.io)",
    docs: "https://github.com/openreports/reports-api",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    objects::are_of(head, &GROUPS)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let documents: Vec<wire::Object<'_>> = objects::read(document, KIND)?;
    Ok(map::documents(&documents))
}
