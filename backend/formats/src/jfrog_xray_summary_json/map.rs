//! Xray's answer in our words: one scan for each image, by the checksum of its manifest, and its word on
//! each that it has not indexed. Refuses to name a registry: paths begin with a repository's key, and not
//! with the host that it is reached by.

use std::collections::HashMap;

use domain::coverage::Coverage;
use domain::digest::Digest;
use domain::finding::FindingClass;
use domain::fix::Fix;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target};

use super::wire::{Answer, Artifact, General, Issue, Unknown};
use crate::aside::Aside;
use crate::error::clip;
use crate::jfrog::{self, Affected};
use crate::scans::Scans;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// How many paths of an issue are searched, and how many steps of a path from its end.
const STEPS: usize = 32;
/// Why issues that are no vulnerabilities stay out.
const NO_VULNERABILITY: &str = "only Xray's vulnerabilities are read";

/// Maps a whole answer.
pub(super) fn answer(answer: &Answer<'_>) -> Parsed {
    let (mut warnings, mut aside) = (Warnings::default(), Aside::default());
    let (mut images, mut others) = (Scans::default(), Vec::new());
    for (number, artifact) in answer.artifacts.iter().enumerate() {
        let at = format!("artifacts[{number}]");
        match target(&artifact.general, &at, &mut warnings) {
            Target::Image(image) => {
                let scan = images.of(&jfrog::tool(), image, FindingClass::Vulnerability, None);
                issues(artifact, scan, &at, &mut aside, &mut warnings);
            }
            other => {
                let mut scan = ScanBuilder::new(jfrog::tool(), other);
                scan.scan_mut().covers.insert(FindingClass::Vulnerability);
                issues(artifact, &mut scan, &at, &mut aside, &mut warnings);
                others.push(Observation::Scan(scan.build()));
            }
        }
    }
    let mut observations = images.build(None);
    observations.append(&mut others);
    for (number, unknown) in answer.errors.iter().enumerate() {
        observations.extend(unwatched(unknown, number, &mut warnings).map(Observation::Coverage));
    }
    aside.tell(&mut warnings);
    Parsed {
        tool: Some(jfrog::tool()),
        entries: answer.artifacts.iter().map(|artifact| artifact.issues.len()).sum(),
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The image of an artifact by the digest of its manifest, or the artifact.
fn target(general: &General<'_>, at: &str, warnings: &mut Warnings) -> Target {
    let kind = general.pkg_type.to_ascii_lowercase();
    if matches!(kind.as_str(), "docker" | "oci") {
        match digest(&general.sha256) {
            Some(digest) => {
                let index = general.path.ends_with("list.manifest.json");
                let role = if index { DigestRole::Index } else { DigestRole::Manifest };
                return Target::Image(Image { digests: vec![(role, digest)], ..Image::default() });
            }
            None => warnings.push(
                format!("{at}.general.sha256"),
                "an image without a checksum is known by its path alone",
            ),
        }
    }
    match general.path.filled().or_else(|| general.name.filled()) {
        Some(name) => Target::Other { kind: bounded(&kind, at, warnings), name: bounded(name, at, warnings) },
        None => Target::Unstated,
    }
}

fn digest(sum: &str) -> Option<Digest> {
    format!("sha256:{}", sum.to_ascii_lowercase()).parse().ok()
}

/// Xray's word on what it has not indexed, where that is an image by its checksum.
fn unwatched(unknown: &Unknown<'_>, number: usize, warnings: &mut Warnings) -> Option<Coverage> {
    let at = format!("errors[{number}]");
    let Some(digest) = digest(&unknown.identifier) else {
        warnings.push(at, format!("Xray says of an artifact by its path: {}", clip(&unknown.error)));
        return None;
    };
    Some(Coverage {
        tool: jfrog::tool().name,
        image: Image { digests: vec![(DigestRole::Manifest, digest)], ..Image::default() },
        watched: Some(false),
        reason: bounded(&unknown.error, &at, warnings),
        last_scanned_at: None,
        in_use: None,
    })
}

fn issues(
    artifact: &Artifact<'_>,
    scan: &mut ScanBuilder,
    at: &str,
    aside: &mut Aside,
    warnings: &mut Warnings,
) {
    let licences = Licences::of(artifact);
    for (number, issue) in artifact.issues.iter().enumerate() {
        let at = format!("{at}.issues[{number}]");
        if !matches!(&*issue.issue_type, "" | "security") {
            aside.put(format!("of the type `{}`", clip(&issue.issue_type)), NO_VULNERABILITY, || at);
            continue;
        }
        let told = jfrog::Issue {
            id: &issue.issue_id,
            summary: &issue.summary,
            description: &issue.description,
            severity: &issue.severity,
            cves: &issue.cves,
            references: &[],
            published_at: time::parse(&issue.created),
            modified_at: None,
        };
        jfrog::add(scan, &told, affected(issue, &licences), &at, warnings);
    }
}

/// The components of an issue: stated, or read from the paths that end in them.
fn affected<'a>(issue: &'a Issue<'_>, licences: &Licences<'a>) -> Vec<Affected<'a>> {
    if issue.components.is_empty() {
        let by_path = issue.impact_path.iter().map(|path| {
            let id = licences.component_at(path);
            affected_by(id, Fix::default(), Some(path), licences)
        });
        return by_path.collect();
    }
    let stated = issue.components.iter().map(|component| {
        let id = &*component.component_id;
        let path = issue.impact_path.iter().take(STEPS).find(|path| ends_in(path, jfrog::tail(id)));
        affected_by(id, jfrog::fix(&component.fixed_versions), path.map(|path| &**path), licences)
    });
    stated.collect()
}

fn affected_by<'a>(id: &'a str, fix: Fix, path: Option<&str>, licences: &Licences<'_>) -> Affected<'a> {
    let location = path.and_then(jfrog::layer);
    Affected { id, licences: licences.of_component(id), path: None, location, fix }
}

/// Whether a path ends in a component, with or without its distribution and release.
fn ends_in(path: &str, tail: &str) -> bool {
    std::iter::successors(Some(tail), |tail| tail.split_once(':').map(|(_, rest)| rest))
        .take_while(|tail| tail.contains(':'))
        .take(4)
        .any(|tail| path.strip_suffix(tail).is_some_and(|front| front.ends_with('/')))
}

/// The licences of an artifact, which are the one place where older answers name components in full.
struct Licences<'a> {
    names: HashMap<&'a str, Vec<&'a str>>,
    ids: HashMap<&'a str, &'a str>,
}

impl<'a> Licences<'a> {
    fn of(artifact: &'a Artifact<'_>) -> Self {
        let mut licences = Self { names: HashMap::new(), ids: HashMap::new() };
        for licence in &artifact.licenses {
            for id in licence.components.iter().filter_map(|id| id.filled()) {
                licences.ids.insert(jfrog::tail(id), id);
                licences.names.entry(id).or_default().extend(licence.name.filled());
            }
        }
        licences
    }

    fn of_component(&self, id: &str) -> Vec<String> {
        let names = self.names.get(id).into_iter().flatten();
        names.filter(|name| **name != "Unknown").map(|name| (*name).to_owned()).collect()
    }

    /// The component that a path ends in: the longest end that is known, else its last step.
    fn component_at(&self, path: &'a str) -> &'a str {
        let ends = path.rmatch_indices('/').take(STEPS).filter_map(|(slash, _)| path.get(slash + 1..));
        let known = ends.filter_map(|end| self.ids.get(end).copied()).last();
        known.unwrap_or_else(|| path.rsplit('/').next().unwrap_or(path))
    }
}
