//! Popeye's report in our words: one scan of each object, and one of the cluster for what is about it alone. Refuses
//! issues of level 0, which say that all is well.

use domain::finding::{ReportedFinding, Subject};
use domain::scan::Tool;

use super::kinds;
use super::wire::{Document, Issue, Section};
use crate::error::clip;
use crate::targets::Targets;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// Why no scan of an object is whole.
const UNSTATED: &str = "a report of Popeye does not tell what it excludes and from which level on it tells";
/// The section that is about the cluster itself.
const CLUSTER: &str = "cluster";
/// The group of issues that are about no container.
const ROOT: &str = "__root__";

/// Maps a report.
pub(super) fn report(document: &Document<'_>) -> Parsed {
    let report = &document.popeye;
    let tool = Tool { name: "popeye".to_owned(), version: None };
    let mut mapper = Mapper {
        targets: Targets::new(&tool, UNSTATED),
        warnings: Warnings::default(),
        cluster: &document.cluster,
        time: &report.time,
        entries: 0,
    };
    for (key, sections) in [("sections", &report.sections), ("sanitizers", &report.sanitizers)] {
        for (number, section) in sections.iter().enumerate() {
            mapper.section(section, &format!("popeye.{key}[{number}]"));
        }
    }
    let Mapper { targets, mut warnings, entries, .. } = mapper;
    if report.errors.is_some() {
        warnings.push("popeye.errors", "Popeye could not look at everything");
    }
    let observations = targets.build();
    if observations.is_empty() {
        warnings.push("popeye", "the report names no object, so nothing is recorded as checked");
    }
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

#[derive(Debug)]
struct Mapper<'r> {
    targets: Targets,
    warnings: Warnings,
    cluster: &'r str,
    time: &'r str,
    entries: usize,
}

impl Mapper<'_> {
    fn section(&mut self, section: &Section<'_>, at: &str) {
        let title = section.linter.filled().or_else(|| section.sanitizer.filled()).unwrap_or_default();
        let kind = bounded(kinds::of(&section.gvr, title), at, &mut self.warnings);
        for (name, issues) in &section.issues {
            let at = format!("{at}.issues.{}", clip(name));
            let target = if kind == CLUSTER { self.cluster } else { &**name };
            let target = bounded(target, &at, &mut self.warnings);
            let scan = self.targets.of(&kind, &target);
            scan.scan_mut().scanned_at = scan.scan_mut().scanned_at.max(time::parse(self.time));
            for issue in issues.iter().flatten().filter(|issue| &*issue.level != "0") {
                self.entries += 1;
                // Of the cluster, the name is of what was looked at: `Version`.
                let group = if kind == CLUSTER { name } else { &issue.group };
                match finding(issue, group, &at, &mut self.warnings) {
                    Some(finding) => scan.finding(finding),
                    None => self.warnings.skip(&*at, "an issue without a code was skipped"),
                }
            }
        }
    }
}

fn finding(issue: &Issue<'_>, group: &str, at: &str, warnings: &mut Warnings) -> Option<ReportedFinding> {
    let (code, message) = issue.message.strip_prefix('[')?.split_once(']')?;
    let of_part = !matches!(group, "" | ROOT);
    let subject = Subject::Misconfiguration {
        check: bounded(code, at, warnings),
        path: String::new(),
        resource: of_part.then(|| bounded(group, at, warnings)),
        line: None,
    };
    let word = match &*issue.level {
        "1" => "info",
        "2" => "warn",
        "3" => "error",
        _ => "",
    };
    let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
    finding.title = Some(message.trim()).filter(|message| !message.is_empty()).map(prose);
    Some(finding)
}
