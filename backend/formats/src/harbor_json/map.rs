//! Harbor's report in our words: a scan for each artifact that its findings name, all of them by Harbor,
//! whichever scanner it had look.
//!
//! Refuses to give a finding that names no artifact to one of several.

use std::collections::HashSet;

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::digest::Digest;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::Fix;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::package;
use super::wire::{Attributes, Cvss, Item, Report};
use crate::json::{Number, Text};
use crate::platforms::Platform;
use crate::scans::Scans;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// Who speaks, also where only the registry tells that an image was not scanned.
const TOOL: &str = "Harbor";

/// Maps the reports of one answer; `others` are the media types of what else it held.
pub(super) fn reports(reports: &[(&str, &Report<'_>)], others: Vec<&str>) -> Parsed {
    let mut warnings = Warnings::default();
    for media_type in others {
        let message = "it is not a report of vulnerabilities and was passed over";
        warnings.push(bounded(media_type, "media type", &mut Warnings::default()), message);
    }
    let tool = tool(reports, &mut warnings);
    let mut mapper = Mapper {
        images: images(reports, &mut warnings),
        platform: package::platform(reports.iter().map(|(_, report)| *report)),
        scans: Scans::default(),
        unstated: None,
        tool,
        warnings,
    };
    let mut entries = 0;
    for (media_type, report) in reports {
        mapper.report(media_type, report);
        entries += report.vulnerabilities.len();
    }
    let unstated = mapper.unstated.map(|scan| Observation::Scan(scan.build()));
    Parsed {
        tool: Some(mapper.tool),
        entries,
        listed_components: 0,
        observations: mapper.scans.build(None).into_iter().chain(unstated).collect(),
        skipped: mapper.warnings.skipped(),
        warnings: mapper.warnings.into_vec(),
    }
}

/// Harbor, with the scanner behind it in place of a version of its own, which no report states.
fn tool(reports: &[(&str, &Report<'_>)], warnings: &mut Warnings) -> Tool {
    let scanner = reports.iter().map(|(_, report)| &report.scanner).find(|scanner| !scanner.name.is_empty());
    let version = scanner.map(|scanner| {
        let text = format!("{} {}", scanner.name, scanner.version);
        bounded(text.trim(), "scanner", warnings)
    });
    Tool { name: TOOL.to_owned(), version }
}

/// Every artifact that a finding names.
fn images(reports: &[(&str, &Report<'_>)], warnings: &mut Warnings) -> Vec<Digest> {
    let (mut images, mut seen) = (Vec::new(), HashSet::new());
    for (media_type, report) in reports {
        for (number, item) in report.vulnerabilities.iter().enumerate() {
            for text in digests(item) {
                match text.parse::<Digest>() {
                    Ok(digest) if seen.insert(digest.clone()) => images.push(digest),
                    Ok(_) => {}
                    Err(error) => warnings.push(place(media_type, number), error.to_string()),
                }
            }
        }
    }
    images
}

fn digests<'i>(item: &'i Item<'_>) -> impl Iterator<Item = &'i str> {
    item.artifact_digests.iter().chain([&item.artifact_digest]).filter_map(|text| text.filled())
}

fn place(media_type: &str, number: usize) -> String {
    let media_type = media_type.split(';').next().unwrap_or_default();
    let prefix: String = media_type.chars().take(80).collect();
    let dot = if prefix.is_empty() { "" } else { "." };
    format!("{prefix}{dot}vulnerabilities[{number}]")
}

struct Mapper {
    images: Vec<Digest>,
    platform: Option<Platform>,
    scans: Scans,
    /// The scan of the artifact that nothing here names.
    unstated: Option<ScanBuilder>,
    tool: Tool,
    warnings: Warnings,
}

impl Mapper {
    fn report(&mut self, media_type: &str, report: &Report<'_>) {
        let scanned_at = time::parse(&report.generated_at);
        if self.images.is_empty() {
            let new = || ScanBuilder::new(self.tool.clone(), Target::Unstated);
            let scan = self.unstated.get_or_insert_with(new).scan_mut();
            scan.covers.insert(FindingClass::Vulnerability);
            scan.scanned_at = scan.scanned_at.max(scanned_at);
        }
        let of_distribution = package::is_clair(report);
        for (number, item) in report.vulnerabilities.iter().enumerate() {
            let at = || place(media_type, number);
            let Some((record, component)) = self.read(item, of_distribution, &at) else { continue };
            if let Some(scan) = &mut self.unstated {
                add(scan, item, record, component);
                continue;
            }
            for digest in self.images_of(item, &at) {
                let image = self.image(digest);
                let scan = self.scans.of(&self.tool, image, FindingClass::Vulnerability, scanned_at);
                add(scan, item, record.clone(), component.clone());
            }
        }
    }

    /// The artifacts that a finding is on.
    fn images_of(&mut self, item: &Item<'_>, at: &dyn Fn() -> String) -> Vec<Digest> {
        let mut named: Vec<Digest> = digests(item).filter_map(|text| text.parse().ok()).collect();
        named.sort();
        named.dedup();
        match self.images.as_slice() {
            _ if !named.is_empty() => named,
            [only] => vec![only.clone()],
            _ => {
                let message = "a finding that names no artifact was skipped: the report is on several";
                self.warnings.skip(at(), message);
                named
            }
        }
    }

    fn image(&self, digest: Digest) -> Image {
        let distribution = self.platform.as_ref().map(|platform| platform.distribution.clone());
        Image { digests: vec![(DigestRole::Manifest, digest)], distribution, ..Image::default() }
    }

    fn read(
        &mut self,
        item: &Item<'_>,
        of_distribution: bool,
        at: &dyn Fn() -> String,
    ) -> Option<(VulnerabilityRecord, Component)> {
        let Ok(id) = item.id.parse() else {
            self.warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
            return None;
        };
        let Some((purl, told)) = package::purl(item, self.platform.as_ref(), of_distribution) else {
            self.warnings.skip(at(), "a finding without a package name was skipped");
            return None;
        };
        if !told {
            self.warnings
                .push(at(), "nothing tells the ecosystem of a package, so it is known by name alone");
        }
        let mut component = Component::from_purl(purl);
        component.name = bounded(&item.package, "package", &mut self.warnings);
        component.version = item.version.filled().map(str::to_owned);
        let mut record = VulnerabilityRecord::bare(id);
        record.description = item.description.filled().map(prose);
        record.references = item.links.iter().filter_map(|text| link(text)).collect();
        record.weaknesses = item.cwe_ids.iter().filter_map(|id| id.filled()).map(str::to_owned).collect();
        record.cvss = self.cvss(item, at);
        Some((record, component))
    }

    /// The vectors of every source where the scanner gives them, else the one that Harbor prefers.
    fn cvss(&mut self, item: &Item<'_>, at: &dyn Fn() -> String) -> Vec<CvssScore> {
        let attributes =
            item.vendor_attributes.map(|raw| serde_json::from_str::<Option<Attributes<'_>>>(raw.get()));
        let attributes = match attributes {
            Some(Ok(attributes)) => attributes.unwrap_or_default(),
            Some(Err(_)) => {
                self.warnings.push(at(), "what the scanner adds could not be read and was passed over");
                Attributes::default()
            }
            None => Attributes::default(),
        };
        let scores: Vec<CvssScore> =
            attributes.cvss.iter().flat_map(|(source, cvss)| of_source(source, cvss)).collect();
        if !scores.is_empty() {
            return scores;
        }
        let preferred = &item.preferred_cvss;
        let versions =
            [(&preferred.vector_v3, preferred.score_v3), (&preferred.vector_v2, preferred.score_v2)];
        let score = |(vector, score): (&Text<'_>, Number)| {
            let vector = vector.filled()?.to_owned();
            Some(CvssScore { source: "harbor".to_owned(), vector, stated: score.0 })
        };
        versions.into_iter().filter_map(score).collect()
    }
}

fn of_source(source: &str, cvss: &Cvss<'_>) -> Vec<CvssScore> {
    let versions = [
        (&cvss.v4_vector, cvss.v4_score),
        (&cvss.v3_vector, cvss.v3_score),
        (&cvss.v2_vector, cvss.v2_score),
    ];
    let scores = versions.into_iter().filter_map(|(vector, score)| {
        let vector = vector.filled()?.to_owned();
        Some(CvssScore { source: source.to_owned(), vector, stated: score.0 })
    });
    scores.collect()
}

fn add(scan: &mut ScanBuilder, item: &Item<'_>, record: VulnerabilityRecord, component: Component) {
    let vulnerability = scan.vulnerability(record);
    let component = scan.component(component);
    let subject = Subject::Vulnerability { component, vulnerability };
    let mut finding = ReportedFinding::new(subject, severity::from_word(&item.severity), &*item.severity);
    let versions = item.fix_version.split(',').map(str::trim).filter(|version| !version.is_empty());
    finding.fix = Fix::in_versions(versions.map(str::to_owned).collect());
    scan.finding(finding);
}
