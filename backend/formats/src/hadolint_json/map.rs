//! Broken rules in our words: one scan of whatever was looked at, since a list may hold several Dockerfiles and none
//! names an image. Refuses rules that are set to be ignored.

use domain::finding::FindingClass;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::Broken;
use crate::Parsed;
use crate::checks::Check;
use crate::warnings::Warnings;

/// Maps all broken rules.
pub(super) fn rules(rules: &[Broken<'_>]) -> Parsed {
    let tool = Tool { name: "hadolint".to_owned(), version: None };
    let mut scan = ScanBuilder::new(tool.clone(), Target::Unstated);
    scan.scan_mut().covers.insert(FindingClass::Misconfiguration);
    let (mut entries, mut warnings) = (0, Warnings::default());
    for (number, broken) in rules.iter().enumerate() {
        let at = || format!("[{number}]");
        if &*broken.level == "ignore" {
            warnings.push(at(), "a rule that is set to be ignored was passed over");
            continue;
        }
        entries += 1;
        let check = Check {
            id: &broken.code,
            path: &broken.file,
            line: broken.line.whole(),
            severity: &broken.level,
            title: &broken.message,
            ..Check::default()
        };
        if let Some(finding) = check.finding(&at, &mut warnings) {
            scan.finding(finding);
        }
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
