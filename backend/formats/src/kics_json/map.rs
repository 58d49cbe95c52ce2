//! The report in our words: one scan of what was looked at, a finding for each place. Refuses the matched text, which
//! may be a secret, and to take a run in which something failed for a whole one.

use std::borrow::Cow;

use domain::finding::{FindingClass, ReportedFinding};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Place, Query, Report};
use crate::checks::Check;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// How the names of queries begin that look for secrets.
const SECRETS: &str = "Passwords And Secrets";

/// Maps a report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let version = report.kics_version.filled().map(|version| version.trim_start_matches('v'));
    let version = version.map(|version| bounded(version, "kics_version", &mut warnings));
    let tool = Tool { name: "kics".to_owned(), version };
    let mut scan = ScanBuilder::new(tool.clone(), target(report, &mut warnings));
    scan.scan_mut().covers.insert(FindingClass::Misconfiguration);
    scan.scan_mut().scanned_at = time::parse(&report.end).or_else(|| time::parse(&report.start));
    scan.scan_mut().partial = partial(report);
    let mut entries = 0;
    for (number, query) in report.queries.iter().enumerate() {
        entries += query.files.len();
        for (index, place) in query.files.iter().enumerate() {
            let at = || format!("queries[{number}].files[{index}]");
            if let Some(finding) = finding(query, place, &at, &mut warnings) {
                scan.finding(finding);
            }
        }
    }
    if !report.bill_of_materials.is_empty() {
        warnings.push("bill_of_materials", "a list of resources, which are no findings, was passed over");
    }
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The one path that was looked at; several have no name together.
fn target(report: &Report<'_>, warnings: &mut Warnings) -> Target {
    match report.paths.as_slice() {
        [path] if !path.is_empty() => {
            Target::Other { kind: "directory".to_owned(), name: bounded(path, "paths", warnings) }
        }
        _ => Target::Unstated,
    }
}

fn partial(report: &Report<'_>) -> Option<String> {
    let files = report.files_failed_to_scan.whole().unwrap_or(0);
    let queries = report.queries_failed_to_execute.whole().unwrap_or(0);
    (files > 0 || queries > 0).then(|| format!("files that failed: {files}; queries that failed: {queries}"))
}

fn finding(
    query: &Query<'_>,
    place: &Place<'_>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<ReportedFinding> {
    let resource = resource(place);
    let check = Check {
        id: &query.query_id,
        path: &place.file_name,
        resource: &resource,
        line: place.line.whole(),
        severity: &query.severity,
        title: &query.query_name,
        aside: None,
    };
    if query.query_name.starts_with(SECRETS) {
        check.secret(at, warnings)
    } else {
        check.finding(at, warnings)
    }
}

/// Where in the file it is, as KICS tells its own findings apart.
fn resource<'p>(place: &'p Place<'_>) -> Cow<'p, str> {
    match (place.search_key.filled(), place.search_value.filled()) {
        (Some(key), Some(value)) => Cow::Owned(format!("{key}={value}")),
        (Some(key), None) => Cow::Borrowed(key),
        (None, _) => match (place.resource_type.filled(), place.resource_name.filled()) {
            (Some(kind), Some(name)) => Cow::Owned(format!("{kind}.{name}")),
            (kind, name) => Cow::Borrowed(name.or(kind).unwrap_or_default()),
        },
    }
}
