//! The mapping of StackRox' alerts, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::runtime::Disposition;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::{events, messages, scans};
use crate::time;

fn target(scan: &Scan) -> (&str, &str) {
    match &scan.target {
        Target::Other { kind, name } => (kind.as_str(), name.as_str()),
        Target::Unstated => ("", ""),
        other @ Target::Image(_) => panic!("{other:?}"),
    }
}

fn checks(scan: &Scan) -> Vec<&str> {
    let checks = scan.findings.iter().map(|finding| match &finding.subject {
        Subject::Misconfiguration { check, .. } => check.as_str(),
        other => panic!("{other:?}"),
    });
    checks.collect()
}

#[test]
fn an_empty_list_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["the list is empty, so nothing is recorded as checked"]);
}

#[test]
fn one_alert_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), target(scan)), ("stackrox", ("Deployment", "shop/api")));
    assert_eq!(scan.scanned_at, time::parse("2026-02-03T10:20:30Z"));
    assert!(scan.partial.is_some(), "alerts close nothing");
    assert_eq!(checks(scan), ["Privileged Container"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Medium, "MEDIUM"));
    assert_eq!(finding.title.as_deref(), Some("A container is privileged."));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn alerts_on_images_are_of_the_image() {
    let parsed = parse(include_bytes!("fixtures/webhook_one.json")).unwrap();
    let scan = scans(&parsed)[0];
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/web:2.0");
    assert_eq!(image.best_digest().unwrap().as_str(), format!("sha256:{}", "b".repeat(64)));
    assert_eq!(checks(scan), ["Fixable Severity"]);
}

#[test]
fn alerts_are_sorted_by_what_they_are_on() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    let found: Vec<_> = scans.iter().map(|scan| (target(scan), checks(scan))).collect();
    assert_eq!(
        found,
        [
            (("workload", "shop/api"), vec!["Privileged Container"]),
            (("Secret", "shop/key"), vec!["Secret Read"]),
            (("", ""), vec!["No Place"]),
        ]
    );
    let snoozed = Verdict::Suppressed("snoozed in StackRox".to_owned());
    assert_eq!(scans[0].findings[0].verdict, snoozed);
    assert_eq!(parsed.entries, 7);
    assert_eq!(
        messages(&parsed),
        [
            "a check without an id was skipped",
            "an alert without a policy was skipped",
            "1 finding resolved in StackRox was set aside: they are not there any more",
        ]
    );
}

#[test]
fn what_happened_is_an_event_without_its_command_line() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let events = events(&parsed);
    assert_eq!(events.len(), 1);
    let event = events[0];
    assert_eq!((event.rule.as_str(), event.severity), ("Shell Spawned", Severity::Critical));
    assert_eq!(event.first_seen, time::parse("2026-02-03T09:00:00Z"));
    assert_eq!(event.last_seen, time::parse("2026-02-03T10:20:30Z"));
    assert_eq!(event.evidence.as_deref(), Some("process /bin/sh (pid 41), started by /usr/sbin/cron"));
    assert_eq!(event.techniques, ["T1059", "T1059.004"]);
    assert_eq!(event.disposition, Disposition::Archived("resolved in StackRox".to_owned()));
    let place = &event.place;
    assert_eq!((place.cluster.as_deref(), place.namespace.as_deref()), (Some("demo"), Some("shop")));
    assert_eq!((place.kind.as_deref(), place.name.as_deref()), (Some("Deployment"), Some("api")));
    let container = &event.container;
    assert_eq!((container.name.as_deref(), container.id.as_deref()), (Some("main"), Some("0f1e2d3c4b5a")));
    assert_eq!(container.digest.as_ref().unwrap().1.as_str(), format!("sha256:{}", "a".repeat(64)));
    assert!(!format!("{parsed:?}").contains("demo-argument"));
}

#[test]
fn says_where_a_document_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`alerts[0].deployment`"), "{error}");
}
