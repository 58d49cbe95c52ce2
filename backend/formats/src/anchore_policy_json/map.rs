//! Evaluations in our words: a scan for each image, of what its newest evaluation holds against it. Secrets and
//! malware are told from the sentences of their gates.
//!
//! Refuses what the gate of vulnerabilities says: it names no versions, and the list of vulnerabilities says
//! the same with them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Evaluation, Image};
use crate::anchore_vulnerabilities_json::TOOL;
use crate::aside::Aside;
use crate::images::ImageBuilder;
use crate::scans::Scans;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// Why checks of vulnerabilities stay out.
const NO_VERSION: &str = "they name no version, and Anchore's list of vulnerabilities says the same with it";

/// An evaluation, whichever way it was written.
pub(super) struct Found<'r> {
    pub digest: &'r str,
    pub tag: &'r str,
    pub image_id: &'r str,
    pub policy: &'r str,
    pub time: &'r str,
    /// Why it is not whole, if it is not.
    pub partial: Option<String>,
    pub broken: Vec<Broken<'r>>,
    /// Where it stands.
    pub at: String,
}

/// A check that did not hold.
pub(super) struct Broken<'r> {
    pub gate: &'r str,
    pub trigger: &'r str,
    pub id: &'r str,
    pub description: &'r str,
    pub action: &'r str,
    /// The list by which it is allowed, if it is.
    pub exception: Option<&'r str>,
}

/// Maps an image with its evaluations.
pub(super) fn image<'r>(image: &'r Image<'r>) -> Parsed {
    let mut mapper = Mapper::default();
    for (number, evaluation) in image.evaluations.iter().enumerate() {
        let mut found = of(evaluation, format!("evaluations[{number}]"));
        found.digest = &image.image_digest;
        found.tag = &image.evaluated_tag;
        found.policy = &image.policy_id;
        mapper.add(found);
    }
    mapper.build()
}

/// Maps a list of evaluations.
pub(super) fn list<'r>(evaluations: &'r [Evaluation<'r>]) -> Parsed {
    let mut mapper = Mapper::default();
    for (number, evaluation) in evaluations.iter().enumerate() {
        mapper.add(of(evaluation, format!("[{number}]")));
    }
    mapper.build()
}

fn of<'r>(evaluation: &'r Evaluation<'r>, at: String) -> Found<'r> {
    let listed = evaluation.details.len();
    let counted = evaluation.number_of_findings.whole();
    let more = counted.filter(|counted| usize::try_from(*counted).is_ok_and(|counted| counted > listed));
    let broken = evaluation.details.iter().map(|check| Broken {
        gate: &check.gate,
        trigger: &check.trigger_name,
        id: &check.trigger_id,
        description: &check.description,
        action: &check.status,
        exception: None,
    });
    Found {
        digest: &evaluation.digest,
        tag: &evaluation.tag,
        image_id: evaluation.details.first().map_or("", |check| &*check.image_id),
        policy: &evaluation.policy_id,
        time: &evaluation.evaluation_time,
        partial: more.map(|counted| format!("the evaluation counts {counted} checks and lists {listed}")),
        broken: broken.collect(),
        at,
    }
}

/// The evaluations so far.
#[derive(Default)]
pub(super) struct Mapper<'r> {
    found: Vec<Found<'r>>,
    warnings: Warnings,
}

impl<'r> Mapper<'r> {
    /// Where to say what is odd.
    pub(super) fn warnings(&mut self) -> &mut Warnings {
        &mut self.warnings
    }

    /// Adds an evaluation.
    pub(super) fn add(&mut self, found: Found<'r>) {
        self.found.push(found);
    }

    /// All that the newest ones say.
    pub(super) fn build(mut self) -> Parsed {
        let tool = Tool { name: TOOL.to_owned(), version: None };
        let (mut scans, mut unnamed, mut aside) = (Scans::default(), Vec::new(), Aside::default());
        let newest = newest(&self.found);
        for (number, found) in self.found.iter().enumerate() {
            if newest.get(&key(found)).is_some_and(|(_, kept)| *kept != number) {
                let message = "an older evaluation of the same image was passed over";
                self.warnings.skip_all(found.broken.len(), &*found.at, message);
                continue;
            }
            let at = time::parse(found.time);
            let image = target(found, &mut self.warnings);
            if image.is_empty() {
                self.warnings.push(&*found.at, "an evaluation names no image that can be read");
                let mut scan = ScanBuilder::new(tool.clone(), Target::Unstated);
                scan.scan_mut().scanned_at = at;
                scan.scan_mut().covers.insert(FindingClass::Misconfiguration);
                add(&mut scan, found, &mut aside, &mut self.warnings);
                unnamed.push(Observation::Scan(scan.build()));
            } else {
                let scan = scans.of(&tool, image.build(), FindingClass::Misconfiguration, at);
                add(scan, found, &mut aside, &mut self.warnings);
            }
        }
        if self.found.is_empty() {
            self.warnings.push("evaluations", "there are no evaluations, so nothing is recorded as checked");
        }
        aside.tell(&mut self.warnings);
        Parsed {
            tool: Some(tool),
            entries: self.found.iter().map(|found| found.broken.len()).sum(),
            listed_components: 0,
            observations: scans.build(None).into_iter().chain(unnamed).collect(),
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

/// What tells evaluations apart that hold beside each other.
fn key<'r>(found: &Found<'r>) -> [&'r str; 3] {
    [found.digest, found.tag, found.policy]
}

/// Time and place of the newest evaluation of each image; of equally old ones the last.
fn newest<'r>(found: &[Found<'r>]) -> HashMap<[&'r str; 3], (Option<DateTime<Utc>>, usize)> {
    let mut newest: HashMap<[&str; 3], (Option<DateTime<Utc>>, usize)> = HashMap::new();
    for (number, one) in found.iter().enumerate() {
        let entry = newest.entry(key(one)).or_insert((None, number));
        *entry = (*entry).max((time::parse(one.time), number));
    }
    newest
}

fn target(found: &Found<'_>, warnings: &mut Warnings) -> ImageBuilder {
    let mut image = ImageBuilder::default();
    if !found.digest.is_empty() && !image.digest(DigestRole::Manifest, found.digest) {
        warnings.push(&*found.at, "the digest of an image cannot be read");
    }
    let hex = found.image_id.strip_prefix("sha256:").unwrap_or(found.image_id);
    if !hex.is_empty() && !image.digest(DigestRole::Config, &format!("sha256:{hex}")) {
        warnings.push(&*found.at, "the id of an image cannot be read");
    }
    if !found.tag.is_empty() && !image.reference(found.tag) {
        warnings.push(&*found.at, "the name of an image cannot be read");
    }
    image
}

fn add(scan: &mut ScanBuilder, found: &Found<'_>, aside: &mut Aside, warnings: &mut Warnings) {
    let known = scan.scan_mut();
    known.partial = known.partial.take().or_else(|| found.partial.clone());
    for (number, broken) in found.broken.iter().enumerate() {
        let at = format!("{} check {number}", found.at);
        if broken.gate.is_empty() {
            warnings.skip(at, "a check without a gate was skipped");
            continue;
        }
        if broken.gate == "vulnerabilities" {
            aside.put("of the gate `vulnerabilities`".to_owned(), NO_VERSION, || at);
            continue;
        }
        let subject = subject(broken, &at, warnings);
        let mut finding = ReportedFinding::new(
            subject,
            severity::from_word(broken.action),
            bounded(broken.action, &at, warnings),
        );
        finding.title = Some(broken.description).filter(|text| !text.is_empty()).map(prose);
        if let Some(list) = broken.exception {
            finding.verdict = Verdict::Suppressed(format!("allowed by the list `{}`", prose(list)));
        }
        scan.finding(finding);
    }
}

fn subject(broken: &Broken<'_>, at: &str, warnings: &mut Warnings) -> Subject {
    let text = broken.description;
    let mut keep = |text: &str| bounded(text, at, warnings);
    if broken.gate == "secret_scans"
        && let Some((path, rule)) = between(text, "file=", " regexp=")
    {
        let rule = rule.split_once('=').map_or(rule, |(name, _)| name);
        return Subject::Secret { rule: keep(rule), path: keep(path), line: None };
    }
    if broken.gate == "malware"
        && let Some((path, name)) = between(text, "file=", " signature=")
    {
        return Subject::Malware { name: keep(name), path: keep(path) };
    }
    let resource = Some(broken.id).filter(|id| !id.is_empty()).map(&mut keep);
    let check = keep(&format!("{}:{}", broken.gate, broken.trigger));
    Subject::Misconfiguration { check, path: String::new(), resource, line: None }
}

/// What stands behind two words of a sentence: up to the second, and behind it.
fn between<'t>(text: &'t str, first: &str, second: &str) -> Option<(&'t str, &'t str)> {
    let (_, rest) = text.split_once(first)?;
    rest.split_once(second)
}
