//! The mapping of kubeaudit's results, data in, data out.

use domain::finding::{FindingClass, Subject, Verdict};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn target(scan: &Scan) -> (&str, &str) {
    match &scan.target {
        Target::Other { kind, name } => (kind.as_str(), name.as_str()),
        Target::Unstated => ("", ""),
        other => panic!("{other:?}"),
    }
}

fn checks(scan: &Scan) -> Vec<(&str, &str)> {
    let subjects = scan.findings.iter().map(|finding| match &finding.subject {
        Subject::Misconfiguration { check, path, resource, line: None } if path.is_empty() => {
            (check.as_str(), resource.as_deref().unwrap_or_default())
        }
        other => panic!("{other:?}"),
    });
    subjects.collect()
}

#[test]
fn an_image_that_is_correct_is_no_finding() {
    let parsed = parse(include_bytes!("fixtures/none.ndjson")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), target(scan)), ("kubeaudit", ("Deployment", "shop/api")));
    assert!(scan.covers.contains(&FindingClass::Misconfiguration) && scan.partial.is_some());
    assert_eq!((scan.findings.len(), parsed.entries, parsed.warnings.len()), (0, 0, 0));
}

#[test]
fn one_result_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.ndjson")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    assert_eq!((target(scan), checks(scan)), (("Deployment", "shop/api"), vec![("PrivilegedTrue", "api")]));
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "error"));
    assert_eq!((finding.title.as_deref(), &finding.verdict), (Some("privileged is set"), &Verdict::Affected));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn each_object_has_its_own_scan() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    let found: Vec<_> = scans(&parsed).into_iter().map(|scan| (target(scan), checks(scan))).collect();
    let capabilities = vec![
        ("CapabilityAdded", "api NET_ADMIN"),
        ("CapabilityAdded", "api SYS_TIME"),
        ("SensitivePathsMounted", "api host"),
    ];
    let expected = [
        (("Deployment", "shop/api"), capabilities),
        (("Namespace", "shop"), vec![("AllowAllIngressNetworkPolicyExists", "open")]),
        (("Pod", "bare"), vec![("RunAsNonRootPSCNilCSCNil", "main"), ("RunAsNonRootPSCNilCSCNil", "side")]),
        (("", ""), vec![("AppArmorAnnotationMissing", "main")]),
    ];
    assert_eq!((found.as_slice(), parsed.entries), (expected.as_slice(), 7));
    assert_eq!(parsed.warnings[0].at, "[7]");
    assert_eq!(parsed.warnings[0].message, "a line that is no result of an audit was passed over");
}

#[test]
fn what_labels_allow_is_the_same_finding_set_aside() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    let pod = scans(&parsed)[2];
    let verdict = |reason: &str| Verdict::Suppressed(reason.to_owned());
    assert_eq!(pod.findings[0].verdict, verdict("allowed by a label of the object: legacy"));
    assert_eq!(pod.findings[1].verdict, verdict("allowed by a label of the object"));
    assert_eq!(scans(&parsed)[0].findings[0].verdict, Verdict::Affected);
}

#[test]
fn says_where_a_line_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.ndjson")).unwrap_err().to_string();
    assert!(error.contains("`Container`"), "{error}");
}
