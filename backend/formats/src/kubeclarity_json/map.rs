//! KubeClarity's results in our words: one scan of the image, whichever scanners ran. Where they differ on a
//! vulnerability, each word is kept and identity joins them.
//!
//! Refuses to call the hash of a directory the digest of an image.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::digest::Digest;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::{Fix, FixState};
use domain::image::{DigestRole, Distribution, Image};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{self, Report, Vulnerability};
use crate::images::reference;
use crate::platforms::Platform;
use crate::purls::{self, Purls};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, packages, severity};

const TOOL: &str = "kubeclarity";

/// Maps a whole report.
pub(super) fn report<'r>(report: &'r Report<'r>) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = Tool { name: TOOL.to_owned(), version: None };
    let mut scan = ScanBuilder::new(tool.clone(), target(report, &mut warnings));
    scan.scan_mut().covers.insert(FindingClass::Vulnerability);
    let (mut purls, mut entries) = (Purls::default(), 0);
    for (outer, matches) in report.vulnerabilities.iter().enumerate() {
        for (inner, found) in matches.iter().enumerate() {
            entries += 1;
            let at = format!("vulnerabilities[{outer}][{inner}].vulnerability");
            add(&mut scan, &found.vulnerability, &mut purls, &at, &mut warnings);
        }
    }
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn target(report: &Report<'_>, warnings: &mut Warnings) -> Target {
    let source = &report.source;
    let Some(name) = source.name.filled() else { return Target::Unstated };
    let kind = source.kind.filled().unwrap_or("source");
    let found = is_image(kind).then(|| reference(name)).flatten();
    let Some(found) = found else {
        let kind = bounded(&kind.to_ascii_lowercase(), "source.type", warnings);
        return Target::Other { kind, name: bounded(name, "source.name", warnings) };
    };
    let mut image = Image { distribution: distribution(report), ..Image::default() };
    if let Some(digest) = &found.digest {
        image.add_digest(DigestRole::Repository, digest.clone());
    }
    let hash = source.hash.trim_start_matches("sha256:");
    match format!("sha256:{hash}").parse::<Digest>() {
        Ok(digest) => image.add_digest(DigestRole::Repository, digest),
        Err(_) if hash.is_empty() => {}
        Err(_) => warnings.push("source.hash", "the digest of the image could not be read"),
    }
    image.references.push(found.with_default_tag());
    Target::Image(image)
}

/// Whether the source is an image: as KubeClarity and Grype call it, as Trivy does, or as a bill of materials.
fn is_image(kind: &str) -> bool {
    ["image", "container_image", "container"].iter().any(|known| known.eq_ignore_ascii_case(kind))
}

/// The distribution that its packages tell.
fn distribution(report: &Report<'_>) -> Option<Distribution> {
    let distros = report.vulnerabilities.iter().flatten().map(|found| &found.vulnerability.distro);
    let platform = distros.map(|distro| Platform::of_release(&distro.name, &distro.version));
    platform.flatten().next().map(|platform| platform.distribution)
}

fn add<'r>(
    scan: &mut ScanBuilder,
    found: &'r Vulnerability<'r>,
    purls: &mut Purls<'r>,
    at: &str,
    warnings: &mut Warnings,
) {
    let Ok(id) = found.id.parse() else {
        warnings.skip(at, "a vulnerability without a usable id was skipped");
        return;
    };
    let Some(component) = component(found, purls, at, warnings) else {
        warnings.skip(at, "a vulnerability without a package name was skipped");
        return;
    };
    let component = scan.component(component);
    let vulnerability = scan.vulnerability(record(found, VulnerabilityRecord::bare(id)));
    let subject = Subject::Vulnerability { component, vulnerability };
    let mut finding = ReportedFinding::new(subject, severity::from_word(&found.severity), &*found.severity);
    finding.fix = fix(&found.fix, at, warnings);
    scan.finding(finding);
}

fn component<'r>(
    found: &'r Vulnerability<'r>,
    purls: &mut Purls<'r>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Component> {
    let package = &found.package;
    let stated = package.purl.filled().and_then(|raw| packages::purl(raw, purls, at, warnings));
    let purl = match stated {
        Some(purl) => purl,
        None => {
            let namespace = Platform::of_release(&found.distro.name, &found.distro.version);
            let namespace = namespace.map(|platform| platform.namespace);
            let (name, version) = (package.name.filled()?, package.version.filled());
            purls::from_anchore_type(&package.kind, name, version, namespace)?
        }
    };
    let mut component = Component::from_purl(purl);
    component.source = packages::upstream(&package.purl, component.version.as_deref());
    component.licences = package.licenses.iter().map(|licence| bounded(licence, at, warnings)).collect();
    component.paths = found.path.filled().map(|path| bounded(path, at, warnings)).into_iter().collect();
    Some(component)
}

fn record(found: &Vulnerability<'_>, mut record: VulnerabilityRecord) -> VulnerabilityRecord {
    record.description = found.description.filled().map(prose);
    record.references = found.links.iter().filter_map(|text| link(text)).collect();
    for score in &found.cvss {
        if let Some(vector) = score.vector.filled() {
            let stated = score.metrics.base_score.0.filter(|score| (0.0..=10.0).contains(score));
            record.cvss.push(CvssScore { source: TOOL.to_owned(), vector: vector.to_owned(), stated });
        }
    }
    record
}

fn fix(stated: &wire::Fix<'_>, at: &str, warnings: &mut Warnings) -> Fix {
    let filled = stated.versions.iter().filter_map(|version| version.filled());
    let versions: Vec<String> = filled.map(|version| bounded(version, at, warnings)).collect();
    let state = match stated.state.to_ascii_lowercase().as_str() {
        "fixed" => FixState::Fixed,
        "not-fixed" => FixState::NotFixed,
        "wont-fix" => FixState::WontFix,
        _ if !versions.is_empty() => FixState::Fixed,
        _ => FixState::Unknown,
    };
    Fix { state, versions }
}
