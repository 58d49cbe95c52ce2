//! What attestations say of an image. Refuses to call any of them verified.

use chrono::{DateTime, Utc};
use domain::id::{DocumentId, ImageId};
use domain::scope::Viewer;

use crate::bulk;
use crate::connection::Conn;
use crate::{Error, Store};

/// A statement about an image.
#[derive(Clone, Debug)]
pub struct AttestationRow {
    /// The document that holds it.
    pub document: DocumentId,
    /// What kind of statement it is, as an address.
    pub predicate: String,
    /// Who built the image, if it says so.
    pub builder: Option<String>,
    /// What it was built from.
    pub source: Option<String>,
    /// When it was built.
    pub built_at: Option<DateTime<Utc>>,
    /// Signatures around it, none of them checked.
    pub signatures: u64,
}

/// What attestations say of an image, the last built first.
///
/// # Errors
/// When the database does not answer.
pub async fn attestations(store: &Store, _: &Viewer, id: ImageId) -> Result<Vec<AttestationRow>, Error> {
    let sql = "SELECT document_id, predicate, builder, source, built_at, signatures FROM attestations \
               WHERE image_id = $1 ORDER BY COALESCE(built_at, 0) DESC, predicate, id LIMIT 200";
    let rows = store.query(sql, vec![bulk::id(id)]).await?;
    rows.iter()
        .map(|row| {
            Ok(AttestationRow {
                document: row.id("document_id")?,
                predicate: row.text("predicate")?,
                builder: row.optional_text("builder")?,
                source: row.optional_text("source")?,
                built_at: row.optional_time("built_at")?,
                signatures: row.count("signatures")?,
            })
        })
        .collect()
}
