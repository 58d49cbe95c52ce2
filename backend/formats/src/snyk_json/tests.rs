//! The mapping of Snyk's results, data in, data out.

use domain::finding::{FindingClass, Subject, Verdict};
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

/// Purl and vulnerability of each finding that is one of a vulnerability.
fn told(scan: &Scan) -> Vec<(&str, &str)> {
    let pair = |finding| {
        Some((scan.component_of(finding)?.purl.as_str(), scan.vulnerability_of(finding)?.id.as_str()))
    };
    scan.findings.iter().filter_map(pair).collect()
}

#[test]
fn an_image_and_its_applications_are_one_scan() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((scans(&parsed).len(), parsed.entries, parsed.warnings.len()), (1, 0, 0));
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), &scan.partial), ("snyk container", 0, &None));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert_eq!(image(scan).references[0].to_string(), "registry.example.com/shop/api:1.4");
    let platform = image(scan).platform.as_ref().unwrap();
    assert_eq!((platform.architecture.as_str(), platform.variant.as_deref()), ("arm64", Some("v8")));
}

#[test]
fn reads_a_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(image(scan).references[0].to_string(), "docker.io/library/shop:1");
    let distribution = image(scan).distribution.as_ref().unwrap();
    assert_eq!((distribution.family.as_str(), distribution.version.as_deref()), ("debian", Some("12")));
    assert_eq!(told(scan), [("pkg:deb/debian/libdemo1@1:2.0-1", "CVE-2025-10001")]);
    assert_eq!(scan.components[0].source.as_ref().unwrap().name, "demo");
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Critical, "critical"));
    assert_eq!((finding.fix.state, finding.fix.versions.join(" ").as_str()), (FixState::Fixed, "1:2.0-2"));
    assert_eq!(finding.location.as_deref(), Some("RUN apt-get install libdemo1"));
    let record = &scan.vulnerabilities[0];
    let sources: Vec<(&str, Option<f64>)> =
        record.cvss.iter().map(|score| (score.source.as_str(), score.stated)).collect();
    assert_eq!(sources, [("snyk", Some(9.8)), ("nvd", Some(8.4)), ("red-hat", Some(7.4))]);
    assert_eq!(record.aliases[0].as_str(), "SNYK-DEBIAN12-DEMO-100001");
    assert_eq!((record.references.len(), record.weaknesses.join(" ").as_str()), (1, "CWE-125"));
    assert_eq!((&record.title, record.published_at), (&None, crate::time::parse("2025-01-02T03:04:05Z")));
    let threat = record.threat.unwrap();
    assert_eq!((threat.epss, threat.exploit), (Some(0.25), Some(true)));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn packages_are_known_as_other_scanners_know_them() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        told(scan),
        [
            ("pkg:rpm/redhat/demo-libs@3.0.7-18.el9?epoch=1", "CVE-2025-10001"),
            ("pkg:golang/golang.org/x/net@0.17.0", "CVE-2025-10002"),
            ("pkg:golang/golang.org/x/net@0.17.0", "CVE-2025-10003"),
            ("pkg:generic/mystery@1", "CVE-2025-10005"),
            ("pkg:npm/%40demo/left@1.0.0", "CVE-2025-10006"),
        ]
    );
    assert_eq!((parsed.entries, image(scan).digests[0].0), (5, DigestRole::Repository));
    assert_eq!(scan.findings[0].fix.state, FixState::NotFixed);
    assert_eq!(scan.components[1].paths, ["/usr/bin/web"]);
    assert_eq!(scan.partial.as_deref(), Some("only findings of severity medium and above are listed"));
}

#[test]
fn an_issue_of_several_cves_is_related_to_each() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let names = |number: usize| {
        let record = &scan.vulnerabilities[number];
        let text = |ids: &[domain::vulnerability::VulnerabilityId]| {
            ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" ")
        };
        (text(&record.aliases), text(&record.related), record.cvss.len())
    };
    let both = "GHSA-aaaa-bbbb-cccc SNYK-GOLANG-DEMO-100002".to_owned();
    assert_eq!(names(1), (String::new(), both.clone(), 0));
    assert_eq!(names(2), (String::new(), both, 0));
    let aliases = "GHSA-gggg-hhhh-jjjj SNYK-UNMANAGED-MYSTERY-100004".to_owned();
    assert_eq!(names(3), (aliases, String::new(), 0));
}

#[test]
fn licences_and_what_was_set_aside_are_kept() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let licence = &scan.findings[3].subject;
    assert!(matches!(licence, Subject::Licence { licence, component: Some(_), .. } if licence == "GPL-3.0"));
    assert_eq!(scan.findings[5].verdict, Verdict::Suppressed("never called".to_owned()));
    let told: Vec<(&str, &str)> =
        parsed.warnings.iter().map(|warning| (warning.at.as_str(), warning.message.as_str())).collect();
    assert_eq!(
        told,
        [
            ("docker.binariesVulns", "what was found in 1 programs outside packages was passed over"),
            ("applications[0].vulnerabilities[2]", "an issue without a package name was skipped"),
            (
                "applications[1].vulnerabilities[0]",
                "nothing tells the ecosystem of a package, so it is known by name alone"
            ),
        ]
    );
}

#[test]
fn results_of_one_target_are_joined() {
    let parsed = parse(include_bytes!("fixtures/v1_many.json")).unwrap();
    let scans = scans(&parsed);
    let tools: Vec<&str> = scans.iter().map(|scan| scan.tool.name.as_str()).collect();
    assert_eq!(tools, ["snyk container", "snyk open source"]);
    assert_eq!(image(scans[0]).references[0].to_string(), "docker.io/shop/api:2");
    assert_eq!(told(scans[0]), [("pkg:maven/org.example/left@1.0", "GHSA-aaaa-bbbb-cccc")]);
    assert_eq!(
        scans[1].target,
        Target::Other { kind: "directory".to_owned(), name: "/work/shop".to_owned() }
    );
    assert_eq!(told(scans[1]), [("pkg:npm/left@1.0.0", "npm:left:20170101")]);
    assert_eq!(scans[1].findings[0].fix.versions, ["2.0.0", "1.1.0"]);
    assert_eq!(parsed.warnings[0].at, "[4]");
    assert_eq!(
        parsed.warnings[0].message,
        "`shop/worker:2` was not tested (could not pull the image) and counts as not checked"
    );
}

#[test]
fn says_where_a_result_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`vulnerabilities[0].references`"), "{error}");
}
