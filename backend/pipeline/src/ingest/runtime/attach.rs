//! Detections that waited for their workload, looked at again once others are known. Refuses to look at all of them: those
//! seen last come first, and their number is bounded.

use std::collections::HashMap;

use domain::id::DetectionId;
use domain::image::DigestRole;
use domain::runtime::{ContainerSeen, Place};
use normalise::runtime::detection_on;
use store::Tx;
use store::save::detections::{self as rows, Detection, SaidPlace};

use super::LOCK;
use super::fold::joined;
use super::resolve::Ground;
use crate::Error;

/// Detections looked at in one go.
const MOST: u32 = 2_000;

/// Attaches what can be attached now.
pub(crate) async fn attach(tx: &Tx) -> Result<(), Error> {
    // Without the lock first: most estates have none that wait.
    if rows::unattached(tx, 1).await?.is_empty() {
        return Ok(());
    }
    tx.lock(LOCK).await?;
    let waiting = rows::unattached(tx, MOST).await?;
    let places: Vec<(Place, ContainerSeen)> = waiting.iter().map(|one| said(&one.place)).collect();
    let seen: Vec<_> = places.iter().map(|(place, container)| (place, container)).collect();
    let ground = Ground::around(tx, &seen).await?;
    let mut learned = Vec::new();
    for (one, (place, container)) in waiting.into_iter().zip(&places) {
        let found = ground.of(place, container, None);
        if let Some(workload) = found.workload {
            learned.push((detection_on(&one.tool, &one.rule, workload), one, found));
        }
    }
    let ids: Vec<DetectionId> = learned.iter().map(|(id, _, _)| *id).collect();
    let mut known: HashMap<DetectionId, Detection> = rows::of_ids(tx, &ids).await?;
    let mut moves = Vec::new();
    for (id, mut one, found) in learned {
        moves.push((one.id, id));
        one.id = id;
        one.workload = found.workload;
        one.image_id = found.image.or(one.image_id);
        one.node_id = found.node.or(one.node_id);
        one.place.digest = found.digest.or(one.place.digest);
        one.place.cluster = one.place.cluster.or(found.cluster);
        one.judged = false;
        let whole = match known.remove(&id) {
            Some(before) => joined(before, one),
            None => one,
        };
        known.insert(id, whole);
    }
    rows::put(tx, &known.into_values().collect::<Vec<_>>()).await?;
    for (from, to) in moves {
        rows::move_to(tx, from, to).await?;
    }
    Ok(())
}

/// A place as its sensor named it.
fn said(place: &SaidPlace) -> (Place, ContainerSeen) {
    let digest = place.digest.as_deref().and_then(|digest| digest.parse().ok());
    let container = ContainerSeen {
        name: place.container.clone(),
        id: place.container_id.clone(),
        image: place.image.clone(),
        reference: None,
        digest: digest.map(|digest| (DigestRole::Repository, digest)),
    };
    let place = Place {
        account: place.account.clone(),
        region: place.region.clone(),
        cluster: place.cluster.clone(),
        namespace: place.namespace.clone(),
        kind: place.kind.clone(),
        name: place.name.clone(),
        node: place.node.clone(),
    };
    (place, container)
}
