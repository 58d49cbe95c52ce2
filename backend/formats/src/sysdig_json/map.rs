//! The result in our words: one scan of vulnerabilities. What was accepted, or is only in a lower layer, is
//! kept and set aside. Refuses an acceptance that is over, and to take a package for unused in an image of which nothing
//! was seen running.

use std::collections::HashMap;

use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::fix::Fix;
use domain::image::{DigestRole, Platform as Machine};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target};
use domain::vulnerability::{ThreatWord, VulnerabilityRecord};

use super::wire::{Acceptance, Metadata, Package, Rated, Report, Vulnerability};
use crate::error::clip;
use crate::images::ImageBuilder;
use crate::platforms::Platform;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, severity, sysdig, time};

/// Maps a report; `place` is where its result stands.
pub(super) fn report(report: &Report<'_>, place: &str) -> Parsed {
    let mut warnings = Warnings::default();
    let result = &report.result;
    let version = report.scanner.version.filled().map(|version| bounded(version, "scanner", &mut warnings));
    let tool = sysdig::tool(version.as_deref());
    let platform = Platform::of_words(&result.metadata.base_os);
    let target = target(&result.metadata, platform.as_ref(), &mut warnings);
    let mut mapper = Mapper {
        builder: ScanBuilder::new(tool.clone(), target),
        platform,
        vulnerabilities: result.vulnerabilities.iter().map(|(key, found)| (&**key, found)).collect(),
        acceptances: result.risk_accepts.iter().map(|(key, acceptance)| (&**key, acceptance)).collect(),
        entries: 0,
        warnings,
    };
    let known = mapper.builder.scan_mut();
    known.covers.insert(FindingClass::Vulnerability);
    known.scanned_at =
        time::parse(&report.info.scan_time).or_else(|| time::parse(&result.producer.produced_at));
    for (number, (key, package)) in result.packages.iter().enumerate() {
        let at = match key.filled() {
            Some(key) => format!("{place}packages.{}", clip(key)),
            None => format!("{place}packages[{number}]"),
        };
        mapper.package(package, &at);
    }
    let mut scan = mapper.builder.build();
    if !result.packages.iter().any(|(_, package)| &*package.is_running == "true") {
        sysdig::take_back_unused(&mut scan.findings);
    }
    Parsed {
        tool: Some(tool),
        entries: mapper.entries,
        listed_components: 0,
        observations: vec![Observation::Scan(scan)],
        skipped: mapper.warnings.skipped(),
        warnings: mapper.warnings.into_vec(),
    }
}

fn target(metadata: &Metadata<'_>, platform: Option<&Platform>, warnings: &mut Warnings) -> Target {
    let mut image = ImageBuilder::default();
    let digests = [(DigestRole::Config, &metadata.image_id), (DigestRole::Repository, &metadata.digest)];
    for (role, digest) in digests {
        if !digest.is_empty() && !image.digest(role, digest) {
            warnings.push("metadata", "the digest of an image cannot be read");
        }
    }
    if !metadata.pull_string.is_empty() && !image.reference(&metadata.pull_string) {
        warnings.push("metadata", "the name of an image cannot be read");
    }
    if image.is_empty() {
        warnings.push("metadata", "the document names no image that can be read");
        return Target::Unstated;
    }
    let known = image.image_mut();
    known.distribution = platform.map(|platform| platform.distribution.clone());
    known.created_at = time::parse(&metadata.created_at);
    if let (Some(os), Some(architecture)) = (metadata.os.filled(), metadata.architecture.filled()) {
        let os = bounded(os, "metadata", warnings);
        let architecture = bounded(architecture, "metadata", warnings);
        known.platform = Some(Machine { os, architecture, variant: None });
    }
    Target::Image(image.build())
}

struct Mapper<'r> {
    builder: ScanBuilder,
    platform: Option<Platform>,
    /// What packages refer to.
    vulnerabilities: HashMap<&'r str, &'r Vulnerability<'r>>,
    /// Acceptances that vulnerabilities refer to.
    acceptances: HashMap<&'r str, &'r Acceptance<'r>>,
    entries: usize,
    warnings: Warnings,
}

impl Mapper<'_> {
    fn package(&mut self, package: &Package<'_>, at: &str) {
        for (number, found) in package.vulns.iter().enumerate() {
            self.finding(package, found, &|| format!("{at}.vulns[{number}]"));
        }
        for (number, reference) in package.vulnerabilities_refs.iter().enumerate() {
            let at = || format!("{at}.vulnerabilitiesRefs[{number}]");
            match self.vulnerabilities.get(&**reference).copied() {
                Some(found) => self.finding(package, found, &at),
                None => {
                    self.entries += 1;
                    self.warnings.skip(at(), "a reference that leads to no vulnerability was skipped");
                }
            }
        }
    }

    fn finding(&mut self, package: &Package<'_>, found: &Vulnerability<'_>, at: &dyn Fn() -> String) {
        self.entries += 1;
        let Some(record) = record(found) else {
            self.warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
            return;
        };
        let named = sysdig::Package {
            kind: &package.kind,
            name: &package.name,
            version: &package.version,
            path: &package.path,
        };
        let Some(component) = sysdig::component(named, self.platform.as_ref(), at, &mut self.warnings) else {
            self.warnings.skip(at(), "a finding without a package name was skipped");
            return;
        };
        let location = component.paths.first().cloned();
        let vulnerability = self.builder.vulnerability(record);
        let component = self.builder.component(component);
        let subject = Subject::Vulnerability { component, vulnerability };
        let word = match &found.severity {
            Some(Rated::Word(word) | Rated::Sourced { value: word }) => &**word,
            None => "",
        };
        let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
        finding.fix =
            Fix::in_versions(found.fixed_in_version.filled().map(str::to_owned).into_iter().collect());
        finding.location = location;
        sysdig::tell_use(&mut finding, &package.is_running);
        finding.verdict = self.verdict(package, found);
        self.builder.finding(finding);
    }

    fn verdict(&self, package: &Package<'_>, found: &Vulnerability<'_>) -> Verdict {
        if &*package.is_removed == "true" {
            return Verdict::Suppressed("removed in a later layer".to_owned());
        }
        let over = |acceptance: &Acceptance<'_>| acceptance.status.eq_ignore_ascii_case("expired");
        let mut standing = found.risk_accept_refs.iter().map(|reference| self.acceptances.get(&**reference));
        match standing.find(|acceptance| acceptance.is_none_or(|acceptance| !over(acceptance))) {
            Some(acceptance) => sysdig::accepted(acceptance.map_or("", |acceptance| &*acceptance.reason)),
            None if found.accepted_risks.is_empty() => Verdict::Affected,
            None => sysdig::accepted(""),
        }
    }
}

fn record(found: &Vulnerability<'_>) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(found.name.parse().ok()?);
    record.published_at = time::parse(&found.disclosure_date);
    let cvss = &found.cvss_score;
    let (vector, stated) = match &cvss.value {
        Some(score) => (&score.vector, score.score),
        None => (&cvss.vector, cvss.score),
    };
    if let Some(vector) = vector.filled() {
        let source = cvss.source_name.filled().unwrap_or("sysdig").to_owned();
        record.cvss.push(CvssScore { source, vector: vector.to_owned(), stated: stated.0 });
    }
    let exploit = match &*found.exploitable {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    record.threat = exploit.map(|exploit| ThreatWord { exploit: Some(exploit), ..ThreatWord::default() });
    Some(record)
}
