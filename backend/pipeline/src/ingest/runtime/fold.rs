//! One event folded into its detection, and two detections into one. A detection is drift from its first event on that is
//! ([`class`] decides which are), and stays so. Refuses to close what is open because a sensor fell silent, and to open again
//! what somebody called benign or a duplicate.

use domain::id::{DetectionId, EventId};
use domain::runtime::{Disposition, RuntimeEvent};
use domain::severity::Severity;
use normalise::runtime::{DRIFT, class};
use store::save::detections::{ARCHIVED, Detection, OPEN, SaidPlace};

use super::cut;
use super::resolve::Found;

/// What people call handled: it opens again when it happens again.
const HANDLED: &str = "true";

/// An event that was not seen before, or that went on.
#[derive(Clone, Debug)]
pub(super) struct Fresh<'e> {
    /// What its sensor says.
    pub(super) event: &'e RuntimeEvent,
    /// The cluster for where it names none.
    pub(super) cluster: Option<&'e str>,
    /// Its id.
    pub(super) id: EventId,
    /// How often it was seen that was not counted yet.
    pub(super) added: i64,
    /// When first, in milliseconds.
    pub(super) first: i64,
    /// When last, in milliseconds.
    pub(super) last: i64,
}

/// A detection with one event more.
pub(super) fn fold(known: Option<Detection>, id: DetectionId, fresh: &Fresh<'_>, found: &Found) -> Detection {
    let event = fresh.event;
    let Some(mut known) = known else { return begun(id, fresh, found) };
    let latest = fresh.last >= known.last_seen_at;
    known.count = known.count.saturating_add(fresh.added);
    known.first_seen_at = known.first_seen_at.min(fresh.first);
    known.last_seen_at = known.last_seen_at.max(fresh.last);
    worsen(&mut known, event.severity, &event.severity_word);
    if class(event) == DRIFT {
        DRIFT.clone_into(&mut known.class);
    }
    if latest {
        known.title = event.title.clone().or(known.title);
        known.evidence = event.evidence.as_deref().map(|text| cut(text).to_owned()).or(known.evidence);
        known.place = said(event, found);
        known.image_id = found.image.or(known.image_id);
        known.node_id = found.node;
    }
    for technique in &event.techniques {
        if !known.techniques.contains(technique) && known.techniques.len() < 50 {
            known.techniques.push(technique.clone());
        }
    }
    dispose(&mut known, fresh, latest);
    known
}

/// The detection of a first event.
fn begun(id: DetectionId, fresh: &Fresh<'_>, found: &Found) -> Detection {
    let event = fresh.event;
    let (disposition, reason, by) = match &event.disposition {
        Disposition::Open => (OPEN, String::new(), String::new()),
        Disposition::Archived(reason) => (ARCHIVED, reason.clone(), event.tool.name.clone()),
    };
    let mut techniques = event.techniques.clone();
    techniques.truncate(50);
    Detection {
        id,
        tool: event.tool.name.clone(),
        rule: event.rule.clone(),
        class: class(event).to_owned(),
        severity: event.severity,
        severity_word: event.severity_word.clone(),
        title: event.title.clone(),
        evidence: event.evidence.as_deref().map(|text| cut(text).to_owned()),
        techniques,
        workload: found.workload,
        image_id: found.image,
        node_id: found.node,
        place: said(event, found),
        first_seen_at: fresh.first,
        last_seen_at: fresh.last,
        count: fresh.added.max(1),
        disposed_at: (disposition != OPEN).then_some(fresh.last),
        disposition: disposition.to_owned(),
        reason,
        disposed_by: by,
        judged: found.workload.is_none() || disposition != OPEN,
    }
}

fn worsen(known: &mut Detection, severity: Severity, word: &str) {
    if severity < known.severity {
        known.severity = severity;
        word.clone_into(&mut known.severity_word);
        known.judged &= known.disposition != OPEN;
    }
}

/// What an event says of whether the detection still asks for attention.
fn dispose(known: &mut Detection, fresh: &Fresh<'_>, latest: bool) {
    let since = known.disposed_at.is_some_and(|at| fresh.last > at);
    match &fresh.event.disposition {
        Disposition::Archived(reason) if known.disposition == OPEN && latest => {
            let by = fresh.event.tool.name.clone();
            put(known, ARCHIVED, reason.clone(), by, Some(fresh.last));
        }
        Disposition::Open if known.disposition == ARCHIVED && latest => {
            put(known, OPEN, String::new(), String::new(), None);
        }
        Disposition::Open if known.disposition == HANDLED && since => {
            let reason = format!("seen again after {} had handled it", known.disposed_by);
            put(known, OPEN, reason, String::new(), None);
        }
        Disposition::Open | Disposition::Archived(_) => {}
    }
}

fn put(known: &mut Detection, disposition: &str, reason: String, by: String, at: Option<i64>) {
    disposition.clone_into(&mut known.disposition);
    (known.reason, known.disposed_by, known.disposed_at) = (reason, by, at);
    known.judged = false;
}

/// The place as its sensor names it, with the cluster and digest that are known besides.
fn said(event: &RuntimeEvent, found: &Found) -> SaidPlace {
    let (place, container) = (event.place.clone(), event.container.clone());
    SaidPlace {
        account: place.account,
        region: place.region,
        cluster: place.cluster.or_else(|| found.cluster.clone()),
        namespace: place.namespace,
        kind: place.kind,
        name: place.name,
        node: place.node,
        container: container.name,
        container_id: container.id,
        image: container.image,
        digest: found.digest.clone(),
    }
}

/// Two detections of one rule that turn out to be on one workload. Open goes before what was put away.
pub(super) fn joined(one: Detection, other: Detection) -> Detection {
    let (mut kept, older) = if one.last_seen_at >= other.last_seen_at { (one, other) } else { (other, one) };
    kept.count = kept.count.saturating_add(older.count);
    kept.first_seen_at = kept.first_seen_at.min(older.first_seen_at);
    worsen(&mut kept, older.severity, &older.severity_word);
    if older.class == DRIFT {
        DRIFT.clone_into(&mut kept.class);
    }
    if older.disposition == OPEN && kept.disposition != OPEN {
        put(&mut kept, OPEN, older.reason, older.disposed_by, None);
    }
    kept.image_id = kept.image_id.or(older.image_id);
    kept.title = kept.title.or(older.title);
    kept.evidence = kept.evidence.or(older.evidence);
    kept.judged = false;
    kept
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
