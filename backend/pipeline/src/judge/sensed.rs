//! Findings with what sensors say of them: whose component was seen executed or loaded, and whose vulnerability an open
//! detection names. Refuses to take silence for an answer: sensors tell of programs and libraries, and most packages are
//! neither. What tools say of packages follows in [`usage`].

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::id::ImageId;
use domain::vulnerability::VulnerabilityId;
use normalise::in_use::is_of;
use normalise::runtime::named;
use store::Tx;
use store::facts::{self, ExecutedFact, FindingFact, NamingFact, UseFact};
use store::save::vulnerabilities;

use super::{Judge, usage};
use crate::Error;

/// The findings of some images, with what sensors and tools say of their use.
pub(super) async fn findings(
    tx: &Tx,
    judge: &Judge,
    images: &[ImageId],
    now: DateTime<Utc>,
) -> Result<Vec<FindingFact>, Error> {
    let mut found = facts::findings(tx, images).await?;
    mark_used(tx, images, &mut found).await?;
    usage::mark(tx, judge, images, &mut found, now).await?;
    mark_alerted(tx, images, &mut found).await?;
    Ok(found)
}

/// Finds the components of which a program was executed or a library loaded.
async fn mark_used(tx: &Tx, images: &[ImageId], found: &mut [FindingFact]) -> Result<(), Error> {
    let mut executed: HashMap<ImageId, Vec<ExecutedFact>> = HashMap::new();
    for one in facts::executed(tx, images).await? {
        executed.entry(one.image).or_default().push(one);
    }
    if executed.is_empty() {
        return Ok(());
    }
    let watched: BTreeSet<ImageId> = executed.keys().copied().collect();
    let watched: Vec<ImageId> = watched.into_iter().collect();
    let mut used: HashMap<(ImageId, String), ExecutedFact> = HashMap::new();
    for one in facts::placed(tx, &watched).await? {
        let files = executed.get(&one.image).map(Vec::as_slice).unwrap_or_default();
        let of = files.iter().filter(|file| is_of(&one.kind, &one.name, &one.path, &file.path));
        let latest = of.max_by_key(|file| (file.last_seen_at, &file.path));
        let Some(file) = latest else { continue };
        let known = used.entry((one.image, one.purl)).or_insert_with(|| file.clone());
        if (known.last_seen_at, &known.path) < (file.last_seen_at, &file.path) {
            known.clone_from(file);
        }
    }
    for fact in found {
        let component = fact.component.as_ref().map(|component| (fact.image, component.purl.clone()));
        fact.in_use = component.and_then(|component| used.get(&component).cloned()).map(UseFact::Executed);
    }
    Ok(())
}

/// Finds the vulnerabilities that open detections name, by whichever of their ids.
async fn mark_alerted(tx: &Tx, images: &[ImageId], found: &mut [FindingFact]) -> Result<(), Error> {
    let mut alerts: Vec<(VulnerabilityId, NamingFact)> = Vec::new();
    for alert in facts::naming(tx, images).await? {
        let ids = named(&alert.rule, alert.title.as_deref());
        alerts.extend(ids.into_iter().map(|id| (id, alert.clone())));
    }
    if alerts.is_empty() {
        return Ok(());
    }
    alerts.sort_by(|(_, one), (_, other)| (&one.tool, &one.rule).cmp(&(&other.tool, &other.rule)));
    let ids: BTreeSet<&str> = alerts.iter().map(|(id, _)| id.as_str()).collect();
    let canonical = vulnerabilities::canonical(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let mut by_name: HashMap<(ImageId, String), NamingFact> = HashMap::new();
    for (id, alert) in alerts {
        let name = canonical.get(id.as_str()).cloned().unwrap_or_else(|| id.to_string());
        by_name.entry((alert.image, name)).or_insert(alert);
    }
    for fact in found {
        let name = fact.vulnerability.as_ref().map(|known| (fact.image, known.id.clone()));
        fact.alerted = name.and_then(|name| by_name.get(&name).cloned());
    }
    Ok(())
}
