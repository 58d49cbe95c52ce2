//! Documents too long to be held: a file is written to the database while it is read, and a kept document is read from
//! there a stretch at a time.
//!
//! Refuses to read in portions what has to be read as a whole, archives among it: those are read as every document is.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use chrono::{DateTime, Utc};
use domain::document::Provenance;
use domain::id::DocumentId;
use formats::large::{LONG, Source};
use store::Store;
use store::documents::Upload;
use store::save::documents;
use tokio::io::AsyncReadExt;
use tokio::runtime::Handle;

use super::one::is_current;
use super::outcome::{Inspection, Outcome};
use super::read::{self, Reading};
use super::{replay, with_unresolved};
use crate::Error;

/// Bytes of a file read at a time.
const STRIDE: usize = 1 << 20;

/// A file as a document.
struct InFile<'p>(&'p Path);

impl Source for InFile<'_> {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(File::open(self.0)?))
    }
}

/// Recognises and reads a long file and nothing else, if it can be read in portions.
#[must_use]
pub fn inspect(path: &Path, name: &str, size: u64) -> Option<Inspection> {
    read::in_portions(&InFile(path), name, size).map(|reading| reading.inspection)
}

/// Keeps a long file, then reads it.
///
/// # Errors
/// When the database cannot be used. A refused document, or a file that cannot be read, is an outcome with its error.
pub async fn ingest(
    store: &Store,
    path: &Path,
    provenance: &Provenance,
    size: u64,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    let mut upload = Upload::begin(store, provenance, now);
    if let Err(error) = copy(path, &mut upload).await? {
        upload.abandon().await?;
        return Ok(Outcome::unread(
            &provenance.name,
            &format!("`{}` could not be read: {error}", path.display()),
        ));
    }
    let received = upload.finish(now).await?;
    let known = documents::load(store, received.id).await?;
    if received.known && is_current(&known) {
        return Ok(Outcome::unchanged(known, provenance));
    }
    let outcome = replay(store, received.id, size, now).await?;
    with_unresolved(store, outcome, size, now).await
}

/// Writes a file to the database; the inner error is the file's.
async fn copy(path: &Path, upload: &mut Upload<'_>) -> Result<io::Result<()>, Error> {
    let mut file = match tokio::fs::File::open(path).await {
        Ok(file) => file,
        Err(error) => return Ok(Err(error)),
    };
    let mut buffer = vec![0; STRIDE];
    loop {
        match file.read(&mut buffer).await {
            Ok(0) => return Ok(Ok(())),
            Ok(read) => upload.write(&buffer[..read]).await?,
            Err(error) => return Ok(Err(error)),
        }
    }
}

/// Reads a kept document in portions, if it is long and can be read so.
pub(super) async fn read(
    store: &Store,
    id: DocumentId,
    provenance: &Provenance,
    size: u64,
) -> Result<Option<Reading>, Error> {
    if documents::size(store, id).await? < LONG as u64 {
        return Ok(None);
    }
    let (source, name) =
        (Kept { store: store.clone(), id, handle: Handle::current() }, provenance.name.clone());
    let reading = tokio::task::spawn_blocking(move || read::in_portions(&source, &name, size));
    reading.await.map_err(Error::Work)
}

/// A document in the database.
struct Kept {
    store: Store,
    id: DocumentId,
    handle: Handle,
}

impl Source for Kept {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(Stretches { kept: self, position: 0, pending: VecDeque::new() }))
    }
}

/// Its bytes, a stretch at a time.
struct Stretches<'k> {
    kept: &'k Kept,
    position: i64,
    pending: VecDeque<u8>,
}

impl Read for Stretches<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.pending.is_empty() {
            let stretch = documents::stretch(&self.kept.store, self.kept.id, self.position);
            if let Some(bytes) = self.kept.handle.block_on(stretch).map_err(io::Error::other)? {
                self.pending = bytes.into();
                self.position += 1;
            }
        }
        self.pending.read(buffer)
    }
}
