//! Observations of a source, saved like those of a document but without one: they come again and again.
//! Refuses findings and bills of materials: what a tool says is kept raw first.

use chrono::{DateTime, Utc};
use domain::observation::Observation;
use domain::reference::ImageReference;
use store::save::documents;
use store::{Store, Tx};

use super::content::Content;
use super::{estate, images, intervals, inventory, runtime};
use crate::{Error, Touched};

/// Observations sorted by what they are.
#[derive(Debug)]
pub(crate) struct Batch(Content);

impl Batch {
    /// Sorts observations.
    pub(crate) fn new(observations: Vec<Observation>, now: DateTime<Utc>) -> Self {
        let mut content = Content::new(observations, None, now);
        content.routine = true;
        Self(content)
    }
}

/// What saving a batch came to.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    /// What has to be judged anew, were it all different from before.
    pub(crate) touched: Touched,
    /// Whether a tag or digest became known that was not.
    pub(crate) learned: bool,
}

/// Writes a batch. `at` is the moment it speaks for.
pub(crate) async fn save(tx: &Tx, batch: &Batch, at: i64) -> Result<Saved, Error> {
    let content = &batch.0;
    let images = images::resolve(tx, content, at).await?;
    inventory::save(tx, content, &images, at).await?;
    let mut touched = estate::save(tx, content, &images, None, at).await?;
    touched.images.extend(images.joined.iter().copied());
    let events: Vec<_> = content.events.iter().map(|event| (event, None)).collect();
    runtime::save(tx, &events, at).await?;
    let executions: Vec<_> = content.executions.iter().map(|execution| (execution, None)).collect();
    runtime::save_executions(tx, &executions, at).await?;
    Ok(Saved { touched, learned: images.learned })
}

/// Points what waited for an image at those that are known now: containers, detections, and documents that named a
/// tag. `size` is the most bytes of a document after decompression.
pub(crate) async fn settle(store: &Store, size: u64, now: DateTime<Utc>) -> Result<Touched, Error> {
    let tx = store.begin().await?;
    let mut touched = Touched { clusters: estate::place(&tx).await?, ..Touched::default() };
    runtime::attach(&tx).await?;
    let waiting: Vec<_> = documents::unresolved(store)
        .await?
        .into_iter()
        .filter_map(|(id, target)| Some((id, intervals::key(&target.parse::<ImageReference>().ok()?)?)))
        .collect();
    let keys: Vec<_> = waiting.iter().map(|(_, key)| key.clone()).collect();
    let known = store::save::tags::of(&tx, &keys).await?;
    tx.commit().await?;
    for (id, _) in waiting.iter().filter(|(_, key)| known.contains_key(key)) {
        touched.add(super::replay(store, *id, size, now).await?.touched);
    }
    Ok(touched)
}

/// The same once a run has shown all it has: by then it is also known which platform of an index is meant.
pub(crate) async fn settle_run(store: &Store, size: u64, now: DateTime<Utc>) -> Result<Touched, Error> {
    let mut touched = settle(store, size, now).await?;
    let tx = store.begin().await?;
    touched.add(estate::place_shared(&tx).await?);
    tx.commit().await?;
    Ok(touched)
}
