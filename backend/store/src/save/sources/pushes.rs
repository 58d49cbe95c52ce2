//! What others pushed: parts of scopes, kept as documents until their run is asked for. Refuses a part for a
//! run of another source.

use domain::id::{DocumentId, RunId, SourceId};
use domain::source::Scope;

use chrono::{DateTime, Utc};

use crate::connection::Conn;
use crate::documents::PROCESSED;
use crate::{Error, Store, Tx, bulk};

/// A part of a scope that is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The scope.
    pub scope: Scope,
    /// Its number, from 1.
    pub part: u32,
    /// Under which id its bytes are kept.
    pub document: DocumentId,
    /// Whether it ends the scope.
    pub last: bool,
}

/// The source to which the bearer of a token may push, by the SHA-256 of the token: its id and name.
///
/// # Errors
/// When the database does not answer.
pub async fn pushed_to(store: &Store, hash: [u8; 32]) -> Result<Option<(SourceId, String)>, Error> {
    let sql = "SELECT id, name FROM sources WHERE push_token_hash = $1 AND removed_at IS NULL";
    let row = store.query_one(sql, vec![hash.to_vec().into()]).await?;
    row.map(|row| Ok((row.id("id")?, row.text("name")?))).transpose()
}

/// Notes a part whose bytes were taken in as a document, which from then on waits for its run alone.
///
/// # Errors
/// [`Error::NotFound`] when the run is another source's, or was asked for already.
pub async fn put_part(
    tx: &Tx,
    source: SourceId,
    run: RunId,
    part: &Part,
    kind: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    tx.lock(run.as_bytes()).await?;
    let sql = "SELECT 1 FROM source_parts WHERE run_id = $1 AND source_id <> $2 \
               UNION ALL SELECT 1 FROM source_runs WHERE id = $1";
    if tx.query_one(sql, vec![bulk::id(run), bulk::id(source)]).await?.is_some() {
        return Err(Error::NotFound("open run"));
    }
    let sql = "INSERT INTO source_parts (run_id, account, region, service, part, source_id, document_id, last) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (run_id, account, region, service, part) \
               DO UPDATE SET document_id = excluded.document_id, last = excluded.last";
    let Part { scope, part, document, last } = part;
    let values = vec![
        bulk::id(run),
        scope.account.as_str().into(),
        scope.region.as_str().into(),
        scope.service.as_str().into(),
        i64::from(*part).into(),
        bulk::id(source),
        bulk::id(*document),
        (*last).into(),
    ];
    tx.execute(sql, values).await?;
    if *last {
        // Left from an attempt that was longer.
        let sql = "DELETE FROM source_parts WHERE run_id = $1 AND account = $2 AND region = $3 AND service = $4 \
                   AND part > $5";
        let [account, region, service] =
            [&scope.account, &scope.region, &scope.service].map(|text| text.as_str().into());
        let values = vec![bulk::id(run), account, region, service, i64::from(*part).into()];
        tx.execute(sql, values).await?;
    }
    let sql = "UPDATE documents SET state = $2, kind = $3, processed_at = $4 WHERE id = $1";
    tx.execute(sql, vec![bulk::id(*document), PROCESSED.into(), kind.into(), bulk::time(now)]).await?;
    Ok(())
}

/// The parts of a run that are here, by scope and number.
///
/// # Errors
/// When the database does not answer.
pub async fn parts(store: &Store, source: SourceId, run: RunId) -> Result<Vec<Part>, Error> {
    let sql = "SELECT account, region, service, part, document_id, last FROM source_parts \
               WHERE run_id = $1 AND source_id = $2 ORDER BY account, region, service, part";
    let rows = store.query(sql, vec![bulk::id(run), bulk::id(source)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Part {
                scope: Scope {
                    account: row.text("account")?,
                    region: row.text("region")?,
                    service: row.text("service")?,
                },
                part: u32::try_from(row.integer("part")?).unwrap_or(u32::MAX),
                document: row.id("document_id")?,
                last: row.boolean("last")?,
            })
        })
        .collect()
}

/// Whether a pushed run was ended: then it takes no further part.
///
/// # Errors
/// When the database does not answer.
pub async fn push_ended(store: &Store, source: SourceId, run: RunId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM source_runs WHERE id = $1 AND source_id = $2";
    Ok(store.query_one(sql, vec![bulk::id(run), bulk::id(source)]).await?.is_some())
}

/// Asks for a pushed run once all its parts are here. `plan` is JSON: what its sender planned. Asking
/// again changes nothing.
///
/// # Errors
/// When the database cannot be written; also when the last push of the source still waits.
pub async fn end_push(
    tx: &Tx,
    source: SourceId,
    run: RunId,
    plan: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let sql = "INSERT INTO source_runs (id, source_id, kind, state, requested_at, run_after, plan) \
               VALUES ($1, $2, 'push', 'waiting', $3, $3, $4) ON CONFLICT (id) DO NOTHING";
    tx.execute(sql, vec![bulk::id(run), bulk::id(source), bulk::time(now), plan.into()]).await?;
    Ok(())
}

/// What the sender of a pushed run planned, as JSON.
///
/// # Errors
/// [`Error::NotFound`] when the run was not pushed.
pub async fn plan_of(store: &Store, run: RunId) -> Result<String, Error> {
    let row = store.query_one("SELECT plan FROM source_runs WHERE id = $1", vec![bulk::id(run)]).await?;
    row.ok_or(Error::NotFound("run"))?.optional_text("plan")?.ok_or(Error::NotFound("plan of the run"))
}
