//! Tenable's report in our words: one scan of the image. Refuses a registry that nobody stated: of an image whose name
//! has no host, the digest alone is kept.

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::purl::Purl;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;

use super::record;
use super::wire::{File, Finding, Package, Report};
use crate::images::ImageBuilder;
use crate::platforms::Platform;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, purls, time};

/// The name under which what Tenable Container Security says is kept.
pub(super) const TOOL: &str = "tenable-container-security";
const BY_NAME: &str = "nothing tells the ecosystem of a package, so it is known by name alone";

/// Maps a whole report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let tool = Tool { name: TOOL.to_owned(), version: None };
    let mut warnings = Warnings::default();
    let platform = platform(report);
    let target = target(report, platform.as_ref(), &mut warnings);
    let mut scan = ScanBuilder::new(tool.clone(), target);
    scan.scan_mut().scanned_at = time::parse(&report.updated_at);
    scan.scan_mut().covers.insert(FindingClass::Vulnerability);
    for (number, found) in report.findings.iter().enumerate() {
        let at = format!("findings[{number}]");
        add(&mut scan, found, platform.as_ref(), &at, &mut warnings);
    }
    let malware = report.malware.as_deref().unwrap_or_default();
    if report.malware.is_some() {
        scan.scan_mut().covers.insert(FindingClass::Malware);
    }
    let unwanted = &report.potentially_unwanted_programs;
    for (list, files, title) in [
        ("malware", malware, None),
        ("potentially_unwanted_programs", unwanted.as_slice(), Some("potentially unwanted program")),
    ] {
        for (number, file) in files.iter().enumerate() {
            let at = format!("{list}[{number}]");
            match malicious(file, &at, &mut warnings) {
                Some(mut finding) => {
                    finding.title = title.map(str::to_owned);
                    scan.finding(finding);
                }
                None => warnings.skip(at, "a file without a name was skipped"),
            }
        }
    }
    Parsed {
        tool: Some(tool),
        entries: report.findings.len() + malware.len() + unwanted.len(),
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn platform(report: &Report<'_>) -> Option<Platform> {
    let name = report.os.strip_prefix("LINUX_").unwrap_or(&report.os);
    Platform::of_release(name, &report.os_version)
}

fn target(report: &Report<'_>, platform: Option<&Platform>, warnings: &mut Warnings) -> Target {
    let mut image = ImageBuilder::default();
    if !image.digest(DigestRole::Repository, &report.sha256) && !report.digest.is_empty() {
        let algorithm = if report.digest.contains(':') { "" } else { "sha256:" };
        image.digest(DigestRole::Repository, &format!("{algorithm}{}", report.digest));
    }
    let host = report.image_name.split_once('/').map(|(host, _)| host);
    if host.is_some_and(|host| host.contains(['.', ':'])) {
        image.named(&report.image_name, report.tag.filled(), DigestRole::Repository);
    }
    if image.is_empty() {
        return match report.image_name.filled() {
            Some(name) => {
                let name = bounded(name, "image_name", warnings);
                let tag = report.tag.filled().map(|tag| format!(":{}", bounded(tag, "tag", warnings)));
                Target::Other { kind: "image".to_owned(), name: name + &tag.unwrap_or_default() }
            }
            None => Target::Unstated,
        };
    }
    let architecture = report.os_architecture.filled().map(str::to_ascii_lowercase);
    let image = Image {
        platform: architecture.map(|architecture| domain::image::Platform {
            os: "linux".to_owned(),
            architecture,
            variant: None,
        }),
        distribution: platform.map(|platform| platform.distribution.clone()),
        ..image.build()
    };
    Target::Image(image)
}

fn add(
    scan: &mut ScanBuilder,
    found: &Finding<'_>,
    platform: Option<&Platform>,
    at: &str,
    warnings: &mut Warnings,
) {
    let stated = &found.vulnerability;
    let records = record::records(stated, at, warnings);
    if records.is_empty() {
        warnings.skip(at, "a finding without a usable vulnerability id was skipped");
        return;
    }
    let components: Vec<Component> =
        found.packages.iter().filter_map(|package| component(package, platform, at, warnings)).collect();
    if components.len() < found.packages.len() || components.is_empty() {
        warnings.skip(at, "a vulnerability of no package that has a name was skipped");
    }
    let severity = record::severity(stated);
    for component in components {
        let component = scan.component(component);
        for record in &records {
            let vulnerability = scan.vulnerability(record.clone());
            let subject = Subject::Vulnerability { component, vulnerability };
            scan.finding(ReportedFinding::new(subject, severity, bounded(&stated.cvss_score, at, warnings)));
        }
    }
}

fn component(
    package: &Package<'_>,
    platform: Option<&Platform>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Component> {
    let name = package.name.filled()?;
    let version = package.version.filled();
    let (purl, told) = purl(&package.kind, name, version, platform)?;
    if !told {
        warnings.push(at, BY_NAME);
    }
    let mut component = Component::from_purl(purl);
    component.name = bounded(name, "name of a package", warnings);
    component.version = version.map(|version| bounded(version, "version of a package", warnings));
    Some(component)
}

/// The purl, and whether something tells its ecosystem. The first version of the API knew only packages of
/// distributions, and told no type.
fn purl(kind: &str, name: &str, version: Option<&str>, platform: Option<&Platform>) -> Option<(Purl, bool)> {
    let of_system = kind.is_empty() || kind.eq_ignore_ascii_case("linux");
    if let Some(platform) = platform.filter(|_| of_system) {
        return Some((purls::from_parts(platform.kind, Some(platform.namespace), name, version)?, true));
    }
    let ecosystem = purls::ecosystem_of_word(kind).or_else(|| purls::ecosystem_of_name(name));
    let ecosystem = ecosystem.filter(|_| !of_system);
    Some((purls::from_name(ecosystem.unwrap_or("generic"), name, version)?, ecosystem.is_some()))
}

/// A file; of what it is infected with, nothing but its own digest is told.
fn malicious(file: &File<'_>, at: &str, warnings: &mut Warnings) -> Option<ReportedFinding> {
    let path = bounded(file.file.filled()?, at, warnings);
    let name = match (file.sha256.filled(), file.md5.filled()) {
        (Some(digest), _) => bounded(digest, at, warnings),
        (None, Some(digest)) => format!("md5:{}", bounded(digest, at, warnings)),
        (None, None) => "unnamed".to_owned(),
    };
    Some(ReportedFinding::new(Subject::Malware { name, path }, Severity::Unknown, ""))
}
