//! What a document's tools say of exploits, and what catalogues of exploits list. Refuses to keep more than one word of
//! a tool on a vulnerability: the newest speaks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::id::ImageId;
use domain::intel::IntelFeed;
use domain::scan::Scan;
use domain::vulnerability::VulnerabilityRecord;
use normalise::aliases::AliasGroups;
use store::Tx;
use store::save::threats::{self as rows, Word};

use super::moment;
use crate::Error;

/// Keeps what scans and catalogues say, also scans whose findings are known already, and lays it on their
/// vulnerabilities. Tells which images have findings of those that changed.
pub(super) async fn save(
    tx: &Tx,
    scans: &[Scan],
    feeds: &[IntelFeed],
    groups: &AliasGroups,
    at: i64,
) -> Result<Vec<ImageId>, Error> {
    let mut words: BTreeMap<(&str, &str), Word<'_>> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for (record, tool, stated_at) in scans.iter().flat_map(of_scan).chain(feeds.iter().flat_map(of_feed)) {
        let id = groups.canonical(&record.id).as_str();
        ids.insert(id);
        let Some(threat) = &record.threat else { continue };
        let word = Word {
            id,
            tool,
            epss: threat.epss,
            exploit: threat.exploit,
            exploit_seen_at: threat.exploit_seen_at.map(|seen| seen.timestamp_millis()),
            stated_at: moment(threat.stated_at.or(stated_at), at).min(at),
        };
        let known = words.entry((id, tool)).or_insert_with(|| word.clone());
        if known.stated_at < word.stated_at {
            *known = word;
        }
    }
    rows::save(tx, &words.into_values().collect::<Vec<_>>()).await?;
    let changed = rows::adopt(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    Ok(rows::images(tx, &changed).await?)
}

/// A record, who states it, and when.
type Stated<'r> = (&'r VulnerabilityRecord, &'r str, Option<DateTime<Utc>>);

fn of_scan(scan: &Scan) -> impl Iterator<Item = Stated<'_>> {
    scan.vulnerabilities.iter().map(|record| (record, scan.tool.name.as_str(), scan.scanned_at))
}

/// Records of a database that have a word on exploits.
fn of_feed(feed: &IntelFeed) -> impl Iterator<Item = Stated<'_>> {
    let of_database = match feed {
        IntelFeed::Vulnerabilities { database, made_at, records } => Some((database, *made_at, records)),
        IntelFeed::Epss { .. } | IntelFeed::Kev { .. } | IntelFeed::Lifecycles { .. } => None,
    };
    of_database.into_iter().flat_map(|(database, made_at, records)| {
        let records = records.iter().map(|record| &record.vulnerability);
        records
            .filter(|record| record.threat.is_some())
            .map(move |record| (record, database.as_str(), made_at))
    })
}

/// How many records of a feed say nothing that counts here.
pub(super) fn silent(feed: &IntelFeed) -> usize {
    feed.len() - of_feed(feed).count()
}
