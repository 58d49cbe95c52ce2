//! What somebody says of the columns of documents: of one, which then waits to be read by it, and under a name to be used
//! again. What the document said until then is marked as taken back. Refuses to know what a column may mean.

use chrono::{DateTime, Utc};
use domain::id::DocumentId;
use domain::mapping::ColumnMapping;

use super::taken_back;
use crate::connection::Conn;
use crate::documents::receive::note;
use crate::documents::{RECEIVING, WAITING};
use crate::{Error, Tx, bulk};

/// Says what the columns of a document mean, and asks for it to be read again.
///
/// # Errors
/// [`Error::NotFound`] without such a document.
pub async fn tell(tx: &Tx, id: DocumentId, mapping: &ColumnMapping, now: DateTime<Utc>) -> Result<(), Error> {
    wait(tx, id).await?;
    let sql = "INSERT INTO document_mappings (document_id, mapping) VALUES ($1, $2) \
               ON CONFLICT (document_id) DO UPDATE SET mapping = excluded.mapping";
    tx.execute(sql, vec![bulk::id(id), text(mapping)?.into()]).await?;
    note(tx, id, now, "mapped", "Said what its columns mean.").await
}

/// Takes back what was said of the columns of a document, and asks for it to be read again.
///
/// # Errors
/// [`Error::NotFound`] without such a document.
pub async fn take_back(tx: &Tx, id: DocumentId, now: DateTime<Utc>) -> Result<(), Error> {
    wait(tx, id).await?;
    tx.execute("DELETE FROM document_mappings WHERE document_id = $1", vec![bulk::id(id)]).await?;
    note(tx, id, now, "unmapped", "Took back what its columns mean.").await
}

/// Whether somebody says what the columns of a document mean.
///
/// # Errors
/// When the database does not answer.
pub async fn is_told(tx: &Tx, id: DocumentId) -> Result<bool, Error> {
    let sql = "SELECT document_id FROM document_mappings WHERE document_id = $1";
    Ok(tx.query_one(sql, vec![bulk::id(id)]).await?.is_some())
}

/// Keeps a mapping under a name, in the place of another of that name.
///
/// # Errors
/// When the database cannot be written.
pub async fn save(tx: &Tx, name: &str, mapping: &ColumnMapping, now: DateTime<Utc>) -> Result<(), Error> {
    let sql = "INSERT INTO mappings (name, mapping, saved_at) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO UPDATE SET mapping = excluded.mapping, saved_at = excluded.saved_at";
    tx.execute(sql, vec![name.into(), text(mapping)?.into(), bulk::time(now)]).await.map(drop)
}

/// Forgets a mapping; documents keep what they were read by. Tells whether there was one.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget(tx: &Tx, name: &str) -> Result<bool, Error> {
    Ok(tx.execute("DELETE FROM mappings WHERE name = $1", vec![name.into()]).await? > 0)
}

/// Lets a document wait, and marks what it said as taken back.
async fn wait(tx: &Tx, id: DocumentId) -> Result<(), Error> {
    let sql = "UPDATE documents SET state = $2 WHERE id = $1 AND state <> $3";
    match tx.execute(sql, vec![bulk::id(id), WAITING.into(), RECEIVING.into()]).await? {
        0 => Err(Error::NotFound("document")),
        _ => taken_back::mark(tx, id).await,
    }
}

fn text(mapping: &ColumnMapping) -> Result<String, Error> {
    serde_json::to_string(mapping).map_err(|_| Error::Corrupt { column: "mapping".to_owned(), source: None })
}
