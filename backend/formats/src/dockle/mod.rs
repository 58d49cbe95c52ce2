//! What Dockle's JSON and what it prints have in common: checks of one image, each told once with everything that
//! failed it. Refuses checks that passed, and to take one that could not be made for one that passed.

use domain::finding::FindingClass;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use crate::Parsed;
use crate::checks::Check;
use crate::images::reference;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// The name that Dockle's SARIF gives to it too.
const TOOL: &str = "dockle";

/// A check of an image.
#[derive(Debug)]
pub(crate) struct Detail<'t> {
    /// `CIS-DI-0001`.
    pub code: &'t str,
    pub title: &'t str,
    /// `FATAL`, `WARN`, `INFO`, `PASS`; `SKIP` where it could not be made, `IGNORE` where it was not wanted.
    pub level: &'t str,
    /// What failed it, in words.
    pub alerts: Vec<&'t str>,
    /// Where it stands.
    pub at: String,
}

/// The target of a name as it was given to Dockle; empty where none is stated.
pub(crate) fn target(name: &str, warnings: &mut Warnings) -> Target {
    if name.is_empty() {
        return Target::Unstated;
    }
    let Some(found) = reference(name) else {
        return Target::Other { kind: "archive".to_owned(), name: bounded(name, "image", warnings) };
    };
    let mut image = Image::default();
    if let Some(digest) = &found.digest {
        image.add_digest(DigestRole::Repository, digest.clone());
    }
    image.references.push(found.with_default_tag());
    Target::Image(image)
}

/// Maps the checks of an image.
pub(crate) fn report(target: Target, details: &[Detail<'_>], mut warnings: Warnings) -> Parsed {
    let tool = Tool { name: TOOL.to_owned(), version: None };
    let mut scan = ScanBuilder::new(tool.clone(), target);
    scan.scan_mut().covers.insert(FindingClass::Misconfiguration);
    let (mut entries, mut skipped) = (0, Vec::new());
    for detail in details {
        match detail.level {
            "PASS" => {}
            "SKIP" => skipped.push(detail.code),
            level => {
                entries += 1;
                let title = title(detail);
                let check = Check {
                    id: detail.code,
                    severity: level,
                    title: &title,
                    aside: (level == "IGNORE").then(|| "ignored in Dockle".to_owned()),
                    ..Check::default()
                };
                if let Some(finding) = check.finding(&|| detail.at.clone(), &mut warnings) {
                    scan.finding(finding);
                }
            }
        }
    }
    if !skipped.is_empty() {
        let codes = bounded(&skipped.join(", "), "checks that could not be made", &mut warnings);
        scan.scan_mut().partial = Some(format!("checks that could not be made: {codes}"));
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

/// The check with the first thing that failed it, and how many more there are.
fn title(detail: &Detail<'_>) -> String {
    let Some(first) = detail.alerts.first() else { return detail.title.to_owned() };
    let named = if detail.title.is_empty() { String::new() } else { format!("{}: ", detail.title) };
    match detail.alerts.len() - 1 {
        0 => format!("{named}{first}"),
        more => format!("{named}{first} (and {more} more)"),
    }
}
