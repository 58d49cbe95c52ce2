//! Checks of a Docker host in our words: those that name images for each image, all others for the host, which is not
//! named. Refuses checks that passed, that people have to make, and those that only inform, unless they name images.

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::finding::FindingClass;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::reference::ImageReference;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Check as Told, Report};
use crate::checks::Check;
use crate::images::reference;
use crate::scans::Scans;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

const TOOL: &str = "docker-bench-security";
/// Why nothing is closed where the score is missing.
const CUT: &str = "the report ends before its score";
/// The section on images.
const IMAGES: &str = "4.";
/// The section on containers.
const CONTAINERS: &str = "5.";

/// Maps a report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let version = Some(report.version).filter(|version| !version.is_empty());
    let version = version.map(|version| bounded(version, "version", &mut warnings));
    let tool = Tool { name: TOOL.to_owned(), version };
    let name = "Docker".to_owned();
    let mut host = ScanBuilder::new(tool.clone(), Target::Other { kind: "host".to_owned(), name });
    host.scan_mut().covers.insert(FindingClass::Misconfiguration);
    host.scan_mut().scanned_at = started(report.started);
    let partial = (!report.finished).then_some(CUT);
    host.scan_mut().partial = partial.map(str::to_owned);
    let mut mapper = Mapper { tool, host, scans: Scans::default(), entries: 0, warnings };
    for check in &report.checks {
        mapper.check(check, started(report.started));
    }
    for line in &report.unnumbered {
        mapper
            .warnings
            .push(format!("line {line}"), "a warning without the number of a check was passed over");
    }
    mapper.build(partial)
}

/// When it began: a time, or what `date` prints where the clock shows universal time.
fn started(text: &str) -> Option<DateTime<Utc>> {
    let printed = || NaiveDateTime::parse_from_str(text, "%a %b %e %H:%M:%S UTC %Y").ok();
    time::parse(text).or_else(|| printed().map(|time| time.and_utc()))
}

struct Mapper {
    tool: Tool,
    host: ScanBuilder,
    scans: Scans,
    entries: usize,
    warnings: Warnings,
}

impl Mapper {
    fn check(&mut self, told: &Told<'_>, at: Option<DateTime<Utc>>) {
        let mut images: Vec<ImageReference> = Vec::new();
        if told.id.starts_with(IMAGES) {
            for name in told.seen.iter().filter_map(|seen| image(seen)) {
                match reference(name) {
                    Some(reference) => images.push(reference),
                    None => {
                        self.warnings
                            .push(format!("line {}", told.line), "the name of an image cannot be read");
                    }
                }
            }
        }
        if !images.is_empty() && matches!(told.level, "WARN" | "INFO") {
            for reference in images {
                self.of_image(told, reference, at);
            }
        } else if told.level == "WARN" {
            self.of_host(told);
        }
    }

    fn of_image(&mut self, told: &Told<'_>, reference: ImageReference, at: Option<DateTime<Utc>>) {
        self.entries += 1;
        let mut image = Image::default();
        if let Some(digest) = &reference.digest {
            image.add_digest(DigestRole::Repository, digest.clone());
        }
        image.references.push(reference.with_default_tag());
        let check = Check { id: told.id, severity: told.level, title: told.title, ..Check::default() };
        let place = || format!("line {}", told.line);
        if let Some(finding) = check.finding(&place, &mut self.warnings) {
            self.scans.of(&self.tool, image, FindingClass::Misconfiguration, at).finding(finding);
        }
    }

    /// One finding for each container that fails a check, or one for the host.
    fn of_host(&mut self, told: &Told<'_>) {
        let of_containers = told.id.starts_with(CONTAINERS);
        let seen = told.seen.iter().filter(|_| of_containers);
        let containers: Vec<&str> = seen.filter_map(|seen| container(seen)).collect();
        let title = match told.seen.first() {
            Some(seen) if containers.is_empty() => format!("{}: {seen}", told.title),
            _ => told.title.to_owned(),
        };
        let of_host = containers.is_empty().then_some("");
        for resource in containers.into_iter().chain(of_host) {
            self.entries += 1;
            let check =
                Check { id: told.id, resource, severity: told.level, title: &title, ..Check::default() };
            let place = || format!("line {}", told.line);
            if let Some(finding) = check.finding(&place, &mut self.warnings) {
                self.host.finding(finding);
            }
        }
    }

    fn build(self, partial: Option<&str>) -> Parsed {
        let host = Observation::Scan(self.host.build());
        Parsed {
            tool: Some(self.tool),
            entries: self.entries,
            listed_components: 0,
            observations: std::iter::once(host).chain(self.scans.build(partial)).collect(),
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

/// The image's name in `No Healthcheck found: [ghcr.io/shop/api:1.4.0]`.
fn image(seen: &str) -> Option<&str> {
    seen.strip_suffix(']')?.rsplit_once('[').map(|(_, name)| name)
}

/// The container, with its port where one is told, in `Port in use: 3003 in web`.
fn container(seen: &str) -> Option<&str> {
    let (_, name) = seen.split_once(": ")?;
    Some(name.trim()).filter(|name| !name.is_empty())
}
