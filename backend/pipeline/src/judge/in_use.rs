//! Findings whose component was seen executed. Refuses to take silence for an answer: sensors tell of programs, and most
//! packages are none.

use std::collections::{BTreeSet, HashMap};

use domain::id::ImageId;
use normalise::in_use::is_of;
use store::Tx;
use store::facts::{self, ExecutedFact, FindingFact};

use crate::Error;

/// The findings of some images, with what shows their components in use.
pub(super) async fn findings(tx: &Tx, images: &[ImageId]) -> Result<Vec<FindingFact>, Error> {
    let mut found = facts::findings(tx, images).await?;
    let mut executed: HashMap<ImageId, Vec<ExecutedFact>> = HashMap::new();
    for one in facts::executed(tx, images).await? {
        executed.entry(one.image).or_default().push(one);
    }
    if executed.is_empty() {
        return Ok(found);
    }
    let watched: BTreeSet<ImageId> = executed.keys().copied().collect();
    let watched: Vec<ImageId> = watched.into_iter().collect();
    let mut used: HashMap<(ImageId, String), ExecutedFact> = HashMap::new();
    for one in facts::placed(tx, &watched).await? {
        let programs = executed.get(&one.image).map(Vec::as_slice).unwrap_or_default();
        let of = programs.iter().filter(|program| is_of(&one.kind, &one.name, &one.path, &program.path));
        let latest = of.max_by_key(|program| (program.last_seen_at, &program.path));
        let Some(program) = latest else { continue };
        let known = used.entry((one.image, one.purl)).or_insert_with(|| program.clone());
        if (known.last_seen_at, &known.path) < (program.last_seen_at, &program.path) {
            known.clone_from(program);
        }
    }
    for fact in &mut found {
        let component = fact.component.as_ref().map(|component| (fact.image, component.purl.clone()));
        fact.in_use = component.and_then(|component| used.get(&component).cloned());
    }
    Ok(found)
}
