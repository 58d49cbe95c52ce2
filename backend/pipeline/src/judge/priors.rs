//! What an image counts for that nobody scanned: the priors of the day, frozen by its first judgement, and
//! again when twice as many images are scanned. Refuses to move with every scan: a score that drifts by
//! itself explains nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use score::{ByReach, Constants};
use store::Tx;
use store::facts;
use store::save::history;

use super::images::by_reach;
use crate::Error;

/// Registries that anyone can pull from; the rest count as private.
const PUBLIC_REGISTRIES: [&str; 8] = [
    "docker.io",
    "gcr.io",
    "ghcr.io",
    "mcr.microsoft.com",
    "public.ecr.aws",
    "quay.io",
    "registry.access.redhat.com",
    "registry.k8s.io",
];
/// Stratum of the floor among stored priors.
const FLOOR: &str = "";

/// The priors of a day.
#[derive(Clone, Debug)]
pub(super) struct Priors {
    by_stratum: BTreeMap<String, ByReach>,
}

impl Priors {
    /// The prior of an image's stratum, or else the floor.
    pub(super) fn of(&self, registry: &str, distribution: Option<&str>) -> ByReach {
        self.by_stratum.get(&stratum(registry, distribution)).copied().unwrap_or_else(|| self.floor())
    }

    /// What counts where the stratum is not known.
    pub(super) fn floor(&self) -> ByReach {
        self.by_stratum.get(FLOOR).copied().unwrap_or(ByReach::ZERO)
    }
}

/// The priors frozen for the day, if they still stand on enough images.
pub(super) async fn frozen(tx: &Tx, now: DateTime<Utc>) -> Result<Option<Priors>, Error> {
    let rows = history::priors(tx, &day(now)).await?;
    let Some(stands_on) = rows.iter().find(|prior| prior.stratum == FLOOR).map(|prior| prior.images) else {
        return Ok(None);
    };
    if facts::scanned_count(tx).await? >= stands_on.saturating_mul(2).max(1) {
        return Ok(None);
    }
    let by_stratum = rows.into_iter().map(|prior| (prior.stratum, by_reach(&prior.hazards))).collect();
    Ok(Some(Priors { by_stratum }))
}

/// Freezes the day's priors from what is known now.
pub(super) async fn freeze(tx: &Tx, constants: &Constants, now: DateTime<Utc>) -> Result<Priors, Error> {
    let scanned = facts::scanned(tx).await?;
    let count = i64::try_from(scanned.len()).unwrap_or(i64::MAX);
    let images = scanned
        .iter()
        .map(|image| (stratum(&image.registry, image.distribution.as_deref()), by_reach(&image.hazards)));
    let fresh = score::priors::Priors::freeze(images, constants);
    let mut by_stratum: BTreeMap<String, ByReach> =
        fresh.strata().map(|(stratum, prior)| (stratum.clone(), prior)).collect();
    by_stratum.insert(FLOOR.to_owned(), fresh.floor());
    let rows: Vec<history::Prior> = by_stratum
        .iter()
        .map(|(stratum, prior)| history::Prior {
            stratum: stratum.clone(),
            images: count,
            hazards: prior.to_array().map(|nano| nano.0),
        })
        .collect();
    history::freeze_priors(tx, &day(now), &rows).await?;
    Ok(Priors { by_stratum })
}

fn day(now: DateTime<Utc>) -> String {
    now.format("%Y-%m-%d").to_string()
}

/// Family of the base system and class of the registry.
fn stratum(registry: &str, distribution: Option<&str>) -> String {
    let class = if PUBLIC_REGISTRIES.contains(&registry) { "public" } else { "private" };
    format!("{}/{class}", distribution.unwrap_or("unknown"))
}
