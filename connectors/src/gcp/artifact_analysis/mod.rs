//! Artifact Analysis: which images Google scanned, which not and why, and what it found; what was attested of images,
//! where their bills of materials lie, and who is not affected by what. The one address for the whole world answers for
//! every region, and says which it could not reach.
//!
//! Refuses to read any of it: it is put together by image as it came, and handed on; and to hand on an image of which
//! not every finding was read, as that would close the others.

mod occurrences;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::Utc;
use domain::document::Provenance;
use domain::source::{Completeness, Permission};
use serde_json::value::RawValue;

use self::occurrences::{Gathered, Occurrences, document, listed};
use super::KIND;
use super::artifact_registry::digest_reference;
use super::client::Ask;
use super::request::Request;
use super::service::{Places, Probe, Service};
use crate::missing::Missing;
use crate::{Failure, Sink};

const HOST: &str = "containeranalysis.googleapis.com";
const LIST: &str = "containeranalysis.occurrences.list";
const NOTES: &str = "containeranalysis.notes.list";
/// The notes that say who is affected.
const ASSESSMENTS: &str = "kind=\"VULNERABILITY_ASSESSMENT\"";
/// Kinds of occurrences that lie beside an image.
const BESIDE: [&str; 3] = ["ATTESTATION", "DSSE_ATTESTATION", "SBOM_REFERENCE"];
/// The most bytes of findings of a project that are held; beyond them each image is asked for by itself.
const HELD: usize = 256 << 20;

/// See the module.
pub(super) const SERVICE: Service = Service {
    name: "artifact-analysis",
    places: Places::Whole,
    permissions: &[
        Permission { action: NOTES, why: "to know who is assessed as affected by what, or not" },
        Permission {
            action: LIST,
            why: "to know which images Google scanned, which not and why, and what it found",
        },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[
        Probe {
            action: NOTES,
            attempt: |ask| {
                Box::pin(async {
                    ask.bytes(NOTES, &all(ask, "notes", ASSESSMENTS).with("pageSize", "1")).await.map(drop)
                })
            },
        },
        Probe {
            action: LIST,
            attempt: |ask| {
                Box::pin(async {
                    let request = all(ask, "occurrences", "kind=\"DISCOVERY\"").with("pageSize", "1");
                    ask.bytes(LIST, &request).await.map(drop)
                })
            },
        },
    ],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut missing = Missing::default();
    findings(ask, sink, &mut missing).await?;
    let mut beside = Occurrences::new();
    for kind in BESIDE {
        let told = gather(ask, &format!("kind=\"{kind}\""), usize::MAX, &mut missing).await;
        for (image, more) in missing.without(told)?.flatten().unwrap_or_default() {
            beside.entry(image).or_default().extend(more);
        }
    }
    for (image, told) in &beside {
        hand_on("Attestations of", image, document([Some(told), None]), sink).await?;
    }
    assessments(ask, sink, &mut missing).await?;
    Ok(missing.completeness())
}

/// What was found, image by image.
async fn findings(ask: &Ask<'_>, sink: &Sink, missing: &mut Missing) -> Result<(), Failure> {
    let discoveries = gather(ask, "kind=\"DISCOVERY\"", usize::MAX, missing).await?.unwrap_or_default();
    let mut unread = Missing::default();
    let findings = gather(ask, "kind=\"VULNERABILITY\"", HELD, &mut unread).await?;
    let mut images: BTreeSet<&String> = discoveries.keys().collect();
    images.extend(findings.iter().flat_map(Occurrences::keys));
    for image in images {
        let asked;
        let found = match &findings {
            Some(all) => all.get(image),
            None => {
                let filter = format!("kind=\"VULNERABILITY\" AND resourceUrl=\"{image}\"");
                asked = gather(ask, &filter, usize::MAX, &mut unread).await?.unwrap_or_default();
                asked.get(image)
            }
        };
        // All of an image lies in one region: where some could not be reached, one without findings may be of those.
        if found.is_some() || unread.is_empty() {
            hand_on("Artifact Analysis on", image, document([discoveries.get(image), found]), sink).await?;
        }
    }
    missing.join(unread);
    Ok(())
}

/// Occurrences or notes of a project, wherever they lie.
fn all(ask: &Ask<'_>, what: &str, filter: &str) -> Request {
    let request = Request::get(HOST, format!("v1/projects/{}/{what}", ask.place.account.id));
    request.with("filter", filter).with("returnPartialSuccess", "true")
}

/// Reads a list of occurrences to its end; nothing where that would be too much to hold.
async fn gather(
    ask: &Ask<'_>,
    filter: &str,
    most: usize,
    missing: &mut Missing,
) -> Result<Option<Occurrences>, Failure> {
    let mut gathered = Gathered::default();
    let mut pages = ask.pages(LIST, all(ask, "occurrences", filter));
    while !pages.ended() {
        let page = pages.page(missing).await.map_err(|unsettled| unsettled.failure)?;
        page.into_iter().for_each(|occurrence| gathered.add(occurrence));
        if gathered.bytes() > most {
            return Ok(None);
        }
    }
    Ok(Some(gathered.into_occurrences()))
}

/// Who is assessed as affected by what, as the project's notes say; handed on where all of them were read.
async fn assessments(ask: &Ask<'_>, sink: &Sink, missing: &mut Missing) -> Result<(), Failure> {
    let mut unread = Missing::default();
    let told = ask.list::<Box<RawValue>>(NOTES, all(ask, "notes", ASSESSMENTS), &mut unread).await;
    let notes = missing.without(told)?.filter(|notes| !notes.is_empty() && unread.is_empty());
    missing.join(unread);
    let Some(notes) = notes else { return Ok(()) };
    let provenance = Provenance {
        name: format!("Assessments of {}", ask.place.account.id),
        source: KIND.to_owned(),
        image: None,
        cluster: None,
        as_of: Utc::now(),
    };
    sink.document(listed("notes", notes.iter().map(|raw| raw.get())), provenance).await
}

async fn hand_on(what: &str, image: &str, document: Vec<u8>, sink: &Sink) -> Result<(), Failure> {
    // Google scans what is no image too: packages of a language.
    let Some((mut reference, digest)) = digest_reference(image) else { return Ok(()) };
    reference.digest = Some(digest);
    let provenance = Provenance {
        name: format!("{what} {}", reference.familiar()),
        source: KIND.to_owned(),
        image: Some(reference),
        cluster: None,
        as_of: Utc::now(),
    };
    sink.document(document, provenance).await
}
