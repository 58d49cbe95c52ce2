//! One document with all that is known about it, and its bytes a chunk at a time.
//! Refuses to hold a whole document: callers stream.

use chrono::{DateTime, Utc};
use domain::document::Warning;
use domain::id::DocumentId;
use domain::mapping::ColumnMapping;
use domain::scope::Viewer;

use super::RECEIVING;
use super::chunks::unpack;
use super::row::{COLUMNS, FROM, Row};
use crate::connection::Conn;
use crate::{Error, Store, bulk};

/// The most journal lines shown with a document.
const JOURNAL_LINES: u32 = 200;

/// A document with warnings, journal and what somebody said of its columns.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The document.
    pub row: Row,
    /// What was odd about it, as many as are kept.
    pub warnings: Vec<Warning>,
    /// What happened to it, newest first.
    pub journal: Vec<JournalLine>,
    /// What its columns mean, if somebody said so.
    pub mapping: Option<ColumnMapping>,
}

/// One line of the journal.
#[derive(Clone, Debug)]
pub struct JournalLine {
    /// When.
    pub at: DateTime<Utc>,
    /// What kind of event.
    pub event: String,
    /// What it concerns.
    pub subject: String,
    /// What happened, for people.
    pub message: String,
}

/// The document with an id, if the viewer may see one.
///
/// # Errors
/// When the database does not answer.
pub async fn find(store: &Store, _viewer: &Viewer, id: DocumentId) -> Result<Option<Detail>, Error> {
    let sql = format!(
        "SELECT {COLUMNS}, d.warnings, \
         (SELECT m.mapping FROM document_mappings AS m WHERE m.document_id = d.id) AS mapping \
         FROM {FROM} WHERE d.id = $1 AND d.state <> $2"
    );
    let Some(cells) = store.query_one(&sql, vec![bulk::id(id), RECEIVING.into()]).await? else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT at, event, subject, message FROM journal WHERE document_id = $1 ORDER BY id DESC LIMIT {JOURNAL_LINES}"
    );
    let lines = store.query(&sql, vec![bulk::id(id)]).await?;
    let line = |cells: &crate::row::Row| {
        Ok(JournalLine {
            at: cells.time("at")?,
            event: cells.text("event")?,
            subject: cells.text("subject")?,
            message: cells.text("message")?,
        })
    };
    Ok(Some(Detail {
        row: Row::read(&cells)?,
        warnings: cells.json("warnings")?,
        journal: lines.iter().map(line).collect::<Result<_, Error>>()?,
        mapping: cells.optional_json("mapping")?,
    }))
}

/// The documents with these ids, in that order, without those that are not there.
///
/// # Errors
/// When the database does not answer.
pub async fn of_ids(store: &Store, _viewer: &Viewer, ids: &[DocumentId]) -> Result<Vec<Row>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<_> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE d.id IN ({})", places.join(", "));
    let keys = ids.iter().map(|id| bulk::id(*id)).collect();
    let rows: Vec<Row> = store.query(&sql, keys).await?.iter().map(Row::read).collect::<Result<_, _>>()?;
    Ok(ids.iter().filter_map(|id| rows.iter().find(|row| row.id == *id).cloned()).collect())
}

/// The bytes at a position, from 0; `None` behind the last.
///
/// # Errors
/// When the database does not answer or the bytes cannot be unpacked.
pub async fn chunk(
    store: &Store,
    _viewer: &Viewer,
    id: DocumentId,
    position: u32,
) -> Result<Option<Vec<u8>>, Error> {
    let sql = "SELECT bytes FROM document_chunks WHERE document_id = $1 AND position = $2";
    match store.query_one(sql, vec![bulk::id(id), i64::from(position).into()]).await? {
        Some(cells) => unpack(&cells.bytes("bytes")?).map(Some),
        None => Ok(None),
    }
}
