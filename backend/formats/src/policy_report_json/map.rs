//! Reports in our words: a scan for each image and source. Vulnerabilities whose report names no image are
//! kept for the object that runs it, and wait; all other results that failed are counted and told.
//!
//! Refuses to speak in the name of the scanner behind a source: a copy holds less than the original, and
//! must not take back what that says.

use std::collections::HashMap;

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::vulnerability;
use super::wire::{Object, Outcome, Reference, Summary};
use crate::aside::Aside;
use crate::error::clip;
use crate::objects::{self, Placed, place};
use crate::purls::Purls;
use crate::scans::Scans;
use crate::trivy_operator_json::component;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, severity};

/// Maps all objects.
pub(super) fn documents(documents: &[Object<'_>]) -> Parsed {
    let mut mapper = Mapper::default();
    for placed in objects::flat(documents) {
        match placed.kind {
            "Report" | "ClusterReport" | "PolicyReport" | "ClusterPolicyReport" => mapper.report(&placed),
            other => {
                let message = format!("an object of the kind `{}` was passed over", clip(other));
                mapper.warnings.push(placed.at, message);
            }
        }
    }
    mapper.build()
}

#[derive(Debug, Default)]
struct Mapper<'r> {
    scans: Scans,
    /// Scans of objects whose image is not told.
    waiting: Vec<ScanBuilder>,
    known: HashMap<(String, String), usize>,
    purls: Purls<'r>,
    aside: Aside,
    warnings: Warnings,
    tool: Option<Tool>,
    entries: usize,
}

impl<'r> Mapper<'r> {
    fn report(&mut self, placed: &Placed<'r, Object<'r>>) {
        let report = placed.object;
        let (counted, listed) = (total(&report.summary), report.results.len() as u64);
        if listed == 0 {
            let message = match counted {
                0 => {
                    "a report without results does not tell what was looked for: nothing is recorded as checked"
                }
                _ => "a report only counts its results and lists none",
            };
            self.warnings.push(&*placed.at, message);
        }
        let partial =
            (counted > listed).then(|| format!("a report counts {counted} results and lists only {listed}"));
        for (number, result) in report.results.iter().enumerate() {
            let at = place(&placed.at, &format!("results[{number}]"));
            let tool = tool(report, result);
            if vulnerability::is_one(result) {
                if &*result.result != "pass" {
                    self.entries += 1;
                    self.vulnerability(report, result, &tool, partial.as_deref(), &at);
                }
            } else {
                self.check(report, result, &tool, &at);
            }
            self.tool.get_or_insert(tool);
        }
    }

    fn vulnerability(
        &mut self,
        report: &'r Object<'r>,
        result: &'r Outcome<'r>,
        tool: &Tool,
        partial: Option<&str>,
        at: &str,
    ) {
        let Some(record) = vulnerability::record(result) else {
            self.warnings.skip(at, "a finding without a usable vulnerability id was skipped");
            return;
        };
        let told = vulnerability::told(result);
        let Some(component) = component(&told, &mut self.purls, at, &mut self.warnings) else {
            self.warnings.skip(at, "a finding without a package name was skipped");
            return;
        };
        let found_at = vulnerability::found_at(result);
        let scan = match vulnerability::image(result, at, &mut self.warnings) {
            Some(image) => self.scans.of(tool, image, FindingClass::Vulnerability, found_at),
            None => self.waiting(report, result, tool, at),
        };
        let known = scan.scan_mut();
        known.scanned_at = known.scanned_at.max(found_at);
        known.partial = known.partial.take().or_else(|| partial.map(str::to_owned));
        let vulnerability = scan.vulnerability(record);
        let component = scan.component(component);
        let subject = Subject::Vulnerability { component, vulnerability };
        let word = &*result.severity;
        let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
        finding.fix = vulnerability::fix(result);
        finding.location = Some(told.path).filter(|path| !path.is_empty()).map(str::to_owned);
        scan.finding(finding);
    }

    /// The scan of the object that a report is about.
    fn waiting(
        &mut self,
        report: &Object<'_>,
        result: &Outcome<'_>,
        tool: &Tool,
        at: &str,
    ) -> &mut ScanBuilder {
        let message = "a report names no image: its vulnerabilities are kept for what runs it";
        self.warnings.push(at, message);
        let about = about(report, result);
        let kind = bounded(about.kind.filled().unwrap_or("report"), at, &mut self.warnings);
        let namespace = about.namespace.filled().or_else(|| report.metadata.namespace.filled());
        let name = about.name.filled().or_else(|| report.metadata.name.filled()).unwrap_or_default();
        let name = namespace.map_or_else(|| name.to_owned(), |namespace| format!("{namespace}/{name}"));
        let name = bounded(&name, at, &mut self.warnings);
        let Self { waiting, known, .. } = self;
        let index = *known.entry((tool.name.clone(), format!("{kind} {name}"))).or_insert_with(|| {
            waiting.push(ScanBuilder::new(tool.clone(), Target::Other { kind, name }));
            waiting.len() - 1
        });
        &mut waiting[index]
    }

    fn check(&mut self, report: &Object<'_>, result: &Outcome<'_>, tool: &Tool, at: &str) {
        match &*result.result {
            "pass" | "skip" => {}
            "fail" | "warn" => {
                self.entries += 1;
                let on = about(report, result).kind.filled().map(|kind| format!(" on {}", clip(kind)));
                let what = format!("of {}{}", clip(&tool.name), on.unwrap_or_default());
                self.aside.no_image(what, || at.to_owned());
            }
            "error" => {
                let message = "a policy could not be evaluated, which says neither yes nor no";
                self.warnings.push(at, message);
            }
            other => {
                let message = format!("a result of the unknown outcome `{}` was passed over", clip(other));
                self.warnings.push(at, message);
            }
        }
    }

    fn build(mut self) -> Parsed {
        self.aside.tell(&mut self.warnings);
        let mut observations = self.scans.build(None);
        observations.extend(self.waiting.into_iter().map(|scan| Observation::Scan(scan.build())));
        Parsed {
            tool: self.tool,
            entries: self.entries,
            listed_components: 0,
            observations,
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

fn total(summary: &Summary) -> u64 {
    let Summary { pass, fail, warn, error, skip } = summary;
    [pass, fail, warn, error, skip].iter().filter_map(|count| count.whole()).fold(0, u64::saturating_add)
}

/// What a result is about: its own object, or else the report's.
fn about<'r>(report: &'r Object<'r>, result: &'r Outcome<'r>) -> &'r Reference<'r> {
    result.resources.first().unwrap_or(&report.scope)
}

/// Who found it, in the words of the report: `Trivy Vulnerability` is `trivy-vulnerability`.
fn tool(report: &Object<'_>, result: &Outcome<'_>) -> Tool {
    let source = result.source.filled().or_else(|| report.source.filled()).unwrap_or("policy-report");
    Tool { name: clip(source.trim()).to_ascii_lowercase().replace(' ', "-"), version: None }
}
