//! The images that a report names, each with its scan. Refuses to take the name of an archive, a file
//! or a language for an image: such entries belong to the one image of the report, if there is one.

use std::collections::HashMap;

use domain::image::{DigestRole, Image};
use domain::scan::{ScanBuilder, Target, Tool};

use super::package::language_of_file;
use super::wire::Report;
use crate::images::reference;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// The scans of a report by the texts that name their targets.
#[derive(Debug)]
pub(super) struct Targets<'r> {
    scans: Vec<ScanBuilder>,
    known: HashMap<&'r str, usize>,
}

impl<'r> Targets<'r> {
    /// One scan for each target; one of an unstated target where entries, or the whole report, name none.
    pub(super) fn of(report: &'r Report<'r>, tool: &Tool, warnings: &mut Warnings) -> Self {
        let mut targets = Self { scans: Vec::new(), known: HashMap::new() };
        let mut unstated = Vec::new();
        for (number, entry) in report.vulnerabilities.iter().enumerate() {
            let text = &*entry.location.image;
            if targets.known.contains_key(text) {
                continue;
            }
            targets.known.insert(text, targets.scans.len());
            match target(text, number, warnings) {
                Target::Unstated => unstated.push(text),
                target => targets.scans.push(ScanBuilder::new(tool.clone(), target)),
            }
        }
        let only = targets.scans.len() == 1;
        let place = if only { 0 } else { targets.scans.len() };
        if targets.scans.is_empty() || !unstated.is_empty() && !only {
            targets.scans.push(ScanBuilder::new(tool.clone(), Target::Unstated));
        }
        targets.known.extend(unstated.into_iter().map(|text| (text, place)));
        targets
    }

    /// The scan of a target.
    pub(super) fn scan(&mut self, text: &str) -> Option<&mut ScanBuilder> {
        self.scans.get_mut(*self.known.get(text)?)
    }

    /// All of them.
    pub(super) fn build(self) -> Vec<ScanBuilder> {
        self.scans
    }
}

fn target(text: &str, number: usize, warnings: &mut Warnings) -> Target {
    if text.is_empty() || text.eq_ignore_ascii_case("unknown") || language_of_file(text).is_some() {
        return Target::Unstated;
    }
    let at = || format!("vulnerabilities[{number}].location.image");
    let Some(found) = reference(text) else {
        let archive = text.contains(".tar") || text.ends_with("gz");
        if !archive && !text.contains(['/', ':', '@']) {
            return Target::Unstated;
        }
        if !archive {
            warnings.push(at(), "the name of an image could not be read");
        }
        let kind = if archive { "archive" } else { "image" };
        return Target::Other { kind: kind.to_owned(), name: bounded(text, &at(), warnings) };
    };
    let mut image = Image::default();
    if let Some(digest) = &found.digest {
        image.add_digest(DigestRole::Repository, digest.clone());
    }
    image.references.push(found.with_default_tag());
    Target::Image(image)
}
