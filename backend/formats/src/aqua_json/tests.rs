//! The mapping of Aqua's documents, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::{parse, recognise};
use crate::test_support::scans;
use crate::{Head, Parsed};

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn a_scan_that_found_nothing_tells_what_it_looked_for() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), &scan.partial), ("aqua", 0, &None));
    let classes = ["vulnerability", "secret", "misconfiguration", "malware"];
    assert_eq!(scan.covers.iter().map(|class| class.as_str()).collect::<Vec<_>>(), classes);
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    assert_eq!(scan.database_at, crate::time::parse("2026-02-03T00:00:00Z"));
    let image = image(scan);
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4.0");
    assert_eq!(image.digests[0].0, DigestRole::Config);
    let platform = image.platform.as_ref().unwrap();
    assert_eq!((platform.os.as_str(), platform.architecture.as_str()), ("linux", "amd64"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(purls(scan), ["pkg:deb/debian/libdemo1@1:2.0-1"]);
    let component = &scan.components[0];
    assert_eq!(component.source.as_ref().unwrap().name, "demo");
    assert_eq!(component.licences, ["MIT"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "high"));
    assert_eq!((finding.fix.state, finding.fix.versions[0].as_str()), (FixState::Fixed, "1:2.0-1+deb12u1"));
    let record = &scan.vulnerabilities[0];
    let scores: Vec<(&str, Option<f64>)> =
        record.cvss.iter().map(|score| (score.source.as_str(), score.stated)).collect();
    assert_eq!(scores, [("nvd", Some(9.8)), ("nvd", Some(7.5))]);
    assert_eq!((record.references.len(), record.published_at), (2, crate::time::parse("2025-03-01")));
    assert_eq!(image(scan).distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn packages_are_those_of_their_ecosystems() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        purls(scan),
        [
            "pkg:rpm/redhat/left@1.0-1",
            "pkg:maven/guava@20.0.0",
            "pkg:npm/%40demo/left@1.0.0",
            "pkg:generic/demo.js@2.0.0",
            "pkg:generic/demo",
            "pkg:deb/libssl-demo@1.1-1",
        ]
    );
    assert_eq!(scan.findings[1].fix.versions, ["20.1", "21.0"]);
    assert_eq!(scan.findings[2].location.as_deref(), Some("/app/node_modules/@demo/left"));
    assert_eq!(
        (scan.findings[2].severity, scan.findings[4].severity),
        (Severity::Critical, Severity::Unknown)
    );
    assert_eq!(scan.components[2].licences, ["MIT", "ISC"]);
    let acknowledged = Verdict::Suppressed("acknowledged in Aqua".to_owned());
    assert_eq!(scan.findings[3].verdict, acknowledged);
}

#[test]
fn an_advisory_stands_for_what_it_covers() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let names: Vec<(&str, usize, usize, usize)> = scan
        .vulnerabilities
        .iter()
        .map(|record| (record.id.as_str(), record.aliases.len(), record.related.len(), record.cvss.len()))
        .collect();
    assert_eq!(names[2], ("GHSA-aaaa-bbbb-cccc", 1, 0, 0));
    assert_eq!(names[5..], [("CVE-2025-10006", 0, 1, 0), ("CVE-2025-10007", 0, 1, 0)]);
}

#[test]
fn all_that_was_found_has_its_class() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len()), (12, 10));
    let malware = Subject::Malware { name: "Demo.Test".to_owned(), path: "/srv/demo.bin".to_owned() };
    let (rule, path) = ("RSA private key".to_owned(), "/srv/key.pem".to_owned());
    assert_eq!(scan.findings[7].subject, malware);
    assert_eq!(scan.findings[8].subject, Subject::Secret { rule, path, line: None });
    assert!(
        matches!(&scan.findings[9].subject, Subject::Misconfiguration { check, .. } if check == "root_user")
    );
    assert_eq!(scan.partial.as_deref(), Some("Aqua says that its results are partial"));
    let image = image(scan);
    assert_eq!((image.references.len(), image.digests[1].0), (0, DigestRole::Repository));
    assert_eq!(
        messages(&parsed),
        [
            "image: Aqua knows the registry by a name of its own, so the image's name is not complete",
            "resources[4].vulnerabilities[0]: nothing tells the ecosystem of a package, so it is known by name alone",
            "resources[6].vulnerabilities[0]: a finding without a usable vulnerability id was skipped",
            "resources[7].vulnerabilities[0]: a finding without a package name was skipped",
            "image_assurance_results.checks_performed[0]: 1 finding of the control `max_severity` was set aside: they \
             judge what was found, which is listed by itself",
        ]
    );
}

#[test]
fn the_list_of_the_first_api_names_files() {
    let parsed = parse(include_bytes!("fixtures/v1_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(purls(scan), ["pkg:maven/left@1.9.3", "pkg:generic/curl"]);
    assert_eq!(image(scan).references[0].to_string(), "registry.example.com/shop/api:1.4.0");
    assert_eq!(scan.partial.as_deref(), Some("the list counts 4 vulnerabilities and holds 3"));
    assert_eq!((parsed.entries, scan.findings[1].severity), (3, Severity::Medium));
    assert!(matches!(scan.findings[1].verdict, Verdict::Suppressed(_)));
    let failed = parse(include_bytes!("fixtures/v1_failed.json")).unwrap();
    let scan = scans(&failed)[0];
    assert_eq!((scan.findings.len(), scan.partial.as_deref()), (0, Some("the scan is FAILED")));
    assert_eq!(image(scan).references[0].to_string(), "docker.io/shop/api:1.4.0");
}

#[test]
fn a_page_has_a_scan_for_each_image() {
    let parsed = parse(include_bytes!("fixtures/page_many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(scans.iter().map(|scan| scan.findings.len()).collect::<Vec<_>>(), [2, 1, 1]);
    assert_eq!(purls(scans[0]), ["pkg:deb/debian/libdemo1@1:2.0-1", "pkg:npm/left@1.0.0"]);
    assert_eq!(scans[0].components[0].source.as_ref().unwrap().name, "demo");
    assert_eq!(scans[0].vulnerabilities[0].weaknesses, ["CWE-125"]);
    assert_eq!(scans[0].vulnerabilities[0].cvss[0].stated, Some(9.8));
    assert!(matches!(scans[0].findings[1].verdict, Verdict::Suppressed(_)));
    assert_eq!((&scans[0].partial, scans[0].scanned_at), (&None, crate::time::parse("2026-02-03")));
    assert_eq!((parsed.entries, &scans[2].target), (4, &Target::Unstated));
    assert_eq!(messages(&parsed), ["result[3]: a finding names no image that can be read"]);
}

#[test]
fn a_part_of_what_there_is_closes_nothing() {
    let parsed = parse(include_bytes!("fixtures/page_filtered.json")).unwrap();
    assert_eq!(scans(&parsed)[0].partial.as_deref(), Some("only a part was asked for"));
    let whole = include_str!("fixtures/page_many.json").replace("\"count\": 4", "\"count\": 9");
    let more = parse(whole.as_bytes()).unwrap();
    assert_eq!(scans(&more)[0].partial.as_deref(), Some("the list goes on: its next page is missing"));
}

#[test]
fn an_empty_page_says_nothing_of_any_image() {
    let empty = br#"{"count":0,"page":1,"pagesize":50,"result":[],"query":{"image_name":"a"},"more_data_all_pages":0}"#;
    assert!(recognise(&Head::new(empty)));
    let parsed = parse(empty).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["result: the list is empty, so nothing is recorded as checked"]);
}

#[test]
fn says_where_a_scan_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`resources[0].vulnerabilities`"), "{error}");
}
