//! The mapping of Defender's findings, data in, data out.

use domain::finding::{FindingClass, Subject, Verdict};
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::runtime::Disposition;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::{parse, recognise};
use crate::test_support::{events, scans};
use crate::{Head, Parsed};

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
fn an_answer_without_rows_says_nothing_of_any_image() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(
        messages(&parsed),
        ["the list is empty and names no image, so nothing is recorded as checked"]
    );
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.partial), ("azure-defender", &None));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.1234567Z"));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    let image = image(scan);
    assert_eq!(
        image.references[0].to_string(),
        format!("shop.azurecr.io/shop/api@sha256:{}", "a".repeat(64))
    );
    assert_eq!(image.digests[0].0, DigestRole::Manifest);
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "High"));
    assert_eq!((finding.fix.state, finding.fix.versions[0].as_str()), (FixState::Fixed, "3.0.11-1~deb12u2"));
    assert_eq!(scan.components[0].purl.as_str(), "pkg:deb/debian/openssl@3.0.11-1~deb12u1");
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.id.to_string().as_str(), record.cvss[0].stated), ("CVE-2026-1001", Some(7.5)));
    assert_eq!(record.references, ["https://example.com/CVE-2026-1001"]);
}

#[test]
fn each_image_has_a_scan_of_its_own() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!(parsed.entries, 7);
    let scans = scans(&parsed);
    assert_eq!(scans.iter().map(|scan| scan.findings.len()).collect::<Vec<_>>(), [2, 1, 1]);
    assert_eq!(scans[0].findings[1].fix.state, FixState::NotFixed);
    let exempt = &scans[1].findings[0];
    let reason = "not applicable in Defender for Cloud: Exempt".to_owned();
    assert_eq!((&exempt.verdict, exempt.fix.state), (&Verdict::Suppressed(reason), FixState::Fixed));
    assert_eq!(scans[1].components[0].purl.as_str(), "pkg:pypi/py@1.11.0");
    assert_eq!(image(scans[2]).digests[0].0, DigestRole::Index);
    assert_eq!(scans[2].components[0].purl.as_str(), "pkg:apk/alpine/musl@1.2.4-r1");
}

#[test]
fn what_has_no_place_is_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!(
        messages(&parsed),
        [
            "a finding without a usable vulnerability id was skipped",
            "a package without a name was skipped",
            "1 finding on ServerVulnerabilityAssessment was set aside: they name no container image, and Plimsoll \
             has no place for them yet",
        ]
    );
}

#[test]
fn other_shapes_say_the_same_and_a_page_closes_nothing() {
    let whole = parse(include_bytes!("fixtures/one.json")).unwrap();
    let array = parse(include_bytes!("fixtures/array.json")).unwrap();
    assert_eq!(array.observations, whole.observations);
    let page = parse(include_bytes!("fixtures/listed.json")).unwrap();
    assert_eq!(scans(&page)[0].partial.as_deref(), Some("the list goes on: its next page is missing"));
}

#[test]
fn a_broken_document_says_where() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("azure-defender") && error.contains("softwareDetails"), "{error}");
}

#[test]
fn a_healthy_image_was_scanned_and_has_nothing() {
    let parsed = parse(include_bytes!("fixtures/healthy.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((parsed.entries, scans.len()), (0, 3), "a registry was assessed too");
    let shown: Vec<String> = scans[..2]
        .iter()
        .map(|scan| {
            let image = image(scan);
            assert!(scan.findings.is_empty() && scan.partial.is_none());
            assert_eq!(scan.scanned_at, crate::time::parse("2026-02-04T08:00:00Z"), "since it is healthy");
            assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
            let names: Vec<String> = image.references.iter().map(ToString::to_string).collect();
            format!("{:?} {} {}", image.digests[0].0, image.digests[0].1.short(), names.join(" "))
        })
        .collect();
    let pulled = format!("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:{}", "b".repeat(64));
    assert_eq!(shown, ["Repository aaaaaaaaaaaa ".to_owned(), format!("Repository bbbbbbbbbbbb {pulled}")]);
    assert_eq!(
        messages(&parsed),
        ["an assessment that does not call a whole image healthy says nothing of its content (4 times)"]
    );
}

#[test]
fn what_is_no_image_is_checked_by_its_recommendations() {
    let parsed = parse(include_bytes!("fixtures/assessments.json")).unwrap();
    let shown: Vec<String> = scans(&parsed)
        .iter()
        .map(|scan| {
            assert!(scan.partial.is_some() && scan.covers.contains(&FindingClass::Misconfiguration));
            let Target::Other { kind, name } = &scan.target else { panic!("{:?}", scan.target) };
            format!("{kind} {} {}", name.rsplit('/').next().unwrap(), scan.findings.len())
        })
        .collect();
    assert_eq!(
        shown,
        [
            "registries shop 2",
            "managedclusters prod 0",
            "subscription 00000001-0000-4000-8000-000000000001 1"
        ]
    );
    let registry = scans(&parsed)[0];
    let findings = &registry.findings;
    let Subject::Misconfiguration { check, path, resource, .. } = &findings[0].subject else {
        panic!("{:?}", findings[0].subject)
    };
    assert_eq!(
        (check.as_str(), path.as_str(), resource),
        ("10000001-0000-4000-8000-000000000001", "", &None)
    );
    assert_eq!(
        (findings[0].severity, findings[0].title.as_deref()),
        (Severity::High, Some("Registries should be private"))
    );
    let reason = "not applicable in Defender for Cloud: Exempt".to_owned();
    assert_eq!(findings[1].verdict, Verdict::Suppressed(reason));
    assert_eq!((parsed.entries, parsed.skipped), (4, 1));
    assert_eq!(
        messages(&parsed),
        [
            "an assessment of the unknown state `undecided` was passed over",
            "a check without an id was skipped"
        ]
    );
}

#[test]
fn recorded_answers_are_read_as_the_pages_they_hold() {
    let parsed = parse(include_bytes!("fixtures/recorded.json")).unwrap();
    let scans = scans(&parsed);
    let shown: Vec<(&Target, usize)> = scans.iter().map(|scan| (&scan.target, scan.findings.len())).collect();
    let other = |kind: &str, id: &str| Target::Other {
        kind: kind.to_owned(),
        name: format!(
            "/subscriptions/00000001-0000-4000-8000-000000000001/resourcegroups/rg-shop/providers/{id}"
        ),
    };
    let machine = other("virtualmachines", "microsoft.compute/virtualmachines/vm-1");
    let registry = other("registries", "microsoft.containerregistry/registries/shop");
    assert_eq!(shown, [(&machine, 0), (&registry, 1)]);
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
    for other in [
        r#"{"version":1,"interactions":[{"request":{"uri":"https://management.azure.com/subscriptions?api-version=1"}}]}"#,
        r#"{"version":1,"interactions":[]}"#,
    ] {
        assert!(!recognise(&Head::new(other.as_bytes())), "{other}");
    }
}

#[test]
fn keeps_one_alert_in_full() {
    let parsed = parse(include_bytes!("fixtures/alerts_array.json")).unwrap();
    let event = events(&parsed)[0];
    assert_eq!(event.tool.name, "azure-defender");
    assert_eq!(event.rule, "K8S.NODE_CryptoCoinMinerExecution");
    assert_eq!((event.severity, event.id.as_deref()), (Severity::High, Some("id-1")));
    assert_eq!(event.title.as_deref(), Some("Possible crypto miner was executed"));
    assert_eq!(event.first_seen, crate::time::parse("2026-02-03T10:00:00Z"));
    assert_eq!(event.last_seen, crate::time::parse("2026-02-03T10:20:30Z"));
    let container = &event.container;
    assert_eq!((container.name.as_deref(), container.id.as_deref()), (Some("api"), Some("0f1e2d3c4b5a")));
    assert_eq!(container.image.as_deref(), Some("registry.example.com/shop/api:1.2"));
    assert!(container.digest.as_ref().unwrap().1.as_str().ends_with("aaaa"));
    let place = &event.place;
    let place = [&place.account, &place.cluster, &place.namespace, &place.kind, &place.name];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    let expected = ["11112222-3333-4444-5555-666677778888", "prod", "shop", "Pod", "api-6f7d9-x2x4z"];
    assert_eq!(place, expected);
    assert_eq!(event.evidence.as_deref(), Some("process /tmp/xm (pid 4711); address 198.51.100.7"));
    assert_eq!(event.techniques, ["T1496", "T1059.004"]);
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn alerts_on_clusters_and_containers_are_events_and_others_are_told() {
    let parsed = parse(include_bytes!("fixtures/alerts.json")).unwrap();
    let dispositions: Vec<&Disposition> =
        events(&parsed).into_iter().map(|event| &event.disposition).collect();
    let dismissed = Disposition::Archived("dismissed in Defender for Cloud".to_owned());
    let sample = Disposition::Archived("a sample that Defender for Cloud made up".to_owned());
    assert_eq!((parsed.entries, dispositions), (6, vec![&Disposition::Open, &dismissed, &sample]));
    assert_eq!(events(&parsed)[1].place.cluster.as_deref(), Some("prod"));
    assert_eq!(
        messages(&parsed),
        [
            "an alert without a type was skipped",
            "a row among alerts that is none was skipped: submit such rows alone",
            "the list goes on: its next page is missing",
            "1 finding of type KV_ListGetAnomaly was set aside: they name no container image, and Plimsoll has no \
             place for them yet",
        ]
    );
}
