//! Batches of what a scope shows, saved as they come; what is new or different is written down, what is as
//! before costs no row. Refuses to save anything in a dry run.

use std::cell::LazyCell;
use std::collections::HashSet;

use connectors::Item;
use domain::document::Provenance;
use domain::id::ObjectId;
use domain::observation::Observation;
use domain::source::{Noun, RunCounts, Scope};
use normalise::object::shown;
use store::save::sources::{self as rows, Known, Seen};

use super::job::Job;
use super::persistently;
use crate::ingest::observations::{self, Batch};
use crate::{Error, Touched, ingest};

/// What is known of a scope while it is asked.
#[derive(Default)]
pub(super) struct Sighted {
    /// On record before.
    pub(super) known: Known,
    /// Shown so far.
    pub(super) seen: HashSet<(Noun, ObjectId)>,
    /// What that counts.
    pub(super) counts: RunCounts,
    /// What has to be judged anew.
    pub(super) touched: Touched,
    /// Whether a tag or digest became known that was not.
    pub(super) learned: bool,
    /// Documents that could not be read.
    pub(super) refused: u64,
    /// The moment for which the scope speaks, in milliseconds.
    pub(super) at: i64,
}

/// What a batch brought.
struct News {
    /// To be written down.
    rows: Vec<Seen>,
    /// Whether something that runs, or leads to what runs, is new or different.
    estate: bool,
}

impl Job {
    /// Saves what came, observations first: a document may speak of an image among them.
    pub(super) async fn save(
        &self,
        scope: &Scope,
        items: Vec<Item>,
        sighted: &mut Sighted,
    ) -> Result<(), Error> {
        let mut observations = Vec::new();
        let mut documents = Vec::new();
        for item in items {
            match item {
                Item::Observation(observation) => observations.push(*observation),
                Item::Document { bytes, provenance } => documents.push((bytes, *provenance)),
            }
        }
        self.save_observations(scope, observations, sighted).await?;
        for (bytes, provenance) in documents {
            self.save_document(bytes, &provenance, sighted).await?;
        }
        Ok(())
    }

    async fn save_observations(
        &self,
        scope: &Scope,
        observations: Vec<Observation>,
        sighted: &mut Sighted,
    ) -> Result<(), Error> {
        if observations.is_empty() {
            return Ok(());
        }
        let news = self.count(&observations, sighted);
        if self.is_dry() {
            return Ok(());
        }
        let engine = &self.engine.inner;
        let now = self.engine.now();
        // What others have to save waits as it came: as rows it takes several times the room.
        let turn = engine.saving.acquire().await;
        let batch = Batch::new(observations, now);
        let (at, rows) = (sighted.at, &news.rows);
        let saved = persistently(async || {
            let tx = engine.store.begin().await?;
            let saved = observations::save(&tx, &batch, at).await?;
            rows::put_seen(&tx, self.source.id, scope, rows, now.timestamp_millis()).await?;
            tx.commit().await?;
            Ok(saved)
        })
        .await?;
        drop(turn);
        sighted.learned |= saved.learned;
        if news.estate || saved.learned {
            sighted.touched.add(saved.touched);
        }
        Ok(())
    }

    /// Counts what is shown for the first time in this scope.
    fn count(&self, observations: &[Observation], sighted: &mut Sighted) -> News {
        let mut news = News { rows: Vec::new(), estate: false };
        let (mut seen, mut added, mut changed) = (0, 0, 0);
        for observation in observations {
            let whole = LazyCell::new(|| hashed(&described(observation)));
            for object in shown(observation) {
                let id = (object.noun, object.id);
                if !sighted.seen.insert(id) {
                    continue;
                }
                seen += 1;
                // A tag is described by what it points at alone.
                let pointed = object.points_at.as_ref().map(|digest| hashed(digest.as_str().as_bytes()));
                let fingerprint = pointed.unwrap_or_else(|| *whole);
                let before = sighted.known.get(&id).copied();
                match before {
                    Some((same, false)) if same == fingerprint => continue,
                    Some((same, true)) if same == fingerprint => {}
                    Some(_) => changed += 1,
                    None => added += 1,
                }
                let estate = [Noun::Workload, Noun::Node, Noun::Exposure, Noun::NetworkPolicy];
                let runs = estate.contains(&object.noun);
                news.estate |= runs;
                news.rows.push(Seen { noun: object.noun, object: object.id, key: object.name, fingerprint });
            }
        }
        self.asking.live.counted(seen, added, changed);
        sighted.counts.seen += seen;
        sighted.counts.added += added;
        sighted.counts.changed += changed;
        news
    }

    async fn save_document(
        &self,
        bytes: Vec<u8>,
        provenance: &Provenance,
        sighted: &mut Sighted,
    ) -> Result<(), Error> {
        if self.is_dry() {
            return Ok(());
        }
        let engine = &self.engine.inner;
        let size = engine.settings.max_document_bytes;
        let outcome = ingest::ingest(&engine.store, bytes, provenance, size, self.engine.now()).await?;
        let documents = std::iter::once(&outcome).chain(&outcome.members);
        sighted.refused += documents.filter(|document| document.error().is_some()).count() as u64;
        sighted.touched.add(outcome.touched);
        Ok(())
    }
}

/// What an observation says that stays the same while nothing changes but which containers run.
fn described(observation: &Observation) -> Vec<u8> {
    let described = match observation {
        Observation::Workload(workload) => {
            serde_json::to_vec(&Observation::Workload(workload.without_instances()))
        }
        other => serde_json::to_vec(other),
    };
    described.unwrap_or_default()
}

/// Changes when the description of an object does.
fn hashed(text: &[u8]) -> i64 {
    let mut number = [0; 8];
    number.copy_from_slice(&ObjectId::derived(&[text]).as_bytes()[..8]);
    i64::from_le_bytes(number)
}
