//! Scout's report in our words: one scan of the image that it was asked for. Refuses the digest in the overview:
//! Scout prints twelve letters of it, which prove nothing.
//!
//! Packages of Debian and Ubuntu are source packages there, which other scanners know by their binary ones.

use std::str::FromStr;

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::fix::{Fix, FixState};
use domain::image::{DigestRole, Distribution, Image, Platform};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::{ThreatWord, VulnerabilityRecord};
use packageurl::PackageUrl;

use super::wire::{Found, Package, Report};
use crate::images::reference;
use crate::purls::Purls;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, packages, platforms, severity};

/// The name that Scout's SARIF gives to it too.
const TOOL: &str = "docker scout";

/// Maps a whole report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = Tool { name: TOOL.to_owned(), version: None };
    let mut scan = ScanBuilder::new(tool.clone(), target(report, &mut warnings));
    scan.scan_mut().covers.insert(FindingClass::Vulnerability);
    let mut purls = Purls::default();
    for package in &report.packages {
        add(&mut scan, package, &mut purls, &mut warnings);
    }
    for stray in &report.strays {
        let at = format!("line {}", stray.line);
        warnings.skip(at, "a vulnerability without a package above it was skipped");
    }
    let listed: usize = report.packages.iter().map(|package| package.found.len()).sum();
    let entries = listed + report.strays.len();
    scan.scan_mut().partial = partial(report, entries);
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// Why the report is not whole: filters leave out what the overview counts.
fn partial(report: &Report<'_>, entries: usize) -> Option<String> {
    let Some(total) = report.total else {
        return Some("the report ends before its last line".to_owned());
    };
    let stated = report.counted.unwrap_or(total).max(total);
    (stated > entries).then(|| format!("the report counts {stated} vulnerabilities and lists {entries}"))
}

fn target(report: &Report<'_>, warnings: &mut Warnings) -> Target {
    let (scheme, name) = report.target.split_once("://").unwrap_or(("image", report.target));
    let name = name.trim_start_matches('/');
    if report.target.is_empty() {
        return Target::Unstated;
    }
    let found = matches!(scheme, "image" | "local" | "registry").then(|| reference(name)).flatten();
    let Some(found) = found else {
        return Target::Other {
            kind: bounded(scheme, "Target", warnings),
            name: bounded(name, "Target", warnings),
        };
    };
    let mut image = Image::default();
    if let Some(digest) = &found.digest {
        image.add_digest(DigestRole::Repository, digest.clone());
    }
    image.references.push(found.with_default_tag());
    let mut parts = report.platform.split('/').filter(|part| !part.is_empty()).map(str::to_owned);
    image.platform = parts.next().zip(parts.next()).map(|(os, architecture)| Platform {
        os,
        architecture,
        variant: parts.next(),
    });
    image.distribution = report.packages.iter().find_map(|package| distribution(package.purl));
    Target::Image(image)
}

/// The distribution in a package's qualifiers: `os_name=debian&os_version=12`.
fn distribution(purl: &str) -> Option<Distribution> {
    let purl = PackageUrl::from_str(purl).ok()?;
    let qualifier = |key: &str| purl.qualifiers().get(key).map(|value| value.to_string());
    let version = qualifier("os_version").unwrap_or_default();
    let platform = platforms::Platform::of_release(&qualifier("os_name")?, &version)?;
    Some(platform.distribution)
}

fn add<'r>(scan: &mut ScanBuilder, package: &Package<'r>, purls: &mut Purls<'r>, warnings: &mut Warnings) {
    let at = format!("line {}", package.line);
    let Some(purl) = packages::purl(package.purl, purls, &at, warnings) else {
        if !package.found.is_empty() {
            let message = "the vulnerabilities of a package without a readable name were skipped";
            warnings.skip_all(package.found.len(), at, message);
        }
        return;
    };
    let mut component = Component::from_purl(purl);
    if component.purl.kind() == "deb" {
        component.source = packages::source(&component.name, None, None);
    }
    let component = scan.component(component);
    for found in &package.found {
        let Ok(id) = found.id.parse() else {
            let at = format!("line {}", found.line);
            warnings.skip(at, "a vulnerability without a usable id was skipped");
            continue;
        };
        let vulnerability = scan.vulnerability(record(found, VulnerabilityRecord::bare(id)));
        let subject = Subject::Vulnerability { component, vulnerability };
        let mut finding = ReportedFinding::new(subject, severity::from_word(found.word), found.word);
        finding.fix = fix(found.fixed);
        if matches!(found.vex.split('[').next().unwrap_or_default().trim(), "not affected" | "fixed") {
            finding.verdict = Verdict::Suppressed(prose(found.vex));
        }
        scan.finding(finding);
    }
}

fn record(found: &Found<'_>, mut record: VulnerabilityRecord) -> VulnerabilityRecord {
    record.title = Some(found.title).filter(|title| !title.is_empty()).map(prose);
    record.references = link(found.link).into_iter().collect();
    if !found.vector.is_empty() {
        let stated = found.score.parse::<f64>().ok().filter(|score| (0.0..=10.0).contains(score));
        let vector = found.vector.to_owned();
        record.cvss.push(CvssScore { source: TOOL.replace(' ', "-"), vector, stated });
    }
    let percent = found.epss.strip_suffix('%').and_then(|share| share.parse::<f64>().ok());
    let epss = percent.map(|share| share / 100.0).filter(|share| (0.0..=1.0).contains(share));
    record.threat = epss.map(|epss| ThreatWord { epss: Some(epss), ..ThreatWord::default() });
    record
}

fn fix(stated: &str) -> Fix {
    match stated {
        "" => Fix::default(),
        "not fixed" => Fix { state: FixState::NotFixed, versions: Vec::new() },
        versions => Fix::in_versions(versions.split(',').map(|one| one.trim().to_owned()).collect()),
    }
}
