//! Runtime events on their way in: those seen before are dropped, repeats are folded into one detection a rule and workload,
//! and what happened on a workload that is not known yet is attached once it is. Refuses to judge: detections whose word
//! for the score changed are marked, and the judge looks for the mark.

mod attach;
mod executed;
mod fold;
mod resolve;

use std::collections::{BTreeMap, HashMap};

use domain::document::Warning;
use domain::id::{DetectionId, EventId};
use domain::runtime::{Disposition, Place, RuntimeEvent};
use normalise::runtime::{detection_at, detection_on, event_id};
use store::Tx;
use store::save::detections::{self as rows, Detection, Sample, Seen, Sensor};

pub(super) use attach::attach;
pub(super) use executed::save_executions;

use super::content::Content;
use super::moment;
use crate::Error;
use fold::{Fresh, fold};
use resolve::{Found, Ground};

/// The lock under which detections are folded.
const LOCK: &[u8] = b"detections";
/// Events of one detection in one batch whose evidence is kept.
const SAMPLES: usize = 20;
/// The longest evidence kept, in bytes.
const EVIDENCE: usize = 16 * 1024;
/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;

/// What came of some events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Events that were seen before, and that their tool has not counted on.
    pub(crate) repeated: u64,
    /// Of the others, those whose workload is not known.
    pub(crate) unattached: u64,
}

/// Writes the events of a document, and attaches those that waited for what it describes. `learned` tells whether it made
/// an image known.
pub(super) async fn of_content(
    tx: &Tx,
    content: &Content,
    cluster: Option<&str>,
    learned: bool,
    at: i64,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let events: Vec<_> = content.events.iter().map(|event| (event, cluster)).collect();
    let taken = save(tx, &events, at).await?;
    let note = |count: u64, words: &str| Warning { at: String::new(), message: format!("{count} {words}") };
    if taken.repeated > 0 {
        warnings.push(note(taken.repeated, "runtime events were seen before and were not counted again"));
    }
    if taken.unattached > 0 {
        warnings.push(note(
            taken.unattached,
            "runtime events are of workloads that are not known; they wait for them",
        ));
    }
    let executions: Vec<_> = content.executions.iter().map(|one| (one, cluster)).collect();
    let lost = save_executions(tx, &executions, at).await?;
    if lost > 0 {
        warnings.push(note(
            lost,
            "executed programs and loaded libraries are of images that are not known and were not kept",
        ));
    }
    if learned || !content.workloads.is_empty() {
        attach(tx).await?;
    }
    Ok(())
}

/// Writes events. `cluster` stands in where one names none; `at` is the moment for what states none.
pub(crate) async fn save(tx: &Tx, events: &[(&RuntimeEvent, Option<&str>)], at: i64) -> Result<Taken, Error> {
    if events.is_empty() {
        return Ok(Taken::default());
    }
    tx.lock(LOCK).await?;
    let (fresh, repeated) = unseen(tx, events, at).await?;
    let places: Vec<_> = fresh.iter().map(|one| (&one.event.place, &one.event.container)).collect();
    let ground = Ground::around(tx, &places).await?;
    let found: Vec<Found> =
        fresh.iter().map(|one| ground.of(&one.event.place, &one.event.container, one.cluster)).collect();
    let ids: Vec<DetectionId> =
        fresh.iter().zip(&found).map(|(one, found)| detection_of(one.event, found)).collect();
    let mut distinct = ids.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let mut folded = rows::of_ids(tx, &distinct).await?;
    let mut hours: BTreeMap<(DetectionId, i64), i64> = BTreeMap::new();
    for ((one, found), id) in fresh.iter().zip(&found).zip(&ids) {
        let detection = fold(folded.remove(id), *id, one, found);
        let hour = one.last.div_euclid(HOUR) * HOUR;
        let count = hours.entry((*id, hour)).or_default();
        *count = count.saturating_add(one.added);
        folded.insert(*id, detection);
    }
    let detections: Vec<Detection> = folded.into_values().collect();
    rows::put(tx, &detections).await?;
    let hours: Vec<_> = hours.into_iter().map(|((id, hour), count)| (id, hour, count)).collect();
    rows::count_hours(tx, &hours).await?;
    rows::keep_samples(tx, &samples(&fresh, &ids)).await?;
    let heard = fresh.iter().zip(&found).filter_map(|(one, found)| {
        Some((sensor(&one.event.tool.name, &one.event.place, found)?, one.added, one.last))
    });
    hear(tx, heard.collect(), at).await?;
    Ok(Taken { repeated, unattached: found.iter().filter(|found| found.workload.is_none()).count() as u64 })
}

/// The events that were not seen before, or that have gone on since, each once, oldest first; and how many were.
async fn unseen<'e>(
    tx: &Tx,
    events: &[(&'e RuntimeEvent, Option<&'e str>)],
    at: i64,
) -> Result<(Vec<Fresh<'e>>, u64), Error> {
    let ids: Vec<EventId> = events.iter().map(|(event, _)| event_id(event)).collect();
    let mut distinct = ids.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let mut known: HashMap<EventId, Seen> = rows::seen(tx, &distinct).await?;
    let mut fresh = Vec::new();
    let mut told: BTreeMap<EventId, Seen> = BTreeMap::new();
    for (&(event, cluster), id) in events.iter().zip(ids) {
        let count = i64::try_from(event.count.max(1)).unwrap_or(i64::MAX);
        let now = Seen { count, archived: matches!(event.disposition, Disposition::Archived(_)) };
        let before = known.get(&id).copied();
        let added = count.saturating_sub(before.map_or(0, |before| before.count)).max(0);
        if added == 0 && before.is_some_and(|before| before.archived == now.archived) {
            continue;
        }
        let last = moment(event.last_seen.or(event.first_seen), at);
        let first = moment(event.first_seen, last).min(last);
        fresh.push(Fresh { event, cluster, id, added, first, last });
        let kept = Seen { count: before.map_or(count, |before| before.count.max(count)), ..now };
        known.insert(id, kept);
        told.insert(id, kept);
    }
    let repeated = (events.len() - fresh.len()) as u64;
    rows::remember(tx, &told.into_iter().collect::<Vec<_>>(), at).await?;
    fresh.sort_by_key(|one| one.last);
    Ok((fresh, repeated))
}

fn detection_of(event: &RuntimeEvent, found: &Found) -> DetectionId {
    match found.workload {
        Some(workload) => detection_on(&event.tool.name, &event.rule, workload),
        None => detection_at(&event.tool.name, &event.rule, &event.place, &event.container),
    }
}

/// The latest events of each detection, with their evidence.
fn samples(fresh: &[Fresh<'_>], ids: &[DetectionId]) -> Vec<Sample> {
    let mut latest: BTreeMap<(DetectionId, EventId), Sample> = BTreeMap::new();
    let mut counts: HashMap<DetectionId, usize> = HashMap::new();
    for (one, id) in fresh.iter().zip(ids).rev() {
        let count = counts.entry(*id).or_default();
        if *count >= SAMPLES || latest.contains_key(&(*id, one.id)) {
            continue;
        }
        *count += 1;
        let (place, container) = (&one.event.place, &one.event.container);
        let sample = Sample {
            detection: *id,
            event: one.id,
            at: one.last,
            count: i64::try_from(one.event.count.max(1)).unwrap_or(i64::MAX),
            severity_word: one.event.severity_word.clone(),
            evidence: one.event.evidence.as_deref().map(|text| cut(text).to_owned()),
            node: place.node.clone(),
            name: place.name.clone(),
            container: container.name.clone(),
            container_id: container.id.clone(),
        };
        latest.insert((*id, one.id), sample);
    }
    latest.into_values().collect()
}

/// The sensor on a node, where one is named.
fn sensor(tool: &str, place: &Place, found: &Found) -> Option<Sensor> {
    Some(Sensor {
        tool: tool.to_owned(),
        cluster: found.cluster.clone().unwrap_or_default(),
        node: place.node.clone()?,
    })
}

/// Writes down which sensors were heard, each time with how many events and when last.
async fn hear(tx: &Tx, sensors: Vec<(Sensor, i64, i64)>, at: i64) -> Result<(), Error> {
    let mut heard: BTreeMap<Sensor, (i64, i64)> = BTreeMap::new();
    for (sensor, added, moment) in sensors {
        let (events, last) = heard.entry(sensor).or_insert((0, moment));
        *events = events.saturating_add(added);
        *last = (*last).max(moment);
    }
    // What a document says of long ago was not heard now.
    let mut by_moment: BTreeMap<i64, Vec<(&Sensor, i64)>> = BTreeMap::new();
    for (sensor, (events, last)) in &heard {
        by_moment.entry((*last).min(at)).or_default().push((sensor, *events));
    }
    for (moment, sensors) in by_moment {
        rows::hear(tx, &sensors, moment).await?;
    }
    Ok(())
}

/// The beginning of a text that may be long.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(EVIDENCE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}
