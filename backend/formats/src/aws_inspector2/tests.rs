//! The mapping of Inspector's findings, data in, data out.

use domain::coverage::Coverage;
use domain::finding::{FindingClass, Verdict};
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{Scan, Target};
use domain::severity::Severity;
use domain::vulnerability::ThreatWord;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

fn messages(parsed: &Parsed) -> Vec<&str> {
    parsed.warnings.iter().map(|warning| warning.message.as_str()).collect()
}

#[test]
fn an_empty_list_says_nothing_of_any_image() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(
        messages(&parsed),
        ["the list is empty and names no image, so nothing is recorded as checked"]
    );
}

#[test]
fn names_the_image_by_digest_and_tags() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.partial), ("aws-inspector", &None));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    let image = image(scan);
    let names: Vec<String> = image.references.iter().map(ToString::to_string).collect();
    let repository = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api";
    assert_eq!(names, [format!("{repository}:1.4.0"), format!("{repository}:stable")]);
    assert_eq!(image.digests.iter().map(|(role, _)| *role).collect::<Vec<_>>(), [DigestRole::Manifest]);
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    assert_eq!(image.platform.as_ref().unwrap().architecture, "arm64");
    assert_eq!(image.pushed_at, crate::time::parse("2026-01-10T09:00:00Z"));
}

#[test]
fn keeps_one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "HIGH"));
    assert_eq!((finding.fix.state, finding.fix.versions[0].as_str()), (FixState::Fixed, "1:2.0-1+deb12u1"));
    assert!(finding.location.as_deref().unwrap().starts_with("sha256:1111"));
    assert_eq!((finding.cvss[0].source.as_str(), finding.cvss[0].stated), ("aws-inspector", Some(8.1)));
    let used = "not reachable at run time: it lies outside the path that the image starts";
    assert_eq!(finding.in_use.as_deref(), Some(used));
    let component = scan.component_of(finding).unwrap();
    assert_eq!(component.purl.as_str(), "pkg:deb/debian/libdemo1@1:2.0-1");
    assert_eq!(component.version.as_deref(), Some("1:2.0-1"));
    let record = scan.vulnerability_of(finding).unwrap();
    let sources: Vec<&str> = record.cvss.iter().map(|score| score.source.as_str()).collect();
    assert_eq!(sources, ["nvd", "redhat"]);
    assert_eq!(record.related.iter().map(ToString::to_string).collect::<Vec<_>>(), ["DSA-9001-1"]);
    assert!(record.aliases.is_empty());
    let links = ["https://vuln.example.org/CVE-2025-10001", "https://lists.example.org/demo"];
    assert_eq!(record.references, links);
    assert_eq!(record.published_at, crate::time::parse("2025-11-01T00:00:00Z"));
}

#[test]
fn keeps_what_inspector_says_of_exploits() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let word = ThreatWord {
        epss: Some(0.00075),
        exploit: Some(true),
        exploit_seen_at: crate::time::parse("2026-01-30T00:00:00Z"),
        stated_at: crate::time::parse("2026-02-03T10:20:30Z"),
    };
    assert_eq!(scans(&parsed)[0].vulnerabilities[0].threat, Some(word));
}

#[test]
fn an_epss_that_is_no_probability_is_none() {
    let text = include_str!("fixtures/one.json").replace("0.00075", "7.5");
    let parsed = parse(text.as_bytes()).unwrap();
    let word = scans(&parsed)[0].vulnerabilities[0].threat.unwrap();
    assert_eq!((word.epss, word.exploit), (None, Some(true)));
}

#[test]
fn says_how_often_an_image_runs() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let runs: Vec<&Coverage> = parsed
        .observations
        .iter()
        .filter_map(|observation| match observation {
            Observation::Coverage(coverage) => Some(coverage),
            _ => None,
        })
        .collect();
    assert_eq!(runs.len(), 2, "once an image");
    assert!(
        runs.iter().all(|run| run.watched.is_none() && run.reason.is_empty()),
        "findings say nothing of it"
    );
    let in_use = runs[0].in_use.unwrap();
    assert_eq!((in_use.count, in_use.last_at), (3, crate::time::parse("2026-02-03T08:00:00Z")));
}

#[test]
fn gathers_findings_by_image() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(scans.iter().map(|scan| scan.findings.len()).collect::<Vec<_>>(), [5, 3]);
    let left = &scans[0].components[1];
    assert_eq!((left.purl.as_str(), left.paths.len()), ("pkg:npm/%40demo/left@1.0.0", 2));
    assert_eq!(scans[0].findings[1].fix.versions, ["1.0.1", "2.0.0"]);
    assert_eq!(scans[0].findings[3].severity, Severity::Unknown);
    assert_eq!(scans[0].findings[3].fix.state, FixState::NotFixed);
    let purls: Vec<&str> = scans[1].components.iter().map(|component| component.purl.as_str()).collect();
    let expected =
        ["pkg:golang/stdlib@1.24.4", "pkg:apk/alpine/libleft@1.2.3-r4", "pkg:maven/org.example/right@4.0"];
    assert_eq!(purls, expected);
    let states: Vec<FixState> = scans[1].findings.iter().map(|finding| finding.fix.state).collect();
    assert_eq!(states, [FixState::Fixed, FixState::Fixed, FixState::Unknown]);
}

#[test]
fn what_is_suppressed_or_closed_is_kept_and_not_open() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let reasons: Vec<&str> = scans(&parsed)
        .iter()
        .flat_map(|scan| &scan.findings)
        .filter_map(|finding| match &finding.verdict {
            Verdict::Suppressed(reason) => Some(reason.as_str()),
            Verdict::Affected => None,
        })
        .collect();
    assert_eq!(reasons, ["suppressed by a rule of Amazon Inspector", "closed by Amazon Inspector"]);
}

#[test]
fn machines_and_functions_are_counted_and_set_aside() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!(parsed.entries, 9);
    assert_eq!(
        messages(&parsed),
        [
            "a finding without a usable vulnerability id was skipped",
            "1 finding of type CODE_VULNERABILITY was set aside: they name no container image, and Plimsoll has no place for them yet",
            "1 finding on AWS_EC2_INSTANCE resources was set aside: they name no container image, and Plimsoll has no place for them yet",
        ]
    );
    assert_eq!(parsed.warnings[2].at, "findings[7]");
}

#[test]
fn what_arrives_one_by_one_closes_nothing() {
    let single = Some("the document holds single findings, not a whole list");
    for document in [&include_bytes!("fixtures/lines.ndjson")[..], include_bytes!("fixtures/event.json")] {
        let parsed = parse(document).unwrap();
        assert_eq!(scans(&parsed)[0].partial.as_deref(), single);
    }
    let parsed = parse(include_bytes!("fixtures/pages.json")).unwrap();
    assert_eq!((parsed.entries, scans(&parsed).len()), (2, 1));
    let more = Some("the list goes on: its next page is missing");
    assert_eq!(scans(&parsed)[0].partial.as_deref(), more);
}

#[test]
fn reads_a_recorded_answer() {
    let recorded = parse(include_bytes!("fixtures/recorded.json")).unwrap();
    assert_eq!(recorded, parse(include_bytes!("fixtures/one.json")).unwrap());
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`findings[0].packageVulnerabilityDetails.vulnerablePackages`"), "{error}");
}
