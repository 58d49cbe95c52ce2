//! When two images or two alias groups turn out to be one: their findings get new ids, meet, and what
//! lists show of them is worked out anew. Refuses to lose a tool's word on the way.

use std::collections::{BTreeMap, HashMap};

use domain::finding::FindingClass;
use domain::id::{FindingId, ImageId};
use normalise::aliases::Rename;
use normalise::identity::{FindingKey, StoredKey};
use store::Tx;
use store::save::findings::{self, Attribution};
use store::save::moves::{self, Keyed, Move};
use store::save::{images, threats, vulnerabilities};

use super::words;
use crate::Error;

/// Joins one stored image to another.
pub(super) async fn join_images(tx: &Tx, from: ImageId, into: ImageId) -> Result<(), Error> {
    let moves: Vec<Move> = moves::of_image(tx, from)
        .await?
        .iter()
        .filter_map(|finding| moved(finding, into, &finding.vulnerability))
        .collect();
    moves::move_to(tx, &moves).await?;
    images::merge(tx, from, into).await?;
    refresh(tx, &moves).await
}

/// Lets alias groups go by other names; tells which images have findings of them.
pub(super) async fn rename(tx: &Tx, renames: &[Rename]) -> Result<Vec<ImageId>, Error> {
    if renames.is_empty() {
        return Ok(Vec::new());
    }
    let names: HashMap<&str, &str> =
        renames.iter().map(|rename| (rename.from.as_str(), rename.to.as_str())).collect();
    let old: Vec<&str> = names.keys().copied().collect();
    let moves: Vec<Move> = moves::of_vulnerabilities(tx, &old)
        .await?
        .iter()
        .filter_map(|finding| {
            let name = names.get(finding.vulnerability.as_str())?;
            moved(finding, finding.image, name)
        })
        .collect();
    moves::move_to(tx, &moves).await?;
    let pairs: Vec<(&str, &str)> = names.into_iter().collect();
    vulnerabilities::rename(tx, &pairs).await?;
    let new: Vec<&str> = pairs.iter().map(|(_, new)| *new).collect();
    vulnerabilities::adopt_feeds(tx, &new).await?;
    threats::adopt(tx, &new).await?;
    refresh(tx, &moves).await?;
    let mut touched: Vec<ImageId> = moves.iter().map(|step| step.to.0).collect();
    touched.sort_unstable();
    touched.dedup();
    Ok(touched)
}

/// Where a finding goes; nothing for a class that this version does not know.
fn moved(finding: &Keyed, image: ImageId, vulnerability: &str) -> Option<Move> {
    let class = FindingClass::from_word(&finding.class)?;
    let stored = StoredKey {
        subject: &finding.subject,
        path: &finding.path,
        resource: &finding.resource,
        line: finding.line.and_then(|line| u64::try_from(line).ok()),
    };
    let key = FindingKey::of_stored(class, &finding.purl, vulnerability, stored);
    Some(Move {
        from: (finding.image, finding.id),
        to: (image, key.id(image)),
        vulnerability: vulnerability.to_owned(),
    })
}

/// Works out anew what lists show of findings that met others.
async fn refresh(tx: &Tx, moves: &[Move]) -> Result<(), Error> {
    let mut by_image: BTreeMap<ImageId, Vec<FindingId>> = BTreeMap::new();
    for step in moves {
        by_image.entry(step.to.0).or_default().push(step.to.1);
    }
    for (image, ids) in by_image {
        let (states, said) = findings::standing(tx, image, &ids).await?;
        let mut voices: HashMap<FindingId, Vec<&Attribution>> = HashMap::new();
        for attribution in &said {
            voices.entry(attribution.finding).or_default().push(attribution);
        }
        let changed: Vec<findings::State> = states
            .into_iter()
            .filter(|state| state.open)
            .filter_map(|state| {
                let voices: Vec<_> = voices.get(&state.id)?.iter().map(|said| words::heard(said)).collect();
                words::restated(&state, &normalise::merge::effective(&voices)?, None)
            })
            .collect();
        findings::update(tx, image, &changed).await?;
    }
    Ok(())
}
