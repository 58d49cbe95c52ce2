//! What is the same among runtime events: which event came before, which events are one detection, which workload a pod or a
//! container belongs to, whether an event is drift, and which vulnerabilities it names.
//!
//! Drift, a program or library that the image does not hold, is decided here ([`class`]) and by the sensor's word alone. Either
//! a field of its own says so of the program that ran: Falco's upper layer and memory, Inspektor Gadget's upper layer,
//! Tetragon's binaries without a name; their formats carry it as [`RuntimeEvent::foreign`]. Or the rule or title is called what
//! sensors call drift (`DRIFT_WORDS`).
//!
//! Refuses to choose between workloads that fit alike, and to take for drift what ran or was loaded and is in no list of an
//! image's files: no tool lists all of them, and volumes bring files that no image holds.

use std::collections::BTreeSet;

use domain::id::{DetectionId, EventId, ImageId, WorkloadId};
use domain::runtime::{ContainerSeen, Place, RuntimeEvent};
use domain::vulnerability::VulnerabilityId;
use domain::workload::container_key;

/// An ordinary detection.
pub const THREAT: &str = "threat";
/// Something ran or was loaded that the image does not hold.
pub const DRIFT: &str = "drift";

/// What sensors call drift, letters alone: `Drop and execute new binary in container`, `Drift binary detected`,
/// `Execution:Runtime/NewBinaryExecuted`.
const DRIFT_WORDS: &[&str] = &[
    "binarydrift",
    "containerdrift",
    "driftbinary",
    "driftdetect",
    "driftedbinary",
    "droppedexecutable",
    "executenewbinary",
    "newbinaryexecuted",
    "newexecutabledropped",
    "newlibraryloaded",
];

/// Tells an event from all others: its tool's own id of it, or else all that it says.
#[must_use]
pub fn event_id(event: &RuntimeEvent) -> EventId {
    let tool = event.tool.name.as_bytes();
    match event.id.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => EventId::derived(&[tool, b"id", id.as_bytes()]),
        None => of_content(event),
    }
}

/// The id of an event that its tool gave none.
fn of_content(event: &RuntimeEvent) -> EventId {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let moment = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| at.to_rfc3339()).unwrap_or_default();
    let (place, container) = (&event.place, &event.container);
    let parts = [
        event.tool.name.clone(),
        "content".to_owned(),
        event.rule.clone(),
        event.severity_word.clone(),
        text(&event.title),
        moment(event.first_seen),
        moment(event.last_seen),
        event.count.to_string(),
        text(&container.name),
        text(&container.id),
        text(&container.image),
        text(&place.account),
        text(&place.region),
        text(&place.cluster),
        text(&place.namespace),
        text(&place.kind),
        text(&place.name),
        text(&place.node),
        text(&event.evidence),
    ];
    EventId::derived(&parts.each_ref().map(|part| part.as_bytes()))
}

/// [`THREAT`] or [`DRIFT`], by what the sensor says of the program or calls the event.
#[must_use]
pub fn class(event: &RuntimeEvent) -> &'static str {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let said =
        [Some(event.rule.as_str()), event.title.as_deref()].map(|text| letters(text.unwrap_or_default()));
    let is_drift =
        event.foreign || DRIFT_WORDS.iter().any(|word| said.iter().any(|text| text.contains(word)));
    if is_drift { DRIFT } else { THREAT }
}

/// The vulnerabilities that a detection names in its rule or title, each once: those with an id of CVE or GHSA.
#[must_use]
pub fn named(rule: &str, title: Option<&str>) -> BTreeSet<VulnerabilityId> {
    let words = [rule, title.unwrap_or_default()].into_iter().flat_map(|text| {
        text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'))
    });
    words.filter_map(|word| vulnerability(word.replace('_', "-").trim_matches('-'))).collect()
}

/// `CVE-2021-44228`, `cve-2021-44228`, `GHSA-jfh8-c2jp-5v3q`; within a longer word, `detect-CVE-2021-44228`, it is none.
fn vulnerability(word: &str) -> Option<VulnerabilityId> {
    let parts: Vec<&str> = word.split('-').collect();
    let is_cve = |year: &str, number: &str| {
        year.len() == 4 && is_number(year) && (4..=9).contains(&number.len()) && is_number(number)
    };
    let is_ghsa = |part: &&str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_one = match parts.as_slice() {
        [kind, year, number] => kind.eq_ignore_ascii_case("CVE") && is_cve(year, number),
        [kind, rest @ ..] => kind.eq_ignore_ascii_case("GHSA") && rest.len() == 3 && rest.iter().all(is_ghsa),
        [] => false,
    };
    if is_one { word.parse().ok() } else { None }
}

/// The detection of a rule on a workload.
#[must_use]
pub fn detection_on(tool: &str, rule: &str, workload: WorkloadId) -> DetectionId {
    DetectionId::derived(&[tool.as_bytes(), rule.as_bytes(), b"workload", workload.as_bytes()])
}

/// The detection of a rule where the workload is not known: by the place as it is named, and by the container or else the
/// node where no workload is named.
#[must_use]
pub fn detection_at(tool: &str, rule: &str, place: &Place, container: &ContainerSeen) -> DetectionId {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let named = text(&place.name);
    let within = match named.is_empty() {
        false => String::new(),
        true => [&container.image, &container.id, &place.node]
            .into_iter()
            .flatten()
            .next()
            .cloned()
            .unwrap_or_default(),
    };
    let parts = [
        tool.to_owned(),
        rule.to_owned(),
        "place".to_owned(),
        text(&place.account),
        text(&place.cluster),
        text(&place.namespace),
        text(&place.kind),
        named,
        within,
    ];
    DetectionId::derived(&parts.each_ref().map(|part| part.as_bytes()))
}

/// A workload that an event may have happened on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub id: WorkloadId,
    /// Cluster.
    pub cluster: String,
    /// Namespace.
    pub namespace: String,
    /// Controller kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Whether it is gone.
    pub retired: bool,
    /// Names of the nodes it was seen on.
    pub nodes: Vec<String>,
    /// Its containers.
    pub containers: Vec<Held>,
    /// Those of its pods and their containers that events name.
    pub instances: Vec<Instance>,
}

/// A container in a pod of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Pod or task.
    pub pod: String,
    /// Name of the container.
    pub container: String,
    /// Key of the container's id ([`container_key`]).
    pub container_id: Option<String>,
    /// Digest that runs.
    pub digest: Option<String>,
}

/// A container of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its name.
    pub name: String,
    /// Image as the specification writes it.
    pub image: String,
    /// Digest that runs.
    pub digest: Option<String>,
    /// The image, if known.
    pub image_id: Option<ImageId>,
}

/// The workload of an event: by its container's id, which no other has, by its pod, by its name, or else by the image that
/// runs. `cluster` stands in where the event names none.
#[must_use]
pub fn workload<'c>(
    place: &Place,
    container: &ContainerSeen,
    cluster: Option<&str>,
    candidates: &'c [Candidate],
) -> Option<&'c Candidate> {
    if let Some(found) = by_container(container, candidates) {
        return Some(found);
    }
    let cluster = place.cluster.as_deref().or(cluster);
    let around: Vec<&Candidate> = candidates
        .iter()
        .filter(|one| cluster.is_none_or(|cluster| is_cluster(&one.cluster, cluster, place)))
        .filter(|one| place.namespace.as_deref().is_none_or(|namespace| one.namespace == namespace))
        .collect();
    match place.name.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => {
            let kind = place.kind.as_deref();
            by_pod(name, kind, &around).or_else(|| by_name(name, kind, &around))
        }
        None => by_image(place.node.as_deref(), container, &around),
    }
}

/// Whether a cluster of the inventory is the one that a sensor names: sources of clouds put product, account and region
/// behind the name, `batch (ecs 111122223333 eu-west-1)`.
fn is_cluster(known: &str, said: &str, place: &Place) -> bool {
    let behind = known.strip_prefix(said).and_then(|rest| rest.strip_prefix(" ("));
    let holds = |rest: &str, part: &Option<String>| part.as_deref().is_none_or(|part| rest.contains(part));
    known == said || behind.is_some_and(|rest| holds(rest, &place.account) && holds(rest, &place.region))
}

fn by_container<'c>(seen: &ContainerSeen, candidates: &'c [Candidate]) -> Option<&'c Candidate> {
    let key = container_key(seen.id.as_deref()?)?;
    alone(candidates.iter().filter(|one| one.instances.iter().any(|instance| instance.is_container(&key))))
}

fn by_pod<'c>(name: &str, kind: Option<&str>, around: &[&'c Candidate]) -> Option<&'c Candidate> {
    let pods = ["pod", "task"];
    if kind.is_some_and(|kind| !pods.iter().any(|word| kind.eq_ignore_ascii_case(word))) {
        return None;
    }
    let has = |one: &&Candidate| one.instances.iter().any(|instance| instance.pod == name);
    alone(around.iter().copied().filter(has))
}

/// The instance of a workload that an event is of: by the container's id, or else by its pod and the container's name.
#[must_use]
pub fn instance<'c>(place: &Place, seen: &ContainerSeen, workload: &'c Candidate) -> Option<&'c Instance> {
    let key = seen.id.as_deref().and_then(container_key);
    let by_id = key.and_then(|key| workload.instances.iter().find(|one| one.is_container(&key)));
    by_id.or_else(|| {
        let (pod, container) = (place.name.as_deref()?, seen.name.as_deref()?);
        workload.instances.iter().find(|one| one.pod == pod && one.container == container)
    })
}

impl Instance {
    fn is_container(&self, key: &str) -> bool {
        self.container_id.as_deref() == Some(key)
    }
}

fn by_name<'c>(name: &str, kind: Option<&str>, around: &[&'c Candidate]) -> Option<&'c Candidate> {
    let called = || around.iter().copied().filter(|one| one.name == name);
    let of_kind = |one: &&Candidate| kind.is_none_or(|kind| one.kind.eq_ignore_ascii_case(kind));
    if let Some(found) = alone(called().filter(of_kind)) {
        return Some(found);
    }
    // Of several controllers that fit, `web` and `web-7d4b9`, the longer name is the nearer one.
    let owners = || around.iter().copied().filter(|one| owns(&one.kind, &one.name, kind, name));
    let longest = owners().map(|one| one.name.len()).max();
    alone(owners().filter(|one| Some(one.name.len()) == longest)).or_else(|| alone(called()))
}

fn by_image<'c>(node: Option<&str>, seen: &ContainerSeen, around: &[&'c Candidate]) -> Option<&'c Candidate> {
    let digest = seen.digest.as_ref().map(|(_, digest)| digest.as_str());
    let runs = |held: &Held| match (digest, held.digest.as_deref()) {
        (Some(seen), Some(runs)) => seen == runs,
        _ => seen.image.as_deref().is_some_and(|image| image == held.image),
    };
    let named = |held: &Held| seen.name.as_deref().is_some_and(|name| name == held.name);
    let there = |one: &&Candidate| node.is_none_or(|node| one.nodes.iter().any(|known| known == node));
    let running = || around.iter().copied().filter(|one| one.containers.iter().any(runs));
    let exactly = || running().filter(|one| one.containers.iter().any(|held| runs(held) && named(held)));
    alone(running())
        .or_else(|| alone(running().filter(there)))
        .or_else(|| alone(exactly()))
        .or_else(|| alone(exactly().filter(there)))
}

/// The only one that is there, or else the only one that was.
fn alone<'c>(candidates: impl Iterator<Item = &'c Candidate>) -> Option<&'c Candidate> {
    let (gone, live): (Vec<&Candidate>, Vec<&Candidate>) = candidates.partition(|one| one.retired);
    match (live.as_slice(), gone.as_slice()) {
        ([one], _) | ([], [one]) => Some(*one),
        _ => None,
    }
}

/// Whether a controller makes what is called so: pods, and the controllers in between.
fn owns(kind: &str, name: &str, seen_kind: Option<&str>, seen: &str) -> bool {
    let Some(rest) = seen.strip_prefix(name).and_then(|rest| rest.strip_prefix('-')) else { return false };
    let parts: Vec<&str> = rest.split('-').collect();
    let is_seen = |word: &str| seen_kind.is_none_or(|kind| kind.eq_ignore_ascii_case(word));
    match (kind, parts.as_slice()) {
        ("Deployment" | "Rollout", [hash]) => seen_kind.is_some() && is_seen("ReplicaSet") && is_hash(hash),
        ("Deployment" | "Rollout", [hash, suffix]) => is_seen("Pod") && is_hash(hash) && is_suffix(suffix),
        ("StatefulSet", [ordinal]) => is_seen("Pod") && is_number(ordinal),
        ("CronJob", [minute]) => seen_kind.is_some() && is_seen("Job") && is_number(minute),
        ("CronJob", [minute, suffix]) => is_seen("Pod") && is_number(minute) && is_suffix(suffix),
        ("Job", [index, suffix]) => is_seen("Pod") && is_number(index) && is_suffix(suffix),
        ("DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job", [suffix]) => {
            is_seen("Pod") && is_suffix(suffix)
        }
        _ => false,
    }
}

/// The hash of a template, at most ten letters and digits.
fn is_hash(part: &str) -> bool {
    (1..=10).contains(&part.len()) && is_word(part)
}

/// The five letters that make a pod's name its own.
fn is_suffix(part: &str) -> bool {
    part.len() == 5 && is_word(part)
}

fn is_word(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
#[path = "runtime_tests.rs"]
mod tests;
