//! What Quay's scanner found, image by image, as the bytes that Quay answered, and why an image was not scanned.
//! Refuses to read a report, and to date it by the push: Quay matches what it knows of an image when it is asked.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::Utc;
use domain::coverage::Coverage;
use domain::digest::Digest;
use domain::document::Provenance;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use futures_util::future::BoxFuture;

use super::KIND;
use super::client::{Api, READ};
use super::wire::Security;
use crate::missing::Missing;
use crate::oci::crawl::{self, Roots};
use crate::oci::{Named, reference};
use crate::{Failure, Sink};

/// Who speaks.
const TOOL: &str = "Quay";

/// Hands on what was found in the images of a repository.
///
/// # Errors
/// When nothing further would be answered.
pub(super) async fn hand_on(
    api: &Api<'_>,
    named: &Named,
    roots: Roots,
    sink: &Sink,
) -> Result<Missing, Failure> {
    let (crawled, mut missing) = crawl::read(api.ask, named, roots).await?;
    let images: Vec<Digest> = crawled.images(named).filter_map(own).collect();
    let silent = AtomicBool::new(!images.is_empty());
    let work = |digest| Box::pin(one(api, named, digest, &silent, sink)) as BoxFuture<'_, _>;
    missing.join(Missing::of_each(images, api.ask.asker.caller.context.concurrency, work).await?);
    // An image may be gone since it was listed; that all are is the answer of a Quay that does not scan.
    if missing.is_empty() && silent.into_inner() {
        let Named { registry, name } = named;
        missing.note(format!(
            "Quay tells of no scan in {registry}/{name}; turn its scanner on, or leave out `scans` in the settings"
        ));
    }
    Ok(missing)
}

/// The digest of an image that runs; one that only a list of manifests stands for has none.
fn own(image: Image) -> Option<Digest> {
    image.digests.into_iter().find(|(role, _)| *role == DigestRole::Manifest).map(|(_, digest)| digest)
}

async fn one(
    api: &Api<'_>,
    named: &Named,
    digest: Digest,
    silent: &AtomicBool,
    sink: &Sink,
) -> Result<Missing, Failure> {
    let path = format!("repository/{}/manifest/{digest}/security?vulnerabilities=true", named.name);
    let Some(bytes) = api.bytes(READ, api.address(&path)?).await? else { return Ok(Missing::default()) };
    silent.store(false, Ordering::Relaxed);
    let told: Security = serde_json::from_slice(&bytes).map_err(|error| api.ask.unreadable(READ, &error))?;
    if told.status == "scanned" && told.data.is_some() {
        sink.document(bytes, provenance(named, &digest)).await?;
    } else {
        sink.observe(unscanned(named, digest, told.status)).await?;
    }
    Ok(Missing::default())
}

/// Quay's word on an image without a report.
pub(super) fn unscanned(named: &Named, digest: Digest, word: String) -> Observation {
    Observation::Coverage(Coverage {
        tool: TOOL.to_owned(),
        image: Image {
            references: vec![reference(named, None, Some(&digest))],
            digests: vec![(DigestRole::Manifest, digest)],
            ..Image::default()
        },
        watched: Some(word == "queued"),
        reason: word,
        last_scanned_at: None,
        in_use: None,
    })
}

/// What is told of a report besides.
pub(super) fn provenance(named: &Named, digest: &Digest) -> Provenance {
    let image = reference(named, None, Some(digest));
    Provenance {
        name: format!("Quay scan of {}", image.familiar()),
        source: KIND.to_owned(),
        image: Some(image),
        cluster: None,
        as_of: Utc::now(),
    }
}
