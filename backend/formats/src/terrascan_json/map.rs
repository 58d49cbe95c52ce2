//! Violations in our words: one scan of the file or folder that was looked at; skipped ones stay, with their reason.
//! Refuses vulnerabilities of images: they are copies of what registries say, without packages.

use domain::finding::{FindingClass, ReportedFinding};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Document, Results, ScanError, Violation};
use crate::aside::Aside;
use crate::checks::Check;
use crate::error::clip;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

const NO_PACKAGE: &str = "they name no package, and the registry that Terrascan asked says more";

/// Maps a document.
pub(super) fn report(document: &Document<'_>) -> Parsed {
    let (results, mut warnings) = (&document.results, Warnings::default());
    let tool = Tool { name: "terrascan".to_owned(), version: None };
    let mut scan = ScanBuilder::new(tool.clone(), target(results, &mut warnings));
    scan.scan_mut().covers.insert(FindingClass::Misconfiguration);
    scan.scan_mut().scanned_at = time::parse(&results.scan_summary.scanned_at);
    scan.scan_mut().partial = partial(&results.scan_errors);
    for (list, violations, skipped) in [
        ("violations", &results.violations, false),
        ("skipped_violations", &results.skipped_violations, true),
    ] {
        for (number, violation) in violations.iter().enumerate() {
            let at = || format!("results.{list}[{number}]");
            if let Some(finding) = finding(violation, skipped, &at, &mut warnings) {
                scan.finding(finding);
            }
        }
    }
    let mut aside = Aside::default();
    for (number, vulnerability) in results.vulnerabilities.iter().enumerate() {
        let what = format!("on the image `{}`", clip(&vulnerability.image));
        aside.put(what, NO_PACKAGE, || format!("results.vulnerabilities[{number}]"));
    }
    aside.tell(&mut warnings);
    Parsed {
        tool: Some(tool),
        entries: results.violations.len() + results.skipped_violations.len() + results.vulnerabilities.len(),
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn target(results: &Results<'_>, warnings: &mut Warnings) -> Target {
    match results.scan_summary.path.filled() {
        Some(path) => {
            Target::Other { kind: "directory".to_owned(), name: bounded(path, "file/folder", warnings) }
        }
        None => Target::Unstated,
    }
}

/// Why the scan is not whole. Where every kind of file is looked for, those that are not there are errors too, which
/// say nothing.
fn partial(errors: &[ScanError<'_>]) -> Option<String> {
    let absent = |error: &&ScanError<'_>| {
        let message = &*error.message;
        message.starts_with("no ")
            || message.contains(" has no ")
            || message.contains("not found in the directory")
    };
    let failed = errors.iter().filter(|error| !absent(error)).count();
    (failed > 0).then(|| format!("files or folders that could not be read: {failed}"))
}

fn finding(
    violation: &Violation<'_>,
    skipped: bool,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<ReportedFinding> {
    let parts = [&violation.resource_type, &violation.resource_name];
    let parts: Vec<&str> = parts.into_iter().filter_map(|part| part.filled()).collect();
    let comment = violation.skip_comment.filled().unwrap_or("no reason");
    let check = Check {
        id: violation.rule_id.filled().unwrap_or(&violation.rule_name),
        path: &violation.file,
        resource: &parts.join("."),
        line: violation.line.whole(),
        severity: &violation.severity,
        title: violation.description.filled().unwrap_or(&violation.rule_name),
        aside: skipped.then(|| format!("skipped in Terrascan: {comment}")),
    };
    check.finding(at, warnings)
}
