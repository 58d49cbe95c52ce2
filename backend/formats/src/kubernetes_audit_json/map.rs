//! Noteworthy requests in our words. Refuses queries, which carry command lines, and the objects of requests.

use std::collections::HashSet;

use domain::runtime::{ContainerSeen, Place, RuntimeEvent};
use domain::scan::Tool;

use super::rules::{self, Rule};
use super::wire::Event;
use crate::events::{Events, bare, evidence, kind};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, objects, time};

/// Maps events.
pub(super) fn events(documents: &[Event<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let mut events = Events::default();
    let mut known = HashSet::new();
    let all = objects::flat(documents);
    for placed in &all {
        let (event, at) = (placed.object, placed.at.as_str());
        if &*event.stage == "RequestReceived" {
            warnings.skip(at, "a request before its answer was set aside");
            continue;
        }
        let Some(rule) = rules::of(event) else {
            warnings.skip(at, "a request that is not noteworthy was set aside");
            continue;
        };
        if !rules::was_let(event) {
            warnings.skip(at, "a noteworthy request that was denied or failed was set aside");
        } else if event.audit_id.filled().is_none_or(|id| known.insert(id)) {
            events.push(noteworthy(event, rule, &mut warnings));
        } else {
            warnings.skip(at, "a later stage of a request was set aside");
        }
    }
    Parsed {
        tool: Some(tool()),
        entries: all.len(),
        listed_components: 0,
        observations: events.build(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn tool() -> Tool {
    Tool { name: "kubernetes-audit".to_owned(), version: None }
}

fn noteworthy(event: &Event<'_>, rule: &Rule, warnings: &mut Warnings) -> RuntimeEvent {
    let at = time::parse(&event.request_received_timestamp);
    let asked = &event.object_ref;
    let mut keep = |text: Option<&str>, what: &str| text.map(|text| bounded(text, what, warnings));
    let place = Place {
        namespace: keep(asked.namespace.filled(), "namespace"),
        kind: keep(asked.resource.filled().map(kind), "resource"),
        name: keep(asked.name.filled(), "name"),
        ..Place::default()
    };
    let container =
        ContainerSeen { name: keep(container(&event.request_uri), "container"), ..ContainerSeen::default() };
    RuntimeEvent {
        id: keep(event.audit_id.filled(), "auditID"),
        severity: rule.severity,
        first_seen: at,
        last_seen: at,
        container,
        place,
        evidence: proof(event),
        ..bare(tool(), rule.name.to_owned())
    }
}

/// The container that a request into a pod names.
fn container(uri: &str) -> Option<&str> {
    let (_, query) = uri.split_once('?')?;
    let name = query.split('&').find_map(|pair| pair.strip_prefix("container="))?;
    Some(name).filter(|name| !name.is_empty())
}

/// `create /api/v1/… by anna from 198.51.100.7`.
fn proof(event: &Event<'_>) -> Option<String> {
    let mut text = format!("{} {}", event.verb, event.request_uri.split('?').next().unwrap_or_default());
    let from = event.source_ips.first().and_then(|address| address.filled());
    for (word, value) in [("by", event.user.username.filled()), ("from", from)] {
        if let Some(value) = value {
            text = format!("{text} {word} {value}");
        }
    }
    evidence(&[text])
}
