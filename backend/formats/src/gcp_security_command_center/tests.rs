//! The mapping of Security Command Center's findings, data in, data out.

use domain::finding::Verdict;
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

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
fn an_empty_list_says_nothing_of_any_image() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(parsed.warnings[0].at, "listFindingsResults");
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.partial), ("gcp-security-command-center", &None));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.123Z"));
    let image = image(scan);
    let names: Vec<String> = image.references.iter().map(ToString::to_string).collect();
    let repository = "europe-west1-docker.pkg.dev/shop-example/shop/api";
    assert_eq!(names, [format!("{repository}@sha256:{}", "a".repeat(64)), format!("{repository}:1.4.0")]);
    assert_eq!(image.digests.iter().map(|(role, _)| *role).collect::<Vec<_>>(), [DigestRole::Repository]);
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    assert_eq!(purls(scan), ["pkg:deb/debian/libdemo1@1:2.0-1"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "HIGH"));
    assert_eq!((finding.fix.state, finding.fix.versions[0].as_str()), (FixState::Fixed, "1:2.0-1+deb12u1"));
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.cvss[0].vector, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H");
    assert_eq!((record.cvss[0].stated, record.weaknesses.join(" ").as_str()), (Some(7.5), "CWE-125"));
    assert_eq!(record.references, ["https://vuln.example.org/CVE-2025-10001"]);
    assert_eq!(record.threat.unwrap().exploit, Some(true));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn each_image_has_a_scan_of_its_own() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (3, 8));
    assert_eq!(purls(scans[0]), ["pkg:deb/debian/libdemo1@1:2.0-1", "pkg:maven/org.demo/left@1.0"]);
    assert_eq!(purls(scans[1]), ["pkg:deb/debian/libdemo1@1:2.0-1"]);
    assert!(scans[0].vulnerabilities[0].cvss.is_empty(), "half a vector is none");
    let exploits: Vec<Option<bool>> =
        scans[0].vulnerabilities.iter().map(|record| record.threat.and_then(|word| word.exploit)).collect();
    assert_eq!(exploits[..2], [Some(false), Some(true)]);
    let muted = &scans[0].findings[1];
    assert_eq!(muted.verdict, Verdict::Suppressed("muted in Security Command Center".to_owned()));
    assert_eq!((muted.severity, muted.severity_word.as_str()), (Severity::Unknown, ""));
    let by_digest = format!("sha256:{}", "b".repeat(64));
    assert_eq!(image(scans[1]).best_digest().unwrap().as_str(), by_digest);
}

#[test]
fn what_is_about_no_image_is_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let place = "they name no container image, and Plimsoll has no place for them yet";
    assert_eq!(
        messages(&parsed),
        [
            "listFindingsResults[2]: nothing tells the ecosystem of a package, so it is known by name alone"
                .to_owned(),
            "listFindingsResults[6]: a finding without a usable vulnerability id was skipped".to_owned(),
            "listFindingsResults[7]: a package without a name was skipped".to_owned(),
            format!("listFindingsResults[3]: 1 finding of category OS_VULNERABILITY was set aside: {place}"),
            format!("listFindingsResults[4]: 1 finding of class MISCONFIGURATION was set aside: {place}"),
            "listFindingsResults[5]: 1 finding of state INACTIVE was set aside: they are not there any more"
                .to_owned(),
        ]
    );
}

#[test]
fn an_image_is_known_by_its_resource() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let front = scans(&parsed)[2];
    let name = format!("us-docker.pkg.dev/shop-example/shop/web/front@sha256:{}", "c".repeat(64));
    assert_eq!(image(front).references[0].to_string(), name);
    assert_eq!(purls(front), ["pkg:generic/mystery@7"]);
}

#[test]
fn what_arrives_one_by_one_closes_nothing() {
    let parsed = parse(include_bytes!("fixtures/notifications.json")).unwrap();
    assert_eq!((parsed.entries, scans(&parsed).len()), (2, 1));
    let single = Some("the document holds single findings, not a whole list");
    assert_eq!(scans(&parsed)[0].partial.as_deref(), single);
}

#[test]
fn says_where_a_list_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`listFindingsResults[0].finding.containers`"), "{error}");
}
