//! What Harbor's scanner found, image by image, as the bytes that Harbor answered, and why an image was not scanned.
//! Refuses to read a report, and to fetch one again whose scan is on record.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::coverage::Coverage;
use domain::digest::Digest;
use domain::document::Provenance;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::reference::ImageReference;
use futures_util::{StreamExt, stream};
use serde::de::IgnoredAny;

use super::KIND;
use super::artifacts::{self, moment_of};
use super::client::Api;
use super::wire::{Artifact, Overview};
use crate::missing::Missing;
use crate::oci::{Named, crawl, digest_of, reference};
use crate::{Failure, Sink};

const READ: &str = "artifact-addition:read";
/// Who speaks, whichever scanner it has look.
const TOOL: &str = "Harbor";
/// Says how what is remembered of reports was written.
const REMEMBERED: &str = "harbor-scan-1";

/// An image with what Harbor tells of its scan.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) image: ImageReference,
    pub(super) digest: Digest,
    pub(super) artifact: Artifact,
}

/// Hands on what was found in the images of a repository.
///
/// # Errors
/// When nothing further would be answered.
pub(super) async fn hand_on(api: &Api<'_>, named: &Named, sink: &Sink) -> Result<Missing, Failure> {
    let Some(listed) = artifacts::all(api, named).await? else { return Ok(Missing::default()) };
    let (crawled, mut missing) = crawl::read(api.ask, named, artifacts::roots(&listed)).await?;
    let images: Vec<Digest> = crawled.images(named).filter_map(own).collect();
    let told = told(api, named, images, listed, &mut missing).await?;
    let (scanned, others): (Vec<Told>, Vec<Told>) = told.into_iter().partition(Told::is_scanned);
    for other in others {
        sink.observe(other.unscanned()).await?;
    }
    let memory = &*api.ask.asker.caller.context.memory;
    let known = on_record(api, &scanned).await;
    let (mut learned, unknown) =
        (Vec::new(), scanned.into_iter().filter(|told| !known.contains(&told.digest)));
    let mut reading = stream::iter(unknown)
        .map(|told| report(api, named, told, sink))
        .buffer_unordered(api.ask.asker.caller.context.concurrency.max(1));
    while let Some(read) = reading.next().await {
        learned.extend(missing.without(read)?.flatten());
    }
    drop(reading);
    if !learned.is_empty() {
        memory.remember(&learned).await;
    }
    Ok(missing)
}

/// The digest of an image that runs; one that only an index stands for has none.
fn own(image: Image) -> Option<Digest> {
    image.digests.into_iter().find(|(role, _)| *role == DigestRole::Manifest).map(|(_, digest)| digest)
}

/// What is told of each image: in the list, or by itself where only an index lists it.
async fn told(
    api: &Api<'_>,
    named: &Named,
    images: Vec<Digest>,
    listed: Vec<Artifact>,
    missing: &mut Missing,
) -> Result<Vec<Told>, Failure> {
    let mut listed: HashMap<String, Artifact> =
        listed.into_iter().map(|artifact| (artifact.digest.clone(), artifact)).collect();
    let (mut all, mut unlisted) = (Vec::new(), Vec::new());
    for digest in images {
        match listed.remove(digest.as_str()) {
            Some(artifact) => all.push(Told::new(named, digest, artifact)),
            None => unlisted.push(digest),
        }
    }
    let mut asking = stream::iter(unlisted)
        .map(|digest| async move { (artifacts::one(api, named, &digest).await, digest) })
        .buffer_unordered(api.ask.asker.caller.context.concurrency.max(1));
    while let Some((answer, digest)) = asking.next().await {
        let artifact = missing.without(answer)?.flatten();
        all.extend(artifact.map(|artifact| Told::new(named, digest, artifact)));
    }
    Ok(all)
}

/// Those of which the report of this very scan was handed on before, and is still here.
async fn on_record(api: &Api<'_>, scanned: &[Told]) -> HashSet<Digest> {
    let memory = &*api.ask.asker.caller.context.memory;
    let words: Vec<String> = scanned.iter().filter_map(Told::word).collect();
    let recalled = memory.recall(&words).await;
    let documents: Vec<(String, ImageReference)> = scanned
        .iter()
        .filter_map(|told| {
            let document = recalled.get(&told.word()?)?.clone();
            Some((String::from_utf8(document).ok()?, told.image.clone()))
        })
        .collect();
    let known = memory.on_record(&documents).await;
    known.into_iter().filter_map(|(_, image)| image.digest).collect()
}

/// Hands a report on, and answers under which word its digest is to be remembered. Nothing where the image is gone.
async fn report(
    api: &Api<'_>,
    named: &Named,
    told: Told,
    sink: &Sink,
) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let Some(mut parts) = artifacts::parts(named) else { return Ok(None) };
    parts.extend(["artifacts", told.digest.as_str(), "additions", "vulnerabilities"]);
    let Some(bytes) = api.bytes(READ, api.address(&parts)?).await? else { return Ok(None) };
    let reports: BTreeMap<String, IgnoredAny> =
        serde_json::from_slice(&bytes).map_err(|error| api.ask.unreadable(READ, &error))?;
    if reports.is_empty() {
        sink.observe(told.unscanned()).await?;
        return Ok(None);
    }
    let learned = told
        .word()
        .zip(digest_of(&bytes))
        .map(|(word, document)| (word, document.as_str().as_bytes().to_vec()));
    sink.document(bytes, told.provenance()).await?;
    Ok(learned)
}

impl Told {
    /// What is told of an image of a repository.
    pub(super) fn new(named: &Named, digest: Digest, artifact: Artifact) -> Self {
        Self { image: reference(named, None, Some(&digest)), digest, artifact }
    }

    fn overview(&self) -> Option<&Overview> {
        self.artifact.scan_overview.values().next()
    }

    /// Whether there is a report.
    pub(super) fn is_scanned(&self) -> bool {
        self.overview().is_some_and(|overview| overview.scan_status.eq_ignore_ascii_case("success"))
    }

    /// Harbor's word on an image without a report.
    pub(super) fn unscanned(self) -> Observation {
        let word = match self.overview() {
            Some(overview) => overview.scan_status.clone(),
            // What its pages say; only an image that can be scanned has a place for its report.
            None if self.artifact.addition_links.vulnerabilities.is_some() => "Not Scanned".to_owned(),
            None => "Unsupported".to_owned(),
        };
        let will_be = ["pending", "running", "scheduled"].contains(&word.to_ascii_lowercase().as_str());
        Observation::Coverage(Coverage {
            tool: TOOL.to_owned(),
            image: Image {
                references: vec![self.image],
                digests: vec![(DigestRole::Manifest, self.digest)],
                ..Image::default()
            },
            watched: Some(will_be),
            reason: word,
            last_scanned_at: None,
            in_use: None,
        })
    }

    /// What names the scan, where Harbor names it.
    pub(super) fn word(&self) -> Option<String> {
        let Overview { report_id, end_time, .. } = self.overview()?;
        let named = !report_id.is_empty() && !end_time.is_empty();
        named.then(|| format!("{REMEMBERED}:{}:{report_id}:{end_time}", self.digest))
    }

    fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.overview().and_then(|overview| moment_of(&overview.end_time))
    }

    /// What is told of the report besides.
    pub(super) fn provenance(self) -> Provenance {
        let at = self.ended_at().or_else(|| moment_of(&self.artifact.push_time));
        Provenance {
            name: format!("Harbor scan of {}", self.image.familiar()),
            source: KIND.to_owned(),
            image: Some(self.image),
            cluster: None,
            as_of: at.unwrap_or_else(Utc::now),
        }
    }
}
