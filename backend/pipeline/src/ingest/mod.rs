//! One document's way in: kept raw first, then read, then everything it says saved in one transaction
//! together with its state. A refused document keeps its bytes and its error and changes nothing else. An archive is kept
//! like one, and what is in it goes the same way.
//!
//! Refuses to let what cannot be read stand in the way of the next.

mod archive;
mod content;
mod estate;
mod feeds;
mod findings;
mod images;
pub(crate) mod inbox;
mod intervals;
mod inventory;
mod lines;
mod long;
mod moves;
pub(crate) mod observations;
mod one;
mod outcome;
mod read;
mod runtime;
mod sboms;
mod sightings;
mod taken_back;
mod threats;
mod told;
mod vex;
mod vouched;
mod vulnerabilities;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::document::{ARCHIVE, Provenance, Warning};
use domain::id::{DocumentId, ImageId};
use domain::mapping::ColumnMapping;
use domain::reference::ImageReference;
use domain::scan::{Scan, Target};
use formats::Format;
use store::documents::{FAILED, PROCESSED, UNRESOLVED};
use store::save::tags::Key;
use store::save::{documents, journal};
use store::{Store, Tx};

pub use long::{ingest as ingest_long, inspect as inspect_long};
pub use outcome::{Changes, Counts, Inspection, Outcome, TargetName, Touched};
pub use read::inspect;

use crate::Error;
use archive::Archive;
use content::Content;
use one::{one, read_apart};
use taken_back::Gone;

/// How often a document is saved anew after another process got in the way.
const ATTEMPTS: u32 = 5;
/// Warnings kept of one document; how many there were is kept as well.
const MOST_WARNINGS: usize = 1000;

/// Takes one document in, or an archive of them. `size` is the most bytes after decompression, of an archive in all.
///
/// # Errors
/// When the database cannot be used. A refused document is an outcome with its error.
pub async fn ingest(
    store: &Store,
    bytes: Vec<u8>,
    provenance: &Provenance,
    size: u64,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    ingest_mapped(store, bytes, provenance, None, size, now).await
}

/// The same with what the columns of the document mean, if somebody says so; of an archive, those of each file in it.
///
/// # Errors
/// When the database cannot be used. A refused document is an outcome with its error.
pub async fn ingest_mapped(
    store: &Store,
    bytes: Vec<u8>,
    provenance: &Provenance,
    mapping: Option<&ColumnMapping>,
    size: u64,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    let outcome = match archive::recognise(&bytes) {
        Some(kind) => Archive { store, provenance, kind, size, mapping, now }.receive(bytes).await?,
        None => one(store, bytes, provenance, mapping, size, now).await?,
    };
    with_unresolved(store, outcome, size, now).await
}

/// Reads and saves the oldest document that waits, if there is one.
///
/// # Errors
/// When the database cannot be used.
pub async fn process_next(store: &Store, size: u64, now: DateTime<Utc>) -> Result<Option<Outcome>, Error> {
    match documents::waiting(store, 1).await?.first() {
        Some(id) => {
            let outcome = replay(store, *id, size, now).await?;
            with_unresolved(store, outcome, size, now).await.map(Some)
        }
        None => Ok(None),
    }
}

/// Reads and saves a kept document again.
///
/// # Errors
/// When the database cannot be used or has no such document.
pub async fn replay(store: &Store, id: DocumentId, size: u64, now: DateTime<Utc>) -> Result<Outcome, Error> {
    let kept = documents::load(store, id).await?;
    let mapping = kept.mapping.as_ref();
    if mapping.is_none()
        && let Some(reading) = long::read(store, id, &kept.provenance, size).await?
    {
        return absorb(store, id, &kept.provenance, reading, now).await;
    }
    let bytes = documents::raw(store, id).await?;
    if let Some(kind) = archive::recognise(&bytes) {
        let archive = Archive { store, provenance: &kept.provenance, kind, size, mapping, now };
        return archive.open(id, bytes.into()).await;
    }
    let reading = read_apart(bytes.into(), &kept.provenance, mapping, size).await?;
    absorb(store, id, &kept.provenance, reading, now).await
}

/// Runs work that takes time off the threads that answer.
async fn apart<T: Send + 'static>(
    bytes: Arc<Vec<u8>>,
    work: impl FnOnce(&[u8]) -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(move || work(&bytes)).await.map_err(Error::Work)
}

/// Saves what a reading came to; tries again when another process got in the way.
async fn absorb(
    store: &Store,
    id: DocumentId,
    provenance: &Provenance,
    reading: read::Reading,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    let (format, content) = match reading.content {
        Some((format, parsed)) => {
            (Some(format), Some(Content::new(parsed.observations, provenance.image.as_ref(), now)))
        }
        None => (None, None),
    };
    let document = Document { id, provenance, inspection: reading.inspection, format, content, now };
    let mut attempt = 1;
    loop {
        match document.save(store).await {
            // Two processes that make the same row at once: the second finds it when it tries again.
            Err(Error::Store(error))
                if (error.is_transient() || matches!(error, store::Error::Duplicate(_)))
                    && attempt < ATTEMPTS =>
            {
                tracing::warn!(attempt, error = &error as &dyn std::error::Error, "saving is tried again");
                tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
                attempt += 1;
            }
            Err(Error::Store(error @ (store::Error::Database(_) | store::Error::Duplicate(_)))) => {
                tracing::error!(document = %id, error = &error as &dyn std::error::Error, "not saved");
                return document.refused().save(store).await;
            }
            result => return result,
        }
    }
}

/// A document that was read.
struct Document<'a> {
    id: DocumentId,
    provenance: &'a Provenance,
    inspection: Inspection,
    format: Option<&'static Format>,
    content: Option<Content>,
    now: DateTime<Utc>,
}

/// What saving came to, besides the changes.
#[derive(Default)]
struct Saved {
    changes: Changes,
    touched: Touched,
    image: Option<ImageId>,
    warnings: Vec<Warning>,
    unresolved: bool,
    sighted: BTreeSet<Key>,
    others: BTreeSet<DocumentId>,
}

impl Saved {
    /// Adds what went, after all that came.
    async fn close(&mut self, tx: &Tx, gone: Gone, now: DateTime<Utc>) -> Result<(), Error> {
        self.changes.closed += gone.close(tx, now).await?;
        self.touched.images.extend(gone.images());
        self.others.extend(gone.others);
        Ok(())
    }
}

impl Document<'_> {
    /// The document as one that cannot be saved, so that it does not stand in the way of the next.
    fn refused(self) -> Self {
        let error =
            "what it says could not be saved, which is our defect: please report it with the document";
        Self {
            inspection: Inspection { error: Some(error.to_owned()), ..self.inspection },
            content: None,
            ..self
        }
    }

    async fn save(&self, store: &Store) -> Result<Outcome, Error> {
        let tx = store.begin().await?;
        tx.lock(self.id.as_bytes()).await?;
        let mut saved = Saved::default();
        match (&self.format, &self.content) {
            (Some(format), Some(content)) => saved = self.save_content(&tx, format, content).await?,
            _ => saved.close(&tx, taken_back::all(&tx, self.id).await?, self.now).await?,
        }
        let mut inspection = self.inspection.clone();
        inspection.warnings.extend(saved.warnings.iter().cloned());
        self.finish(&tx, &inspection, &saved).await?;
        tx.commit().await?;
        Ok(Outcome {
            inspection,
            document: Some(self.id),
            changes: saved.changes,
            touched: saved.touched,
            sighted: saved.sighted,
            others: saved.others,
            members: Vec::new(),
        })
    }

    async fn save_content(&self, tx: &Tx, format: &Format, content: &Content) -> Result<Saved, Error> {
        let at = self.provenance.as_of.min(self.now).timestamp_millis();
        let mut saved = Saved::default();
        let images = images::resolve(tx, content, at).await?;
        let (groups, renamed) = vulnerabilities::groups(tx, content).await?;
        saved.touched.images.extend(images.joined.iter().copied().chain(renamed));
        let reports = findings::reports(&content.scans, &images.scans, &groups, format.version, at);
        let gone = taken_back::but(tx, self.id, &reports, &groups).await?;
        let mut due = Vec::new();
        for report in &reports {
            saved.touched.images.push(report.image);
            match findings::record(tx, report, self.id).await? {
                Some(one) => due.push(one),
                None => saved.changes.unchanged += report.count,
            }
        }
        let scans: Vec<&Scan> = due.iter().map(|due| due.report.scan.as_ref()).collect();
        vulnerabilities::save(tx, &scans, &groups, at).await?;
        saved.touched.images.extend(threats::save(tx, &content.scans, &content.feeds, &groups, at).await?);
        for one in &due {
            saved.changes.add(findings::save(tx, one, &groups, self.id).await?);
        }
        saved.close(tx, gone, self.now).await?;
        for (sbom, image) in content.sboms.iter().zip(&images.sboms) {
            if let Some(image) = image
                && sboms::save(tx, sbom, *image, self.id, at).await?
            {
                saved.touched.images.push(*image);
            }
        }
        inventory::save(tx, content, &images, at).await?;
        let cluster = self.provenance.cluster.as_deref();
        saved.touched.add(estate::save(tx, content, &images, cluster, at).await?);
        if images.learned {
            saved.touched.clusters.extend(estate::place(tx).await?);
        }
        let mut spoken = vex::save(tx, &content.statements, &groups, self.id, at).await?;
        let records = scans.iter().flat_map(|scan| &scan.vulnerabilities);
        spoken.extend(records.map(|record| groups.canonical(&record.id).to_string()));
        saved.touched.images.extend(vex::apply(tx, &spoken).await?);
        let (as_of, part) = (self.provenance.as_of, self.provenance.source == ARCHIVE);
        saved.touched.intel =
            feeds::save(tx, &content.feeds, format.kind, self.id, as_of, part, &mut saved.warnings).await?;
        saved.touched.add(Touched::default());
        vouched::save(tx, self.id, content, &images, &mut saved.warnings).await?;
        let named = images.scans.iter().chain(&images.sboms).chain(&images.attested).chain(&images.signed);
        saved.image = named.copied().flatten().next();
        saved.sighted = images.sighted.clone();
        runtime::of_content(tx, content, cluster, images.learned, at, &mut saved.warnings).await?;
        told::note_records(content, &mut saved.warnings);
        told::note_presumed(&images.presumed, &mut saved.warnings);
        self.note_unresolved(content, &images, &mut saved);
        Ok(saved)
    }

    /// Counts what could not be attached to an image.
    fn note_unresolved(&self, content: &Content, images: &images::Images, saved: &mut Saved) {
        let lost: Vec<_> = content
            .scans
            .iter()
            .zip(&images.scans)
            .filter(|(_, image)| image.is_none())
            .map(|(scan, _)| domain::observation::Observation::Scan(scan.clone()))
            .collect();
        let mut attested = content.attestations.iter().zip(&images.attested);
        let unlisted = images.sboms.iter().any(Option::is_none)
            || attested.any(|(said, image)| image.is_none() && matches!(said.target, Target::Image(_)));
        saved.changes.unresolved = normalise::identity::distinct_findings(&lost, usize::MAX) as u64;
        saved.unresolved = unlisted || !lost.is_empty();
    }

    async fn finish(&self, tx: &Tx, inspection: &Inspection, saved: &Saved) -> Result<(), Error> {
        let state = match &self.content {
            None => FAILED,
            Some(_) if saved.unresolved => UNRESOLVED,
            Some(_) => PROCESSED,
        };
        let target = self.content.as_ref().and_then(Content::target);
        let kept = &inspection.warnings[..inspection.warnings.len().min(MOST_WARNINGS)];
        let stated_at = self.content.as_ref().and_then(Content::stated_at);
        let feed = self.content.as_ref().is_some_and(|content| !content.feeds.is_empty());
        let reading = documents::Reading {
            state,
            kind: inspection.kind.as_deref(),
            format_version: self.format.map(|format| format.version),
            tool: inspection.tool.as_deref(),
            tool_version: inspection.tool_version.as_deref(),
            target: target.as_deref(),
            image: saved.image,
            stated_at: stated_at.or_else(|| feed.then_some(self.provenance.as_of)),
            counts: json(&inspection.counts),
            changes: json(&saved.changes),
            warnings: json(&kept),
            warning_count: inspection.warnings.len(),
            error: inspection.error.as_deref(),
            at: self.now,
        };
        documents::finish(tx, self.id, reading).await?;
        let entry = journal::Entry {
            event: state,
            subject: self.provenance.name.clone(),
            message: told::message(inspection, &saved.changes, state),
        };
        Ok(journal::add(tx, self.now.timestamp_millis(), Some(self.id), &[entry]).await?)
    }
}

/// Reads again the documents of which words were withdrawn, and those that waited for a tag which is known now.
async fn with_unresolved(
    store: &Store,
    mut outcome: Outcome,
    size: u64,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    for id in std::mem::take(&mut outcome.others) {
        let again = replay(store, id, size, now).await?;
        outcome.touched.add(again.touched);
    }
    if outcome.sighted.is_empty() {
        return Ok(outcome);
    }
    for (id, target) in documents::unresolved(store).await? {
        let known = target.parse::<ImageReference>().ok().and_then(|reference| intervals::key(&reference));
        if Some(id) != outcome.document && known.is_some_and(|key| outcome.sighted.contains(&key)) {
            let resolved = replay(store, id, size, now).await?;
            outcome.touched.add(resolved.touched);
        }
    }
    Ok(outcome)
}

/// A stated moment in milliseconds, or else the document's own.
fn moment(stated: Option<DateTime<Utc>>, at: i64) -> i64 {
    stated.map_or(at, |stated| stated.timestamp_millis())
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned())
}
