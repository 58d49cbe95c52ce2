//! The mapping of tfsec's JSON, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::scan::Target;
use domain::severity::Severity;

use super::{parse, recognise};
use crate::Head;
use crate::test_support::scans;

#[test]
fn nothing_at_all_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), scan.covers.len()), (0, 0, 1));
}

#[test]
fn one_result_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("tfsec", &Target::Unstated));
    let finding = &scan.findings[0];
    let subject = Subject::Misconfiguration {
        check: "AVD-DEMO-0088".to_owned(),
        path: "/work/shop/main.tf".to_owned(),
        resource: Some("demo_bucket.shop".to_owned()),
        line: Some(3),
    };
    assert_eq!((&finding.subject, finding.severity), (&subject, Severity::High));
    assert_eq!(finding.title.as_deref(), Some("Bucket does not have encryption enabled"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn what_holds_is_no_finding_and_what_is_ignored_stays() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let verdicts: Vec<&Verdict> = scans(&parsed)[0].findings.iter().map(|finding| &finding.verdict).collect();
    let ignored = Verdict::Suppressed("ignored in tfsec".to_owned());
    assert_eq!(verdicts, [&Verdict::Affected, &ignored]);
    assert_eq!((parsed.entries, parsed.warnings[0].at.as_str()), (3, "results[3]"));
}

#[test]
fn old_versions_say_the_same_in_other_words() {
    let parsed = parse(include_bytes!("fixtures/v0_many.json")).unwrap();
    let severities: Vec<Severity> =
        scans(&parsed)[0].findings.iter().map(|finding| finding.severity).collect();
    assert_eq!((severities, parsed.entries), (vec![Severity::High, Severity::Medium], 2));
}

#[test]
fn lists_of_other_tools_are_left_to_them() {
    let claims = |text: &str| recognise(&Head::new(text.as_bytes()));
    assert!(!claims(r#"{"results":[]}"#) && !claims(r#"{"results":null,"errors":null}"#));
    assert!(claims("{ \"results\": null }\n"));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`results[0].location.start_line`"), "{error}");
}
