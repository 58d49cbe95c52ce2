//! Occurrences in our words: one scan for each image that was looked at, and the tool's word on each; what is attested
//! of images. A discovery that failed, or that was not possible, is a gap: the image is not called clean.
//!
//! Refuses to call an image scanned of which only the discovery is under way.

use std::collections::{BTreeMap, HashMap};

use domain::coverage::Coverage;
use domain::digest::Digest;
use domain::finding::FindingClass;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::reference::ImageReference;
use domain::scan::Tool;

use super::attestation;
use super::occurrence::{self, platform};
use super::wire::{Discovery, Occurrence};
use crate::aws::Scans;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// The name under which what Google's scanner says is kept.
const TOOL: &str = "gcp-artifact-analysis";
const EMPTY: &str = "the list is empty and names no image, so nothing is recorded as checked";

/// Maps a list of occurrences; `partial` says why it is not whole, `digest` that of the one image that all are about,
/// where the document states it.
pub(super) fn occurrences(all: &[Occurrence<'_>], partial: Option<&str>, digest: &str) -> Parsed {
    let (mut warnings, mut images) = (Warnings::default(), BTreeMap::new());
    let mut entries = 0;
    for (number, occurrence) in all.iter().enumerate() {
        let at = format!("occurrences[{number}]");
        match &*occurrence.kind {
            "VULNERABILITY" => entries += 1,
            "DISCOVERY" => {}
            kind if attestation::is_one(kind) => {}
            other => {
                let kind = if other.is_empty() { "UNSTATED" } else { other };
                warnings.push(at, format!("an occurrence of kind {} was set aside", kind_word(kind)));
                continue;
            }
        }
        let Some(reference) = reference(&occurrence.resource_uri, digest) else {
            warnings.skip(at, "an occurrence on something that is no image by digest was skipped");
            continue;
        };
        images.entry(reference.to_string()).or_insert_with(|| About::of(reference)).add(occurrence, at);
    }
    if all.is_empty() {
        warnings.push("occurrences", EMPTY);
    }
    let mut observations = Vec::new();
    for about in images.into_values() {
        about.observe(partial, &mut observations, &mut warnings);
    }
    Parsed {
        tool: Some(tool()),
        entries,
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn tool() -> Tool {
    Tool { name: TOOL.to_owned(), version: None }
}

/// A word of the document, short enough to show.
fn kind_word(word: &str) -> String {
    word.chars().take(40).collect()
}

/// The image of an address with a digest, its own or else that which the document states.
fn reference(address: &str, stated: &str) -> Option<ImageReference> {
    let bare = address.strip_prefix("https://").unwrap_or(address);
    let own = bare.parse::<ImageReference>().ok().filter(|reference| reference.digest.is_some());
    let other = || {
        let digest = Some(stated.parse::<Digest>().ok()?);
        let name = bare.split('@').next()?.parse::<ImageReference>().ok()?;
        Some(ImageReference { digest, ..name })
    };
    own.or_else(other)
}

/// What was said about one image.
struct About<'o, 'a> {
    reference: ImageReference,
    discoveries: Vec<&'o Occurrence<'a>>,
    findings: Vec<(&'o Occurrence<'a>, String)>,
    attested: Vec<(&'o Occurrence<'a>, String)>,
}

impl<'o, 'a> About<'o, 'a> {
    fn of(reference: ImageReference) -> Self {
        Self { reference, discoveries: Vec::new(), findings: Vec::new(), attested: Vec::new() }
    }

    fn add(&mut self, occurrence: &'o Occurrence<'a>, at: String) {
        match &*occurrence.kind {
            "DISCOVERY" => self.discoveries.push(occurrence),
            kind if attestation::is_one(kind) => self.attested.push((occurrence, at)),
            _ => self.findings.push((occurrence, at)),
        }
    }

    /// The discovery of vulnerabilities, the latest: there are others, of bills of materials.
    fn discovery(&self) -> Option<&'o Discovery<'a>> {
        let of_vulnerabilities = |one: &&&Occurrence<'_>| one.note_name.ends_with("VULNERABILITY");
        let named = self.discoveries.iter().filter(of_vulnerabilities).max_by_key(|one| &*one.update_time);
        let any = || self.discoveries.iter().max_by_key(|one| &*one.update_time);
        named.or_else(any)?.discovery.as_ref()
    }

    fn observe(self, partial: Option<&str>, to: &mut Vec<Observation>, warnings: &mut Warnings) {
        for (told, at) in &self.attested {
            let attested = attestation::read(told, self.image(None), at, warnings);
            to.extend(attested.map(Observation::Attestation));
        }
        // What is attested says nothing of what was looked for.
        if self.discoveries.is_empty() && self.findings.is_empty() {
            return;
        }
        let discovery = self.discovery();
        let distribution = discovery.and_then(|told| platform(&told.cpe));
        let stated = || self.findings.iter().find_map(|(found, _)| occurrence::platform_of(found));
        let distribution = distribution.or_else(stated);
        let image = self.image(distribution.as_ref().map(|platform| platform.distribution.clone()));
        let outcome = Outcome::of(discovery);
        let scanned_at = discovery.and_then(|told| time::parse(&told.last_scan_time));
        if let Some(told) = discovery {
            to.push(Observation::Coverage(coverage(told, image.clone(), warnings)));
        }
        if outcome != Outcome::Succeeded && self.findings.is_empty() {
            return;
        }
        let mut scans = Scans::default();
        let seen = self.findings.iter().filter_map(|(found, _)| time::parse(&found.update_time)).max();
        let at = scanned_at.or(seen);
        let scan = scans.of(&tool(), image, FindingClass::Vulnerability, at);
        let mut known = HashMap::new();
        for (found, at) in &self.findings {
            occurrence::finding(scan, found, distribution.as_ref(), &mut known, at, warnings);
        }
        to.extend(scans.build(partial.or(outcome.partial())));
    }

    fn image(&self, distribution: Option<domain::image::Distribution>) -> Image {
        let digest: Option<Digest> = self.reference.digest.clone();
        Image {
            references: vec![self.reference.clone()],
            digests: digest.into_iter().map(|digest| (DigestRole::Repository, digest)).collect(),
            distribution,
            ..Image::default()
        }
    }
}

/// What came of looking at an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Succeeded,
    Failed,
    UnderWay,
}

impl Outcome {
    /// Findings without a discovery are a whole answer: gcloud lists them by themselves.
    fn of(discovery: Option<&Discovery<'_>>) -> Self {
        match discovery.map(|told| &*told.analysis_status) {
            None | Some("FINISHED_SUCCESS" | "COMPLETE") => Self::Succeeded,
            Some("PENDING" | "SCANNING") => Self::UnderWay,
            Some(_) => Self::Failed,
        }
    }

    fn partial(self) -> Option<&'static str> {
        match self {
            Self::Succeeded => None,
            Self::Failed => Some("the last analysis did not succeed: these findings are older"),
            Self::UnderWay => Some("the analysis is under way"),
        }
    }
}

/// The tool's word on whether it watches an image, with its reason where it could not.
fn coverage(told: &Discovery<'_>, image: Image, warnings: &mut Warnings) -> Coverage {
    let status = told.analysis_status.filled().unwrap_or("ANALYSIS_STATUS_UNSPECIFIED");
    let active = match &*told.continuous_analysis {
        "ACTIVE" => Some(true),
        "INACTIVE" => Some(false),
        _ => None,
    };
    let (watched, reason) = match (Outcome::of(Some(told)), active) {
        (Outcome::Failed, _) => {
            let message = told.analysis_status_error.message.filled();
            (Some(false), message.map_or_else(|| status.to_owned(), |message| format!("{status}: {message}")))
        }
        (_, Some(false)) => (Some(false), "CONTINUOUS_ANALYSIS_INACTIVE".to_owned()),
        (_, active) => (active, status.to_owned()),
    };
    Coverage {
        tool: TOOL.to_owned(),
        image,
        watched,
        reason: bounded(&reason, "analysisStatus", warnings),
        last_scanned_at: time::parse(&told.last_scan_time),
        in_use: None,
    }
}
