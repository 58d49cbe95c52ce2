//! Entries in our words: a scan for each image and tool, and one for what names no image, which whoever hands the document
//! on may name. Refuses to take a list of one's own for all that there is: it does not say so.

use std::collections::HashMap;

use domain::finding::{ReportedFinding, Verdict};
use domain::fix::{Fix, FixState};
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;

use super::{Entry, Field, subject};
use crate::aside::Aside;
use crate::error::clip;
use crate::images::ImageBuilder;
use crate::platforms::Platform;
use crate::scans::Scans;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

const PARTIAL: &str = "a list of one's own does not say whether it is whole";
const EMPTY: &str = "the list is empty and names no image, so nothing is recorded as checked";
const GONE: &str = "they are not there any more";
const DUPLICATE: &str = "another finding says the same";
/// The name of a tool that no one tells.
const UNNAMED: &str = "generic";
/// How many letters of a tool's name are kept.
const NAME: usize = 64;

/// Maps entries; `tool` is the one that the document names, if it names one.
pub(crate) fn findings(entries: &[Entry], tool: &str, mut warnings: Warnings) -> Parsed {
    let mut mapper = Mapper::default();
    for entry in entries {
        let status = entry.text(Field::Status).to_ascii_lowercase();
        let at = || entry.at.clone();
        if entry.truth(Field::Duplicate) == Some(true) {
            mapper.aside.put("marked as duplicates".to_owned(), DUPLICATE, at);
        } else if matches!(status.as_str(), "closed" | "fixed" | "mitigated" | "resolved") {
            mapper.aside.put(format!("of status {}", clip(&status)), GONE, at);
        } else {
            mapper.entry(entry, tool, &mut warnings);
        }
    }
    if entries.is_empty() {
        warnings.push("", EMPTY);
    }
    mapper.aside.tell(&mut warnings);
    let mut observations = mapper.scans.build(Some(PARTIAL));
    observations.extend(mapper.unstated.into_iter().map(|scan| Observation::Scan(scan.build())));
    Parsed {
        tool: Some(named(tool)),
        entries: entries.len(),
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// A tool by the name that people write: `Our Scanner` is `our-scanner`.
fn named(stated: &str) -> Tool {
    let words: Vec<&str> = stated.split_whitespace().collect();
    let name: String =
        words.join("-").to_lowercase().chars().filter(|letter| !letter.is_control()).take(NAME).collect();
    Tool { name: if name.is_empty() { UNNAMED.to_owned() } else { name }, version: None }
}

#[derive(Debug, Default)]
struct Mapper {
    scans: Scans,
    /// One a tool, of what names no image.
    unstated: Vec<ScanBuilder>,
    known: HashMap<String, usize>,
    aside: Aside,
}

impl Mapper {
    fn entry(&mut self, entry: &Entry, tool: &str, warnings: &mut Warnings) {
        let own = entry.text(Field::Tool);
        let tool = named(if own.is_empty() { tool } else { own });
        let distribution = entry.text(Field::Distribution);
        let platform = Platform::of_os(distribution).or_else(|| Platform::of_words(distribution));
        let mut image = image(entry, warnings);
        let seen = time::parse(entry.text(Field::SeenAt));
        let class = subject::class(entry);
        let scan = if image.is_empty() {
            let index = *self.known.entry(tool.name.clone()).or_insert_with(|| {
                self.unstated.push(ScanBuilder::new(tool.clone(), Target::Unstated));
                self.unstated.len() - 1
            });
            let Some(builder) = self.unstated.get_mut(index) else { return };
            let scan = builder.scan_mut();
            scan.scanned_at = scan.scanned_at.max(seen);
            scan.partial = Some(PARTIAL.to_owned());
            builder
        } else {
            image.image_mut().distribution = platform.as_ref().map(|platform| platform.distribution.clone());
            self.scans.of(&tool, image.build(), class, seen)
        };
        let subjects = subject::of(scan, entry, class, platform.as_ref(), &tool.name, warnings);
        for subject in subjects {
            let (severity, word) = rating(entry);
            let mut finding = ReportedFinding::new(subject, severity, bounded(word, &entry.at, warnings));
            finding.title = Some(entry.text(Field::Title)).filter(|title| !title.is_empty()).map(prose);
            finding.fix = fix(entry, warnings);
            finding.verdict = verdict(entry);
            scan.finding(finding);
        }
    }
}

fn image(entry: &Entry, warnings: &mut Warnings) -> ImageBuilder {
    let mut image = ImageBuilder::default();
    let (name, tag, digest) = (entry.text(Field::Image), entry.text(Field::Tag), entry.text(Field::Digest));
    let named = name.is_empty() || image.named(name, Some(tag), DigestRole::Repository);
    let told = digest.is_empty() || image.digest(DigestRole::Repository, digest);
    if !named || !told {
        warnings.push(entry.at.as_str(), "what names an image could not be read and was passed over");
    }
    image
}

/// The word for how bad it is; where there is none, what the score means.
fn rating(entry: &Entry) -> (Severity, &str) {
    let word = entry.text(Field::Severity);
    let score = || subject::score(entry).map_or(Severity::Unknown, Severity::from_cvss);
    (if word.is_empty() { score() } else { severity::from_word(word) }, word)
}

fn fix(entry: &Entry, warnings: &mut Warnings) -> Fix {
    let versions = entry.texts(Field::FixVersion).flat_map(|text| text.split(',')).map(str::trim);
    let versions = versions.filter(|version| !version.is_empty());
    let versions: Vec<String> = versions.map(|version| bounded(version, &entry.at, warnings)).collect();
    let state = match entry.truth(Field::FixAvailable) {
        _ if !versions.is_empty() => FixState::Fixed,
        Some(true) => FixState::Fixed,
        Some(false) => FixState::NotFixed,
        None => FixState::Unknown,
    };
    Fix { state, versions }
}

/// What was set aside there is kept, with the reason.
fn verdict(entry: &Entry) -> Verdict {
    let status = entry.text(Field::Status).to_ascii_lowercase().replace(['_', '-'], " ");
    let by_status =
        ["accepted", "dismissed", "false positive", "ignored", "risk accepted", "suppressed", "wont fix"];
    let aside = if entry.truth(Field::FalsePositive) == Some(true) {
        "false positive"
    } else if entry.truth(Field::Suppressed) == Some(true) {
        "suppressed"
    } else if let Some(known) = by_status.iter().find(|known| **known == status) {
        *known
    } else if entry.truth(Field::Active) == Some(false) {
        "not active"
    } else {
        return Verdict::Affected;
    };
    match entry.text(Field::Reason) {
        "" => Verdict::Suppressed(aside.to_owned()),
        reason => Verdict::Suppressed(format!("{aside}: {}", prose(reason))),
    }
}
