//! Threat feeds, kept whole beside the vulnerabilities they rate, so that a vulnerability seen tomorrow
//! finds its score here. Refuses to write rows that stay the same.

use std::collections::HashSet;

use domain::intel::{EpssScore, KevEntry};

use crate::bulk::{Given, Type};
use crate::connection::{Conn, Value};
use crate::save::threats::RATE_BY_TOOLS;
use crate::{Error, Tx};

/// What taking in a feed changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Records of the feed that are new or different.
    pub records: u64,
    /// Vulnerabilities of ours whose rating changed.
    pub vulnerabilities: u64,
}

/// How many EPSS scores there are.
///
/// # Errors
/// When the database does not answer.
pub async fn epss_count(tx: &Tx) -> Result<u64, Error> {
    count(tx, "epss_scores").await
}

/// How many KEV entries there are.
///
/// # Errors
/// When the database does not answer.
pub async fn kev_count(tx: &Tx) -> Result<u64, Error> {
    count(tx, "kev_entries").await
}

async fn count(tx: &Tx, table: &str) -> Result<u64, Error> {
    let row = tx.query_one(&format!("SELECT COUNT(*) AS count FROM {table}"), vec![]).await?;
    row.map_or(Ok(0), |row| row.count("count"))
}

/// Takes in EPSS scores; with `whole` those that are not among them go.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_epss(tx: &Tx, scores: &[EpssScore], whole: bool) -> Result<Changed, Error> {
    let mut sorted: Vec<&EpssScore> = scores.iter().collect();
    sorted.sort_by(|one, two| one.id.cmp(&two.id));
    sorted.dedup_by(|one, two| one.id == two.id);
    let mut records = 0;
    for slice in sorted.chunks(20_000) {
        let mut given =
            Given::new(&[("id", Type::Text), ("probability", Type::Real), ("percentile", Type::Real)]);
        for score in slice {
            given.push([score.id.as_str().into(), score.probability.into(), score.percentile.into()]);
        }
        let sql = "INSERT INTO epss_scores (vulnerability_id, probability, percentile) \
                   SELECT id, probability, percentile FROM given WHERE true \
                   ON CONFLICT (vulnerability_id) DO UPDATE SET probability = excluded.probability, \
                   percentile = excluded.percentile WHERE epss_scores.probability <> excluded.probability \
                   OR epss_scores.percentile IS DISTINCT FROM excluded.percentile";
        records += tx.execute_given(given, sql, vec![]).await?;
    }
    if whole {
        let kept: HashSet<&str> = sorted.iter().map(|score| score.id.as_str()).collect();
        records += forget(tx, "epss_scores", &kept).await?;
    }
    let mut vulnerabilities = 0;
    for sql in [RATE_EPSS, UNRATE_EPSS, RATE_BY_TOOLS] {
        vulnerabilities += tx.execute(sql, vec![]).await?;
    }
    Ok(Changed { records, vulnerabilities })
}

/// Takes in the KEV catalogue; with `whole` the entries that are not in it go.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_kev(tx: &Tx, entries: &[KevEntry], whole: bool) -> Result<Changed, Error> {
    let day = |day: Option<chrono::NaiveDate>| -> Value {
        day.and_then(|day| day.and_hms_opt(0, 0, 0)).map(|at| at.and_utc().timestamp_millis()).into()
    };
    let mut given = Given::new(&[
        ("id", Type::Text),
        ("added_at", Type::Integer),
        ("due_at", Type::Integer),
        ("ransomware", Type::Boolean),
        ("title", Type::Text),
        ("action", Type::Text),
    ]);
    let mut kept: HashSet<&str> = HashSet::new();
    for entry in entries.iter().filter(|entry| kept.insert(entry.id.as_str())) {
        given.push([
            entry.id.as_str().into(),
            day(entry.added_on),
            day(entry.due_on),
            entry.ransomware.into(),
            entry.title.as_str().into(),
            entry.action.clone().into(),
        ]);
    }
    let sql = "INSERT INTO kev_entries (vulnerability_id, added_at, due_at, ransomware, title, action) \
               SELECT id, added_at, due_at, ransomware, title, action FROM given WHERE true \
               ON CONFLICT (vulnerability_id) DO UPDATE SET added_at = excluded.added_at, \
               due_at = excluded.due_at, ransomware = excluded.ransomware, title = excluded.title, \
               action = excluded.action WHERE kev_entries.added_at IS DISTINCT FROM excluded.added_at \
               OR kev_entries.due_at IS DISTINCT FROM excluded.due_at \
               OR kev_entries.ransomware IS DISTINCT FROM excluded.ransomware \
               OR kev_entries.title <> excluded.title OR kev_entries.action IS DISTINCT FROM excluded.action";
    let mut records = tx.execute_given(given, sql, vec![]).await?;
    if whole {
        records += forget(tx, "kev_entries", &kept).await?;
    }
    let vulnerabilities = tx.execute(RATE_KEV, vec![]).await? + tx.execute(UNRATE_KEV, vec![]).await?;
    Ok(Changed { records, vulnerabilities })
}

/// Removes the rows of a feed that are not in it any more.
async fn forget(tx: &Tx, table: &str, kept: &HashSet<&str>) -> Result<u64, Error> {
    let rows = tx.query(&format!("SELECT vulnerability_id FROM {table}"), vec![]).await?;
    let mut gone = Vec::new();
    for row in rows {
        let id = row.text(0)?;
        if !kept.contains(id.as_str()) {
            gone.push(id);
        }
    }
    let sql = format!("DELETE FROM {table} WHERE vulnerability_id IN (SELECT key FROM given)");
    tx.execute_given(Given::texts(gone.iter().map(String::as_str)), &sql, vec![]).await
}

const RATE_EPSS: &str = "UPDATE vulnerabilities SET epss = e.probability, epss_percentile = e.percentile, \
    epss_source = NULL FROM epss_scores e WHERE e.vulnerability_id = vulnerabilities.id \
    AND (epss IS DISTINCT FROM e.probability OR epss_percentile IS DISTINCT FROM e.percentile \
    OR epss_source IS NOT NULL)";

const UNRATE_EPSS: &str = "UPDATE vulnerabilities SET epss = NULL, epss_percentile = NULL \
    WHERE epss IS NOT NULL AND epss_source IS NULL AND NOT EXISTS \
    (SELECT 1 FROM epss_scores e WHERE e.vulnerability_id = vulnerabilities.id)";

const RATE_KEV: &str = "UPDATE vulnerabilities SET kev_added_at = k.added_at, kev_due_at = k.due_at, \
    kev_ransomware = k.ransomware FROM kev_entries k WHERE k.vulnerability_id = vulnerabilities.id \
    AND (kev_added_at IS DISTINCT FROM k.added_at OR kev_due_at IS DISTINCT FROM k.due_at \
    OR kev_ransomware IS DISTINCT FROM k.ransomware)";

const UNRATE_KEV: &str = "UPDATE vulnerabilities SET kev_added_at = NULL, kev_due_at = NULL, \
    kev_ransomware = NULL WHERE kev_added_at IS NOT NULL AND NOT EXISTS \
    (SELECT 1 FROM kev_entries k WHERE k.vulnerability_id = vulnerabilities.id)";
