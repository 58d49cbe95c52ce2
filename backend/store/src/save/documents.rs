//! Documents as the pipeline keeps them: the raw bytes first, then what reading them came to. Reads here
//! serve the pipeline; what pages show is in [`crate::documents`].
//!
//! Refuses to store the same bytes for the same image and cluster twice.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::document::Provenance;
use domain::id::{DocumentId, ImageId};
use domain::mapping::ColumnMapping;
use domain::reference::ImageReference;
use sha2::{Digest, Sha256};

use crate::bulk::{self, Given, Type, query_given};
use crate::connection::Conn;
use crate::documents::chunks::{CHUNK, digest_of, new_id, pack, unpack};
use crate::documents::{PROCESSED, UNRESOLVED, WAITING, receive};
use crate::row::Row;
use crate::{Error, Store, Tx};

/// A document on record.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its id.
    pub id: DocumentId,
    /// What came with it.
    pub provenance: Provenance,
    /// One of the state words of [`crate::documents`].
    pub state: String,
    /// The format it was recognised as.
    pub kind: Option<String>,
    /// The version of the mapping that read it last.
    pub format_version: Option<u32>,
    /// The tool that made it.
    pub tool: Option<String>,
    /// The version of that tool.
    pub tool_version: Option<String>,
    /// What it speaks of.
    pub target: Option<String>,
    /// The image it was attached to.
    pub image: Option<ImageId>,
    /// What it holds, as JSON.
    pub counts: String,
    /// What was odd, as JSON.
    pub warnings: String,
    /// What its columns mean, if somebody said so.
    pub mapping: Option<ColumnMapping>,
}

/// What reading a document came to.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// One of the state words of [`crate::documents`].
    pub state: &'a str,
    /// The format, if one was recognised.
    pub kind: Option<&'a str>,
    /// The version of its mapping.
    pub format_version: Option<u32>,
    /// The tool that made the document.
    pub tool: Option<&'a str>,
    /// Its version.
    pub tool_version: Option<&'a str>,
    /// What the document speaks of.
    pub target: Option<&'a str>,
    /// The image it was attached to.
    pub image: Option<ImageId>,
    /// The moment it states.
    pub stated_at: Option<DateTime<Utc>>,
    /// What it holds, as JSON.
    pub counts: String,
    /// What it changed, as JSON.
    pub changes: String,
    /// What was odd, as JSON, cut to a sane number.
    pub warnings: String,
    /// How many warnings there were in all.
    pub warning_count: usize,
    /// Why it could not be read.
    pub error: Option<&'a str>,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Raw bytes ready to be written.
#[derive(Debug)]
pub struct Packed {
    chunks: Vec<Vec<u8>>,
    size: usize,
}

/// The digest of raw bytes as documents are known by it.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    digest_of(Sha256::new_with_prefix(bytes))
}

/// Packs raw bytes for storage; costs time, so do it outside a transaction.
///
/// # Errors
/// When the compressor fails.
pub fn packed(bytes: &[u8]) -> Result<Packed, Error> {
    let slices: Vec<&[u8]> = if bytes.is_empty() { vec![bytes] } else { bytes.chunks(CHUNK).collect() };
    let chunks = slices.into_iter().map(pack).collect::<Result<_, _>>()?;
    Ok(Packed { chunks, size: bytes.len() })
}

const COLUMNS: &str = "id, name, source, image_reference, cluster, as_of, state, kind, format_version, tool, \
                       tool_version, target, image_id, counts, warnings, \
                       (SELECT m.mapping FROM document_mappings AS m WHERE m.document_id = documents.id) AS mapping";

/// The document with this digest and the same hints, if it is here.
///
/// # Errors
/// When the database does not answer.
pub async fn same(store: &Store, digest: &str, provenance: &Provenance) -> Result<Option<Stored>, Error> {
    same_on(store, digest, provenance).await
}

async fn same_on(conn: &impl Conn, digest: &str, provenance: &Provenance) -> Result<Option<Stored>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM documents WHERE digest = $1 AND image_reference = $2 AND cluster = $3"
    );
    let (reference, cluster) = receive::hints(provenance);
    let values = vec![digest.into(), reference.into(), cluster.into()];
    conn.query_one(&sql, values).await?.as_ref().map(stored).transpose()
}

/// The document with this id.
///
/// # Errors
/// [`Error::NotFound`] without such a document.
pub async fn load(store: &Store, id: DocumentId) -> Result<Stored, Error> {
    let sql = format!("SELECT {COLUMNS} FROM documents WHERE id = $1");
    let row = store.query_one(&sql, vec![bulk::id(id)]).await?;
    stored(&row.ok_or(Error::NotFound("document"))?)
}

/// The raw bytes of a document.
///
/// # Errors
/// When they cannot be unpacked.
pub async fn raw(store: &Store, id: DocumentId) -> Result<Vec<u8>, Error> {
    let sql = "SELECT bytes FROM document_chunks WHERE document_id = $1 ORDER BY position";
    let mut bytes = Vec::new();
    for row in store.query(sql, vec![bulk::id(id)]).await? {
        bytes.append(&mut unpack(&row.bytes(0)?)?);
    }
    Ok(bytes)
}

/// How many bytes a document has.
///
/// # Errors
/// [`Error::NotFound`] without such a document.
pub async fn size(store: &Store, id: DocumentId) -> Result<u64, Error> {
    let row = store.query_one("SELECT size FROM documents WHERE id = $1", vec![bulk::id(id)]).await?;
    row.ok_or(Error::NotFound("document"))?.count("size")
}

/// A stretch of the raw bytes of a document; none behind the last.
///
/// # Errors
/// When it cannot be unpacked.
pub async fn stretch(store: &Store, id: DocumentId, position: i64) -> Result<Option<Vec<u8>>, Error> {
    let sql = "SELECT bytes FROM document_chunks WHERE document_id = $1 AND position = $2";
    let row = store.query_one(sql, vec![bulk::id(id), position.into()]).await?;
    row.map(|row| unpack(&row.bytes(0)?)).transpose()
}

/// Stores raw bytes in state [`WAITING`], unless another process was faster; tells the id.
///
/// # Errors
/// When the database does not take them.
pub async fn receive(
    tx: &Tx,
    digest: &str,
    provenance: &Provenance,
    packed: Packed,
    now: DateTime<Utc>,
) -> Result<DocumentId, Error> {
    tx.lock(digest.as_bytes()).await?;
    if let Some(known) = same_on(tx, digest, provenance).await? {
        again(tx, known.id, provenance.as_of, now).await?;
        return Ok(known.id);
    }
    let id = new_id();
    receive::insert(tx, id, digest, provenance, packed.size as u64, WAITING, now).await?;
    for (position, chunk) in (0_i64..).zip(packed.chunks) {
        let sql = "INSERT INTO document_chunks (document_id, position, bytes) VALUES ($1, $2, $3)";
        tx.execute(sql, vec![bulk::id(id), position.into(), chunk.into()]).await?;
    }
    Ok(id)
}

/// Notes that the same bytes came again; unless what was read of them still stands, they wait. Tells whether it does.
///
/// # Errors
/// When the database cannot be written.
pub async fn again(tx: &Tx, id: DocumentId, as_of: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool, Error> {
    receive::receive_again(tx, id, as_of, now).await
}

/// Writes what reading a document came to.
///
/// # Errors
/// When the database cannot be written.
pub async fn finish(tx: &Tx, id: DocumentId, reading: Reading<'_>) -> Result<(), Error> {
    let sql = "UPDATE documents SET state = $2, kind = $3, format_version = $4, tool = $5, tool_version = $6, \
               target = $7, image_id = $8, stated_at = $9, counts = $10, changes = $11, warnings = $12, \
               warning_count = $13, error = $14, processed_at = $15 WHERE id = $1";
    let values = vec![
        bulk::id(id),
        reading.state.into(),
        reading.kind.into(),
        reading.format_version.map(i64::from).into(),
        reading.tool.into(),
        reading.tool_version.into(),
        reading.target.into(),
        reading.image.map(|image| image.as_bytes().to_vec()).into(),
        bulk::optional_time(reading.stated_at),
        reading.counts.into(),
        reading.changes.into(),
        reading.warnings.into(),
        i64::try_from(reading.warning_count).unwrap_or(i64::MAX).into(),
        reading.error.into(),
        bulk::time(reading.at),
    ];
    tx.execute(sql, values).await?;
    Ok(())
}

/// Documents that wait to be read, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting(store: &Store, most: u32) -> Result<Vec<DocumentId>, Error> {
    let sql = "SELECT id FROM documents WHERE state = $1 ORDER BY id LIMIT $2";
    let rows = store.query(sql, vec![WAITING.into(), i64::from(most).into()]).await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Documents whose image is not known, with what they speak of, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn unresolved(store: &Store) -> Result<Vec<(DocumentId, String)>, Error> {
    let sql = "SELECT id, COALESCE(target, '') AS target FROM documents WHERE state = $1 ORDER BY id";
    let rows = store.query(sql, vec![UNRESOLVED.into()]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.text("target")?))).collect()
}

/// The latest moment that documents of a kind state, this one left out.
///
/// # Errors
/// When the database does not answer.
pub async fn latest_of_kind(tx: &Tx, kind: &str, but: DocumentId) -> Result<Option<DateTime<Utc>>, Error> {
    let sql = "SELECT MAX(stated_at) AS latest FROM documents WHERE kind = $1 AND state = 'processed' \
               AND id <> $2";
    let row = tx.query_one(sql, vec![kind.into(), bulk::id(but)]).await?;
    row.map_or(Ok(None), |row| row.optional_time("latest"))
}

/// Points documents at the image that others were merged into.
pub(super) async fn move_image(tx: &Tx, from: ImageId, into: ImageId) -> Result<(), Error> {
    let sql = "UPDATE documents SET image_id = $2 WHERE image_id = $1";
    tx.execute(sql, vec![bulk::id(from), bulk::id(into)]).await?;
    Ok(())
}

fn stored(row: &Row) -> Result<Stored, Error> {
    let optional = |text: String| Some(text).filter(|text| !text.is_empty());
    let image = optional(row.text("image_reference")?);
    Ok(Stored {
        id: row.id("id")?,
        provenance: Provenance {
            name: row.text("name")?,
            source: row.text("source")?,
            image: image.and_then(|reference| reference.parse().ok()),
            cluster: optional(row.text("cluster")?),
            as_of: row.time("as_of")?,
        },
        state: row.text("state")?,
        kind: row.optional_text("kind")?,
        format_version: row
            .optional_integer("format_version")?
            .and_then(|version| u32::try_from(version).ok()),
        tool: row.optional_text("tool")?,
        tool_version: row.optional_text("tool_version")?,
        target: row.optional_text("target")?,
        image: row.optional_id("image_id")?,
        counts: row.text("counts")?,
        warnings: row.text("warnings")?,
        mapping: row.optional_json("mapping")?,
    })
}

/// Those of these documents that are on record, each by the digest of its bytes and the image it came with.
///
/// # Errors
/// When the database does not answer.
pub async fn on_record(
    store: &Store,
    documents: &[(String, ImageReference)],
) -> Result<HashSet<(String, ImageReference)>, Error> {
    let mut given = Given::new(&[("digest", Type::Text), ("reference", Type::Text)]);
    for (digest, image) in documents {
        given.push([digest.as_str().into(), image.to_string().into()]);
    }
    let sql = "SELECT d.digest, d.image_reference FROM given JOIN documents d \
               ON d.digest = given.digest AND d.image_reference = given.reference AND d.cluster = ''";
    let rows = query_given(store, given, sql, vec![]).await?;
    let known = rows.iter().map(|row| Ok((row.text("digest")?, row.text("image_reference")?)));
    let known: HashSet<(String, String)> = known.collect::<Result<_, Error>>()?;
    let is_known =
        |(digest, image): &&(String, ImageReference)| known.contains(&(digest.clone(), image.to_string()));
    Ok(documents.iter().filter(is_known).cloned().collect())
}

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The digest of its bytes.
    pub digest: String,
    /// The format it was recognised as.
    pub kind: String,
    /// The version of the mapping that read it last.
    pub version: u32,
}

/// Those of these documents of a cluster that were read, by the digests of their bytes, whatever image they came with.
/// What waits for its image is among them: it is read again once that is known.
///
/// # Errors
/// When the database does not answer.
pub async fn read_of(store: &Store, cluster: &str, digests: &[String]) -> Result<Vec<Read>, Error> {
    let given = Given::texts(digests.iter().map(String::as_str));
    let sql = "SELECT d.digest, d.kind, d.format_version FROM given JOIN documents d ON d.digest = given.key \
               AND d.cluster = $1 WHERE d.state IN ($2, $3) AND d.kind IS NOT NULL \
               AND d.format_version IS NOT NULL";
    let extra = vec![cluster.into(), PROCESSED.into(), UNRESOLVED.into()];
    let rows = query_given(store, given, sql, extra).await?;
    let read = rows.iter().map(|row| {
        let version = u32::try_from(row.integer("format_version")?).unwrap_or_default();
        Ok(Read { digest: row.text("digest")?, kind: row.text("kind")?, version })
    });
    read.collect()
}
