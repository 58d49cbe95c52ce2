//! An archive on its way in: kept whole, like any document, and every file in it a document of its own, named by the
//! archive and its path. Opening it again takes in the same documents, so that one that broke off is opened anew.
//!
//! Refuses to hold more than two of its files at a time, and to let one that cannot be read stop the others.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::document::{ARCHIVE, Provenance, Warning};
use domain::id::DocumentId;
use domain::mapping::ColumnMapping;
use formats::archive::{Kind, Limits, Member};
use store::Store;
use store::documents::{FAILED, PROCESSED};
use store::save::{documents, journal, mappings};
use tokio::sync::mpsc;

use super::{Inspection, MOST_WARNINGS, Outcome, Touched, apart, json, one, read};
use crate::Error;

/// An archive that is taken in.
pub(super) struct Archive<'a> {
    pub(super) store: &'a Store,
    pub(super) provenance: &'a Provenance,
    pub(super) kind: Kind,
    /// The most bytes that may come out.
    pub(super) size: u64,
    /// What the columns of its files mean, if somebody said so.
    pub(super) mapping: Option<&'a ColumnMapping>,
    pub(super) now: DateTime<Utc>,
}

/// What was left out of an archive, or why nothing came out.
struct Opened {
    warnings: Vec<Warning>,
    error: Option<String>,
}

/// Whether these bytes are an archive.
pub(super) fn recognise(bytes: &[u8]) -> Option<Kind> {
    catch_unwind(|| formats::archive::recognise(bytes)).ok().flatten()
}

/// The archive, then what is in it, each recognised and read and nothing else.
pub(super) fn inspect(
    bytes: &[u8],
    kind: Kind,
    name: &str,
    size: u64,
    mapping: Option<&ColumnMapping>,
) -> Vec<Inspection> {
    let mut inside = Vec::new();
    let mut keep = |member: Member| {
        inside.push(read::read(&member.bytes, &joined(name, &member.path), size, mapping).inspection);
        true
    };
    let opened = open(bytes, kind, size, &mut keep);
    let mut inspections = vec![inspection(name, opened, inside.iter())];
    inspections.append(&mut inside);
    inspections
}

impl Archive<'_> {
    /// Keeps it and takes in what is in it.
    pub(super) async fn receive(self, bytes: Vec<u8>) -> Result<Outcome, Error> {
        let bytes = Arc::new(bytes);
        let digest = apart(Arc::clone(&bytes), documents::digest).await?;
        let packed = apart(Arc::clone(&bytes), documents::packed).await??;
        let tx = self.store.begin().await?;
        let id = documents::receive(&tx, &digest, self.provenance, packed, self.now).await?;
        if let Some(mapping) = self.mapping {
            mappings::tell(&tx, id, mapping, self.now).await?;
        }
        tx.commit().await?;
        self.open(id, bytes).await
    }

    /// Takes in what is in it, one after the other, while the next is unpacked.
    pub(super) async fn open(self, id: DocumentId, bytes: Arc<Vec<u8>>) -> Result<Outcome, Error> {
        let (kind, size) = (self.kind, self.size);
        let (sender, mut members) = mpsc::channel(1);
        let opening = tokio::task::spawn_blocking(move || {
            let mut keep = |member: Member| sender.blocking_send(member).is_ok();
            open(&bytes, kind, size, &mut keep)
        });
        let mut outcomes = Vec::new();
        while let Some(member) = members.recv().await {
            outcomes.push(self.member(member).await?);
        }
        let opened = opening.await.map_err(Error::Work)?;
        let inside = outcomes.iter().map(|outcome| &outcome.inspection);
        let inspection = inspection(&self.provenance.name, opened, inside);
        self.finish(id, &inspection, outcomes.len()).await?;
        Ok(together(id, inspection, outcomes))
    }

    async fn member(&self, member: Member) -> Result<Outcome, Error> {
        let provenance = Provenance {
            name: joined(&self.provenance.name, &member.path),
            source: ARCHIVE.to_owned(),
            ..self.provenance.clone()
        };
        one(self.store, member.bytes, &provenance, self.mapping, self.size, self.now).await
    }

    /// Writes down that it was opened. What its documents say and changed stands with them.
    async fn finish(&self, id: DocumentId, inspection: &Inspection, members: usize) -> Result<(), Error> {
        let state = if inspection.error.is_some() { FAILED } else { PROCESSED };
        let kept: Vec<&Warning> = inspection.warnings.iter().take(MOST_WARNINGS).collect();
        let reading = documents::Reading {
            state,
            kind: inspection.kind.as_deref(),
            format_version: None,
            tool: None,
            tool_version: None,
            target: None,
            image: None,
            stated_at: None,
            counts: format!("{{\"members\":{members}}}"),
            changes: "{}".to_owned(),
            warnings: json(&kept),
            warning_count: inspection.warnings.len(),
            error: inspection.error.as_deref(),
            at: self.now,
        };
        let message = match &inspection.error {
            Some(error) => format!("Refused: {error}."),
            None => format!("Opened: {members} documents taken in, {} warnings.", inspection.warnings.len()),
        };
        let entry = journal::Entry { event: state, subject: self.provenance.name.clone(), message };
        let tx = self.store.begin().await?;
        tx.lock(id.as_bytes()).await?;
        documents::finish(&tx, id, reading).await?;
        journal::add(&tx, self.now.timestamp_millis(), Some(id), &[entry]).await?;
        Ok(tx.commit().await?)
    }
}

fn open(bytes: &[u8], kind: Kind, size: u64, keep: &mut dyn FnMut(Member) -> bool) -> Opened {
    let limits = Limits::of(size);
    match catch_unwind(AssertUnwindSafe(|| formats::archive::unpack(bytes, kind, limits, keep))) {
        Ok(Ok(unpacked)) => Opened { warnings: unpacked.warnings, error: None },
        Ok(Err(error)) => Opened { warnings: Vec::new(), error: Some(error.to_string()) },
        Err(_) => {
            let error = "opening it failed, which is our defect: please report it with the archive";
            Opened { warnings: Vec::new(), error: Some(error.to_owned()) }
        }
    }
}

/// What the archive is, with every document in it that could not be read.
fn inspection<'i>(name: &str, opened: Opened, inside: impl Iterator<Item = &'i Inspection>) -> Inspection {
    let mut whole =
        Inspection { file: name.to_owned(), kind: Some(ARCHIVE.to_owned()), ..Inspection::default() };
    (whole.warnings, whole.error) = (opened.warnings, opened.error);
    for document in inside {
        whole.counts.add(document.counts);
        if let Some(error) = &document.error {
            let path = document.file.strip_prefix(name).unwrap_or(&document.file).trim_start_matches('/');
            whole.warnings.push(Warning { at: path.to_owned(), message: error.clone() });
        }
    }
    whole
}

/// What came of an archive: all that its documents changed and touched.
fn together(id: DocumentId, inspection: Inspection, mut members: Vec<Outcome>) -> Outcome {
    let mut whole = Outcome { inspection, document: Some(id), ..Outcome::default() };
    for member in &mut members {
        whole.changes.add(member.changes);
        whole.touched.images.append(&mut member.touched.images);
        whole.touched.clusters.append(&mut member.touched.clusters);
        whole.touched.intel |= member.touched.intel;
        whole.sighted.append(&mut member.sighted);
        whole.others.append(&mut member.others);
    }
    whole.touched.add(Touched::default());
    whole.members = members;
    whole
}

fn joined(name: &str, path: &str) -> String {
    format!("{name}/{path}")
}
