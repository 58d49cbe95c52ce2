//! The mapping of Checkov's JSON, data in, data out.

use domain::finding::{FindingClass, Subject, Verdict};
use domain::fix::FixState;
use domain::scan::Target;
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

#[test]
fn checks_that_passed_are_no_findings() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), &scan.target), (0, 0, &Target::Unstated));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Misconfiguration]);
    assert_eq!(scan.tool.version.as_deref(), Some("3.2.400"));
}

#[test]
fn a_summary_alone_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.summary.json")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries), (0, 0));
    assert!(parsed.warnings[0].message.ends_with("nothing is recorded as checked"));
}

#[test]
fn one_check_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let finding = &scans(&parsed)[0].findings[0];
    let subject = Subject::Misconfiguration {
        check: "CKV_DOCKER_3".to_owned(),
        path: "shop/Dockerfile".to_owned(),
        resource: Some("shop/Dockerfile.".to_owned()),
        line: Some(1),
    };
    assert_eq!((&finding.subject, finding.severity), (&subject, Severity::Unknown));
    assert_eq!(finding.title.as_deref(), Some("Ensure that a user for the container has been created"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn every_kind_of_report() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), scan.covers.len()), (8, 6, 4));
    assert_eq!(scan.partial.as_deref(), Some("files that could not be read: 1"));
    let (failed, skipped, secret) = (&scan.findings[0], &scan.findings[1], &scan.findings[2]);
    assert_eq!((failed.severity, &failed.verdict), (Severity::High, &Verdict::Affected));
    assert_eq!(skipped.verdict, Verdict::Suppressed("skipped in Checkov: demo only".to_owned()));
    let rule = Subject::Secret {
        rule: "CKV_SECRET_6".to_owned(),
        path: "web/settings.py".to_owned(),
        line: Some(7),
    };
    assert_eq!(secret.subject, rule);
    let warned: Vec<(&str, &str)> =
        parsed.warnings.iter().map(|warning| (warning.at.as_str(), warning.message.as_str())).collect();
    assert_eq!(
        warned,
        [
            ("[2].results.failed_checks[2]", "a finding without a package name was skipped"),
            ("[2].results.failed_checks[3]", "a finding without a usable vulnerability id was skipped"),
        ]
    );
}

#[test]
fn packages_are_those_of_other_scanners() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let found = &scan.findings[3];
    assert_eq!(scan.component_of(found).unwrap().purl.as_str(), "pkg:pypi/left@1.0.0");
    assert_eq!(scan.vulnerability_of(found).unwrap().id.as_str(), "CVE-2026-10001");
    assert_eq!((found.fix.versions.join(" "), found.severity), ("1.0.1 1.1.0".to_owned(), Severity::High));
    let (record, other) = (&scan.vulnerabilities[0], &scan.findings[4]);
    assert_eq!((record.cvss[0].stated, record.references.len()), (Some(7.5), 1));
    assert_eq!(scan.component_of(other).unwrap().purl.as_str(), "pkg:npm/right@2.0.0");
    assert_eq!(
        (other.fix.state, other.location.as_deref()),
        (FixState::Unknown, Some("web/package-lock.json"))
    );
    let licence = &scan.findings[5];
    assert!(matches!(&licence.subject, Subject::Licence { licence, .. } if licence == "GPL-3.0"));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`results.failed_checks`"), "{error}");
}
