//! Threat feeds: a newer one replaces the older. Refuses to go back in time, and to take a part of a feed
//! for the whole, as each file of an archive may be one. Records of databases and lifecycles of products are kept with their document only; what they say of
//! exploits is for `threats`.

use chrono::{DateTime, Utc};
use domain::document::Warning;
use domain::id::DocumentId;
use domain::intel::IntelFeed;
use store::Tx;
use store::save::{documents, feeds};

use crate::Error;

/// Takes in the feeds of a document, which is one of several that may be the `part` of one; tells whether anything
/// changed.
pub(super) async fn save(
    tx: &Tx,
    given: &[IntelFeed],
    kind: &str,
    document: DocumentId,
    at: DateTime<Utc>,
    part: bool,
    warnings: &mut Vec<Warning>,
) -> Result<bool, Error> {
    let mut changed = false;
    for feed in given.iter().filter(|feed| is_used(feed)) {
        let stated = feed.made_at().unwrap_or(at);
        let latest = documents::latest_of_kind(tx, kind, document).await?;
        if let Some(latest) = latest.filter(|latest| *latest > stated) {
            let message =
                format!("kept as history: the feed in use is newer ({})", latest.format("%Y-%m-%d"));
            warnings.push(Warning { at: String::new(), message });
            continue;
        }
        let result = match feed {
            IntelFeed::Epss { scores, .. } => {
                let whole = !part && is_whole(scores.len(), feeds::epss_count(tx).await?, "scores", warnings);
                feeds::put_epss(tx, scores, whole).await?
            }
            IntelFeed::Kev { entries, .. } => {
                let whole =
                    !part && is_whole(entries.len(), feeds::kev_count(tx).await?, "entries", warnings);
                feeds::put_kev(tx, entries, whole).await?
            }
            IntelFeed::Vulnerabilities { .. } | IntelFeed::Lifecycles { .. } => continue,
        };
        if part {
            let message = "it came in an archive, which may hold the feed in parts: nothing that it lacks was taken away";
            warnings.push(Warning { at: String::new(), message: message.to_owned() });
        }
        changed |= result.vulnerabilities > 0 || result.records > 0;
    }
    Ok(changed)
}

/// Whether a feed goes into the score.
pub(super) fn is_used(feed: &IntelFeed) -> bool {
    matches!(feed, IntelFeed::Epss { .. } | IntelFeed::Kev { .. })
}

/// A file with less than half of what is on record is an extract: it updates, it takes nothing away.
fn is_whole(given: usize, stored: u64, noun: &str, warnings: &mut Vec<Warning>) -> bool {
    let whole = given as u64 * 2 >= stored;
    if !whole {
        let message = format!("taken as an extract: it has {given} {noun} where {stored} are on record");
        warnings.push(Warning { at: String::new(), message });
    }
    whole
}
