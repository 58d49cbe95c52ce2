//! Reports and objects in our words: a scan for each manifest of vulnerabilities. Controls are about
//! Kubernetes objects, which have no place here yet: those that failed are counted and told.
//!
//! Kubescape is a tool of its own beside Grype, which it looks with: its database, its settings and its
//! exceptions are others, and neither may close what the other found.

use domain::observation::Observation;
use domain::scan::Tool;

use super::manifests;
use super::wire::{Control, Object, Outcome, Posture};
use crate::Parsed;
use crate::aside::Aside;
use crate::error::clip;
use crate::objects::{self, Placed};
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// What the findings are attributed to.
pub(super) const TOOL: &str = "kubescape";
const WORKLOAD_KIND: &str = "kubescape.io/workload-kind";

/// Maps reports of posture.
pub(super) fn postures(reports: &[Posture<'_>]) -> Parsed {
    let mut mapper = Mapper::default();
    for report in reports {
        let version = &report.metadata.scan_metadata.kubescape_version;
        mapper.version = version.filled().map(|version| bounded(version, "metadata", &mut mapper.warnings));
        for (number, outcome) in report.results.iter().enumerate() {
            let kind = kind_of_resource(outcome).map(str::to_owned);
            for control in &outcome.controls {
                mapper.control(control, kind.as_deref(), &format!("results[{number}]"));
            }
        }
    }
    let last = reports.last().and_then(|report| report.pagination_info.as_ref());
    if last.and_then(|pagination| pagination.is_last_chunk) == Some(false) {
        mapper.warnings.push("paginationInfo", "this is one part of a longer report: the rest is missing");
    }
    mapper.build()
}

/// The kind in `apps/v1/shop/Deployment/api`.
fn kind_of_resource<'r>(outcome: &'r Outcome<'_>) -> Option<&'r str> {
    let (path, _) = outcome.resource.rsplit_once('/')?;
    path.rsplit('/').next().filter(|kind| kind.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// Maps all objects.
pub(super) fn documents(documents: &[Object<'_>]) -> Parsed {
    let mut mapper = Mapper::default();
    for placed in objects::flat(documents) {
        mapper.object(&placed);
    }
    mapper.build()
}

#[derive(Debug, Default)]
struct Mapper {
    observations: Vec<Observation>,
    aside: Aside,
    warnings: Warnings,
    version: Option<String>,
    entries: usize,
}

impl Mapper {
    fn object(&mut self, placed: &Placed<'_, Object<'_>>) {
        let object = placed.object;
        match placed.kind {
            "VulnerabilityManifest" => {
                if let Some((scan, entries)) = manifests::scan(object, &placed.at, &mut self.warnings) {
                    self.entries += entries;
                    self.observations.push(Observation::Scan(scan));
                }
            }
            "WorkloadConfigurationScan" => {
                if object.spec.controls.is_empty() {
                    self.warnings.push(&*placed.at, "a scan without controls was passed over");
                }
                for (_, control) in &object.spec.controls {
                    self.control(control, object.metadata.word(WORKLOAD_KIND), &placed.at);
                }
            }
            other => {
                let message = format!("an object of the kind `{}` was passed over", clip(other));
                self.warnings.push(&*placed.at, message);
            }
        }
    }

    /// Counts a control that failed.
    fn control(&mut self, control: &Control<'_>, kind: Option<&str>, at: &str) {
        let rules = control.rules.iter().filter_map(|rule| rule.status.as_ref());
        let own = control.status.as_ref().map(|state| state.word()).filter(|word| !word.is_empty());
        let word = own.unwrap_or_else(|| {
            // Old reports leave the word to the rules.
            let failed = rules.map(|state| state.word()).any(|word| word == "failed");
            if failed { "failed" } else { "passed" }
        });
        match word {
            "failed" => {
                self.entries += 1;
                let on = kind.map(|kind| format!(" on {}", clip(kind))).unwrap_or_default();
                self.aside.no_image(format!("of Kubescape's controls{on}"), || at.to_owned());
            }
            "passed" | "skipped" | "excluded" | "ignored" | "irrelevant" => {}
            other => {
                let message = format!("a control of the unknown state `{}` was passed over", clip(other));
                self.warnings.push(at, message);
            }
        }
    }

    fn build(mut self) -> Parsed {
        self.aside.tell(&mut self.warnings);
        let of_scan = self.observations.iter().find_map(|observation| match observation {
            Observation::Scan(scan) => scan.tool.version.clone(),
            _ => None,
        });
        Parsed {
            tool: Some(Tool { name: TOOL.to_owned(), version: self.version.or(of_scan) }),
            entries: self.entries,
            listed_components: 0,
            observations: self.observations,
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}
