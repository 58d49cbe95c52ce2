//! GuardDuty's findings in our words: an event for each that is about a cluster or a container, and a
//! finding on the image where malware was found in one container. All others are counted and set aside.
//!
//! Refuses to take a sample for an attack, and a detection for a whole scan.

use domain::observation::Observation;
use domain::runtime::{Disposition, RuntimeEvent};
use domain::scan::Tool;
use domain::severity::Severity;

use super::wire::{Finding, Ids};
use super::wire_service::{Indicator, Sequence};
use super::{evidence, malware, place};
use crate::Parsed;
use crate::aws::{self, Aside, Scans};
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;

const SINGLE: &str = "GuardDuty reports single detections, not all that an image holds";
/// How many techniques of one event are kept.
const TECHNIQUES: usize = 32;

/// Maps findings.
pub(super) fn findings(findings: &[Finding<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let mut aside = Aside::default();
    let mut scans = Scans::default();
    let mut events = Vec::new();
    for (number, finding) in findings.iter().enumerate() {
        let at = || aws::place(number);
        if !place::is_of_containers(finding) {
            let on = finding.resource.resource_type.filled().unwrap_or("UNSTATED");
            aside.no_image(format!("on {} resources", bounded(on, "resourceType", &mut warnings)), at);
            continue;
        }
        let event = event(finding, &mut warnings);
        if is_sample(finding) {
            warnings.push(at(), "a finding is a sample that GuardDuty made up; it is kept as put away");
        } else {
            malware::add(finding, &event, &mut scans, &at, &mut warnings);
        }
        events.push(Observation::Runtime(event));
    }
    aside.tell(&mut warnings);
    let mut observations = scans.build(Some(SINGLE));
    observations.extend(events);
    Parsed {
        tool: Some(tool()),
        entries: findings.len(),
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// Maps a list of nothing but ids.
pub(super) fn ids(list: &Ids<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    if !list.ids.is_empty() {
        let count = list.ids.len();
        let message = format!(
            "the document names {count} findings and says nothing of them: submit the answer of GetFindings"
        );
        warnings.push("FindingIds", message);
    }
    Parsed {
        tool: Some(tool()),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}

/// GuardDuty.
pub(super) fn tool() -> Tool {
    Tool { name: "aws-guardduty".to_owned(), version: None }
}

fn event(finding: &Finding<'_>, warnings: &mut Warnings) -> RuntimeEvent {
    let service = &finding.service;
    RuntimeEvent {
        tool: tool(),
        id: finding.id.filled().map(|id| bounded(id, "id", warnings)),
        rule: bounded(&finding.kind, "type", warnings),
        severity: severity(&finding.severity),
        severity_word: bounded(&finding.severity, "severity", warnings),
        title: finding.title.filled().map(prose),
        first_seen: service.event_first_seen.0.or(finding.created_at.0),
        last_seen: service.event_last_seen.0.or(finding.updated_at.0),
        count: service.count.whole().unwrap_or(1).max(1),
        container: place::container(finding, warnings),
        place: place::of(finding, warnings),
        evidence: evidence::of(finding),
        techniques: service.detection.sequence.as_ref().map(techniques).unwrap_or_default(),
        disposition: disposition(finding),
        foreign: false,
    }
}

/// GuardDuty's scale from 1 to 10 has the steps of CVSS.
fn severity(number: &str) -> Severity {
    number.parse().map_or(Severity::Unknown, Severity::from_cvss)
}

fn disposition(finding: &Finding<'_>) -> Disposition {
    if is_sample(finding) {
        return Disposition::Archived("a sample that GuardDuty made up".to_owned());
    }
    match finding.service.archived {
        Some(true) => Disposition::Archived("archived in GuardDuty".to_owned()),
        _ => Disposition::Open,
    }
}

fn is_sample(finding: &Finding<'_>) -> bool {
    let info = &finding.service.additional_info;
    let stated = || {
        let value: serde_json::Value = serde_json::from_str(&info.value).unwrap_or_default();
        value.get("sample").and_then(serde_json::Value::as_bool) == Some(true)
    };
    info.sample == Some(true) || stated()
}

/// The techniques that a sequence and its signals name: `T1496`.
fn techniques(sequence: &Sequence<'_>) -> Vec<String> {
    let of_signals = sequence.signals.iter().flat_map(|signal| &signal.signal_indicators);
    let stated = sequence.sequence_indicators.iter().chain(of_signals);
    let named = |indicator: &&Indicator<'_>| &*indicator.key == "ATTACK_TECHNIQUE";
    let mut found: Vec<String> = Vec::new();
    for value in stated.filter(named).flat_map(|indicator| &indicator.values) {
        let id = value.split_whitespace().next().unwrap_or_default();
        let digits =
            id.strip_prefix('T').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
        if digits && id.len() <= 16 && found.len() < TECHNIQUES && !found.iter().any(|known| known == id) {
            found.push(id.to_owned());
        }
    }
    found
}
