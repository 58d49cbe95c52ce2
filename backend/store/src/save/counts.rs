//! What each vulnerability affects, counted set-based after findings or workloads changed.
//! Refuses to touch a row whose counts stay.

use domain::id::ImageId;

use crate::bulk::Given;
use crate::connection::Conn;
use crate::{Error, Store, Tx};

/// Findings, images, workloads and running containers of each vulnerability in `scope`.
const COUNT: &str = "UPDATE vulnerabilities SET finding_count = counted.findings, \
    image_count = counted.images, workload_count = counted.workloads, running = counted.running, \
    fixable = counted.fixable \
    FROM (SELECT scope.id AS id, COUNT(f.id) AS findings, COUNT(DISTINCT f.image_id) AS images, \
          COUNT(f.id) FILTER (WHERE f.fix_state = 'fixed') AS fixable, \
          COALESCE(MAX(r.workloads), 0) AS workloads, COALESCE(MAX(r.running), 0) AS running \
          FROM scope \
          LEFT JOIN findings f ON f.vulnerability_id = scope.id AND f.closed_at IS NULL \
          LEFT JOIN runs r ON r.id = scope.id \
          GROUP BY scope.id) counted \
    WHERE vulnerabilities.id = counted.id AND (finding_count <> counted.findings \
      OR image_count <> counted.images OR workload_count <> counted.workloads \
      OR vulnerabilities.running <> counted.running OR vulnerabilities.fixable <> counted.fixable)";

/// Where each vulnerability in `scope` runs.
const RUNS: &str = "runs AS (SELECT o.id AS id, COUNT(DISTINCT c.workload_id) AS workloads, \
    CAST(SUM(c.running) AS BIGINT) AS running \
    FROM (SELECT DISTINCT f.vulnerability_id AS id, f.image_id AS image_id FROM findings f \
          WHERE f.closed_at IS NULL AND f.vulnerability_id IN (SELECT id FROM scope)) o \
    JOIN containers c ON c.image_id = o.image_id AND c.running > 0 GROUP BY o.id)";

/// The lock under which vulnerabilities are counted.
const COUNTS: &[u8] = b"counts";

/// Marks images on which findings or running containers changed: a vulnerability that many of them share is
/// then counted once for all. What is counted was committed before, so that whoever counts meanwhile either sees
/// it or leaves the mark.
///
/// # Errors
/// When the database cannot be written.
pub async fn mark(tx: &Tx, images: &[ImageId]) -> Result<(), Error> {
    let sql = "INSERT INTO images_uncounted (image_id) SELECT DISTINCT key FROM given WHERE true \
               ON CONFLICT DO NOTHING";
    tx.execute_given(Given::ids(images.iter().copied()), sql, vec![]).await.map(drop)
}

/// Whether an image is marked.
///
/// # Errors
/// When the database does not answer.
pub async fn is_any_marked(store: &Store) -> Result<bool, Error> {
    let rows = store.query("SELECT 1 FROM images_uncounted LIMIT 1", vec![]).await?;
    Ok(!rows.is_empty())
}

/// Takes every mark away, before all vulnerabilities are counted.
///
/// # Errors
/// When the database cannot be written.
pub async fn unmark(tx: &Tx) -> Result<(), Error> {
    tx.lock(COUNTS).await?;
    tx.execute("DELETE FROM images_uncounted", vec![]).await.map(drop)
}

/// Counts anew the vulnerabilities found on at most this many marked images.
///
/// # Errors
/// When the database cannot be written.
pub async fn count_marked(tx: &Tx, most: usize) -> Result<(), Error> {
    tx.lock(COUNTS).await?;
    let sql = format!(
        "DELETE FROM images_uncounted \
         WHERE image_id IN (SELECT image_id FROM images_uncounted LIMIT {most}) RETURNING image_id"
    );
    let images: Vec<ImageId> =
        tx.query(&sql, vec![]).await?.iter().map(|row| row.id(0)).collect::<Result<_, _>>()?;
    let scope = "scope AS (SELECT DISTINCT f.vulnerability_id AS id FROM given \
                 JOIN findings f ON f.image_id = given.key WHERE f.vulnerability_id IS NOT NULL)";
    let sql = format!(", {scope}, {RUNS} {COUNT}");
    tx.execute_given(Given::ids(images), &sql, vec![]).await.map(drop)
}

/// Counts anew the `most` vulnerabilities that follow an id. Tells the last of them, if more may follow.
///
/// # Errors
/// When the database cannot be written.
pub async fn count_range(tx: &Tx, after: &str, most: u32) -> Result<Option<String>, Error> {
    tx.lock(COUNTS).await?;
    let range = "SELECT id FROM vulnerabilities WHERE id > $1 ORDER BY id";
    let sql = format!("SELECT MAX(id), COUNT(*) FROM ({range} LIMIT {most}) ids");
    let Some(row) = tx.query_one(&sql, vec![after.into()]).await? else { return Ok(None) };
    let (Some(last), count) = (row.optional_text(0)?, row.integer(1)?) else { return Ok(None) };
    let scope = "scope AS (SELECT id FROM vulnerabilities WHERE id > $1 AND id <= $2)";
    tx.execute(&format!("WITH {scope}, {RUNS} {COUNT}"), vec![after.into(), last.as_str().into()]).await?;
    Ok((count >= i64::from(most)).then_some(last))
}
