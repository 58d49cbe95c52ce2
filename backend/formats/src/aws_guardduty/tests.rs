//! The mapping of GuardDuty's findings, data in, data out.

use domain::finding::{FindingClass, Subject, Verdict};
use domain::observation::Observation;
use domain::runtime::{Disposition, RuntimeEvent};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

fn events(parsed: &Parsed) -> Vec<&RuntimeEvent> {
    parsed
        .observations
        .iter()
        .filter_map(|observation| match observation {
            Observation::Runtime(event) => Some(event),
            _ => None,
        })
        .collect()
}

fn messages(parsed: &Parsed) -> Vec<&str> {
    parsed.warnings.iter().map(|warning| warning.message.as_str()).collect()
}

#[test]
fn ids_alone_say_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty() && parsed.warnings.is_empty());
    let parsed = parse(br#"{"FindingIds":["a","b"],"NextToken":""}"#).unwrap();
    assert_eq!(
        messages(&parsed),
        ["the document names 2 findings and says nothing of them: submit the answer of GetFindings"]
    );
}

#[test]
fn keeps_one_event_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let event = events(&parsed)[0];
    assert_eq!(event.rule, "Execution:Runtime/NewBinaryExecuted");
    assert_eq!((event.severity, event.severity_word.as_str()), (Severity::Medium, "5"));
    assert_eq!((event.count, event.tool.name.as_str()), (3, "aws-guardduty"));
    assert_eq!(event.first_seen, crate::time::parse("2026-02-03T10:00:00Z"));
    assert_eq!(event.last_seen, crate::time::parse("2026-02-03T10:20:30Z"));
    let place = &event.place;
    let named = [&place.account, &place.region, &place.cluster, &place.namespace, &place.kind, &place.name];
    let named: Vec<&str> = named.into_iter().flatten().map(String::as_str).collect();
    assert_eq!(named, ["111122223333", "eu-west-1", "prod", "shop", "Deployment", "api"]);
    assert_eq!(place.node.as_deref(), Some("i-0123456789abcdef0"));
    let container = &event.container;
    assert_eq!((container.name.as_deref(), container.id.as_deref()), (Some("api"), Some("0f1e2d3c")));
    assert_eq!(container.reference.as_ref().unwrap().repository, "shop/api");
    assert!(container.digest.as_ref().unwrap().1.as_str().ends_with("bbbb"));
    let evidence = event.evidence.as_deref().unwrap();
    assert!(evidence.starts_with("process /tmp/xm (pid 4711, user root, sha256 9999"), "{evidence}");
    assert!(evidence.ends_with("started by /bin/bash, /usr/bin/node; tool xm"), "{evidence}");
    assert_eq!(event.disposition, Disposition::Open);
}

#[test]
fn command_lines_and_queries_are_not_kept() {
    for document in [&include_bytes!("fixtures/many.json")[..], include_bytes!("fixtures/event.json")] {
        let parsed = parse(document).unwrap();
        assert!(!parsed.observations.is_empty() && !format!("{parsed:?}").contains("hunter2"));
    }
}

#[test]
fn both_spellings_say_the_same() {
    let answered = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!(parse(include_bytes!("fixtures/many_exported.ndjson")).unwrap(), answered);
    let event = parse(include_bytes!("fixtures/event.json")).unwrap();
    assert_eq!(event, parse(include_bytes!("fixtures/one.json")).unwrap());
}

#[test]
fn malware_in_one_container_is_a_finding_on_its_image() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(scans.iter().map(|scan| scan.findings.len()).collect::<Vec<_>>(), [2, 1]);
    let (task, pod) = (scans[0], scans[1]);
    assert_eq!(task.covers.iter().collect::<Vec<_>>(), [&FindingClass::Malware]);
    assert!(task.partial.as_deref().unwrap().starts_with("GuardDuty reports single detections"));
    let path = "tmp/eicar.com".to_owned();
    assert_eq!(task.findings[0].subject, Subject::Malware { name: "EICAR-Test-File".to_owned(), path });
    assert_eq!(task.findings[0].severity, Severity::High);
    assert!(task.findings[0].location.as_deref().unwrap().starts_with("hash 2222"));
    assert_eq!(pod.findings[0].verdict, Verdict::Suppressed("archived in GuardDuty".to_owned()));
    assert!(
        messages(&parsed).contains(&"malware in a workload of several containers is kept as an event only")
    );
}

#[test]
fn every_finding_on_clusters_and_containers_is_an_event() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let events = events(&parsed);
    assert_eq!((parsed.entries, events.len()), (10, 8));
    let workload = |event: &RuntimeEvent| {
        let place = &event.place;
        let parts = [&place.cluster, &place.kind, &place.name];
        parts.map(|part| part.clone().unwrap_or_default()).join(" ")
    };
    assert_eq!(workload(events[1]), "batch Service mail");
    assert_eq!(workload(events[2]), "batch Task jobs");
    assert_eq!(workload(events[3]), "prod Pod api-1");
    assert_eq!(events[2].container, domain::runtime::ContainerSeen::default(), "one of two is not chosen");
    assert_eq!(events[4].evidence.as_deref(), Some("calls create /api/v1/namespaces/kube-system/pods"));
    let evidence = "connection to 198.51.100.7 port 3333; known as Miner pool";
    assert_eq!(events[5].evidence.as_deref(), Some(evidence));
    assert_eq!(events[5].container.id.as_deref(), Some("77"));
}

#[test]
fn a_sequence_names_workload_and_techniques() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let event = events(&parsed)[6];
    assert_eq!(event.severity, Severity::Critical);
    assert_eq!(event.techniques, ["T1496", "T1610"]);
    let place = &event.place;
    let named = [&place.cluster, &place.namespace, &place.kind, &place.name];
    let named: Vec<&str> = named.into_iter().flatten().map(String::as_str).collect();
    assert_eq!(named, ["prod", "shop", "Deployment", "api"]);
    assert_eq!(event.container.reference.as_ref().unwrap().repository, "shop/api");
}

#[test]
fn samples_are_put_away() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let sample = events(&parsed)[7];
    assert_eq!(sample.disposition, Disposition::Archived("a sample that GuardDuty made up".to_owned()));
    let archived = Disposition::Archived("archived in GuardDuty".to_owned());
    assert_eq!(events(&parsed)[3].disposition, archived);
}

#[test]
fn machines_and_keys_are_counted_and_set_aside() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let why = "was set aside: they name no container image, and Plimsoll has no place for them yet";
    let told = messages(&parsed);
    assert_eq!(
        told[2..],
        [
            format!("1 finding on AccessKey resources {why}").as_str(),
            format!("1 finding on Instance resources {why}").as_str(),
        ]
    );
}

#[test]
fn says_where_a_finding_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`Findings[0].Service.RuntimeDetails.Process.Lineage`"), "{error}");
}
