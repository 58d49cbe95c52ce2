//! What Xray found in images, by the checksums of their manifests: its word on each is handed on unread, as it came; of
//! what it did not index, it is told that it does not watch it. Refuses to take silence for either.

use std::collections::BTreeMap;

use chrono::Utc;
use domain::coverage::Coverage;
use domain::digest::Digest;
use domain::document::Provenance;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;

use super::wire::{Summaries, Summary};
use super::{Jfrog, KIND, files};
use crate::missing::Missing;
use crate::oci::{Ask, Named, Shelf, crawl, reference};
use crate::{Failure, Sink};

/// The tool, as its reports are named by.
const TOOL: &str = "jfrog-xray";
/// Images that are asked for at once.
const AT_ONCE: usize = 50;

/// What Xray says of some images.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Its summaries, in the shape in which it answers.
    pub(super) documents: BTreeMap<Digest, Vec<u8>>,
    /// Why there are none, in its word.
    pub(super) reasons: BTreeMap<Digest, String>,
    /// Images of which it says neither.
    pub(super) silent: usize,
}

/// Hands on what Xray says of the images of a repository.
///
/// # Errors
/// When it says nothing.
pub(super) async fn hand_on(
    shop: &Jfrog,
    ask: &Ask<'_>,
    shelf: &Shelf,
    sink: &Sink,
) -> Result<Missing, Failure> {
    let Some((roots, mut missing)) = files::roots(shop, ask, shelf).await? else {
        return Ok(Missing::default());
    };
    let (crawled, more) = crawl::read(ask, &shelf.named, roots).await?;
    missing.join(more);
    let own = |image: Image| {
        let mut digests = image.digests.into_iter();
        digests.find(|(role, _)| *role == DigestRole::Manifest).map(|(_, digest)| digest)
    };
    let digests: Vec<Digest> = crawled.images(&shelf.named).filter_map(own).collect();
    for some in digests.chunks(AT_ONCE) {
        let told = told(&shop.api.summaries(ask, some).await?, some);
        for (digest, bytes) in told.documents {
            sink.document(bytes, provenance(&shelf.named, &digest)).await?;
        }
        for (digest, reason) in told.reasons {
            sink.observe(Observation::Coverage(unwatched(&shelf.named, &digest, reason))).await?;
        }
        if told.silent > 0 {
            let Named { registry, name } = &shelf.named;
            missing.note(format!("Xray left out {} images of {registry}/{name} without a word", told.silent));
        }
    }
    Ok(missing)
}

/// From an answer about images. Where Xray knows one in several places, it says the same of each.
pub(super) fn told(answer: &Summaries, asked: &[Digest]) -> Told {
    let digest = |sum: &str| format!("sha256:{}", sum.to_lowercase()).parse::<Digest>().ok();
    let mut summaries: BTreeMap<Digest, Vec<&str>> = BTreeMap::new();
    for raw in &answer.artifacts {
        let about: Summary = serde_json::from_str(raw.get()).unwrap_or_default();
        let Some(digest) = digest(&about.general.sha256) else { continue };
        summaries.entry(digest).or_default().push(raw.get());
    }
    let unsaid = answer.errors.iter().filter_map(|one| Some((digest(&one.identifier)?, &one.error)));
    let unsaid: BTreeMap<Digest, &String> = unsaid.collect();
    let mut told = Told::default();
    for digest in asked {
        match (summaries.get_mut(digest), unsaid.get(digest)) {
            (Some(rows), _) => {
                rows.sort_unstable();
                let document = format!("{{\"artifacts\":[{}]}}", rows.join(",")).into_bytes();
                told.documents.insert(digest.clone(), document);
            }
            (None, Some(reason)) => drop(told.reasons.insert(digest.clone(), (*reason).clone())),
            (None, None) => told.silent += 1,
        }
    }
    told
}

fn provenance(named: &Named, digest: &Digest) -> Provenance {
    let image = reference(named, None, Some(digest));
    Provenance {
        name: format!("Xray on {}", image.familiar()),
        source: KIND.to_owned(),
        image: Some(image),
        cluster: None,
        as_of: Utc::now(),
    }
}

fn unwatched(named: &Named, digest: &Digest, reason: String) -> Coverage {
    Coverage {
        tool: TOOL.to_owned(),
        image: Image {
            digests: vec![(DigestRole::Manifest, digest.clone())],
            references: vec![reference(named, None, Some(digest))],
            ..Image::default()
        },
        watched: Some(false),
        reason,
        last_scanned_at: None,
        in_use: None,
    }
}
