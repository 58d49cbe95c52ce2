//! Reports in our words: one scan of what was looked at, which no report names. What was skipped stays, with its
//! reason. Refuses checks that passed, and to take files that could not be read for clean ones.

use domain::finding::{FindingClass, ReportedFinding};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::package;
use super::wire::{Record, Report};
use crate::Parsed;
use crate::checks::Check;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

const NOTHING: &str = "nothing was found that could be checked, so nothing is recorded as checked";

/// Maps all reports.
pub(super) fn reports(reports: &[Report<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let version = reports.iter().find_map(|report| {
        report.summary.checkov_version.filled().or_else(|| report.checkov_version.filled())
    });
    let version = version.map(|version| bounded(version, "checkov_version", &mut warnings));
    let tool = Tool { name: "checkov".to_owned(), version };
    let mut scan = ScanBuilder::new(tool.clone(), Target::Unstated);
    let (mut entries, mut unread) = (0, 0);
    for (number, report) in reports.iter().enumerate() {
        let results = &report.results;
        if !report.check_type.is_empty() {
            scan.scan_mut().covers.insert(looked_for(&report.check_type));
        }
        unread += results.parsing_errors.len();
        for (list, records) in
            [("failed_checks", &results.failed_checks), ("skipped_checks", &results.skipped_checks)]
        {
            entries += records.len();
            for (place, record) in records.iter().enumerate() {
                let at = || format!("[{number}].results.{list}[{place}]");
                let skipped = list == "skipped_checks";
                if let Some(finding) = finding(&mut scan, report, record, skipped, &at, &mut warnings) {
                    scan.finding(finding);
                }
            }
        }
    }
    let mut scan = scan.build();
    scan.partial = (unread > 0).then(|| format!("files that could not be read: {unread}"));
    let checked = !scan.covers.is_empty();
    if !checked {
        warnings.push("", NOTHING);
    }
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: checked.then_some(Observation::Scan(scan)).into_iter().collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// What a kind of report demonstrably looks for.
fn looked_for(kind: &str) -> FindingClass {
    match kind {
        "secrets" => FindingClass::Secret,
        "sca_package" | "sca_image" => FindingClass::Vulnerability,
        _ => FindingClass::Misconfiguration,
    }
}

fn finding(
    scan: &mut ScanBuilder,
    report: &Report<'_>,
    record: &Record<'_>,
    skipped: bool,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<ReportedFinding> {
    let comment = record.check_result.suppress_comment.filled().unwrap_or("no reason");
    let aside = skipped.then(|| format!("skipped in Checkov: {comment}"));
    let path = record.file_path.trim_start_matches('/');
    if let Some(details) = &record.vulnerability_details {
        return package::finding(scan, record, details, path, aside, at, warnings);
    }
    let check = Check {
        id: &record.check_id,
        path,
        resource: &record.resource,
        line: record.file_line_range.first().and_then(|line| line.whole()),
        severity: &record.severity,
        title: &record.check_name,
        aside,
    };
    // The resource of a secret is a digest of it.
    if &*report.check_type == "secrets" { check.secret(at, warnings) } else { check.finding(at, warnings) }
}
