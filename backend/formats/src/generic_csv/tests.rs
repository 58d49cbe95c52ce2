//! The mapping of tables of one's own, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::{parse, recognise};
use crate::generic::{Field, Mapping, table};
use crate::test_support::scans;
use crate::{Head, Parsed};

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

/// Purl and vulnerability of each finding that has them.
fn told(scan: &Scan) -> Vec<(&str, &str)> {
    let pair = |finding| {
        Some((scan.component_of(finding)?.purl.as_str(), scan.vulnerability_of(finding)?.id.as_str()))
    };
    scan.findings.iter().filter_map(pair).collect()
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn a_table_without_rows_says_nothing_of_any_image() {
    let parsed = parse(include_bytes!("fixtures/none.csv")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 2));
}

#[test]
fn one_row_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.scanned_at), ("generic", crate::time::parse("2026-02-03")));
    assert!(scan.partial.is_some(), "nothing tells that it is whole");
    let image = image(scan);
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4.0");
    assert_eq!(image.digests[0].0, DigestRole::Repository);
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    assert_eq!(told(scan), [("pkg:deb/debian/libdemo1@1:2.0-1", "CVE-2025-10001")]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "High"));
    assert_eq!((finding.fix.state, finding.fix.versions[0].as_str()), (FixState::Fixed, "1:2.0-1+deb12u1"));
    assert_eq!(finding.title.as_deref(), Some("Demo reads too much"));
    let record = &scan.vulnerabilities[0];
    let word = record.threat.unwrap();
    assert_eq!((word.epss, word.exploit), (Some(0.42), Some(true)));
    assert_eq!((record.cvss.len(), record.weaknesses.join(" ").as_str()), (1, "CWE-125"));
    assert_eq!(record.references, ["https://vuln.example.org/CVE-2025-10001"]);
    assert_eq!(
        messages(&parsed),
        ["line 1: the column `Our Column` is not in the dictionary and was passed over"]
    );
}

#[test]
fn each_tool_and_image_has_a_scan_of_its_own() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scans = scans(&parsed);
    let tools: Vec<&str> = scans.iter().map(|scan| scan.tool.name.as_str()).collect();
    assert_eq!((tools, parsed.entries), (vec!["our-scanner", "generic", "generic"], 11));
    assert_eq!(
        told(scans[0]),
        [
            ("pkg:maven/org.demo/left@1.0", "CVE-2025-10001"),
            ("pkg:maven/org.demo/left@1.0", "CVE-2025-10002"),
            ("pkg:npm/%40demo/left@1.0.0", "GHSA-aaaa-bbbb-cccc"),
        ]
    );
    assert_eq!(
        (scans[0].findings[0].fix.state, scans[0].findings[2].severity),
        (FixState::NotFixed, Severity::Unknown)
    );
    assert_eq!(scans[0].components[1].paths, ["/srv/left"]);
    assert_eq!(told(scans[1]), [("pkg:generic/mystery@7", "CVE-2025-10003")]);
    let reason = Verdict::Suppressed("false positive: not built in".to_owned());
    assert_eq!(scans[1].findings[0].verdict, reason);
    let secret = Subject::Secret { rule: "demo-key".to_owned(), path: "/srv/key".to_owned(), line: Some(7) };
    assert_eq!(scans[1].findings[1].subject, secret);
}

#[test]
fn what_names_no_image_waits_for_one() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scan = scans(&parsed)[2];
    assert_eq!(scan.target, Target::Unstated);
    assert!(
        matches!(&scan.findings[0].subject, Subject::Misconfiguration { check, .. } if check == "Runs as root")
    );
    assert_eq!(scan.findings[0].verdict, Verdict::Suppressed("ignored".to_owned()));
    assert!(matches!(&scan.findings[1].subject, Subject::Malware { path, .. } if path == "/tmp/bad"));
    assert_eq!(scan.findings[1].verdict, Verdict::Suppressed("not active".to_owned()));
    assert!(
        matches!(&scan.findings[2].subject, Subject::Licence { licence, .. } if licence == "GPL-3.0-only")
    );
    assert_eq!(told(scan), [("pkg:generic/unknown", "CVE-2025-10004")]);
    assert_eq!(
        messages(&parsed),
        [
            "line 4: nothing tells the ecosystem of a package, so it is known by name alone (2 times)",
            "line 6: what names an image could not be read and was passed over",
            "line 9: no package of a vulnerability is told, so it is the image's",
            "line 12: an entry without a title and a vulnerability was skipped",
            "line 11: 1 finding marked as duplicates was set aside: another finding says the same",
            "line 10: 1 finding of status fixed was set aside: they are not there any more",
        ]
    );
}

#[test]
fn a_mapping_may_be_given() {
    let mut mapping = Mapping::default();
    mapping.set("What", Field::Title);
    mapping.set("Grade", Field::Severity);
    let document = b"What;Grade\nRuns as root;High\n";
    assert!(!recognise(&Head::new(document)));
    let parsed = table(document, &mapping).unwrap();
    assert_eq!(scans(&parsed)[0].findings[0].severity, Severity::High);
    assert!(parsed.warnings.is_empty());
}

#[test]
fn most_columns_must_be_known() {
    let claims = |text: &str| recognise(&Head::new(text.as_bytes()));
    assert!(claims("Title,Severity,CVE\n") && !claims("Title,Severity,CVE"));
    assert!(!claims("Title,Severity,A,B,C\n") && !claims("Title,CVE,Component\n"));
}

#[test]
fn says_where_a_table_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.csv")).unwrap_err().to_string();
    assert!(error.contains("generic-csv") && error.contains("`line 2`"), "{error}");
}
