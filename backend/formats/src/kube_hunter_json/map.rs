//! kube-hunter's report in our words: one scan of each host and pod that it reached. Refuses to keep evidence, which
//! may be a token.

use domain::finding::{ReportedFinding, Subject};
use domain::scan::Tool;

use super::wire::{Report, Vulnerability};
use crate::targets::Targets;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity};

/// Why a report closes nothing.
const UNSTATED: &str = "a report of kube-hunter does not tell from where and how actively it hunted";

/// Maps a report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let tool = Tool { name: "kube-hunter".to_owned(), version: None };
    let (mut targets, mut warnings) = (Targets::new(&tool, UNSTATED), Warnings::default());
    for (number, node) in report.nodes.iter().enumerate() {
        if let Some(location) = node.location.filled() {
            targets.of("host", &bounded(location, &format!("nodes[{number}]"), &mut warnings));
        }
    }
    for (number, found) in report.vulnerabilities.iter().enumerate() {
        add(&mut targets, report, found, &format!("vulnerabilities[{number}]"), &mut warnings);
    }
    let observations = targets.build();
    if observations.is_empty() {
        warnings.push("nodes", "the report reached no host, so nothing is recorded as checked");
    }
    Parsed {
        tool: Some(tool),
        entries: report.vulnerabilities.len(),
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn add(
    targets: &mut Targets,
    report: &Report<'_>,
    found: &Vulnerability<'_>,
    at: &str,
    warnings: &mut Warnings,
) {
    let id = found.vid.filled().filter(|id| *id != "None");
    let Some(check) = id.or_else(|| found.vulnerability.filled()) else {
        warnings.skip(at, "a vulnerability without an id or a name was skipped");
        return;
    };
    let place = Place::of(&found.location, report);
    let subject = Subject::Misconfiguration {
        check: bounded(check, at, warnings),
        path: bounded(place.port, at, warnings),
        resource: None,
        line: None,
    };
    let word = &*found.severity;
    let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
    finding.title = found.vulnerability.filled().map(prose);
    let name = bounded(place.name, at, warnings);
    targets.of(place.kind, &name).finding(finding);
}

/// Where a weakness is.
#[derive(Debug)]
struct Place<'r> {
    kind: &'static str,
    /// Empty where the report does not tell.
    name: &'r str,
    port: &'r str,
}

impl<'r> Place<'r> {
    fn of(location: &'r str, report: &Report<'_>) -> Self {
        if let Some(pod) = location.strip_prefix("Local to Pod") {
            return Self { kind: "Pod", name: pod.trim().trim_matches(['(', ')']), port: "" };
        }
        let host = |name| Self { kind: "host", name, port: "" };
        if location == "None" {
            return host("");
        }
        // The address of a node may itself hold colons.
        if report.nodes.iter().any(|node| &*node.location == location) {
            return host(location);
        }
        match location.rsplit_once(':') {
            Some((name, port)) => Self { port, ..host(name) },
            None => host(location),
        }
    }
}
