//! The mapping of what Snyk prints, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::{parse, recognise};
use crate::Head;
use crate::test_support::{messages, scans};

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_image_in_which_nothing_was_found_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), &scan.partial), ("snyk container", 0, &None));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert_eq!(image(scan).references[0].to_string(), "docker.io/library/shop-api:1.4");
    assert_eq!(image(scan).platform.as_ref().unwrap().variant.as_deref(), Some("v8"));
    assert_eq!((parsed.entries, parsed.warnings.len(), parsed.observations.len()), (0, 0, 1));
}

#[test]
fn an_issue_is_in_every_package_that_a_path_ends_in() {
    let parsed = parse(include_bytes!("fixtures/one.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(image(scan).references[0].to_string(), "docker.io/library/shop:1.4");
    let distribution = image(scan).distribution.as_ref().unwrap();
    assert_eq!((distribution.family.as_str(), distribution.version.as_deref()), ("debian", Some("12")));
    let purls: Vec<&str> = scan.components.iter().map(|component| component.purl.as_str()).collect();
    assert_eq!(purls, ["pkg:deb/debian/demo-tools@1:2.0-1", "pkg:deb/debian/libdemo1@1:2.0-1"]);
    assert_eq!(scan.components[0].source.as_ref().unwrap().name, "demo");
    assert_eq!((scan.findings.len(), scan.vulnerabilities.len()), (2, 1));
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "High"));
    assert_eq!((finding.fix.state, finding.fix.versions.join(" ").as_str()), (FixState::Fixed, "1:2.0-2"));
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.id.as_str(), "SNYK-DEBIAN12-DEMO-1000001");
    assert_eq!(record.title.as_deref(), Some("Out-of-bounds Read"));
    assert_eq!(record.references, ["https://security.snyk.io/vuln/SNYK-DEBIAN12-DEMO-1000001"]);
    assert_eq!((&scan.partial, parsed.entries, parsed.warnings.len()), (&None, 1, 0));
}

#[test]
fn tests_of_one_image_are_one_scan() {
    let parsed = parse(include_bytes!("fixtures/many.txt")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), image(scans[0]).digests[0].0), (1, DigestRole::Repository));
    let told: Vec<(&str, &str, String)> = scans[0]
        .findings
        .iter()
        .map(|finding| {
            let purl = scans[0].component_of(finding).unwrap().purl.as_str();
            let what = match &finding.subject {
                Subject::Licence { licence, .. } => licence.as_str(),
                _ => scans[0].vulnerability_of(finding).unwrap().id.as_str(),
            };
            (purl, what, finding.fix.versions.join(" "))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("pkg:apk/alpine/left@1.0-r0", "CVE-2025-10001", String::new()),
            ("pkg:apk/alpine/right@2.0-r0", "SNYK-ALPINE318-RIGHT-1000002", "2.1-r0 2.0-r4".to_owned()),
            ("pkg:npm/%40demo/down@1.0.0", "SNYK-JS-DEMODOWN-1000003", "1.0.1".to_owned()),
            ("pkg:npm/up@2.0.0", "GPL-3.0 license", String::new()),
        ]
    );
    assert_eq!(scans[0].findings[0].fix.state, FixState::Unknown);
    assert_eq!(scans[0].findings[1].severity, Severity::Unknown);
    assert_eq!(scans[0].vulnerabilities[0].aliases[0].as_str(), "SNYK-ALPINE318-LEFT-1000001");
    let release = image(scans[0]).distribution.as_ref().unwrap();
    assert_eq!((release.family.as_str(), release.version.as_deref()), ("alpine", Some("3.18")));
    assert_eq!(scans[0].partial.as_deref(), Some("the report counts 4 issues and lists 3"));
    assert_eq!((parsed.entries, parsed.skipped), (5, 1));
    assert_eq!(messages(&parsed), ["an issue without a usable vulnerability id was skipped"]);
    assert_eq!(parsed.warnings[0].at, "line 42");
}

#[test]
fn an_error_is_a_scan_that_failed_and_no_clean_one() {
    let parsed = parse(include_bytes!("fixtures/failed.txt")).unwrap();
    let scan = scans(&parsed)[0];
    let why = "Snyk failed with Unable to pull the image (SNYK-CONTAINER-0001), 404 Not Found";
    assert_eq!((&scan.target, scan.partial.as_deref()), (&Target::Unstated, Some(why)));
    assert_eq!((scan.findings.len(), parsed.entries), (0, 0));
    assert_eq!(messages(&parsed), [format!("{why}: what it did not test is not checked").as_str()]);
    let late = [&include_bytes!("fixtures/none.txt")[..], include_bytes!("fixtures/failed.txt")].concat();
    let parsed = parse(&late).unwrap();
    assert_eq!((scans(&parsed).len(), scans(&parsed)[0].partial.as_deref()), (1, Some(why)));
}

#[test]
fn a_report_that_was_cut_closes_nothing() {
    let parsed = parse(include_bytes!("fixtures/cut.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.partial.as_deref(), Some("the report ends before its last line"));
    let version = image(scan).distribution.as_ref().and_then(|release| release.version.as_deref());
    assert_eq!((scan.findings.len(), scan.components[0].version.as_deref(), version), (1, None, None));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.txt")).unwrap_err().to_string();
    assert!(error.contains("`line 2`") && error.contains("expected a heading"), "{error}");
}

#[test]
fn other_texts_are_refused() {
    for text in [
        "Tested 40 dependencies for known issues, found 4 issues, 5 vulnerable paths.",
        "Look at https://security.snyk.io/vuln/SNYK-JS-LEFT-1 for a Low severity vulnerability found in left",
        "ERROR the server does not answer",
        r#"{"vulnerabilities":[],"info":"https://security.snyk.io/vuln/ Introduced through: a"}"#,
    ] {
        assert!(!recognise(&Head::new(text.as_bytes())), "{text}");
    }
    assert!(recognise(&Head::new(
        "✔ Tested 1 dependencies for known issues, no vulnerable paths found.".as_bytes()
    )));
}
