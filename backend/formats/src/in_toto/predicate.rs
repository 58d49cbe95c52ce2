//! What a statement says of its subjects, by the type of its predicate: provenance is read here, bills of
//! materials by their own formats.
//!
//! Refuses to fail for a predicate: of one that is unknown or broken its type is kept, with a warning.

use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{Target, Tool};
use serde_json::value::RawValue;

use super::provenance::{self, Built};
use super::wire::{Provenance, Wrapped};
use crate::error::clip;
use crate::warnings::Warnings;
use crate::{Parsed, cyclonedx_json, json, spdx_json};

/// What a predicate holds.
#[derive(Debug)]
pub(super) enum Held {
    /// Who built it.
    Built(Built),
    /// A document of another format.
    Document(Parsed),
    /// Nothing that is read.
    Nothing,
}

/// Reads a predicate of a type. `at` is its path.
pub(super) fn read(kind: &str, raw: Option<&RawValue>, at: &str, warnings: &mut Warnings) -> Held {
    let of =
        |family: &str| kind.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let text = raw.map_or("{}", RawValue::get);
    if of("https://slsa.dev/provenance") {
        return match json::from_slice::<Provenance<'_>>(text.as_bytes(), super::KIND) {
            Ok(stated) => Held::Built(provenance::read(&stated)),
            Err(error) => {
                warnings.push(at, format!("the predicate was kept by its type alone: {error}"));
                Held::Nothing
            }
        };
    }
    let format = if of("https://spdx.dev/Document") {
        spdx_json::FORMAT
    } else if of("https://cyclonedx.org/bom") {
        cyclonedx_json::FORMAT
    } else {
        let kind =
            if kind.is_empty() { "without a type".to_owned() } else { format!("of type {}", clip(kind)) };
        warnings.push(at, format!("a predicate {kind} was kept by its type alone: what it says is not read"));
        return Held::Nothing;
    };
    match (format.parse)(unwrapped(text).as_bytes()) {
        Ok(parsed) => Held::Document(parsed),
        Err(error) => {
            warnings.push(at, format!("the predicate was kept by its type alone: {error}"));
            Held::Nothing
        }
    }
}

/// The document itself, out of what cosign put around it: as it is, or as one long text.
fn unwrapped(text: &str) -> std::borrow::Cow<'_, str> {
    let wrapped: Wrapped<'_> = serde_json::from_str(text).unwrap_or_default();
    let Some(data) = wrapped.data else { return text.into() };
    serde_json::from_str::<String>(data.get()).map_or_else(|_| data.get().into(), Into::into)
}

/// What a document in a predicate says, of the image that the statement is on where there is but one.
pub(super) fn about(parsed: Parsed, images: &[Image], at: &str, warnings: &mut Warnings) -> Inner {
    let only = if let [image] = images { Some(image) } else { None };
    let mut observations = parsed.observations;
    if let Some(image) = only {
        for observation in &mut observations {
            match observation {
                Observation::Sbom(sbom) => attach(&mut sbom.target, image),
                Observation::Scan(scan) => attach(&mut scan.target, image),
                _ => {}
            }
        }
    }
    warnings.skipped_inside(parsed.skipped);
    for warning in parsed.warnings {
        let place = if warning.at.is_empty() { at.to_owned() } else { format!("{at}.{}", warning.at) };
        warnings.push(place, warning.message);
    }
    Inner {
        tool: parsed.tool,
        entries: parsed.entries,
        listed_components: parsed.listed_components,
        observations,
    }
}

/// What a document in a predicate says.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) tool: Option<Tool>,
    pub(super) entries: usize,
    pub(super) listed_components: usize,
    pub(super) observations: Vec<Observation>,
}

/// A target that has no digest of its own is the statement's.
fn attach(target: &mut Target, image: &Image) {
    match target {
        Target::Image(own) if own.digests.is_empty() => {
            for (_, digest) in &image.digests {
                own.add_digest(DigestRole::Repository, digest.clone());
            }
        }
        Target::Image(_) => {}
        Target::Other { .. } | Target::Unstated => *target = Target::Image(image.clone()),
    }
}
