//! Scans: which tool looked at which image when, and for what. Refuses to call a scan the latest by the
//! order of arrival: its own time decides.

use domain::id::{DocumentId, Id, ImageId};

use crate::bulk::{self, Given};
use crate::connection::Conn;
use crate::{Error, Tx};

/// Marks ids of scans.
#[derive(Debug)]
pub enum ScanMark {}
/// A scan's id, derived from its document, image and tool.
pub type ScanId = Id<ScanMark>;

/// A scan on record.
#[derive(Clone, Debug)]
pub struct Scan {
    /// Its id.
    pub id: ScanId,
    /// The document that holds it.
    pub document: DocumentId,
    /// When it was made, in milliseconds.
    pub scanned_at: i64,
    /// Classes it looked for, as words joined by commas.
    pub covers: String,
    /// Its content as a hash.
    pub fingerprint: Vec<u8>,
    /// Whether it saw only a part of what it covers.
    pub partial: bool,
}

/// A scan to record.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// What identifies and dates it.
    pub scan: Scan,
    /// The image.
    pub image: ImageId,
    /// The tool.
    pub tool: &'a str,
    /// Its version.
    pub tool_version: Option<&'a str>,
    /// How old its vulnerability database was, in milliseconds.
    pub database_at: Option<i64>,
    /// Why it is not whole.
    pub partial: Option<&'a str>,
    /// How many findings it holds.
    pub finding_count: i64,
    /// Whether newer ones cover all it looked for.
    pub superseded: bool,
}

/// The id of what a document says of an image by a tool.
#[must_use]
pub fn id(document: DocumentId, image: ImageId, tool: &str) -> ScanId {
    ScanId::derived(&[document.as_bytes(), image.as_bytes(), tool.as_bytes()])
}

/// The scans of an image by a tool that still count, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn current(tx: &Tx, image: ImageId, tool: &str) -> Result<Vec<Scan>, Error> {
    let sql = "SELECT id, document_id, scanned_at, covers, fingerprint, partial FROM scans \
               WHERE image_id = $1 AND tool = $2 AND NOT superseded ORDER BY scanned_at, id";
    let rows = tx.query(sql, vec![bulk::id(image), tool.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Scan {
                id: row.id("id")?,
                document: row.id("document_id")?,
                scanned_at: row.integer("scanned_at")?,
                covers: row.text("covers")?,
                fingerprint: row.bytes("fingerprint")?,
                partial: row.optional_text("partial")?.is_some(),
            })
        })
        .collect()
}

/// Records a scan; one of the same document is replaced.
///
/// # Errors
/// When the database cannot be written.
pub async fn save(tx: &Tx, new: &New<'_>) -> Result<(), Error> {
    let sql = "INSERT INTO scans (id, image_id, tool, tool_version, scanned_at, database_at, document_id, \
               covers, partial, finding_count, fingerprint, superseded) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE SET \
               tool_version = excluded.tool_version, scanned_at = excluded.scanned_at, \
               database_at = excluded.database_at, covers = excluded.covers, partial = excluded.partial, \
               finding_count = excluded.finding_count, fingerprint = excluded.fingerprint, \
               superseded = excluded.superseded";
    let values = vec![
        bulk::id(new.scan.id),
        bulk::id(new.image),
        new.tool.into(),
        new.tool_version.into(),
        new.scan.scanned_at.into(),
        new.database_at.into(),
        bulk::id(new.scan.document),
        new.scan.covers.as_str().into(),
        new.partial.into(),
        new.finding_count.into(),
        new.scan.fingerprint.clone().into(),
        new.superseded.into(),
    ];
    tx.execute(sql, values).await?;
    Ok(())
}

/// Marks scans as history.
///
/// # Errors
/// When the database cannot be written.
pub async fn supersede(tx: &Tx, ids: &[ScanId]) -> Result<(), Error> {
    let sql = "UPDATE scans SET superseded = TRUE WHERE id IN (SELECT key FROM given)";
    tx.execute_given(Given::ids(ids.iter().copied()), sql, vec![]).await?;
    Ok(())
}
