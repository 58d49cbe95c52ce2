//! Artifact Analysis: which images Google scanned, which not and why, and what it found. Refuses to read findings:
//! they are put together by image as they came, and handed on; and to hand on an image of which not every finding
//! was read, as that would close the others.

mod occurrences;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::Utc;
use domain::document::Provenance;
use domain::source::{Completeness, Permission};

use self::occurrences::{Gathered, Occurrences, document};
use super::KIND;
use super::artifact_registry::digest_reference;
use super::client::Ask;
use super::request::Request;
use super::service::{Places, Probe, Service};
use crate::missing::Missing;
use crate::{Failure, Sink};

const HOST: &str = "containeranalysis.googleapis.com";
const LIST: &str = "containeranalysis.occurrences.list";
/// The most bytes of findings of a project that are held; beyond them each image is asked for by itself.
const HELD: usize = 256 << 20;

/// See the module.
pub(super) const SERVICE: Service = Service {
    name: "artifact-analysis",
    places: Places::Whole,
    permissions: &[Permission {
        action: LIST,
        why: "to know which images Google scanned, which not and why, and what it found",
    }],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[Probe {
        action: LIST,
        attempt: |ask| {
            Box::pin(async {
                ask.bytes(LIST, &all(ask, "kind=\"DISCOVERY\"").with("pageSize", "1")).await.map(drop)
            })
        },
    }],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut missing = Missing::default();
    let discoveries = gather(ask, "kind=\"DISCOVERY\"", usize::MAX, &mut missing).await?.unwrap_or_default();
    let findings = gather(ask, "kind=\"VULNERABILITY\"", HELD, &mut missing).await?;
    let mut images: BTreeSet<&String> = discoveries.keys().collect();
    images.extend(findings.iter().flat_map(Occurrences::keys));
    for image in images {
        let asked;
        let found = match &findings {
            Some(all) => all.get(image),
            None => {
                let filter = format!("kind=\"VULNERABILITY\" AND resourceUrl=\"{image}\"");
                asked = gather(ask, &filter, usize::MAX, &mut missing).await?.unwrap_or_default();
                asked.get(image)
            }
        };
        hand_on(image, document(discoveries.get(image), found), sink).await?;
    }
    Ok(missing.completeness())
}

fn all(ask: &Ask<'_>, filter: &str) -> Request {
    Request::get(HOST, format!("v1/projects/{}/occurrences", ask.place.account.id)).with("filter", filter)
}

/// Reads a list of occurrences to its end; nothing where that would be too much to hold.
async fn gather(
    ask: &Ask<'_>,
    filter: &str,
    most: usize,
    missing: &mut Missing,
) -> Result<Option<Occurrences>, Failure> {
    let mut gathered = Gathered::default();
    let mut pages = ask.pages(LIST, all(ask, filter));
    while !pages.ended() {
        let page = pages.page(missing).await.map_err(|unsettled| unsettled.failure)?;
        page.into_iter().for_each(|occurrence| gathered.add(occurrence));
        if gathered.bytes() > most {
            return Ok(None);
        }
    }
    Ok(Some(gathered.into_occurrences()))
}

async fn hand_on(image: &str, document: Vec<u8>, sink: &Sink) -> Result<(), Failure> {
    // Google scans what is no image too: packages of a language.
    let Some((mut reference, digest)) = digest_reference(image) else { return Ok(()) };
    reference.digest = Some(digest);
    let provenance = Provenance {
        name: format!("Artifact Analysis on {}", reference.familiar()),
        source: KIND.to_owned(),
        image: Some(reference),
        cluster: None,
        as_of: Utc::now(),
    };
    sink.document(document, provenance).await
}
