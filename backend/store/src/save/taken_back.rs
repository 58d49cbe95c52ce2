//! What a document said before somebody said otherwise of its columns: its scans are marked then, and found by the mark once
//! the document is read again. Refuses to decide what goes: the caller knows what the document says now.

use std::collections::BTreeSet;

use domain::id::{DocumentId, FindingId, ImageId};

use crate::bulk::{self, Given, Type, query_given};
use crate::connection::{Conn, Value};
use crate::documents::{PROCESSED, UNRESOLVED, WAITING};
use crate::{Error, Tx};

/// Stands for the content of a scan that was taken back; a content's hash is longer.
pub(super) const MARK: &[u8] = b"taken back";

/// A tool's word on a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// The image.
    pub image: ImageId,
    /// The tool.
    pub tool: String,
    /// The finding.
    pub finding: FindingId,
}

/// Marks all that a document said of images.
///
/// # Errors
/// When the database cannot be written.
pub(crate) async fn mark(tx: &Tx, document: DocumentId) -> Result<(), Error> {
    tx.execute("UPDATE scans SET fingerprint = $2 WHERE document_id = $1", marked(document)).await.map(drop)
}

/// Whether anything that a document said is marked.
///
/// # Errors
/// When the database does not answer.
pub async fn is_marked(tx: &Tx, document: DocumentId) -> Result<bool, Error> {
    let sql = "SELECT id FROM scans WHERE document_id = $1 AND fingerprint = $2 LIMIT 1";
    Ok(tx.query_one(sql, marked(document)).await?.is_some())
}

/// The words of tools that are a document's and marked, sorted. A word that several documents have is of one of them.
///
/// # Errors
/// When the database does not answer.
pub async fn words(tx: &Tx, document: DocumentId) -> Result<BTreeSet<Word>, Error> {
    let sql = "SELECT a.image_id, a.tool, a.finding_id FROM scans s \
               JOIN attributions a ON a.image_id = s.image_id AND a.tool = s.tool \
               WHERE s.document_id = $1 AND s.fingerprint = $2 AND a.document_id = $1";
    let rows = tx.query(sql, marked(document)).await?;
    rows.iter()
        .map(|row| {
            Ok(Word { image: row.id("image_id")?, tool: row.text("tool")?, finding: row.id("finding_id")? })
        })
        .collect()
}

/// Forgets the scans that are marked. An image was last scanned when the last whole scan that is left was made.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget(tx: &Tx, document: DocumentId) -> Result<(), Error> {
    let sql = "UPDATE images SET last_scanned_at = (SELECT MAX(o.scanned_at) FROM scans o \
               WHERE o.image_id = images.id AND o.partial IS NULL AND o.covers LIKE '%vulnerability%' \
               AND NOT (o.document_id = $1 AND o.fingerprint = $2)) \
               WHERE id IN (SELECT s.image_id FROM scans s \
               WHERE s.document_id = $1 AND s.fingerprint = $2 AND s.partial IS NULL)";
    tx.execute(sql, marked(document)).await?;
    let sql = "DELETE FROM scans WHERE document_id = $1 AND fingerprint = $2";
    tx.execute(sql, marked(document)).await.map(drop)
}

/// Lets the other documents by these tools of these images wait to be read again, and tells which they are: a word of theirs
/// may have been withdrawn as this document's, and reading them says it anew.
///
/// # Errors
/// When the database cannot be written.
pub async fn read_others(
    tx: &Tx,
    document: DocumentId,
    places: &BTreeSet<(ImageId, &str)>,
) -> Result<BTreeSet<DocumentId>, Error> {
    let mut given = Given::new(&[("image_id", Type::Bytes), ("tool", Type::Text)]);
    for (image, tool) in places {
        given.push([bulk::id(*image), (*tool).into()]);
    }
    let sql = "SELECT s.document_id FROM given JOIN scans s ON s.image_id = given.image_id AND s.tool = given.tool \
               JOIN documents d ON d.id = s.document_id \
               WHERE s.document_id <> $1 AND NOT s.superseded AND d.state IN ($2, $3)";
    let extra = vec![bulk::id(document), PROCESSED.into(), UNRESOLVED.into()];
    let rows = query_given(tx, given, sql, extra).await?;
    let others: BTreeSet<DocumentId> =
        rows.iter().map(|row| row.id("document_id")).collect::<Result<_, _>>()?;
    let ids = || Given::ids(others.iter().copied());
    // What they say has to be compared afresh.
    let none: Value = Vec::<u8>::new().into();
    let sql = "UPDATE scans SET fingerprint = $1 WHERE document_id IN (SELECT key FROM given) AND fingerprint <> $2";
    tx.execute_given(ids(), sql, vec![none, MARK.to_vec().into()]).await?;
    let sql = "UPDATE documents SET state = $1 WHERE id IN (SELECT key FROM given)";
    tx.execute_given(ids(), sql, vec![WAITING.into()]).await?;
    Ok(others)
}

fn marked(document: DocumentId) -> Vec<Value> {
    vec![bulk::id(document), MARK.to_vec().into()]
}
