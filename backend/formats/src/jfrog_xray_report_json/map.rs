//! Xray's report in our words: one scan for each artifact. Refuses to close: a report lists what its
//! filters let through, and does not state them. Refuses to name a registry that no row names.

use std::collections::HashMap;

use domain::finding::FindingClass;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target};

use super::wire::{Report, Row};
use crate::jfrog::{self, Affected};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

const FILTERED: &str = "a report of Xray lists what its filters let through, and does not state them";

/// Maps a whole report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let mut scans: Vec<ScanBuilder> = Vec::new();
    let mut known: HashMap<(&str, &str), usize> = HashMap::new();
    for (number, row) in report.rows.iter().enumerate() {
        let at = format!("rows[{number}]");
        let index = *known.entry((&row.impacted_artifact, &row.path)).or_insert_with(|| {
            scans.push(scan(row, &at, &mut warnings));
            scans.len() - 1
        });
        if let Some(scan) = scans.get_mut(index) {
            finding(row, scan, &at, &mut warnings);
        }
    }
    if report.rows.is_empty() {
        warnings.push("rows", "the report is empty and names no artifact, so nothing is recorded as checked");
    }
    let listed = u64::try_from(report.rows.len()).unwrap_or(u64::MAX);
    if report.total_rows.whole().is_some_and(|total| total > listed) {
        warnings.push("total_rows", "the report goes on: its other pages are missing");
    }
    Parsed {
        tool: Some(jfrog::tool()),
        entries: report.rows.len(),
        listed_components: 0,
        observations: scans.into_iter().map(|scan| Observation::Scan(scan.build())).collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn scan(row: &Row<'_>, at: &str, warnings: &mut Warnings) -> ScanBuilder {
    let mut scan = ScanBuilder::new(jfrog::tool(), target(row, at, warnings));
    scan.scan_mut().covers.insert(FindingClass::Vulnerability);
    scan.scan_mut().partial = Some(FILTERED.to_owned());
    scan
}

/// The artifact of a row: an image only where its registry is stated, as its path begins with the key of
/// a repository and not with a host.
fn target(row: &Row<'_>, at: &str, warnings: &mut Warnings) -> Target {
    match jfrog::target(&row.impacted_artifact, "artifact", false, at, warnings) {
        Target::Other { kind, name } => match row.path.filled() {
            Some(path) => Target::Other { kind, name: bounded(path.trim_end_matches('/'), at, warnings) },
            None => Target::Other { kind, name },
        },
        other => other,
    }
}

fn finding(row: &Row<'_>, scan: &mut ScanBuilder, at: &str, warnings: &mut Warnings) {
    let scanned_at = time::parse(&row.artifact_scan_time);
    scan.scan_mut().scanned_at = scan.scan_mut().scanned_at.max(scanned_at);
    let affected = Affected {
        id: &row.vulnerable_component,
        licences: Vec::new(),
        path: None,
        location: None,
        fix: jfrog::fix(&row.fixed_versions),
    };
    let told = jfrog::Issue {
        id: &row.issue_id,
        summary: &row.summary,
        description: &row.description,
        severity: &row.severity,
        cves: &row.cves,
        references: &row.references,
        published_at: time::parse(&row.published),
        modified_at: None,
    };
    jfrog::add(scan, &told, vec![affected], at, warnings);
}
