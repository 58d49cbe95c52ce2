//! TruffleHog's lines in our words: one scan for each image, repository or bucket. A secret in the history of an image
//! keeps the place that TruffleHog makes up for it.
//!
//! Refuses to keep what was matched, to guess a severity, and to take a secret for dead that was only not tried.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;

use super::wire::{Line, Place};
use crate::images::ImageBuilder;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// Maps all lines.
pub(super) fn lines(lines: &[Line<'_>]) -> Parsed {
    let (log, found): (Vec<_>, Vec<_>) =
        lines.iter().enumerate().partition(|(_, line)| &*line.logger == "trufflehog");
    let log: Vec<&Line<'_>> = log.into_iter().map(|(_, line)| line).collect();
    let version = log.iter().find_map(|line| line.version.filled()).map(str::to_owned);
    let mut mapper = Mapper {
        tool: Tool { name: "trufflehog".to_owned(), version },
        scans: Vec::new(),
        known: HashMap::new(),
        warnings: Warnings::default(),
    };
    let mut entries = 0;
    for (number, line) in found {
        entries += usize::from(mapper.line(line, &format!("[{number}]")));
    }
    mapper.build(entries, ended_at(&log), partial(&log))
}

/// When the run ended, which its last word in the log tells.
fn ended_at(log: &[&Line<'_>]) -> Option<DateTime<Utc>> {
    log.iter().filter_map(|line| time::parse(&line.at)).max()
}

/// Why the run is not whole, where its log says so.
fn partial(log: &[&Line<'_>]) -> Option<String> {
    let failed = log.iter().any(|line| &*line.level == "error");
    failed.then(|| "the log of the run tells of errors".to_owned())
}

struct Mapper<'r> {
    tool: Tool,
    scans: Vec<ScanBuilder>,
    /// Scan by image with tag, repository and bucket.
    known: HashMap<[&'r str; 4], usize>,
    warnings: Warnings,
}

impl<'r> Mapper<'r> {
    /// Adds a secret; whether the line is one.
    fn line(&mut self, line: &'r Line<'_>, at: &str) -> bool {
        let Some(rule) = line.rule() else {
            self.warnings.skip(at, "a line that names no detector was skipped");
            return false;
        };
        let place = line.place();
        let key =
            place.map_or([""; 4], |place| [&*place.image, &*place.tag, &*place.repository, &*place.bucket]);
        let index = *self.known.entry(key).or_insert_with(|| {
            let target = place.map_or(Target::Unstated, |place| target(place, at, &mut self.warnings));
            self.scans.push(ScanBuilder::new(self.tool.clone(), target));
            self.scans.len() - 1
        });
        let subject = Subject::Secret {
            rule: bounded(rule, at, &mut self.warnings),
            path: bounded(path(line, place), at, &mut self.warnings),
            line: place.and_then(|place| place.line.whole()).filter(|line| *line > 0),
        };
        let mut finding = ReportedFinding::new(subject, Severity::Unknown, "");
        finding.title = match &*line.verified {
            "true" => Some("verified: it opens what it is for".to_owned()),
            "false" => Some("not verified".to_owned()),
            _ => None,
        };
        finding.location = shown_by(line, place).map(|place| bounded(place, at, &mut self.warnings));
        if let Some(scan) = self.scans.get_mut(index) {
            scan.finding(finding);
        }
        true
    }

    fn build(mut self, entries: usize, ended_at: Option<DateTime<Utc>>, partial: Option<String>) -> Parsed {
        if self.scans.is_empty() {
            self.scans.push(ScanBuilder::new(self.tool.clone(), Target::Unstated));
        }
        let scans = self.scans.into_iter().map(|mut scan| {
            let told = scan.scan_mut();
            told.covers.insert(FindingClass::Secret);
            told.scanned_at = ended_at;
            told.partial.clone_from(&partial);
            Observation::Scan(scan.build())
        });
        Parsed {
            observations: scans.collect(),
            tool: Some(self.tool),
            entries,
            listed_components: 0,
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

fn target(place: &Place<'_>, at: &str, warnings: &mut Warnings) -> Target {
    if let Some(name) = place.image.filled() {
        let mut image = ImageBuilder::default();
        if image.named(name, place.tag.filled(), DigestRole::Repository) {
            return Target::Image(image.build());
        }
    }
    let named = [("image", &place.image), ("repository", &place.repository), ("bucket", &place.bucket)];
    let named = named.into_iter().find_map(|(kind, name)| Some((kind, name.filled()?)));
    match named {
        Some((kind, name)) => Target::Other { kind: kind.to_owned(), name: bounded(name, at, warnings) },
        None => Target::Unstated,
    }
}

/// The file, or else the page that holds the secret.
fn path<'l>(line: &'l Line<'_>, place: Option<&'l Place<'_>>) -> &'l str {
    let of_place = place.and_then(|place| place.file.filled().or(place.link.filled()));
    of_place.unwrap_or(&line.path)
}

/// The layer or commit that holds it.
fn shown_by<'l>(line: &'l Line<'_>, place: Option<&'l Place<'_>>) -> Option<&'l str> {
    let of_place = place.and_then(|place| place.layer.filled().or(place.commit.filled()));
    of_place.or(line.commit.filled())
}
