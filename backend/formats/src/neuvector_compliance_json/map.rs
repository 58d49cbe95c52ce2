//! NeuVector's report in our words: one scan of something that it does not name. Refuses to call a check failed that is
//! left to people, and to keep what the checked system answered.

use domain::finding::FindingClass;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Item, Report};
use crate::checks::Check;
use crate::error::clip;
use crate::neuvector_json::{TOOL, is_failed};
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// Why a report closes nothing.
const UNNAMED: &str = "a compliance report of NeuVector does not tell of which node or container it is";

/// Maps a report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let tool = Tool { name: TOOL.to_owned(), version: None };
    let (mut warnings, mut entries) = (Warnings::default(), 0);
    let mut scan = ScanBuilder::new(tool.clone(), Target::Unstated);
    let known = scan.scan_mut();
    known.covers.insert(FindingClass::Misconfiguration);
    known.scanned_at = time::parse(&report.run_at);
    known.partial = Some(UNNAMED.to_owned());
    for (number, item) in report.items.iter().enumerate() {
        let at = format!("items[{number}]");
        if is_failed(&item.level) {
            entries += 1;
            if let Some(finding) = check(item).finding(&|| at.clone(), &mut warnings) {
                scan.finding(finding);
            }
        } else {
            passed_over(item, &at, &mut warnings);
        }
    }
    if report.items.is_empty() {
        warnings.push("items", "there are no checks, so nothing is recorded as checked");
    }
    let scan = (!report.items.is_empty()).then(|| Observation::Scan(scan.build()));
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: scan.into_iter().collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn check<'i>(item: &'i Item<'_>) -> Check<'i> {
    Check {
        id: &item.test_number,
        path: &item.location,
        resource: &item.kind,
        severity: &item.level,
        title: &item.description,
        ..Check::default()
    }
}

fn passed_over(item: &Item<'_>, at: &str, warnings: &mut Warnings) {
    match item.level.to_ascii_uppercase().as_str() {
        "PASS" | "INFO" => {}
        "MANUAL" | "NOTE" => {
            warnings.push(at, "a check is left to people, which says neither yes nor no");
        }
        other => {
            warnings.push(at, format!("a check of the unknown level `{}` was passed over", clip(other)));
        }
    }
}
