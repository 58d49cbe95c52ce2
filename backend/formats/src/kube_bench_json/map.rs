//! kube-bench's report in our words: one scan of a node that it does not name. Refuses to call a check failed that
//! could not be made or is left to people, and to keep what the node answered.

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;

use super::wire::{Check, Report};
use crate::Parsed;
use crate::error::clip;
use crate::objects::place;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;

/// Why a report closes nothing.
const NO_NODE: &str = "a report of kube-bench does not tell of which node it is";

/// Maps all reports of a document.
pub(super) fn reports(reports: &[Report<'_>]) -> Parsed {
    let tool = Tool { name: "kube-bench".to_owned(), version: None };
    let mut mapper = Mapper {
        scan: ScanBuilder::new(tool.clone(), Target::Unstated),
        warnings: Warnings::default(),
        checks: 0,
        entries: 0,
    };
    for (number, report) in reports.iter().enumerate() {
        let at = if reports.len() == 1 { String::new() } else { format!("[{number}]") };
        mapper.report(report, &at);
    }
    let Mapper { mut scan, mut warnings, checks, entries } = mapper;
    scan.scan_mut().partial = Some(NO_NODE.to_owned());
    scan.scan_mut().covers.insert(FindingClass::Misconfiguration);
    let scan = (checks > 0).then(|| Observation::Scan(scan.build()));
    if scan.is_none() {
        warnings.push("", "there are no checks, so nothing is recorded as checked");
    }
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: scan.into_iter().collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

#[derive(Debug)]
struct Mapper {
    scan: ScanBuilder,
    warnings: Warnings,
    /// How many checks there are, whatever came of them.
    checks: usize,
    entries: usize,
}

impl Mapper {
    fn report(&mut self, report: &Report<'_>, at: &str) {
        for (outer, group) in report.groups.iter().enumerate() {
            for (inner, check) in group.checks.iter().enumerate() {
                self.checks += 1;
                self.check(report, check, &place(at, &format!("tests[{outer}].results[{inner}]")));
            }
        }
        for (number, section) in report.sections.iter().flatten().enumerate() {
            self.report(section, &place(at, &format!("Controls[{number}]")));
        }
    }

    fn check(&mut self, section: &Report<'_>, check: &Check<'_>, at: &str) {
        match &*check.status {
            "PASS" | "INFO" => {}
            "FAIL" => self.failed(section, check, at),
            "WARN" if is_unmet(check) => self.failed(section, check, at),
            "WARN" => {
                let message = "a check is left to people or could not be made, which says neither yes nor no";
                self.warnings.push(at, message);
            }
            other => {
                let message = format!("a check of the unknown state `{}` was passed over", clip(other));
                self.warnings.push(at, message);
            }
        }
    }

    fn failed(&mut self, section: &Report<'_>, check: &Check<'_>, at: &str) {
        self.entries += 1;
        let warnings = &mut self.warnings;
        let Some(number) = check.test_number.filled() else {
            warnings.skip(at, "a check without a number was skipped");
            return;
        };
        let subject = Subject::Misconfiguration {
            check: bounded(&name(&section.version, number), at, warnings),
            path: String::new(),
            resource: section.node_type.filled().map(|kind| bounded(kind, at, warnings)),
            line: None,
        };
        // kube-bench does not rate its checks.
        let mut finding = ReportedFinding::new(subject, Severity::Unknown, "");
        finding.title = check.test_desc.filled().map(prose);
        self.scan.finding(finding);
    }
}

/// Whether a warning is of a check that was made and did not hold: those that are not scored never fail.
fn is_unmet(check: &Check<'_>) -> bool {
    &*check.scored == "false" && &*check.kind != "manual" && check.reason.is_empty()
}

/// A number with its benchmark, as it means something else in each: `cis-1.24 4.1.1`.
fn name(benchmark: &str, number: &str) -> String {
    let bare = benchmark.starts_with(|first: char| first.is_ascii_digit());
    let prefix = if bare { "cis-" } else { "" };
    format!("{prefix}{benchmark} {number}").trim_start().to_owned()
}
