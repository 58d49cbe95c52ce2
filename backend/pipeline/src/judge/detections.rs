//! Scores after detections that are new, worse or put away. Refuses to judge for a repeat: only detections that are marked
//! move a score.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::id::{DetectionId, ImageId};
use normalise::runtime::named;
use store::Store;
use store::save::detections;

use super::{Cause, Judge};
use crate::{Error, Touched};

/// Detections judged together.
const TOGETHER: u32 = 2_000;

/// Judges the clusters of detections that scores do not know of yet.
pub(super) async fn judge(judge: &Judge, store: &Store, now: DateTime<Utc>) -> Result<(), Error> {
    loop {
        let waiting = detections::unjudged(store, TOGETHER).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let ids: Vec<DetectionId> = waiting.iter().map(|(id, _, _)| *id).collect();
        let rules: BTreeSet<&str> = waiting.iter().map(|(_, rule, _)| rule.as_str()).collect();
        let (subject, link) = match (rules.first(), ids.as_slice()) {
            (Some(rule), [id]) => ((*rule).to_owned(), format!("/runtime/{id}")),
            (Some(rule), _) if rules.len() == 1 => ((*rule).to_owned(), "/runtime".to_owned()),
            _ => (format!("{} detections", ids.len()), "/runtime".to_owned()),
        };
        let clusters: BTreeSet<String> = waiting.into_iter().filter_map(|(_, _, cluster)| cluster).collect();
        // First, so that what changes meanwhile is marked again; whoever starts judges everything.
        let tx = store.begin().await?;
        detections::judged(&tx, &ids).await?;
        let images = naming(detections::images_of(&tx, &ids).await?);
        tx.commit().await?;
        if !clusters.is_empty() || !images.is_empty() {
            let cause = Cause { words: "runtime detections", subject, link };
            judge.touched(store, &Touched { images, clusters, ..Touched::default() }, &cause, now).await?;
        }
    }
}

/// The images of which a detection names a vulnerability, each once.
fn naming(detections: Vec<(ImageId, String, Option<String>)>) -> Vec<ImageId> {
    let naming = detections.into_iter().filter(|(_, rule, title)| !named(rule, title.as_deref()).is_empty());
    let images: BTreeSet<ImageId> = naming.map(|(image, _, _)| image).collect();
    images.into_iter().collect()
}
