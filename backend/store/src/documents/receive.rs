//! Uploads on their way in, and what people ask of a document that is here. A document smaller than a
//! chunk costs one transaction; a larger one is written while it arrives, unseen until it is whole.
//!
//! Refuses to read what arrives: the pipeline does, once it finds the state `waiting`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::document::Provenance;
use domain::id::DocumentId;
use domain::mapping::ColumnMapping;
use domain::reference::ImageReference;
use sha2::{Digest, Sha256};

use super::chunks::{CHUNK, digest_of, new_id, pack};
use super::{PROCESSED, RECEIVING, WAITING};
use crate::connection::{Conn, Tx, Value};
use crate::save::mappings;
use crate::{Error, Store, bulk};

/// After how long an upload that never became whole is swept away.
const ABANDONED_AFTER: TimeDelta = TimeDelta::days(1);

/// How old a scan may be that states no moment, before the same bytes say that the image was looked at anew.
const DAY: TimeDelta = TimeDelta::days(1);

/// A document that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// Its id: that of the first receipt, if the same bytes were here before.
    pub id: DocumentId,
    /// Whether they were.
    pub known: bool,
}

/// A document on its way in.
pub struct Upload<'a> {
    store: &'a Store,
    provenance: &'a Provenance,
    id: DocumentId,
    begun_at: DateTime<Utc>,
    hasher: Sha256,
    pending: Vec<u8>,
    chunks: i64,
    size: u64,
    mapping: Option<&'a ColumnMapping>,
}

impl std::fmt::Debug for Upload<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Upload")
            .field("id", &self.id)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl<'a> Upload<'a> {
    /// An upload of which nothing has arrived.
    #[must_use]
    pub fn begin(store: &'a Store, provenance: &'a Provenance, now: DateTime<Utc>) -> Self {
        Self {
            store,
            provenance,
            id: new_id(),
            begun_at: now,
            hasher: Sha256::new(),
            pending: Vec::new(),
            chunks: 0,
            size: 0,
            mapping: None,
        }
    }

    /// The same with what its columns mean.
    #[must_use]
    pub fn mapped(self, mapping: Option<&'a ColumnMapping>) -> Self {
        Self { mapping, ..self }
    }

    /// Bytes that have arrived.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next bytes, and writes each chunk that is full.
    ///
    /// # Errors
    /// When the database does not take them; then [`Upload::abandon`] it.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
            if self.pending.len() == CHUNK && !bytes.is_empty() {
                self.flush().await?;
            }
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Error> {
        let tx = self.store.begin().await?;
        if self.chunks == 0 {
            sweep(&tx, self.begun_at - ABANDONED_AFTER).await?;
            let digest = format!("{RECEIVING}:{}", self.id);
            insert(&tx, self.id, &digest, self.provenance, self.size, RECEIVING, self.begun_at).await?;
        }
        self.insert_chunk(&tx).await?;
        tx.commit().await
    }

    /// Makes the document visible and waiting to be read.
    ///
    /// # Errors
    /// When the database does not answer; then nothing of the document is to be seen.
    pub async fn finish(mut self, now: DateTime<Utc>) -> Result<Received, Error> {
        let digest = digest_of(self.hasher.clone());
        let tx = self.store.begin().await?;
        tx.lock(digest.as_bytes()).await?;
        let (reference, cluster) = hints(self.provenance);
        if let Some(id) = find_same(&tx, &digest, &reference, &cluster).await? {
            if self.chunks > 0 {
                delete(&tx, self.id).await?;
            }
            receive_again(&tx, id, self.provenance.as_of, now).await?;
            self.map(&tx, id, now).await?;
            tx.commit().await?;
            return Ok(Received { id, known: true });
        }
        if self.chunks == 0 {
            insert(&tx, self.id, &digest, self.provenance, self.size, WAITING, now).await?;
        } else {
            let sql = "UPDATE documents SET digest = $2, size = $3, state = $4, received_at = $5, \
                       last_received_at = $5 WHERE id = $1";
            let values = vec![
                bulk::id(self.id),
                digest.into(),
                whole(self.size).into(),
                WAITING.into(),
                bulk::time(now),
            ];
            if tx.execute(sql, values).await? == 0 {
                return Err(Error::NotFound("document"));
            }
        }
        if !self.pending.is_empty() || self.chunks == 0 {
            self.insert_chunk(&tx).await?;
        }
        self.map(&tx, self.id, now).await?;
        tx.commit().await?;
        Ok(Received { id: self.id, known: false })
    }

    /// Writes down what its columns mean, if somebody said so.
    async fn map(&self, tx: &Tx, id: DocumentId, now: DateTime<Utc>) -> Result<(), Error> {
        match self.mapping {
            Some(mapping) => mappings::tell(tx, id, mapping, now).await,
            None => Ok(()),
        }
    }

    /// Leaves nothing of it behind.
    ///
    /// # Errors
    /// When the database does not answer; then a later upload sweeps it away.
    pub async fn abandon(self) -> Result<(), Error> {
        if self.chunks == 0 {
            return Ok(());
        }
        let tx = self.store.begin().await?;
        delete(&tx, self.id).await?;
        tx.commit().await
    }

    async fn insert_chunk(&mut self, tx: &Tx) -> Result<(), Error> {
        let sql = "INSERT INTO document_chunks (document_id, position, bytes) VALUES ($1, $2, $3)";
        let packed = pack(&self.pending)?;
        tx.execute(sql, vec![bulk::id(self.id), self.chunks.into(), packed.into()]).await?;
        self.pending.clear();
        self.chunks += 1;
        Ok(())
    }
}

/// What came of naming a document's image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// The document now waits to be read with it.
    Waiting,
    /// The same bytes were taken in for that image before, as this document.
    Known(DocumentId),
}

/// Asks for a document to be read again.
///
/// # Errors
/// [`Error::NotFound`] without such a document.
pub async fn request_replay(store: &Store, id: DocumentId, now: DateTime<Utc>) -> Result<(), Error> {
    let tx = store.begin().await?;
    let sql = "UPDATE documents SET state = $2 WHERE id = $1 AND state <> $3";
    if tx.execute(sql, vec![bulk::id(id), WAITING.into(), RECEIVING.into()]).await? == 0 {
        return Err(Error::NotFound("document"));
    }
    note(&tx, id, now, "replay", "Asked to be read again.").await?;
    tx.commit().await
}

/// Says which image a document speaks of, and asks for it to be read again.
///
/// # Errors
/// [`Error::NotFound`] without such a document.
pub async fn name_image(
    store: &Store,
    id: DocumentId,
    image: &ImageReference,
    now: DateTime<Utc>,
) -> Result<Named, Error> {
    let tx = store.begin().await?;
    let sql = "SELECT digest, cluster FROM documents WHERE id = $1 AND state <> $2";
    let found = tx.query_one(sql, vec![bulk::id(id), RECEIVING.into()]).await?;
    let cells = found.ok_or(Error::NotFound("document"))?;
    let digest = cells.text("digest")?;
    tx.lock(digest.as_bytes()).await?;
    match find_same(&tx, &digest, &image.to_string(), &cells.text("cluster")?).await? {
        Some(other) if other != id => return Ok(Named::Known(other)),
        _ => {}
    }
    let sql = "UPDATE documents SET image_reference = $2, state = $3 WHERE id = $1";
    tx.execute(sql, vec![bulk::id(id), image.to_string().into(), WAITING.into()]).await?;
    note(&tx, id, now, "image-named", &format!("Said to speak of {image}.")).await?;
    tx.commit().await?;
    Ok(Named::Waiting)
}

async fn find_same(
    tx: &Tx,
    digest: &str,
    reference: &str,
    cluster: &str,
) -> Result<Option<DocumentId>, Error> {
    let sql = "SELECT id FROM documents WHERE digest = $1 AND image_reference = $2 AND cluster = $3";
    let found = tx.query_one(sql, vec![digest.into(), reference.into(), cluster.into()]).await?;
    found.map(|cells| cells.id("id")).transpose()
}

/// The row of a document that was not here before.
pub(crate) async fn insert(
    tx: &Tx,
    id: DocumentId,
    digest: &str,
    provenance: &Provenance,
    size: u64,
    state: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let sql = "INSERT INTO documents (id, digest, name, source, image_reference, cluster, as_of, received_at, \
               last_received_at, size, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)";
    let (reference, cluster) = hints(provenance);
    let values = vec![
        bulk::id(id),
        digest.into(),
        provenance.name.as_str().into(),
        provenance.source.as_str().into(),
        reference.into(),
        cluster.into(),
        bulk::time(provenance.as_of),
        bulk::time(now),
        whole(size).into(),
        state.into(),
    ];
    tx.execute(sql, values).await.map(drop)
}

/// Notes that the same bytes came again, and tells whether what was read of them stands: they were read well, no newer
/// mapping has read another document of their kind since, and they state the moment they speak for. What states none
/// speaks for the moment of its receipt, which is a later one now: of scans that is written down once in a [`DAY`], and
/// where another scan of the same image by the same tool came between.
pub(crate) async fn receive_again(
    tx: &Tx,
    id: DocumentId,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let fresh = "EXISTS (SELECT 1 FROM scans AS s WHERE s.document_id = documents.id) AND NOT EXISTS (\
                 SELECT 1 FROM scans AS s WHERE s.document_id = documents.id AND (s.scanned_at <= $6 OR EXISTS (\
                 SELECT 1 FROM scans AS later WHERE later.image_id = s.image_id AND later.tool = s.tool \
                 AND later.scanned_at > s.scanned_at)))";
    let sql = format!(
        "UPDATE documents SET times_received = times_received + 1, last_received_at = $2, \
         as_of = CASE WHEN as_of < $3 THEN $3 ELSE as_of END, \
         state = CASE WHEN state = $4 AND (stated_at IS NOT NULL OR {fresh}) AND NOT EXISTS (\
         SELECT 1 FROM documents AS o WHERE o.kind = documents.kind AND o.format_version > documents.format_version) \
         THEN state ELSE $5 END WHERE id = $1 RETURNING state"
    );
    let values = vec![
        bulk::id(id),
        bulk::time(now),
        bulk::time(as_of),
        PROCESSED.into(),
        WAITING.into(),
        bulk::time(as_of.checked_sub_signed(DAY).unwrap_or(as_of)),
    ];
    let state = tx.query_one(&sql, values).await?.map(|row| row.text("state")).transpose()?;
    note(tx, id, now, "received-again", "The same bytes arrived again.").await?;
    Ok(state.is_some_and(|state| state == PROCESSED))
}

/// The image and the cluster that the sender named, or empty.
pub(crate) fn hints(provenance: &Provenance) -> (String, String) {
    let reference = provenance.image.as_ref().map(ToString::to_string).unwrap_or_default();
    (reference, provenance.cluster.clone().unwrap_or_default())
}

async fn delete(tx: &Tx, id: DocumentId) -> Result<(), Error> {
    tx.execute("DELETE FROM document_chunks WHERE document_id = $1", vec![bulk::id(id)]).await?;
    tx.execute("DELETE FROM documents WHERE id = $1", vec![bulk::id(id)]).await?;
    Ok(())
}

/// Takes away uploads that stopped on their way.
async fn sweep(tx: &Tx, before: DateTime<Utc>) -> Result<(), Error> {
    let values = || -> Vec<Value> { vec![RECEIVING.into(), bulk::time(before)] };
    let stale = "SELECT id FROM documents WHERE state = $1 AND received_at < $2";
    tx.execute(&format!("DELETE FROM document_chunks WHERE document_id IN ({stale})"), values()).await?;
    tx.execute("DELETE FROM documents WHERE state = $1 AND received_at < $2", values()).await?;
    Ok(())
}

/// Adds a line to the journal of a document.
pub(crate) async fn note(
    tx: &Tx,
    id: DocumentId,
    now: DateTime<Utc>,
    event: &str,
    message: &str,
) -> Result<(), Error> {
    let sql = "INSERT INTO journal (at, event, document_id, subject, message) \
               SELECT $1, $2, id, name, $4 FROM documents WHERE id = $3";
    tx.execute(sql, vec![bulk::time(now), event.into(), bulk::id(id), message.into()]).await?;
    Ok(())
}

fn whole(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
