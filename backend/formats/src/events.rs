//! What formats of runtime sensors have in common: events of the same rule in the same place become one with a count,
//! containers are named alike, and techniques are read from tags.
//!
//! What a sensor says in a field of its own of the program of an event, that the image does not hold it, goes on as
//! `foreign`, the one half of what decides drift; its words are the other (`normalise::runtime`).
//!
//! Refuses to join events that differ in container, place, severity or disposition, and to keep command lines: they
//! carry credentials.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::runtime::{ContainerSeen, Disposition, Execution, Place, RuntimeEvent};
use domain::scan::Tool;
use domain::severity::Severity;
use serde_json::Value;

use crate::images::reference;
use crate::time;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;

/// How many different pieces of evidence of one event are kept.
const KEPT: usize = 8;
/// How many techniques of one event are kept.
const TECHNIQUES: usize = 32;
/// Resources of Kubernetes in the words of its API, and their kinds.
const KINDS: &[(&str, &str)] = &[
    ("cronjobs", "CronJob"),
    ("daemonsets", "DaemonSet"),
    ("deployments", "Deployment"),
    ("jobs", "Job"),
    ("nodes", "Node"),
    ("pods", "Pod"),
    ("replicasets", "ReplicaSet"),
    ("replicationcontrollers", "ReplicationController"),
    ("secrets", "Secret"),
    ("serviceaccounts", "ServiceAccount"),
    ("services", "Service"),
    ("statefulsets", "StatefulSet"),
];

/// The longest path of a program or library that is kept.
const PATH: usize = 4_096;

/// The events of a document, in the order in which each was first listed, and the programs and libraries that they show
/// executed and loaded.
#[derive(Debug, Default)]
pub(crate) struct Events {
    list: Vec<Folded>,
    known: HashMap<String, usize>,
    executed: Vec<Execution>,
    files: HashMap<String, usize>,
}

/// An event with the evidence of every time it was seen.
#[derive(Debug)]
struct Folded {
    event: RuntimeEvent,
    evidence: Vec<String>,
}

impl Events {
    /// Adds an event, or counts it where the same is known.
    pub(crate) fn push(&mut self, mut event: RuntimeEvent) {
        let key = format!(
            "{:?}",
            (
                &event.tool.name,
                &event.rule,
                &event.severity_word,
                &event.container,
                &event.place,
                &event.disposition
            )
        );
        let evidence = event.evidence.take();
        if let Some(index) = self.known.get(&key).copied() {
            if let Some(known) = self.list.get_mut(index) {
                known.join(event, evidence);
            }
        } else {
            self.known.insert(key, self.list.len());
            self.list.push(Folded { event, evidence: evidence.into_iter().collect() });
        }
    }

    /// Notes a program that runs in the container of an event; whether it is one. What has no whole path, or is not of
    /// the container's file system, is none, nor is what runs in no container.
    pub(crate) fn executed(&mut self, event: &RuntimeEvent, path: &str) -> bool {
        self.note(event, path, false)
    }

    /// Notes a library that is loaded in the container of an event; whether it is one, by what makes a program one.
    pub(crate) fn loaded(&mut self, event: &RuntimeEvent, path: &str) -> bool {
        self.note(event, path, true)
    }

    fn note(&mut self, event: &RuntimeEvent, path: &str, loaded: bool) -> bool {
        let foreign = ["/proc/", "/dev/", "/sys/", "/memfd:"].iter().any(|begin| path.starts_with(begin));
        let container = &event.container;
        let nowhere = container.id.is_none() && container.name.is_none();
        if nowhere || foreign || path.len() > PATH || !path.starts_with('/') || path.ends_with(" (deleted)") {
            return false;
        }
        let key = format!("{:?}", (&event.tool.name, &event.container, &event.place, path, loaded));
        if let Some(index) = self.files.get(&key).copied() {
            if let Some(known) = self.executed.get_mut(index) {
                known.last_seen = known.last_seen.max(event.last_seen);
                known.count = known.count.saturating_add(1);
            }
        } else {
            self.files.insert(key, self.executed.len());
            self.executed.push(Execution {
                tool: event.tool.clone(),
                file: path.to_owned(),
                loaded,
                last_seen: event.last_seen,
                count: 1,
                container: container.clone(),
                place: event.place.clone(),
            });
        }
        true
    }

    /// The events, and what was executed and loaded.
    pub(crate) fn build(self) -> Vec<Observation> {
        let events = self.list.into_iter().map(|folded| {
            let mut event = folded.event;
            event.evidence = evidence(&folded.evidence);
            Observation::Runtime(event)
        });
        events.chain(self.executed.into_iter().map(Observation::Executed)).collect()
    }
}

impl Folded {
    fn join(&mut self, other: RuntimeEvent, evidence: Option<String>) {
        let event = &mut self.event;
        event.count = event.count.saturating_add(other.count);
        event.first_seen = [event.first_seen, other.first_seen].into_iter().flatten().min();
        event.last_seen = event.last_seen.max(other.last_seen);
        event.foreign |= other.foreign;
        // What has an id of its own each time has none as a whole.
        event.id = event.id.take().filter(|id| other.id.as_ref() == Some(id));
        event.title = event.title.take().or(other.title);
        for technique in other.techniques {
            if event.techniques.len() < TECHNIQUES && !event.techniques.contains(&technique) {
                event.techniques.push(technique);
            }
        }
        let new = evidence.filter(|text| self.evidence.len() < KEPT && !self.evidence.contains(text));
        self.evidence.extend(new);
    }
}

/// An event of which nothing but its rule is known, seen once.
pub(crate) fn bare(tool: Tool, rule: String) -> RuntimeEvent {
    RuntimeEvent {
        tool,
        id: None,
        rule,
        severity: Severity::Unknown,
        severity_word: String::new(),
        title: None,
        first_seen: None,
        last_seen: None,
        count: 1,
        container: ContainerSeen::default(),
        place: Place::default(),
        evidence: None,
        techniques: Vec::new(),
        disposition: Disposition::Open,
        foreign: false,
    }
}

/// A container in the words of a sensor.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen<'s> {
    pub name: Option<&'s str>,
    /// With or without the name of the runtime before it.
    pub id: Option<&'s str>,
    pub image: Option<&'s str>,
    /// What the registry calls the image, where the sensor states it apart from the name.
    pub digest: Option<&'s str>,
}

impl Seen<'_> {
    /// The container in our words.
    pub(crate) fn container(&self, warnings: &mut Warnings) -> ContainerSeen {
        let id = self.id.map(|id| id.rsplit_once("://").map_or(id, |(_, id)| id)).filter(|id| !id.is_empty());
        // An image that is named by its digest alone is no reference.
        let reference = self.image.filter(|image| image.parse::<Digest>().is_err()).and_then(reference);
        let stated = self.digest.map(|digest| digest.rsplit_once('@').map_or(digest, |(_, digest)| digest));
        let digest = reference
            .as_ref()
            .and_then(|reference| reference.digest.clone())
            .or_else(|| stated.and_then(|digest| digest.parse::<Digest>().ok()));
        ContainerSeen {
            name: self.name.map(|name| bounded(name, "name of a container", warnings)),
            id: id.map(|id| bounded(id, "id of a container", warnings)),
            image: self.image.map(|image| bounded(image, "image of a container", warnings)),
            digest: digest.map(|digest| (DigestRole::Repository, digest)),
            reference,
        }
    }
}

/// A process in the words of a sensor.
#[derive(Clone, Debug, Default)]
pub(crate) struct Process<'s> {
    /// Path of the executable, or the name where no path is known.
    pub path: Option<&'s str>,
    pub pid: Option<u64>,
    pub user: Option<&'s str>,
    /// Those that led to it, the nearest first.
    pub ancestors: Vec<&'s str>,
}

impl Process<'_> {
    /// `process /usr/bin/xm (pid 12, user root), started by bash, sshd`.
    pub(crate) fn evidence(&self) -> Option<String> {
        let path = self.path?;
        let mut facts = Vec::new();
        facts.extend(self.pid.map(|pid| format!("pid {pid}")));
        facts.extend(self.user.map(|user| format!("user {user}")));
        let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
        let ancestors: Vec<&str> = self.ancestors.iter().copied().take(KEPT).collect();
        let after = if ancestors.is_empty() {
            String::new()
        } else {
            format!(", started by {}", ancestors.join(", "))
        };
        Some(format!("process {path}{facts}{after}"))
    }
}

/// Pieces of evidence as one text.
pub(crate) fn evidence(parts: &[String]) -> Option<String> {
    (!parts.is_empty()).then(|| prose(&parts.join("; ")))
}

/// Techniques of MITRE ATT&CK among tags: `T1610`, `MITRE_T1610_deploy_container`. Tactics are none.
pub(crate) fn techniques<'t>(tags: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for tag in tags {
        let words = tag.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
        for word in words.filter(|word| is_technique(word)) {
            if found.len() < TECHNIQUES && !found.iter().any(|known| known == word) {
                found.push(word.to_owned());
            }
        }
    }
    found
}

/// `T1059` or `T1059.004`.
fn is_technique(word: &str) -> bool {
    let digits =
        |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some(rest) = word.strip_prefix('T') else { return false };
    match rest.split_once('.') {
        Some((technique, part)) => digits(technique, 4) && digits(part, 3),
        None => digits(rest, 4),
    }
}

/// The kind of a resource in the words of the API: `pods`. Others keep the API's word.
pub(crate) fn kind(resource: &str) -> &str {
    KINDS.iter().find(|(plural, _)| plural.eq_ignore_ascii_case(resource)).map_or(resource, |(_, kind)| *kind)
}

/// A time as text, or as a number of nanoseconds since 1970.
pub(crate) fn moment(stamp: &Value) -> Option<DateTime<Utc>> {
    match stamp {
        Value::String(text) => time::parse(text),
        Value::Number(number) => {
            number.as_i64().filter(|nanos| *nanos > 0).map(DateTime::from_timestamp_nanos)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(at: &str, evidence: &str) -> RuntimeEvent {
        let tool = Tool { name: "sensor".to_owned(), version: None };
        RuntimeEvent {
            id: Some(at.to_owned()),
            first_seen: time::parse(at),
            last_seen: time::parse(at),
            evidence: Some(evidence.to_owned()),
            ..bare(tool, "shell".to_owned())
        }
    }

    #[test]
    fn the_same_in_one_place_is_one_event() {
        let mut events = Events::default();
        events.push(seen("2026-02-03T10:00:00Z", "process sh"));
        events.push(seen("2026-02-03T09:00:00Z", "process sh"));
        events.push(seen("2026-02-03T11:00:00Z", "process bash"));
        let mut elsewhere = seen("2026-02-03T11:00:00Z", "process bash");
        elsewhere.place.namespace = Some("shop".to_owned());
        events.push(elsewhere);
        let built = events.build();
        let [Observation::Runtime(first), Observation::Runtime(second)] = &built[..] else {
            panic!("{built:?}")
        };
        assert_eq!((first.count, second.count, first.id.as_deref()), (3, 1, None));
        assert_eq!(first.first_seen, time::parse("2026-02-03T09:00:00Z"));
        assert_eq!(first.last_seen, time::parse("2026-02-03T11:00:00Z"));
        assert_eq!(first.evidence.as_deref(), Some("process sh; process bash"));
        assert_eq!(second.id.as_deref(), Some("2026-02-03T11:00:00Z"));
    }

    #[test]
    fn a_file_that_was_loaded_is_told_apart_from_one_that_was_executed() {
        let mut events = Events::default();
        let mut api = seen("2026-02-03T10:00:00Z", "process api");
        api.container.id = Some("0f1e".to_owned());
        let later = RuntimeEvent { last_seen: time::parse("2026-02-03T11:00:00Z"), ..api.clone() };
        assert!(events.executed(&api, "/app/api") && events.loaded(&api, "/app/api"));
        assert!(events.loaded(&later, "/app/api"));
        for none in ["", "libz.so.1", "/memfd:x", "/dev/zero", "/lib/libz.so.1 (deleted)"] {
            assert!(!events.loaded(&api, none), "{none}");
        }
        assert!(!events.loaded(&seen("2026-02-03T10:00:00Z", "process cron"), "/lib/libz.so.1"));
        let built = events.build();
        let [Observation::Executed(executed), Observation::Executed(loaded)] = &built[..] else {
            panic!("{built:?}")
        };
        assert_eq!((executed.loaded, executed.count, executed.last_seen), (false, 1, api.last_seen));
        assert_eq!((loaded.loaded, loaded.count, loaded.last_seen), (true, 2, later.last_seen));
    }

    #[test]
    fn tags_name_techniques() {
        let tags =
            ["container", "T1059", "MITRE_T1133_external_remote_services", "MITRE_TA0003", "T1059.004", "T1"];
        assert_eq!(techniques(tags), ["T1059", "T1133", "T1059.004"]);
    }

    #[test]
    fn a_container_is_named_alike_everywhere() {
        let hex = "a".repeat(64);
        let digest = format!("shop/api@sha256:{hex}");
        let seen = Seen {
            name: Some("api"),
            id: Some("containerd://0f1e"),
            image: Some("registry.example.com/shop/api:1"),
            digest: Some(&digest),
        };
        let container = seen.container(&mut Warnings::default());
        assert_eq!((container.id.as_deref(), container.name.as_deref()), (Some("0f1e"), Some("api")));
        assert_eq!(container.reference.unwrap().repository, "shop/api");
        let (role, digest) = container.digest.unwrap();
        assert_eq!((role, digest.as_str()), (DigestRole::Repository, format!("sha256:{hex}").as_str()));
        assert_eq!(Seen::default().container(&mut Warnings::default()), ContainerSeen::default());
    }
}
