//! The mapping of issues of Snyk's API, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::fix::FixState;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::{messages, scans};

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

#[test]
fn an_empty_answer_says_nothing_of_any_project() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["the list is empty, so nothing is recorded as checked"]);
}

#[test]
fn one_package_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    let target = Target::Other { kind: "project".to_owned(), name: "p1".to_owned() };
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("snyk", &target));
    assert_eq!(purls(scan), ["pkg:pypi/demo@1.2.3"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Critical, "critical"));
    assert_eq!((finding.fix.state, finding.fix.versions.len()), (FixState::Fixed, 0));
    let record = scan.vulnerability_of(finding).unwrap();
    assert_eq!(record.id.as_str(), "CVE-2025-11111");
    assert_eq!(record.aliases[0].as_str(), "SNYK-PYTHON-DEMO-1000001");
    assert_eq!(record.weaknesses, ["CWE-122"]);
    let scores: Vec<_> = record.cvss.iter().map(|score| (score.source.as_str(), score.stated)).collect();
    assert_eq!(scores, [("snyk", Some(9.6)), ("red-hat", Some(8.8))]);
    assert_eq!(record.references, ["https://nvd.example.com/CVE-2025-11111"]);
    assert_eq!(record.threat.unwrap().exploit, Some(true));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
    assert!(scan.partial.is_some(), "an answer closes nothing");
}

#[test]
fn each_project_has_one_scan() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (3, 8));
    assert_eq!(
        purls(scans[0]),
        ["pkg:deb/debian/git-man@1:2.39-1", "pkg:deb/debian/git@1:2.39-1", "pkg:pypi/demo@1.2.3"]
    );
    assert_eq!(scans[0].components[0].source.as_ref().unwrap().name, "git");
    let fixes: Vec<FixState> = scans[0].findings.iter().map(|finding| finding.fix.state).collect();
    assert_eq!(fixes[..2], [FixState::Unknown, FixState::Fixed]);
    let licence = Subject::Licence { component: Some(2), path: None, licence: "MPL-2.0".to_owned() };
    assert_eq!(scans[0].findings[2].subject, licence);
    assert_eq!(
        (&scans[2].target, purls(scans[2])),
        (&Target::Unstated, vec!["pkg:golang/golang.org/x/net@0.14.0"])
    );
    assert_eq!(
        messages(&parsed),
        [
            "an issue that names no package was skipped",
            "1 finding of the type cloud was set aside: they name no container image, and Plimsoll has no place for them yet",
            "1 finding resolved in Snyk was set aside: they are not there any more",
            "the list goes on: its next page is missing",
        ]
    );
}

#[test]
fn code_and_infrastructure_fail_checks() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    let code = &scans[0].findings[3];
    let subject = Subject::Misconfiguration {
        check: "00000000-aaaa-0000-0000-000000000003".to_owned(),
        path: "src/shop.py".to_owned(),
        resource: None,
        line: Some(71),
    };
    assert_eq!((&code.subject, code.title.as_deref()), (&subject, Some("Demo Injection")));
    assert_eq!(code.verdict, Verdict::Suppressed("ignored in Snyk".to_owned()));
    let subject = Subject::Misconfiguration {
        check: "SNYK-CC-K8S-1".to_owned(),
        path: String::new(),
        resource: Some("[DocId:0].spec.template".to_owned()),
        line: None,
    };
    assert_eq!(scans[1].findings[0].subject, subject);
}

#[test]
fn says_where_a_document_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`data[0].attributes.coordinates`"), "{error}");
}
