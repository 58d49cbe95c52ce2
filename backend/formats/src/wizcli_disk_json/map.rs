//! The scan in our words: one scan of an image or a directory. Refuses the text that a secret's rule matched, and scores
//! without the vectors that make them.

use domain::finding::{ReportedFinding, Subject, Verdict};
use domain::fix::Fix;
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::{ThreatWord, VulnerabilityRecord};

use super::package::{self, Stated};
use super::wire::{Document, Origin, Outcome, Package, Vulnerability};
use crate::aside::Aside;
use crate::images::ImageBuilder;
use crate::platforms::Platform;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time, wizcli};

/// What is looked at besides images, with our word.
const ORIGINS: &[(&str, &str)] = &[
    ("CICDScanOriginDirectory", "directory"),
    ("CICDScanOriginVirtualMachine", "virtual machine"),
    ("CICDScanOriginVirtualMachineImage", "virtual machine image"),
];
/// Why sensitive data is set aside.
const NO_CLASS: &str = "they are about what data says, and Plimsoll has no class for it";
/// Why a scan closes nothing that lists packages in the other layout alone.
const OTHER_LAYOUT: &str = "packages are listed by name and version alone, which is not read";

/// Maps a document.
pub(super) fn scan(document: &Document<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let result = &document.result;
    let version = document.extra_info.client_version.filled();
    let version = version.map(|version| bounded(version, "extraInfo.clientVersion", &mut warnings));
    let tool = Tool { name: wizcli::TOOL.to_owned(), version };
    let platform = package::platform(&result.os_packages);
    let target = target(&document.scan_origin_resource, platform.as_ref(), &mut warnings);
    let mut scan = ScanBuilder::new(tool.clone(), target);
    let Document { created_at, policies, status, .. } = document;
    wizcli::begin(scan.scan_mut(), created_at, policies, status, &mut warnings);
    let mut mapper = Mapper { scan, platform, warnings, entries: 0 };
    mapper.packages("osPackages", &result.os_packages, true);
    mapper.packages("libraries", &result.libraries, false);
    mapper.packages("cpes", &result.cpes, false);
    mapper.applications(result);
    mapper.secrets(result);
    mapper.rest(result);
    let Mapper { scan, warnings, entries, .. } = mapper;
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn target(origin: &Origin<'_>, platform: Option<&Platform>, warnings: &mut Warnings) -> Target {
    if &*origin.kind == "CICDScanOriginContainerImage" {
        let mut image = ImageBuilder::default();
        image.digest(DigestRole::Repository, &origin.digest);
        image.digest(DigestRole::Config, &origin.id);
        image.reference(&origin.name);
        if image.is_empty() {
            warnings.push("scanOriginResource", "the document names no image that can be read");
            return Target::Unstated;
        }
        image.image_mut().distribution = platform.map(|platform| platform.distribution.clone());
        return Target::Image(image.build());
    }
    let known = ORIGINS.iter().find(|(kind, _)| **kind == *origin.kind);
    let kind = known.map_or("other", |(_, word)| *word);
    match origin.name.filled() {
        Some(name) => {
            let name = bounded(name, "scanOriginResource.name", warnings);
            Target::Other { kind: kind.to_owned(), name }
        }
        None => Target::Unstated,
    }
}

#[derive(Debug)]
struct Mapper {
    scan: ScanBuilder,
    platform: Option<Platform>,
    warnings: Warnings,
    entries: usize,
}

impl Mapper {
    fn packages(&mut self, list: &str, packages: &[Package<'_>], of_system: bool) {
        for (number, listed) in packages.iter().enumerate() {
            let Package { name, version, path, vulnerabilities } = listed;
            let stated = Stated { name, version, path, of_system };
            for (nth, found) in vulnerabilities.iter().enumerate() {
                let at = format!("result.{list}[{number}].vulnerabilities[{nth}]");
                self.vulnerability(stated, found, &at);
            }
        }
    }

    fn applications(&mut self, result: &Outcome<'_>) {
        for (number, listed) in result.applications.iter().enumerate() {
            for (nth, placed) in listed.vulnerabilities.iter().enumerate() {
                let at = format!("result.applications[{number}].vulnerabilities[{nth}]");
                let stated = Stated {
                    name: &listed.name,
                    version: &placed.version,
                    path: &placed.path,
                    of_system: false,
                };
                self.vulnerability(stated, &placed.vulnerability, &at);
            }
        }
    }

    fn vulnerability(&mut self, stated: Stated<'_>, found: &Vulnerability<'_>, at: &str) {
        self.entries += 1;
        let Some(record) = record(found) else {
            self.warnings.skip(at, "a finding without a usable vulnerability id was skipped");
            return;
        };
        let Some(component) = package::component(stated, self.platform.as_ref(), at, &mut self.warnings)
        else {
            self.warnings.skip(at, "a finding without a package name was skipped");
            return;
        };
        let location = component.paths.first().cloned();
        let vulnerability = self.scan.vulnerability(record);
        let component = self.scan.component(component);
        let subject = Subject::Vulnerability { component, vulnerability };
        let word = bounded(&found.severity, at, &mut self.warnings);
        let mut finding = ReportedFinding::new(subject, severity::from_word(&word), word);
        let fixed = found.fixed_version.filled().map(|fixed| bounded(fixed, at, &mut self.warnings));
        finding.fix = Fix::in_versions(fixed.into_iter().collect());
        finding.location = location;
        finding.verdict = verdict(found);
        self.scan.finding(finding);
    }

    fn secrets(&mut self, result: &Outcome<'_>) {
        for (number, found) in result.secrets.iter().enumerate() {
            self.entries += 1;
            let at = || format!("result.secrets[{number}]");
            if let Some(finding) = wizcli::secret(found).secret(&at, &mut self.warnings) {
                self.scan.finding(finding);
            }
        }
    }

    /// Tells what has no place here.
    fn rest(&mut self, result: &Outcome<'_>) {
        let mut aside = Aside::default();
        for number in 0..result.data_findings.len() {
            self.entries += 1;
            let at = || format!("result.dataFindings[{number}]");
            aside.put("of sensitive data".to_owned(), NO_CLASS, at);
        }
        aside.tell(&mut self.warnings);
        if result.host_configuration.is_some() {
            let message = "checks of the configuration of a host were passed over";
            self.warnings.push("result.hostConfiguration", message);
        }
        let Outcome { os_packages, libraries, applications, cpes, artefacts, .. } = result;
        let read = !(os_packages.is_empty() && libraries.is_empty() && cpes.is_empty());
        let more = artefacts.as_array().is_some_and(|listed| !listed.is_empty());
        if more && !read && applications.is_empty() {
            self.warnings.push("result.vulnerableSBOMArtifactsByNameVersion", OTHER_LAYOUT);
            self.scan.scan_mut().partial.get_or_insert_with(|| OTHER_LAYOUT.to_owned());
        }
    }
}

fn record(found: &Vulnerability<'_>) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(found.name.parse().ok()?);
    record.description = found.description.filled().map(prose);
    record.references = link(&found.source).into_iter().collect();
    record.published_at = time::parse(&found.publish_date);
    let exploit = found.has_exploit;
    record.threat = exploit.map(|exploit| ThreatWord { exploit: Some(exploit), ..ThreatWord::default() });
    Some(record)
}

/// What a policy lets pass, and no other forbids, is set aside in Wiz.
fn verdict(found: &Vulnerability<'_>) -> Verdict {
    match found.ignored_policy_matches.first() {
        Some(ignored) if found.failed_policy_matches.is_empty() => {
            let reason = ignored.ignore_reason.filled().unwrap_or("no reason");
            Verdict::Suppressed(format!("ignored in Wiz: {}", prose(reason)))
        }
        _ => Verdict::Affected,
    }
}
