//! The mapping of Xray's answers on artifacts, data in, data out.

use domain::coverage::Coverage;
use domain::finding::FindingClass;
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

const HEX: &str = "2e3d4c5b6a79880716253443526170ffeeddccbbaa99887766554433221100";

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

/// Purl and vulnerability of each finding.
fn told(scan: &Scan) -> Vec<(&str, &str)> {
    let pair = |finding| {
        Some((scan.component_of(finding)?.purl.as_str(), scan.vulnerability_of(finding)?.id.as_str()))
    };
    scan.findings.iter().filter_map(pair).collect()
}

#[test]
fn an_image_without_issues_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.partial), ("jfrog-xray", &None));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    let image = image(scan);
    assert_eq!(
        (image.digests[0].0, image.digests[0].1.to_string()),
        (DigestRole::Manifest, format!("sha256:1f{HEX}"))
    );
    assert!(image.references.is_empty(), "no registry is told, and so no address");
    assert!(scan.findings.is_empty() && parsed.warnings.is_empty());
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(told(scan), [("pkg:deb/debian/libdemo1@1:2.0-1", "CVE-2025-10001")]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.state), (Severity::High, FixState::Fixed));
    assert_eq!(finding.fix.versions, ["1:2.0-2"]);
    assert_eq!(
        finding.location.as_deref(),
        Some("sha256:a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90")
    );
    assert_eq!(scan.components[0].licences, ["MIT"]);
    assert_eq!(image(scan).distribution.as_ref().unwrap().family, "debian");
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.aliases[0].as_str(), "XRAY-100001");
    assert_eq!(record.weaknesses, ["CWE-125", "CWE-787"]);
    let scores: Vec<(&str, Option<f64>)> =
        record.cvss.iter().map(|score| (score.vector.as_str(), score.stated)).collect();
    assert_eq!(
        scores,
        [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(9.8)),
            ("AV:N/AC:L/Au:N/C:P/I:P/A:P", Some(7.5)),
        ]
    );
    assert_eq!(record.published_at, crate::time::parse("2025-01-02T03:04:05.678Z"));
    assert_eq!(record.title.as_deref(), Some("The demo library reads past its buffer."));
    assert!(parsed.warnings.is_empty(), "{:?}", parsed.warnings);
}

#[test]
fn paths_and_licences_tell_components_that_are_not_stated() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        told(scan),
        [
            ("pkg:apk/alpine/libdemo@1.1.1-r0", "XRAY-100002"),
            ("pkg:npm/%40demo/left@1.0.0", "CVE-2025-10002"),
            ("pkg:npm/%40demo/left@1.0.0", "CVE-2025-10003"),
            ("pkg:generic/right@2.0", "CVE-2025-10002"),
            ("pkg:generic/right@2.0", "CVE-2025-10003"),
        ]
    );
    assert_eq!(scan.vulnerabilities[0].cvss[0].stated, Some(9.3));
    let advisory = &scan.vulnerabilities[1];
    assert_eq!((advisory.aliases.len(), advisory.related[0].as_str()), (0, "XRAY-100003"));
    assert_eq!(scan.components[1].licences, ["ISC"]);
}

#[test]
fn one_image_in_two_places_is_one_and_a_file_is_none() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (3, 6));
    assert_eq!(image(scans[1]).digests[0].0, DigestRole::Index);
    let Target::Other { kind, name } = &scans[2].target else { panic!("{:?}", scans[2].target) };
    assert_eq!((kind.as_str(), name.ends_with("/left-1.0.jar")), ("maven", true));
    assert_eq!(told(scans[2]), [("pkg:maven/org.example/left@1.0", "CVE-2025-10001")]);
    assert_eq!(scans[2].findings[0].fix.versions, ["1.1", "1.2"]);
}

#[test]
fn what_is_not_indexed_is_not_clean() {
    for document in [&include_bytes!("fixtures/many.json")[..], include_bytes!("fixtures/unknown.json")] {
        let parsed = parse(document).unwrap();
        let coverage: Vec<&Coverage> = parsed
            .observations
            .iter()
            .filter_map(|observation| match observation {
                Observation::Coverage(coverage) => Some(coverage),
                _ => None,
            })
            .collect();
        assert_eq!(coverage.len(), 1);
        assert_eq!((coverage[0].tool.as_str(), coverage[0].watched), ("jfrog-xray", Some(false)));
        assert_eq!(coverage[0].image.best_digest().unwrap().to_string(), format!("sha256:4f{HEX}"));
    }
}

#[test]
fn nothing_is_dropped_in_silence() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let warned: Vec<(&str, &str)> =
        parsed.warnings.iter().map(|warning| (warning.at.as_str(), warning.message.as_str())).collect();
    let expected = [
        ("artifacts[0].issues[1]", "scores that belong to no CVE of an issue were passed over"),
        ("artifacts[0].issues[1]", "components of no type are known by name alone (2 times)"),
        ("artifacts[0].issues[2]", "an issue that names neither a CVE nor itself was skipped"),
        ("artifacts[0].issues[3]", "an issue without a component was skipped"),
        ("artifacts[3].issues[0]", "a component without a name was skipped"),
    ];
    for one in expected {
        assert!(warned.contains(&one), "{one:?} {warned:?}");
    }
    assert!(
        warned.iter().any(|(_, message)| message.contains("1 finding of the type `license` was set aside"))
    );
    assert!(warned.iter().any(|(at, _)| *at == "errors[1]"));
}

#[test]
fn says_where_an_answer_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`artifacts[0].issues[0].components`"), "{error}");
}
