//! Tracee's events in our words, and the programs that containers execute and the libraries that they load. Refuses the
//! policy that Tracee makes up where none is given: it matches everything.

use chrono::{DateTime, Utc};
use domain::runtime::{ContainerSeen, Place, RuntimeEvent};
use domain::scan::Tool;
use domain::severity::Severity;
use serde_json::Value;

use super::evidence;
use super::wire::{Event, Metadata};
use crate::events::{Events, Seen, bare, moment, techniques};
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity};

/// Names of policies that nobody chose.
const DEFAULT: [&str; 3] = ["", "default", "default-policy"];
/// What Tracee tells of itself and of what was there before it.
const OWN: [&str; 3] = ["existing_container", "init_namespaces", "tracee_info"];

/// A program is executed.
const EXECUTION: &str = "sched_process_exec";
/// A library is mapped to be run.
const LOADING: &str = "shared_object_loaded";

/// Maps events.
pub(super) fn events(list: &[Event<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let mut events = Events::default();
    let mut entries = 0;
    for (number, event) in list.iter().enumerate() {
        let at = format!("[{number}]");
        let name = &*event.event_name;
        if OWN.contains(&name) {
            warnings.push(at, "what Tracee tells of itself is no event and was passed over");
            continue;
        }
        entries += 1;
        let used = is_use(event, &mut events, &mut warnings);
        // Policies ask for loaded libraries to see what is in use: that is no detection.
        let alert = if name == LOADING { None } else { alert(event, &mut warnings) };
        if let Some(event) = alert {
            events.push(event);
        } else if !used {
            let name = bounded(name, "eventName", &mut warnings);
            let message = format!("{name} tells what happened and is no alert: it was set aside");
            warnings.skip(at, message);
        }
    }
    Parsed {
        tool: Some(tool()),
        entries,
        listed_components: 0,
        observations: events.build(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// Whether an event tells of a program that a container executes or a library that it loads, which is noted.
fn is_use(event: &Event<'_>, events: &mut Events, warnings: &mut Warnings) -> bool {
    let name = &*event.event_name;
    if name != EXECUTION && name != LOADING {
        return false;
    }
    let argument = event.args.iter().find(|argument| &*argument.name == "pathname");
    let Some(path) = argument.and_then(|argument| argument.value.as_str()) else { return false };
    let seen = seen(event, name, warnings);
    if name == LOADING { events.loaded(&seen, path) } else { events.executed(&seen, path) }
}

fn tool() -> Tool {
    Tool { name: "tracee".to_owned(), version: None }
}

/// The alert, if an event is one: of a signature, of a detector, or of a policy that somebody named.
fn alert(event: &Event<'_>, warnings: &mut Warnings) -> Option<RuntimeEvent> {
    let name = event.event_name.filled()?;
    if let Some(threat) = &event.threat {
        let title = threat.name.filled().or(threat.description.filled());
        return Some(RuntimeEvent {
            severity: graded(&threat.severity),
            severity_word: bounded(&threat.severity, "severity", warnings),
            title: title.map(prose),
            techniques: techniques([&*threat.mitre.technique.id]),
            ..seen(event, name, warnings)
        });
    }
    if let Some(signature) = event.metadata.as_ref().filter(|metadata| !metadata.properties.is_empty()) {
        let word = property(signature, "Severity").unwrap_or_default();
        let title =
            property(signature, "signatureName").or_else(|| Some(signature.description.clone().into_owned()));
        let technique = property(signature, "external_id").unwrap_or_default();
        return Some(RuntimeEvent {
            severity: graded(&word),
            severity_word: bounded(&word, "Severity", warnings),
            title: title.filter(|title| !title.is_empty()).map(|title| prose(&title)),
            techniques: techniques([technique.as_str()]),
            ..seen(event, name, warnings)
        });
    }
    let matched = event.matched_policies.iter().chain(&event.policies.matched);
    let named: Vec<&str> =
        matched.map(|policy| &**policy).filter(|policy| !DEFAULT.contains(policy)).collect();
    (!named.is_empty()).then(|| seen(event, &format!("{}: {name}", named.join(", ")), warnings))
}

/// A property as text: words and numbers.
fn property(signature: &Metadata<'_>, key: &str) -> Option<String> {
    let (_, value) = signature.properties.iter().find(|(known, _)| &**known == key)?;
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Tracee counts from 0, which informs, to 4.
fn graded(word: &str) -> Severity {
    match word {
        "0" | "1" => Severity::Low,
        "2" => Severity::Medium,
        "3" => Severity::High,
        "4" => Severity::Critical,
        word => severity::from_word(word),
    }
}

/// What every event says: when and where.
fn seen(event: &Event<'_>, rule: &str, warnings: &mut Warnings) -> RuntimeEvent {
    let at = at(&event.timestamp);
    RuntimeEvent {
        first_seen: at,
        last_seen: at,
        container: container(event, warnings),
        place: place(event, warnings),
        evidence: evidence::of(event),
        ..bare(tool(), bounded(rule, "eventName", warnings))
    }
}

fn container(event: &Event<'_>, warnings: &mut Warnings) -> ContainerSeen {
    let (before, since) = (&event.container, &event.workload.container);
    let seen = Seen {
        name: before.name.filled().or(since.name.filled()),
        id: before.id.filled().or(since.id.filled()),
        image: before.image.filled().or(since.image.name.filled()),
        digest: before.image_digest.filled().or_else(|| since.image.repo_digests.first()?.filled()),
    };
    seen.container(warnings)
}

fn place(event: &Event<'_>, warnings: &mut Warnings) -> Place {
    let workload = &event.workload;
    let pod =
        event.kubernetes.pod_name.filled().or(workload.k8s.pod.name.filled()).or(workload.pod.name.filled());
    let namespace = event.kubernetes.pod_namespace.filled().or(workload.k8s.namespace.name.filled());
    let mut keep = |text: Option<&str>, what: &str| text.map(|text| bounded(text, what, warnings));
    Place {
        namespace: keep(namespace, "namespace"),
        kind: pod.map(|_| "Pod".to_owned()),
        name: keep(pod, "name of a pod"),
        node: keep(event.host_name.filled(), "hostName"),
        ..Place::default()
    }
}

/// A time in nanoseconds, as text, or in seconds and nanoseconds.
fn at(stamp: &Value) -> Option<DateTime<Utc>> {
    let Value::Object(parts) = stamp else { return moment(stamp) };
    let whole = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
    let seconds = whole(parts.get("seconds")?)?;
    let nanos = parts.get("nanos").and_then(whole).and_then(|nanos| u32::try_from(nanos).ok());
    DateTime::from_timestamp(seconds, nanos.unwrap_or_default())
}
