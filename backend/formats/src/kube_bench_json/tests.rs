//! The mapping of kube-bench's reports, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn checks(scan: &Scan) -> Vec<(&str, &str)> {
    let subjects = scan.findings.iter().map(|finding| match &finding.subject {
        Subject::Misconfiguration { check, resource, .. } => {
            (check.as_str(), resource.as_deref().unwrap_or_default())
        }
        other => panic!("{other:?}"),
    });
    subjects.collect()
}

#[test]
fn a_node_on_which_every_check_held_is_looked_at() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("kube-bench", None));
    assert_eq!((scan.findings.len(), parsed.entries, parsed.warnings.len()), (0, 0, 0));
    assert!(scan.covers.contains(&FindingClass::Misconfiguration));
    assert_eq!(scan.partial.as_deref(), Some("a report of kube-bench does not tell of which node it is"));
}

#[test]
fn one_failed_check_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.target, Target::Unstated);
    assert_eq!(checks(scan), [("cis-1.24 4.1.1", "node")]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Unknown, ""));
    assert_eq!(finding.title.as_deref(), Some("Ensure that the demo file is closed to others (Automated)"));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn every_state_in_every_section() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let expected = [("cis-1.24 1.1.1", "master"), ("cis-1.24 4.2.2", "node"), ("eks-1.0 5.1.1", "")];
    assert_eq!(checks(scans(&parsed)[0]), expected);
    let told: Vec<(&str, &str)> =
        parsed.warnings.iter().map(|warning| (warning.at.as_str(), warning.message.as_str())).collect();
    let undecided = "a check is left to people or could not be made, which says neither yes nor no (3 times)";
    let expected = [
        ("Controls[0].tests[0].results[2]", undecided),
        ("Controls[1].tests[0].results[3]", "a check of the unknown state `PERHAPS` was passed over"),
        ("Controls[2].tests[0].results[1]", "a check without a number was skipped"),
    ];
    assert_eq!((told.as_slice(), parsed.entries), (expected.as_slice(), 4));
}

#[test]
fn old_sections_stand_alone() {
    let list = parse(include_bytes!("fixtures/v0_many.json")).unwrap();
    assert_eq!(checks(scans(&list)[0]), [("cis-1.5 4.1.1", "node"), ("cis-1.5 4.2.1", "node")]);
    let lines = parse(include_bytes!("fixtures/v0_lines.ndjson")).unwrap();
    assert_eq!(checks(scans(&lines)[0]), [("cis-1.4 1.1.1", "master"), ("cis-1.4 2.1.1", "node")]);
    assert_eq!((list.entries, lines.entries), (2, 2));
}

#[test]
fn a_report_without_checks_says_nothing() {
    let parsed = parse(br#"{"Controls":null,"Totals":{"total_pass":0}}"#).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries), (0, 0));
    assert!(parsed.warnings[0].message.ends_with("nothing is recorded as checked"));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`Controls[0].tests[0].results`"), "{error}");
}
