//! The mapping of occurrences, data in, data out.

use domain::coverage::Coverage;
use domain::finding::{FindingClass, Verdict};
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

fn read(fixture: &[u8]) -> Parsed {
    parse(fixture).unwrap()
}

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

/// Each word on watching: the image's name, whether it is watched, the reason.
fn words(parsed: &Parsed) -> Vec<String> {
    let coverage = parsed.observations.iter().filter_map(|observation| match observation {
        Observation::Coverage(coverage) => Some(coverage),
        _ => None,
    });
    let shown = |coverage: &Coverage| {
        let name = coverage.image.references[0].repository.rsplit('/').next().unwrap_or_default();
        format!("{name} {:?} {}", coverage.watched, coverage.reason)
    };
    coverage.map(shown).collect()
}

fn messages(parsed: &Parsed) -> Vec<&str> {
    parsed.warnings.iter().map(|warning| warning.message.as_str()).collect()
}

#[test]
fn an_empty_list_says_nothing_of_any_image() {
    let parsed = read(include_bytes!("fixtures/none.json"));
    assert!(parsed.observations.is_empty());
    assert_eq!(
        messages(&parsed),
        ["the list is empty and names no image, so nothing is recorded as checked"]
    );
}

#[test]
fn names_the_image_by_digest() {
    let parsed = read(include_bytes!("fixtures/one.json"));
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.partial), ("gcp-artifact-analysis", &None));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.123456789Z"));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    let image = image(scan);
    let digest = format!("sha256:{}", "a".repeat(64));
    assert_eq!(
        image.references[0].to_string(),
        format!("europe-west1-docker.pkg.dev/shop-prod/images/api@{digest}")
    );
    assert_eq!(image.digests[0].0, DigestRole::Repository);
    let distribution = image.distribution.as_ref().unwrap();
    assert_eq!((distribution.family.as_str(), distribution.version.as_deref()), ("debian", Some("12")));
    assert_eq!(words(&parsed), ["api Some(true) FINISHED_SUCCESS"]);
}

#[test]
fn keeps_one_finding_in_full() {
    let parsed = read(include_bytes!("fixtures/one.json"));
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len()), (1, 1));
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Medium, "MEDIUM"));
    assert_eq!(
        (finding.fix.state, finding.fix.versions[0].as_str()),
        (FixState::Fixed, "1:3.0.15-1~deb12u1")
    );
    let component = scan.component_of(finding).unwrap();
    assert_eq!(component.purl.as_str(), "pkg:deb/debian/openssl@1:3.0.11-1~deb12u2");
    let record = scan.vulnerability_of(finding).unwrap();
    assert_eq!(record.id.as_str(), "CVE-2026-10001");
    assert_eq!(record.cvss[0].vector, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("nvd", Some(9.8)));
    assert_eq!(record.references, ["https://security.example/CVE-2026-10001"]);
    assert_eq!(record.description, None, "vectors are no prose");
}

#[test]
fn what_was_not_analysed_is_a_gap_and_no_clean_image() {
    let parsed = read(include_bytes!("fixtures/many.json"));
    assert_eq!(
        words(&parsed),
        [
            "api Some(true) FINISHED_SUCCESS",
            "clean Some(false) CONTINUOUS_ANALYSIS_INACTIVE",
            "failed Some(false) FINISHED_FAILED: The image could not be read.",
            "new Some(true) SCANNING",
            "odd Some(false) FINISHED_UNSUPPORTED: The operating system is not supported.",
        ]
    );
    let scanned: Vec<_> = scans(&parsed)
        .iter()
        .map(|scan| {
            let name = image(scan).references[0].repository.rsplit('/').next().unwrap();
            format!("{name} {} {}", scan.findings.len(), scan.partial.as_deref().unwrap_or("whole"))
        })
        .collect();
    assert_eq!(
        scanned,
        [
            "api 4 whole",
            "clean 0 whole",
            "failed 1 the last analysis did not succeed: these findings are older",
        ]
    );
}

#[test]
fn packages_of_languages_are_those_of_other_scanners() {
    let parsed = read(include_bytes!("fixtures/many.json"));
    let scan = scans(&parsed)[0];
    let shown: Vec<String> = scan
        .findings
        .iter()
        .map(|finding| {
            let purl = scan.component_of(finding).unwrap().purl.as_str().to_owned();
            format!("{purl} {} {}", finding.fix.state.as_str(), finding.location.as_deref().unwrap_or("-"))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "pkg:golang/golang.org/x/net@0.17.0 fixed /app/api",
            "pkg:golang/stdlib@1.17.6 not_fixed /app/api",
            "pkg:pypi/requests@2.30.0 fixed -",
            "pkg:maven/org.example/left@1.0 not_fixed -",
        ]
    );
    assert_eq!(
        scan.findings[2].verdict,
        Verdict::Suppressed("assessed as not affected: VULNERABLE_CODE_NOT_IN_EXECUTE_PATH".to_owned())
    );
    let spelled = scan.vulnerability_of(&scan.findings[1]).unwrap();
    assert_eq!(spelled.cvss[0].vector, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
}

#[test]
fn what_cannot_be_used_is_told() {
    let parsed = read(include_bytes!("fixtures/many.json"));
    assert_eq!(
        messages(&parsed),
        [
            "an occurrence on something that is no image by digest was skipped",
            "a finding without a usable vulnerability id was skipped",
        ]
    );
}

#[test]
fn what_is_attested_is_no_scan() {
    let parsed = read(include_bytes!("fixtures/attested.json"));
    let shown: Vec<String> = parsed
        .observations
        .iter()
        .map(|observation| match observation {
            Observation::Attestation(told) => {
                let Target::Image(image) = &told.target else { panic!("{told:?}") };
                let name = image.references[0].repository.rsplit('/').next().unwrap();
                format!("{name} {} {}", told.signatures, told.predicate)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "api 2 https://containeranalysis.googleapis.com/v1/projects/shop-prod/notes/built-by-us",
            "api 1 https://slsa.dev/provenance/v1",
            "web 0 https://bcid.corp.google.com/reference/v0.1",
        ]
    );
    assert_eq!(parsed.entries, 0);
    assert_eq!(
        messages(&parsed),
        [
            "an occurrence of kind BUILD was set aside",
            "an attestation that does not say of what kind it is was skipped",
        ]
    );
}

#[test]
fn gcloud_prints_say_the_same() {
    let one = read(include_bytes!("fixtures/one.json"));
    assert_eq!(read(include_bytes!("fixtures/described.json")).observations, one.observations);
    let listed = read(include_bytes!("fixtures/listed.json"));
    assert_eq!(words(&listed), [""; 0], "nothing is said of watching");
    assert_eq!(scans(&listed)[0].findings, scans(&one)[0].findings);
}

#[test]
fn a_page_that_is_not_the_last_closes_nothing() {
    let parsed = read(include_bytes!("fixtures/pages.json"));
    assert_eq!(scans(&parsed)[0].partial.as_deref(), Some("the list goes on: its next page is missing"));
}

#[test]
fn broken_is_told_with_its_place() {
    let sentence = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(sentence.contains("occurrences[1].vulnerability.packageIssue"), "{sentence}");
}
