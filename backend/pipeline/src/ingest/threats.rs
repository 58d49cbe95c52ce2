//! What a document's tools say of exploits. Refuses to keep more than one word of a tool on a vulnerability:
//! the newest speaks.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::ImageId;
use domain::scan::Scan;
use normalise::aliases::AliasGroups;
use store::Tx;
use store::save::threats::{self as rows, Word};

use super::moment;
use crate::Error;

/// Keeps what scans say, also those whose findings are known already, and lays it on their vulnerabilities.
/// Tells which images have findings of those that changed.
pub(super) async fn save(
    tx: &Tx,
    scans: &[Scan],
    groups: &AliasGroups,
    at: i64,
) -> Result<Vec<ImageId>, Error> {
    let mut words: BTreeMap<(&str, &str), Word<'_>> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for scan in scans {
        for record in &scan.vulnerabilities {
            let id = groups.canonical(&record.id).as_str();
            ids.insert(id);
            let Some(threat) = &record.threat else { continue };
            let word = Word {
                id,
                tool: &scan.tool.name,
                epss: threat.epss,
                exploit: threat.exploit,
                exploit_seen_at: threat.exploit_seen_at.map(|seen| seen.timestamp_millis()),
                stated_at: moment(threat.stated_at.or(scan.scanned_at), at).min(at),
            };
            let known = words.entry((id, &scan.tool.name)).or_insert_with(|| word.clone());
            if known.stated_at < word.stated_at {
                *known = word;
            }
        }
    }
    rows::save(tx, &words.into_values().collect::<Vec<_>>()).await?;
    let changed = rows::adopt(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    Ok(rows::images(tx, &changed).await?)
}
