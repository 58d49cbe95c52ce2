//! One document that is no archive on its way in: read while it is kept, by what somebody says of its columns where somebody
//! does or did. Refuses to read again what was read before by the same mapping, unless it waits for that.

use std::ops::ControlFlow::{Break, Continue};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::document::Provenance;
use domain::mapping::ColumnMapping;
use store::Store;
use store::documents::PROCESSED;
use store::save::documents::{self, Stored};
use store::save::mappings;

use super::{Outcome, absorb, apart, read};
use crate::Error;

/// Takes in what is no archive.
pub(super) async fn one(
    store: &Store,
    bytes: Vec<u8>,
    provenance: &Provenance,
    mapping: Option<&ColumnMapping>,
    size: u64,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    let bytes = Arc::new(bytes);
    // Reading begins at once, also of bytes that turn out to be here already: those cost no more time.
    let mut reading = tokio::spawn(read_apart(Arc::clone(&bytes), provenance, mapping, size));
    let digest = apart(Arc::clone(&bytes), documents::digest).await?;
    let same = documents::same(store, &digest, provenance).await?;
    let kept = same.as_ref().and_then(|known| known.mapping.clone());
    let told = mapping.filter(|mapping| kept.as_ref() != Some(*mapping));
    let keeping = async {
        if let Some(known) = same.filter(|known| told.is_none() && is_current(known)) {
            let tx = store.begin().await?;
            let stands = documents::again(&tx, known.id, provenance.as_of, now).await?;
            tx.commit().await?;
            return Ok(if stands { Break(known) } else { Continue(known.id) });
        }
        let packed = apart(Arc::clone(&bytes), documents::packed).await??;
        let tx = store.begin().await?;
        let id = documents::receive(&tx, &digest, provenance, packed, now).await?;
        if let Some(mapping) = told {
            mappings::tell(&tx, id, mapping, now).await?;
        }
        tx.commit().await?;
        Ok::<_, Error>(Continue(id))
    };
    let id = match keeping.await? {
        Continue(id) => id,
        Break(known) => return Ok(Outcome::unchanged(known, provenance)),
    };
    if mapping.is_none() && kept.is_some() {
        // Somebody said before what its columns mean.
        reading = tokio::spawn(read_apart(Arc::clone(&bytes), provenance, kept.as_ref(), size));
    }
    drop(bytes);
    let reading = reading.await;
    absorb(store, id, provenance, reading.map_err(Error::Work)??, now).await
}

/// Reads a document apart from the threads that answer.
pub(super) fn read_apart(
    bytes: Arc<Vec<u8>>,
    provenance: &Provenance,
    mapping: Option<&ColumnMapping>,
    size: u64,
) -> impl Future<Output = Result<read::Reading, Error>> + Send + use<> {
    let (name, mapping) = (provenance.name.clone(), mapping.cloned());
    apart(bytes, move |bytes| read::read(bytes, &name, size, mapping.as_ref()))
}

/// Whether the mapping of today read a document.
pub(super) fn is_current(known: &Stored) -> bool {
    let version = known.kind.as_deref().and_then(formats::by_kind).map(|format| format.version);
    known.state == PROCESSED && version.is_some() && version == known.format_version
}
