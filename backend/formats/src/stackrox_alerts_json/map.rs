//! Alerts in our words: a scan for each workload or image, and events. Refuses to make the messages of an alert part of
//! what it is: they change with every count in them.

use domain::finding::FindingClass;
use domain::image::DigestRole;
use domain::scan::Tool;

use super::event;
use super::wire::{Alert, Image};
use crate::aside::Aside;
use crate::checks::Check;
use crate::events::Events;
use crate::images::ImageBuilder;
use crate::scans::Scans;
use crate::targets::Targets;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// How every word for a severity ends.
pub(super) const SEVERITY: &str = "_SEVERITY";
/// Why alerts close nothing.
const FILTERED: &str = "alerts of StackRox do not tell which policies hold";
const RESOLVED: &str = "they are not there any more";
/// Objects of a cluster in StackRox' words, and their kinds.
const KINDS: &[(&str, &str)] = &[
    ("CLUSTER_ROLES", "ClusterRole"),
    ("CLUSTER_ROLE_BINDINGS", "ClusterRoleBinding"),
    ("CONFIGMAPS", "ConfigMap"),
    ("EGRESS_FIREWALLS", "EgressFirewall"),
    ("NETWORK_POLICIES", "NetworkPolicy"),
    ("SECRETS", "Secret"),
    ("SECURITY_CONTEXT_CONSTRAINTS", "SecurityContextConstraints"),
];

/// Maps alerts.
pub(super) fn alerts(alerts: &[Alert<'_>]) -> Parsed {
    let tool = Tool { name: "stackrox".to_owned(), version: None };
    let mut warnings = Warnings::default();
    let (mut targets, mut scans) = (Targets::new(&tool, FILTERED), Scans::default());
    let (mut events, mut aside) = (Events::default(), Aside::default());
    for (number, alert) in alerts.iter().enumerate() {
        let at = || format!("alerts[{number}]");
        if &*alert.lifecycle_stage == "RUNTIME" {
            match event::of(alert, &tool, &mut warnings) {
                Some(event) => events.push(event),
                None => warnings.skip(at(), "an alert without a policy was skipped"),
            }
            continue;
        }
        if &*alert.state == "RESOLVED" {
            aside.put("resolved in StackRox".to_owned(), RESOLVED, at);
            continue;
        }
        let Some(finding) = check(alert).finding(&at, &mut warnings) else { continue };
        let seen = time::parse(&alert.time);
        let image = alert.image.as_ref().map(image).filter(|image| !image.is_empty());
        let scan = match image {
            Some(image) => scans.of(&tool, image.build(), FindingClass::Misconfiguration, seen),
            None => {
                let (kind, name) = target(alert);
                let kind = bounded(kind, "kind of a workload", &mut warnings);
                targets.of(&kind, &bounded(&name, "name of a workload", &mut warnings))
            }
        };
        scan.scan_mut().scanned_at = scan.scan_mut().scanned_at.max(seen);
        scan.finding(finding);
    }
    aside.tell(&mut warnings);
    if alerts.is_empty() {
        warnings.push("alerts", "the list is empty, so nothing is recorded as checked");
    }
    let mut observations = targets.build();
    observations.extend(scans.build(Some(FILTERED)));
    observations.extend(events.build());
    Parsed {
        tool: Some(tool),
        entries: alerts.len(),
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The policy as a check, by the name that people know it by.
fn check<'t>(alert: &'t Alert<'_>) -> Check<'t> {
    let policy = &alert.policy;
    Check {
        id: policy.name.filled().unwrap_or(&policy.id),
        severity: word(&policy.severity),
        title: policy.description.filled().unwrap_or(&policy.name),
        aside: (&*alert.state == "SNOOZED").then(|| "snoozed in StackRox".to_owned()),
        ..Check::default()
    }
}

/// A severity without the end that all of them have.
pub(super) fn word(severity: &str) -> &str {
    severity.strip_suffix(SEVERITY).unwrap_or(severity)
}

fn image(stated: &Image<'_>) -> ImageBuilder {
    let mut image = ImageBuilder::default();
    image.digest(DigestRole::Repository, &stated.id);
    image.reference(&stated.name.full_name);
    image
}

/// Kind and name of what an alert is on, its namespace before the name; empty where it does not say.
fn target<'t>(alert: &'t Alert<'_>) -> (&'t str, String) {
    let (kind, name) = match (&alert.deployment, &alert.resource) {
        (Some(deployment), _) => (deployment.kind.filled().unwrap_or("workload"), &*deployment.name),
        (None, Some(resource)) => {
            let stated = [&resource.resource_type, &alert.common_entity_info.resource_type];
            let stated = stated.into_iter().find_map(|word| word.filled()).unwrap_or_default();
            let known = KINDS.iter().find(|(word, _)| *word == stated);
            (known.map_or(stated, |(_, kind)| *kind), &*resource.name)
        }
        (None, None) => ("", ""),
    };
    match namespace(alert) {
        Some(namespace) if !name.is_empty() => (kind, format!("{namespace}/{name}")),
        _ => (kind, name.to_owned()),
    }
}

/// The namespace, wherever it is told.
pub(super) fn namespace<'t>(alert: &'t Alert<'_>) -> Option<&'t str> {
    let deployment = alert.deployment.as_ref().and_then(|deployment| deployment.namespace.filled());
    let resource = || alert.resource.as_ref().and_then(|resource| resource.namespace.filled());
    let common = || alert.common_entity_info.namespace.filled();
    deployment.or_else(resource).or_else(|| alert.namespace.filled()).or_else(common)
}

/// The cluster, wherever it is told.
pub(super) fn cluster<'t>(alert: &'t Alert<'_>) -> Option<&'t str> {
    let deployment = alert.deployment.as_ref().and_then(|deployment| deployment.cluster_name.filled());
    let resource = || alert.resource.as_ref().and_then(|resource| resource.cluster_name.filled());
    let common = || alert.common_entity_info.cluster_name.filled();
    deployment.or_else(resource).or_else(|| alert.cluster_name.filled()).or_else(common)
}
