//! Attestations in our words: for each image that a statement is on, what kind of statement it is and who
//! built it; with what a bill of materials in it lists.
//!
//! Refuses to take every subject for an image: provenance of programs names files.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use domain::attestation::Attestation;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::Target;
use memchr::memmem;

use super::KIND;
use super::predicate::{self, Held};
use super::provenance::Built;
use super::signed;
use super::wire::{Document, Subject};
use crate::error::clip;
use crate::images::{ImageBuilder, is_image_purl};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Error, Parsed, json};

/// Images of one statement that are kept.
const MOST: usize = 100;

/// Maps statements one after another; those in envelopes are unpacked first.
pub(super) fn attestations(documents: &[Document<'_>], whole: &[u8]) -> Result<Parsed, Error> {
    let (mut parsed, mut warnings) = (Parsed::default(), Warnings::default());
    for (number, document) in documents.iter().enumerate() {
        let at = if documents.len() == 1 { String::new() } else { format!("[{number}].") };
        let (place, payload, signatures) = match &document.dsse_envelope {
            Some(envelope) => ("dsseEnvelope.payload", &envelope.payload, &envelope.signatures),
            None => ("payload", &document.payload, &document.signatures),
        };
        let signatures = signatures.len() as u64;
        let at = match payload.filled() {
            None => {
                statement(document, signatures, &at, &mut parsed, &mut warnings);
                continue;
            }
            Some(_) => format!("{at}{place}"),
        };
        let bytes = decoded(payload, whole, &at)?;
        let inner: Document<'_> = json::from_slice(&bytes, KIND).map_err(|error| inside(error, &at))?;
        if let Some(envelope) =
            document.dsse_envelope.as_ref().filter(|_| signed::signs(&inner.predicate_type))
        {
            let material = document.verification_material.as_ref();
            let images: Vec<Image> = inner.subject.iter().filter_map(image).collect();
            parsed.observations.extend(signed::signatures(envelope, material, images.first(), &mut warnings));
            continue;
        }
        statement(&inner, signatures, &format!("{at}."), &mut parsed, &mut warnings);
    }
    parsed.skipped = warnings.skipped();
    parsed.warnings = warnings.into_vec();
    Ok(parsed)
}

/// What an envelope holds; both alphabets of base64 are allowed.
fn decoded(payload: &str, whole: &[u8], at: &str) -> Result<Vec<u8>, Error> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet =
        if payload.contains(['-', '_']) { &base64::alphabet::URL_SAFE } else { &base64::alphabet::STANDARD };
    GeneralPurpose::new(alphabet, config).decode(payload).map_err(|error| Error::Broken {
        kind: KIND,
        at: at.to_owned(),
        offset: memmem::find(whole, payload.as_bytes()).unwrap_or_default(),
        expectation: format!("the payload is not base64: {error}"),
    })
}

/// The error of a statement with the place of its envelope. Its offset counts from where the payload begins.
fn inside(error: Error, envelope: &str) -> Error {
    let within = |at: String| if at.is_empty() { envelope.to_owned() } else { format!("{envelope}.{at}") };
    match error {
        Error::Broken { kind, at, offset, expectation } => {
            Error::Broken { kind, at: within(at), offset, expectation }
        }
        Error::Truncated { what, offset, at } => Error::Truncated { what, offset, at: within(at) },
        other => other,
    }
}

fn statement(stated: &Document<'_>, signatures: u64, at: &str, parsed: &mut Parsed, warnings: &mut Warnings) {
    let predicate = bounded(&stated.predicate_type, "predicateType", warnings);
    let mut images: Vec<Image> = stated.subject.iter().filter_map(image).collect();
    if images.len() > MOST {
        let more = images.len() - MOST;
        warnings
            .push(format!("{at}subject"), format!("the first {MOST} images were kept and {more} were not"));
        images.truncate(MOST);
    }
    if stated.subject.is_empty() {
        warnings.push(format!("{at}subject"), "a statement on nothing was skipped");
        return;
    }
    let held = predicate::read(&predicate, stated.predicate, &format!("{at}predicate"), warnings);
    let built = if let Held::Built(built) = &held { built.clone() } else { Built::default() };
    let mut short = |text: Option<String>, place| text.map(|text| bounded(&text, place, warnings));
    let (builder, source) = (short(built.builder, "builder.id"), short(built.source, "configSource"));
    let targets: Vec<Target> = match images.as_slice() {
        [] => stated.subject.first().map(other).into_iter().collect(),
        images => images.iter().cloned().map(Target::Image).collect(),
    };
    parsed.observations.extend(targets.into_iter().map(|target| {
        Observation::Attestation(Attestation {
            target,
            predicate: predicate.clone(),
            builder: builder.clone(),
            source: source.clone(),
            built_at: built.at,
            signatures,
        })
    }));
    if let Held::Document(document) = held {
        let inner = predicate::about(document, &images, &format!("{at}predicate"), warnings);
        parsed.tool = parsed.tool.take().or(inner.tool);
        parsed.entries += inner.entries;
        parsed.listed_components += inner.listed_components;
        parsed.observations.extend(inner.observations);
    }
}

/// The image of a subject: named by a purl of one, or by a reference with its registry; and a digest. A tag in
/// the name is what it was built for, not where the tag points now, so that it is left out.
fn image(subject: &Subject<'_>) -> Option<Image> {
    let name = subject.name.filled().or(subject.uri.filled())?;
    let digest = digest(subject)?;
    let mut builder = ImageBuilder::default();
    if is_image_purl(name) {
        builder.purl(name);
    } else if names_a_registry(name) {
        builder.named(name, Some(&digest), DigestRole::Repository);
    }
    if builder.is_empty() {
        return None;
    }
    builder.digest(DigestRole::Repository, &digest);
    let mut image = builder.build();
    for reference in &mut image.references {
        reference.tag = None;
        reference.digest = digest.parse().ok();
    }
    Some(image)
}

/// Whether a name begins with a host, as only references with a registry do.
fn names_a_registry(name: &str) -> bool {
    let host = name.split_once('/').map_or("", |(host, _)| host);
    !name.contains("://") && (host == "localhost" || host.contains(['.', ':']))
}

/// The digest as images spell it.
fn digest(subject: &Subject<'_>) -> Option<String> {
    ["sha256", "sha512"].iter().find_map(|wanted| {
        let (_, hex) = subject.digest.iter().find(|(algorithm, _)| **algorithm == **wanted)?;
        Some(format!("{wanted}:{}", hex.filled()?))
    })
}

/// A subject that names no image, with its digest where it has no name.
fn other(subject: &Subject<'_>) -> Target {
    let named = subject.name.filled().filter(|name| *name != "_").or(subject.uri.filled());
    let name = named.map_or_else(|| digest(subject).map_or(Cow::Borrowed(""), Cow::Owned), Cow::Borrowed);
    Target::Other { kind: "artefact".to_owned(), name: clip(&name) }
}
