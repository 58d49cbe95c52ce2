//! What klar and clair-scanner write down, in our words: one scan, by Clair.
//!
//! Refuses to read which vulnerabilities an advisory covers out of its prose, and to take what is not
//! unapproved for approved: it may only be below a threshold.

use std::collections::HashSet;

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::Image;
use domain::observation::Observation;
use domain::purl::Purl;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{Klar, Scanner, Vulnerability};
use crate::clair;
use crate::images::reference;
use crate::platforms::Platform;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, packages, purls};

/// Maps klar's report, which names no image.
pub(super) fn klar(report: &Klar<'_>) -> Parsed {
    let mut mapper = Mapper::new(Target::Unstated);
    for (severity, found) in &report.vulnerabilities {
        let severity: String = severity.chars().take(40).collect();
        for (number, found) in found.iter().flatten().enumerate() {
            mapper.finding(found, &severity, &|| format!("Vulnerabilities.{severity}[{number}]"));
        }
    }
    mapper.build()
}

/// Maps clair-scanner's report.
pub(super) fn scanner(report: &Scanner<'_>) -> Parsed {
    let target = match reference(&report.image) {
        Some(reference) => {
            Target::Image(Image { references: vec![reference.with_default_tag()], ..Image::default() })
        }
        None => Target::Unstated,
    };
    let unnamed = matches!(target, Target::Unstated);
    let mut mapper = Mapper::new(target);
    if unnamed {
        mapper.warnings.push("image", "the report names no image that can be read");
    }
    for (number, found) in report.vulnerabilities.iter().enumerate() {
        mapper.finding(found, "", &|| format!("vulnerabilities[{number}]"));
    }
    mapper.note_missing(report);
    mapper.build()
}

struct Mapper {
    scan: ScanBuilder,
    entries: usize,
    warnings: Warnings,
}

impl Mapper {
    fn new(target: Target) -> Self {
        let tool = Tool { name: clair::TOOL.to_owned(), version: None };
        let mut scan = ScanBuilder::new(tool, target);
        scan.scan_mut().covers.insert(FindingClass::Vulnerability);
        Self { scan, entries: 0, warnings: Warnings::default() }
    }

    /// Adds a finding; `group` is the severity it is listed under, if it is.
    fn finding(&mut self, found: &Vulnerability<'_>, group: &str, at: &dyn Fn() -> String) {
        self.entries += 1;
        let Ok(id) = found.name.parse() else {
            self.warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
            return;
        };
        let Some(component) = self.component(found, at) else {
            self.warnings.skip(at(), "a finding without a package name was skipped");
            return;
        };
        let mut record = VulnerabilityRecord::bare(id);
        record.description = found.description.filled().map(prose);
        record.references = link(&found.link).into_iter().collect();
        let vulnerability = self.scan.vulnerability(record);
        let (word, severity) = clair::severity(&[&found.severity, group]);
        let mut finding =
            ReportedFinding::new(Subject::Vulnerability { component, vulnerability }, severity, word);
        finding.fix = clair::fix(&found.fixed_by);
        self.scan.finding(finding);
    }

    fn component(&mut self, found: &Vulnerability<'_>, at: &dyn Fn() -> String) -> Option<usize> {
        let name = found.feature_name.filled()?;
        let (family, release) = found.namespace.split_once(':').unwrap_or((&found.namespace, ""));
        let platform = Platform::of_release(family, release);
        let mut component = Component::from_purl(purl(found, platform.as_ref())?);
        component.name = bounded(name, "name of a package", &mut self.warnings);
        component.version = found.feature_version.filled().map(str::to_owned);
        // What dpkg lists is taken by its source package.
        if component.purl.kind() == "deb" {
            component.source = packages::source(&component.name, None, None);
        }
        match platform {
            None => self
                .warnings
                .push(at(), "nothing tells the ecosystem of a package, so it is known by name alone"),
            Some(platform) => {
                if let Target::Image(image) = &mut self.scan.scan_mut().target {
                    image.distribution.get_or_insert(platform.distribution);
                }
            }
        }
        Some(self.scan.component(component))
    }

    /// Says where a report names vulnerabilities that it does not list.
    fn note_missing(&mut self, report: &Scanner<'_>) {
        let listed: HashSet<&str> = report.vulnerabilities.iter().map(|found| &*found.name).collect();
        let missing = report.unapproved.iter().filter(|id| !listed.contains(&***id)).count();
        if missing > 0 {
            let why = format!("{missing} of the unapproved vulnerabilities are not listed");
            self.warnings.push("unapproved", format!("{why} and have no package: the scan is not whole"));
            self.scan.scan_mut().partial = Some(why);
        }
    }

    fn build(self) -> Parsed {
        let scan = self.scan.build();
        Parsed {
            tool: Some(scan.tool.clone()),
            entries: self.entries,
            listed_components: 0,
            observations: vec![Observation::Scan(scan)],
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

fn purl(found: &Vulnerability<'_>, platform: Option<&Platform>) -> Option<Purl> {
    let (name, version) = (&found.feature_name, found.feature_version.filled());
    match platform {
        Some(platform) => purls::from_parts(platform.kind, Some(platform.namespace), name, version),
        None => purls::from_parts("generic", None, name, version),
    }
}
