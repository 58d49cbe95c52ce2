//! What a document said before somebody said otherwise of its columns goes, unless it says it still. A word that several
//! documents of a tool have is on record once, as that of one of them: where it goes with that one, the others are read
//! again.
//!
//! Refuses to let a reading that failed take anything back, unless nobody says any more what its columns mean.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::id::{DocumentId, FindingId, ImageId};
use normalise::aliases::AliasGroups;
use normalise::merge::{Attribution as Said, effective};
use normalise::report;
use store::Tx;
use store::save::taken_back::{self as rows, Word};
use store::save::{findings, mappings};

use super::findings::{NO_LONGER_REPORTED, Report};
use super::words;
use crate::Error;

/// What was withdrawn.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// Findings of which a word went, by image.
    findings: BTreeMap<ImageId, Vec<FindingId>>,
    /// Documents to be read again.
    pub(super) others: BTreeSet<DocumentId>,
}

/// What tools say of images: image, tool and finding.
type Words<'r> = HashSet<(ImageId, &'r str, FindingId)>;

/// Withdraws what was taken back of a document and is not in these reports, which are all that it says now.
pub(super) async fn but(
    tx: &Tx,
    document: DocumentId,
    reports: &[Report<'_>],
    groups: &AliasGroups,
) -> Result<Gone, Error> {
    if !rows::is_marked(tx, document).await? {
        return Ok(Gone::default());
    }
    let mut stands = Words::new();
    for report in reports {
        let said = report::findings(&report.scan, report.image, groups).into_keys();
        stands.extend(said.map(|finding| (report.image, report.scan.tool.name.as_str(), finding)));
    }
    withdraw(tx, document, &stands).await
}

/// Withdraws all that was taken back of a document that cannot be read, unless somebody says what its columns mean.
pub(super) async fn all(tx: &Tx, document: DocumentId) -> Result<Gone, Error> {
    if !rows::is_marked(tx, document).await? || mappings::is_told(tx, document).await? {
        return Ok(Gone::default());
    }
    withdraw(tx, document, &Words::new()).await
}

async fn withdraw(tx: &Tx, document: DocumentId, stands: &Words<'_>) -> Result<Gone, Error> {
    let mut said: Vec<Word> = rows::words(tx, document).await?.into_iter().collect();
    said.retain(|word| !stands.contains(&(word.image, word.tool.as_str(), word.finding)));
    let mut by_place: BTreeMap<(ImageId, &str), Vec<FindingId>> = BTreeMap::new();
    for word in &said {
        by_place.entry((word.image, word.tool.as_str())).or_default().push(word.finding);
    }
    for ((image, tool), ids) in &by_place {
        findings::withdraw(tx, *image, tool, ids).await?;
    }
    rows::forget(tx, document).await?;
    let places: BTreeSet<(ImageId, &str)> = by_place.keys().copied().collect();
    let mut gone = Gone { others: rows::read_others(tx, document, &places).await?, ..Gone::default() };
    for ((image, _), ids) in by_place {
        gone.findings.entry(image).or_default().extend(ids);
    }
    Ok(gone)
}

impl Gone {
    /// Images of which less is said.
    pub(super) fn images(&self) -> impl Iterator<Item = ImageId> {
        self.findings.keys().copied()
    }

    /// Closes the findings that nobody reports any more, once all is saved that the document says now; tells how many.
    pub(super) async fn close(&self, tx: &Tx, now: DateTime<Utc>) -> Result<u64, Error> {
        let mut count = 0;
        for (image, ids) in &self.findings {
            count += settle(tx, *image, ids, now.timestamp_millis()).await?;
        }
        Ok(count)
    }
}

/// Works out anew what lists show of findings of an image; tells how many are closed now.
async fn settle(tx: &Tx, image: ImageId, ids: &[FindingId], at: i64) -> Result<u64, Error> {
    let (states, said) = findings::standing(tx, image, ids).await?;
    let mut voices: HashMap<FindingId, Vec<Said>> = HashMap::new();
    for row in &said {
        voices.entry(row.finding).or_default().push(words::heard(row));
    }
    let (mut closed, mut changed) = (Vec::new(), Vec::new());
    for state in states.iter().filter(|state| state.open) {
        let left = voices.get(&state.id).map(Vec::as_slice).unwrap_or_default();
        match effective(left) {
            Some(word) => changed.extend(words::restated(state, &word, None)),
            None => closed.push(state.id),
        }
    }
    findings::update(tx, image, &changed).await?;
    findings::close(tx, image, &closed, NO_LONGER_REPORTED, at).await?;
    Ok(closed.len() as u64)
}
