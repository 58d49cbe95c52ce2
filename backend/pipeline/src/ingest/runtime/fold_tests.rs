//! Events folded, one after the other.

use domain::id::Id;
use domain::runtime::{ContainerSeen, Place};
use domain::scan::Tool;

use super::*;

fn event(severity: Severity, disposition: Disposition) -> RuntimeEvent {
    RuntimeEvent {
        tool: Tool { name: "falco".to_owned(), version: None },
        id: None,
        rule: "shell".to_owned(),
        severity,
        severity_word: severity.as_str().to_uppercase(),
        title: None,
        first_seen: None,
        last_seen: None,
        count: 1,
        container: ContainerSeen::default(),
        place: Place::default(),
        evidence: Some(format!("a {severity} event")),
        techniques: vec!["T1059".to_owned()],
        disposition,
        foreign: false,
    }
}

fn attached() -> Found {
    Found { workload: Some(Id::derived(&[b"web"])), ..Found::default() }
}

/// Folds an event that was seen at a moment.
fn add(known: Option<Detection>, event: &RuntimeEvent, at: i64) -> Detection {
    let id = Id::derived(&[&at.to_le_bytes()]);
    let fresh = Fresh { event, cluster: None, id, added: 1, first: at, last: at };
    fold(known, Id::derived(&[b"shell"]), &fresh, &attached())
}

fn judged(detection: Detection) -> Detection {
    Detection { judged: true, ..detection }
}

fn put_away(disposition: &str) -> Detection {
    let open = add(None, &event(Severity::High, Disposition::Open), 10);
    Detection {
        disposition: disposition.to_owned(),
        disposed_by: "ann".to_owned(),
        disposed_at: Some(20),
        judged: true,
        ..open
    }
}

#[test]
fn repeats_are_counted_and_move_no_score() {
    let (high, low) = (event(Severity::High, Disposition::Open), event(Severity::Low, Disposition::Open));
    let first = judged(add(None, &high, 10));
    let later = add(Some(first), &low, 30);
    let earlier = add(Some(later), &low, 5);
    assert_eq!((earlier.count, earlier.first_seen_at, earlier.last_seen_at), (3, 5, 30));
    assert_eq!((earlier.severity, earlier.severity_word.as_str()), (Severity::High, "HIGH"));
    assert_eq!(earlier.evidence.as_deref(), Some("a low event"), "that of the latest");
    assert!(earlier.judged && earlier.techniques.len() == 1);
    let worse = add(Some(earlier), &event(Severity::Critical, Disposition::Open), 7);
    assert_eq!((worse.severity, worse.judged), (Severity::Critical, false));
}

#[test]
fn only_what_was_handled_opens_again() {
    let open = event(Severity::High, Disposition::Open);
    for (disposition, at, expected) in [
        ("true", 30, OPEN),
        ("true", 15, "true"),
        ("benign", 30, "benign"),
        ("duplicate", 30, "duplicate"),
        (ARCHIVED, 30, OPEN),
    ] {
        let after = add(Some(put_away(disposition)), &open, at);
        assert_eq!(after.disposition, expected, "{disposition} at {at}");
        assert_eq!(after.judged, expected != OPEN, "{disposition} at {at}");
    }
}

#[test]
fn a_sensor_puts_away_what_it_opened() {
    let archived = event(Severity::High, Disposition::Archived("suppressed by a filter".to_owned()));
    let open = judged(add(None, &event(Severity::High, Disposition::Open), 10));
    assert_eq!(add(Some(open.clone()), &archived, 5).disposition, OPEN, "an older event");
    let after = add(Some(open), &archived, 10);
    assert_eq!((after.disposition.as_str(), after.disposed_by.as_str()), (ARCHIVED, "falco"));
    assert!(!after.judged && add(None, &archived, 10).judged);
    assert_eq!(add(Some(put_away("benign")), &archived, 30).disposition, "benign", "people go first");
}

#[test]
fn two_that_turn_out_to_be_one_are_open_if_either_is() {
    let mut other = judged(add(None, &event(Severity::Critical, Disposition::Open), 5));
    other.class = DRIFT.to_owned();
    let whole = joined(put_away("benign"), other);
    assert_eq!((whole.disposition.as_str(), whole.severity), (OPEN, Severity::Critical));
    assert_eq!((whole.count, whole.first_seen_at, whole.last_seen_at), (2, 5, 10));
    assert!(whole.class == DRIFT && !whole.judged);
}
