//! The mapping of OSV-Scanner's reports, data in, data out.

use domain::finding::FindingClass;
use domain::fix::FixState;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

/// Purl and vulnerability of each finding.
fn told(scan: &Scan) -> Vec<(&str, &str)> {
    let pair = |finding| {
        Some((scan.component_of(finding)?.purl.as_str(), scan.vulnerability_of(finding)?.id.as_str()))
    };
    scan.findings.iter().filter_map(pair).collect()
}

#[test]
fn a_scan_that_found_nothing_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("osv-scanner", &Target::Unstated));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert!(scan.findings.is_empty() && scan.partial.is_none() && parsed.warnings.is_empty());
}

#[test]
fn the_word_of_one_record_is_that_of_its_group() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    let target = Target::Other { kind: "lockfile".to_owned(), name: "/srv/shop/Cargo.lock".to_owned() };
    assert_eq!((&scan.target, parsed.entries), (&target, 2));
    let left = "pkg:cargo/left@1.1.0";
    assert_eq!(told(scan), [(left, "GHSA-aaaa-bbbb-cccc"), (left, "RUSTSEC-2025-0001")]);
    for finding in &scan.findings {
        assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "HIGH"));
        assert_eq!(
            (finding.fix.state, finding.fix.versions.join(" ")),
            (FixState::Fixed, "1.2.0".to_owned())
        );
    }
    let in_use: Vec<Option<&str>> = scan.findings.iter().map(|finding| finding.in_use.as_deref()).collect();
    assert_eq!(in_use, [None, Some("not called")]);
    let record = &scan.vulnerabilities[0];
    assert_eq!(
        (record.aliases[0].as_str(), record.weaknesses.join(" ")),
        ("CVE-2025-10001", "CWE-125".to_owned())
    );
    assert_eq!(record.cvss[0].source, "ghsa");
    assert_eq!(record.modified_at, crate::time::parse("2025-02-03T04:05:06Z"));
    let component = &scan.components[0];
    assert_eq!(
        (component.licences.join(" "), component.paths.join(" ")),
        ("MIT".to_owned(), "/srv/shop/Cargo.lock".to_owned())
    );
    assert!(parsed.warnings.is_empty());
}

#[test]
fn rows_of_the_library_say_what_the_report_says() {
    let rows = parse(include_bytes!("fixtures/flat_many.json")).unwrap();
    assert_eq!(rows, parse(include_bytes!("fixtures/one.json")).unwrap());
}

#[test]
fn several_files_are_one_scan_of_their_folder() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scans(&parsed).len(), parsed.entries), (1, 5));
    assert_eq!(scan.target, Target::Other { kind: "directory".to_owned(), name: "/srv/shop".to_owned() });
    assert_eq!(
        told(scan),
        [
            ("pkg:npm/%40demo/left@1.0.0", "MAL-2025-1"),
            ("pkg:golang/stdlib@1.22.1", "GO-2025-0001"),
            ("pkg:generic/right@1", "OSV-2025-1"),
        ]
    );
    assert_eq!(scan.findings[0].fix.state, FixState::Unknown);
    assert_eq!(scan.findings[1].fix.versions, ["1.21.9", "1.22.2"]);
    assert_eq!(scan.findings[1].in_use.as_deref(), Some("called"));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(
        warned,
        ["results[0].packages[0].vulnerabilities[1]", "results[1].packages[1]", "results[1].packages[2]"]
    );
}

#[test]
fn an_image_is_known_by_its_layers() {
    let parsed = parse(include_bytes!("fixtures/v2_image.json")).unwrap();
    let scan = scans(&parsed)[0];
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!((image.layers.len(), image.references.len()), (1, 0));
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    let demo = "pkg:deb/debian/libdemo1@2.0-1";
    assert_eq!(told(scan), [(demo, "DEBIAN-CVE-2025-10003"), (demo, "DSA-5001-1")]);
    assert_eq!(scan.components[0].source.as_ref().unwrap().name, "demo");
    assert_eq!(scan.findings[0].fix.versions, ["2.0-2"]);
    let [cve, advisory] = scan.vulnerabilities.as_slice() else { panic!("{:?}", scan.vulnerabilities) };
    assert_eq!((cve.aliases[0].as_str(), cve.related.len()), ("CVE-2025-10003", 0));
    assert_eq!((advisory.aliases.len(), advisory.related.len()), (0, 2));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`results[0].packages[0].vulnerabilities`"), "{error}");
}
