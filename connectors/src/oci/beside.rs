//! What lies beside the images of a repository, fetched through the registry's own door and handed on. Refuses what is
//! not what its digest says; what is left out for its size is told.

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::document::Provenance;
use domain::image::Image;
use domain::observation::Observation;
use futures_util::future::BoxFuture;

use super::attached::{Attached, LARGEST, artefacts, digest_of, in_index, is_digest_of, kind, subject};
use super::images::{Manifests, Named, reference};
use super::signed::{self, is_signed};
use super::wire::{Descriptor, Manifest, parse};
use crate::missing::Missing;
use crate::{Failure, Memory, Sink};

/// Where manifests and blobs are handed out.
pub(crate) trait Door: Sync {
    /// The bytes of a manifest; nothing where it is gone.
    fn manifest<'a>(
        &'a self,
        named: &'a Named,
        digest: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Failure>>;

    /// The bytes of a blob of at most `most` bytes; nothing where it is gone.
    fn blob<'a>(
        &'a self,
        named: &'a Named,
        digest: &'a str,
        most: usize,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Failure>>;
}

/// Where the papers of a repository come from and go to.
pub(crate) struct Papers<'a, D> {
    /// The registry's door.
    pub(crate) door: &'a D,
    /// The repository.
    pub(crate) named: &'a Named,
    /// The source's kind.
    pub(crate) source: &'a str,
    /// What is on record need not be fetched.
    pub(crate) memory: &'a dyn Memory,
    /// Where they go.
    pub(crate) sink: &'a Sink,
}

impl<D: Door> Papers<'_, D> {
    /// Hands on what is attached to the images of a repository, as far as their descriptions tell.
    ///
    /// # Errors
    /// When nothing further would be answered.
    pub(crate) async fn hand_on(&self, all: &Manifests) -> Result<Missing, Failure> {
        let (mut missing, mut attached) = (Missing::default(), Vec::<Attached>::new());
        for index in all.indexes() {
            let read = manifest(self.door, self.named, index.as_str(), &mut missing).await;
            attached.extend(missing.without(read)?.flatten().iter().flat_map(in_index));
        }
        attached.retain(|attached| all.described.contains_key(&attached.holder));
        let mut holders: Vec<Digest> = attached.iter().map(|one| one.holder.clone()).collect();
        holders.extend(artefacts(all));
        holders.sort();
        holders.dedup();
        for holder in holders {
            let read = manifest(self.door, self.named, holder.as_str(), &mut missing).await;
            let Some(manifest) = missing.without(read)?.flatten() else { continue };
            let Some(described) = all.described.get(&holder) else { continue };
            let stated = attached.iter().find(|one| one.holder == holder).map(|one| one.subject.clone());
            let Some(subject) = stated.or_else(|| subject(&manifest, described)) else { continue };
            self.layers(&manifest, &subject, described.pushed_at, &mut missing).await?;
        }
        Ok(missing)
    }

    /// Hands on what a manifest holds, which is attached to a subject, as far as it is not on record.
    ///
    /// # Errors
    /// When nothing further would be answered.
    pub(crate) async fn layers(
        &self,
        manifest: &Manifest,
        subject: &Digest,
        at: Option<DateTime<Utc>>,
        missing: &mut Missing,
    ) -> Result<(), Failure> {
        let image = reference(self.named, None, Some(subject));
        let known = manifest.layers.iter().filter(|blob| kind(blob).is_some());
        let (signed, plain): (Vec<_>, Vec<_>) = known.partition(|blob| is_signed(blob));
        let word = |blob: &Descriptor| (blob.digest.clone(), image.clone());
        let told: Vec<_> = plain.iter().map(|blob| word(blob)).collect();
        let on_record = self.memory.on_record(&told).await;
        for blob in plain.into_iter().filter(|blob| !on_record.contains(&word(blob))) {
            let Some(kind) = kind(blob) else { continue };
            let provenance = provenance(self.named, subject, kind, at, self.source);
            match missing.without(fetch(self.door, self.named, blob).await)? {
                Some(Ok(bytes)) => self.sink.document(bytes, provenance).await?,
                Some(Err(reason)) => missing.note(format!("the {} was left out: {reason}", provenance.name)),
                None => {}
            }
        }
        self.signatures(&signed, subject, at, missing).await
    }

    /// Hands on the signatures of a manifest, as far as they are not on record. What was signed is fetched once: images
    /// that are signed by several have the same payload for all of them.
    async fn signatures(
        &self,
        signed: &[&Descriptor],
        subject: &Digest,
        at: Option<DateTime<Utc>>,
        missing: &mut Missing,
    ) -> Result<(), Failure> {
        let image = reference(self.named, None, Some(subject));
        let mut payloads = signed::recall(self.memory, signed).await;
        let mut documents = Vec::new();
        for blob in signed {
            let provenance = provenance(self.named, subject, "signature", at, self.source);
            if !payloads.contains_key(&blob.digest) {
                match missing.without(fetch(self.door, self.named, blob).await)? {
                    Some(Ok(bytes)) => {
                        signed::remember(self.memory, blob, &bytes).await;
                        payloads.insert(blob.digest.clone(), bytes);
                    }
                    Some(Err(reason)) => {
                        missing.note(format!("the {} was left out: {reason}", provenance.name));
                    }
                    None => {}
                }
            }
            let document = payloads.get(&blob.digest).and_then(|payload| signed::document(blob, payload));
            documents.extend(document.map(|bytes| (bytes, provenance)));
        }
        let word = |bytes: &[u8]| Some((digest_of(bytes)?.to_string(), image.clone()));
        let told: Vec<_> = documents.iter().filter_map(|(bytes, _)| word(bytes)).collect();
        let on_record = self.memory.on_record(&told).await;
        for (bytes, provenance) in documents {
            if word(&bytes).is_none_or(|told| !on_record.contains(&told)) {
                self.sink.document(bytes, provenance).await?;
            }
        }
        Ok(())
    }

    /// Says beside which images somebody looked, once nothing is missing of what lies beside them. The manifests are those
    /// of a whole crawl: which of them are indexes, and of what, is known.
    ///
    /// # Errors
    /// When nobody takes it any more.
    pub(crate) async fn searched(&self, all: &Manifests) -> Result<(), Failure> {
        for image in all.images(self.named) {
            let bare = Image { digests: image.digests, ..Image::default() };
            self.sink.observe(Observation::Searched(bare)).await?;
        }
        Ok(())
    }
}

/// A manifest that is what its digest says; nothing where it was deleted since it was listed.
///
/// # Errors
/// When it is not handed out; one that is something else is noted.
pub(crate) async fn manifest(
    door: &impl Door,
    named: &Named,
    digest: &str,
    missing: &mut Missing,
) -> Result<Option<Manifest>, Failure> {
    let Some(bytes) = door.manifest(named, digest).await? else { return Ok(None) };
    let sound = is_digest_of(digest, &bytes);
    let read = std::str::from_utf8(&bytes).ok().filter(|_| sound).and_then(parse);
    if read.is_none() {
        let why = if sound { "unreadable" } else { "not what its digest says" };
        let short = digest.chars().take(19).collect::<String>();
        missing.note(format!("the manifest of {}/{}@{short} is {why}", named.registry, named.name));
    }
    Ok(read)
}

/// A blob's bytes, or why they were not taken.
async fn fetch(
    door: &impl Door,
    named: &Named,
    blob: &Descriptor,
) -> Result<Result<Vec<u8>, String>, Failure> {
    if blob.size > LARGEST {
        return Ok(Err(format!("it has {} MiB, more than {} MiB", blob.size >> 20, LARGEST >> 20)));
    }
    let most = usize::try_from(LARGEST).unwrap_or(usize::MAX);
    Ok(match door.blob(named, &blob.digest, most).await? {
        None => Err("the registry does not have it".to_owned()),
        Some(bytes) if bytes.len() as u64 > blob.size => {
            Err("it is longer than its manifest says".to_owned())
        }
        Some(bytes) if is_digest_of(&blob.digest, &bytes) => Ok(bytes),
        Some(_) => Err("it is not what its digest says".to_owned()),
    })
}

/// What is told of a document on an image.
pub(crate) fn provenance(
    named: &Named,
    subject: &Digest,
    kind: &str,
    at: Option<DateTime<Utc>>,
    source: &str,
) -> Provenance {
    let image = reference(named, None, Some(subject));
    Provenance {
        name: format!("{kind} of {}", image.familiar()),
        source: source.to_owned(),
        image: Some(image),
        cluster: None,
        as_of: at.unwrap_or_else(Utc::now),
    }
}
