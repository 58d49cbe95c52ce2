//! The mapping of Security Hub's findings, data in, data out.

use domain::finding::{FindingClass, Subject, Verdict};
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
fn what_inspector_says_stays_inspectors() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.tool.name, "aws-inspector");
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.state), (Severity::High, FixState::Fixed));
    assert_eq!(scan.component_of(finding).unwrap().purl.as_str(), "pkg:deb/debian/libdemo1@1:2.0-1");
    let record = scan.vulnerability_of(finding).unwrap();
    assert_eq!((record.cvss.len(), record.cvss[0].source.as_str()), (1, "nvd"));
    assert_eq!(record.related[0].as_str(), "DSA-9001-1");
    assert_eq!(record.references[0], "https://vuln.example.org/CVE-2025-10001");
    let word = record.threat.unwrap();
    assert_eq!((word.epss, word.exploit, word.stated_at), (Some(0.00075), Some(true), scan.scanned_at));
    assert_eq!(word.exploit_seen_at, crate::time::parse("2026-01-30T00:00:00Z"));
    let image = image(scan);
    assert_eq!(image.digests[0].0, DigestRole::Manifest);
    let address = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1.4.0";
    assert_eq!(image.references[0].to_string(), address);
}

#[test]
fn nothing_that_security_hub_lists_closes_what_it_does_not() {
    let of = |document: &[u8]| scans(&parse(document).unwrap())[0].partial.clone();
    let list = of(include_bytes!("fixtures/one.json")).unwrap();
    assert!(list.starts_with("Security Hub lists findings one by one"), "{list}");
    for document in [&include_bytes!("fixtures/lines.ndjson")[..], include_bytes!("fixtures/event.json")] {
        assert_eq!(of(document).as_deref(), Some("the document holds single findings, not a whole list"));
    }
    assert_eq!(of(include_bytes!("fixtures/trivy.json")), None, "Trivy's template writes a whole report");
}

#[test]
fn what_was_put_away_is_kept_with_its_reason() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let reasons: Vec<&str> = scans(&parsed)
        .iter()
        .flat_map(|scan| &scan.findings)
        .filter_map(|finding| match &finding.verdict {
            Verdict::Suppressed(reason) => Some(reason.as_str()),
            Verdict::Affected => None,
        })
        .collect();
    assert_eq!(
        reasons,
        [
            "archived in Security Hub",
            "suppressed in Security Hub: not reachable here",
            "marked as resolved in Security Hub",
        ]
    );
}

#[test]
fn every_product_that_names_packages_of_an_image_is_read() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(scans.iter().map(|scan| scan.findings.len()).collect::<Vec<_>>(), [5, 1, 1]);
    let other = scans[2];
    assert_eq!(other.tool.name, "scanner");
    assert_eq!(other.components[0].purl.as_str(), "pkg:pypi/left@1.0");
    assert_eq!(image(other).references[0].to_string(), "registry.example.com/shop/job:3");
    assert_eq!(image(other).digests[0].0, DigestRole::Config);
    let fixes: Vec<FixState> = scans[0].findings[1..3].iter().map(|finding| finding.fix.state).collect();
    assert_eq!(fixes, [FixState::Fixed, FixState::NotFixed]);
}

#[test]
fn everything_else_is_counted_by_product() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!(parsed.entries, 10);
    let why = "set aside: they name no container image, and Plimsoll has no place for them yet";
    assert_eq!(
        messages(&parsed),
        [
            "a vulnerability without a usable id was skipped".to_owned(),
            "a vulnerability that names no package was skipped".to_owned(),
            format!("1 finding of aws/guardduty was {why}"),
            format!("1 finding of aws/inspector was {why}"),
            format!("2 findings of prowler/prowler were {why}"),
        ]
    );
    assert_eq!(parsed.warnings[4].at, "findings[7]");
}

#[test]
fn trivys_template_is_one_report() {
    let parsed = parse(include_bytes!("fixtures/trivy.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scans(&parsed).len(), scan.tool.name.as_str()), (1, "trivy"));
    assert_eq!(image(scan).references[0].to_string(), "registry.example.com/shop/api:stable");
    assert_eq!(image(scan).distribution.as_ref().unwrap().family, "debian");
    let purls: Vec<&str> = scan.components.iter().map(|component| component.purl.as_str()).collect();
    assert_eq!(
        purls[..3],
        ["pkg:npm/%40demo/left@1.0.0", "pkg:deb/debian/libdemo1@1:2.0-1", "pkg:gem/right@3.0"]
    );
    assert_eq!(scan.findings[0].fix.versions, ["1.0.1", "2.0.0"]);
    assert_eq!(scan.vulnerabilities[0].cvss.len(), 2);
    assert_eq!(scan.covers.len(), 3);
    assert!(scan.covers.contains(&FindingClass::Secret));
    let secret =
        Subject::Secret { rule: "Demo token".to_owned(), path: "app/deploy.sh".to_owned(), line: None };
    assert_eq!(scan.findings[3].subject, secret);
    let check = Subject::Misconfiguration {
        check: "DS002".to_owned(),
        path: "Dockerfile".to_owned(),
        resource: None,
        line: Some(3),
    };
    assert_eq!(scan.findings[4].subject, check);
    assert_eq!(parsed.warnings[0].at, "findings[5]");
}

#[test]
fn reads_every_shape_of_list() {
    let array = parse(include_bytes!("fixtures/array.json")).unwrap();
    assert_eq!((array.entries, scans(&array).len(), array.warnings.len()), (2, 1, 1));
    let older = parse(include_bytes!("fixtures/older.json")).unwrap();
    assert_eq!((older.entries, scans(&older).len(), older.warnings.len()), (2, 1, 1));
}

#[test]
fn says_where_a_finding_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`Findings[0].Vulnerabilities[0].Cvss`"), "{error}");
}
