//! What Prowler finds, whichever document carries it: checks of cloud accounts and clusters, which are counted and set
//! aside; what it found in container images and files; and images of ECR that it tells to have vulnerabilities.
//!
//! Refuses checks that passed, and those that people have to make.

mod images;
mod told;

use chrono::{DateTime, Utc};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use crate::Parsed;
use crate::aside::Aside;
use crate::checks::Check;
use crate::error::clip;
use crate::scans::Scans;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

pub(crate) use told::{Found, Trivy};

const TOOL: &str = "prowler";
/// Why what people have muted does not count.
const MUTED: &str = "muted in Prowler";
const EMPTY: &str = "the list is empty, so nothing is recorded as checked";

/// A finding; empty texts are not stated.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Finding<'t> {
    /// `aws`, `kubernetes`, `image`, `iac`…
    pub provider: &'t str,
    pub account: &'t str,
    pub region: &'t str,
    pub check: &'t str,
    pub title: &'t str,
    /// `PASS`, `FAIL`, `MANUAL`, in any case.
    pub status: &'t str,
    /// What was seen, in a sentence.
    pub sentence: &'t str,
    pub severity: &'t str,
    /// Whether people have put it away.
    pub muted: bool,
    pub service: &'t str,
    /// What the resource is: `AwsEcrRepository`.
    pub kind: &'t str,
    /// The resource's unique name, such as an ARN.
    pub resource: &'t str,
    pub name: &'t str,
    /// Of images, which part of one: `alpine:3.18 (alpine 3.18.0)`.
    pub details: &'t str,
    /// Of images: `vulnerabilities`, `secrets`.
    pub categories: &'t str,
    pub at: Option<DateTime<Utc>>,
    /// What Trivy, which looks at images and files, found, where the document has it whole.
    pub found: Option<Found<'t>>,
}

/// The findings so far.
#[derive(Debug, Default)]
pub(crate) struct Mapper {
    version: Option<String>,
    scans: Scans,
    files: Option<ScanBuilder>,
    aside: Aside,
    warnings: Warnings,
    listed: usize,
    entries: usize,
    by_hand: usize,
}

impl Mapper {
    /// Where a document puts its own remarks.
    pub(crate) fn warnings(&mut self) -> &mut Warnings {
        &mut self.warnings
    }

    /// Notes Prowler's version, which every finding states.
    pub(crate) fn version(&mut self, text: &str) {
        if self.version.is_none() && !text.is_empty() {
            self.version = Some(bounded(text, "version", &mut self.warnings));
        }
    }

    /// Adds a finding.
    pub(crate) fn add(&mut self, finding: &Finding<'_>, at: &dyn Fn() -> String) {
        self.listed += 1;
        match finding.status.to_ascii_uppercase().as_str() {
            "PASS" | "PASSED" => {}
            "FAIL" | "FAILED" => self.failed(finding, at),
            // What the second version was told to allow, and what the third was told to mute.
            "WARNING" | "MUTED" => self.failed(&Finding { muted: true, ..*finding }, at),
            "MANUAL" | "INFO" => self.by_hand += 1,
            other => {
                let message = format!("a finding of the unknown status `{}` was passed over", clip(other));
                self.warnings.push(at(), message);
            }
        }
    }

    fn failed(&mut self, finding: &Finding<'_>, at: &dyn Fn() -> String) {
        self.entries += 1;
        let tool = self.tool();
        if finding.provider == "iac" {
            let files = self.files.get_or_insert_with(|| ScanBuilder::new(tool, Target::Unstated));
            if let Some(reported) = file_check(finding).finding(at, &mut self.warnings) {
                let scan = files.scan_mut();
                scan.scanned_at = scan.scanned_at.max(finding.at);
                files.finding(reported);
            }
            return;
        }
        let known = match finding.provider {
            "image" => images::scanned(finding, &tool, &mut self.scans, at, &mut self.warnings),
            _ => images::registered(finding, &tool, &mut self.scans, at, &mut self.warnings),
        };
        if !known {
            let kinds = [finding.kind, finding.service, "an unnamed resource"];
            let kind = kinds.into_iter().find(|kind| !kind.is_empty()).unwrap_or_default();
            self.aside.no_image(format!("of Prowler on {}", clip(kind)), at);
        }
    }

    fn tool(&self) -> Tool {
        Tool { name: TOOL.to_owned(), version: self.version.clone() }
    }

    /// All that was said; `partial` says why it is not whole, if it is not.
    pub(crate) fn build(mut self, partial: Option<&str>) -> Parsed {
        let tool = self.tool();
        self.aside.tell(&mut self.warnings);
        if self.by_hand > 0 {
            let message = format!(
                "checks that people have to make, or that only inform, were passed over: {}",
                self.by_hand
            );
            self.warnings.push("", message);
        }
        if self.listed == 0 {
            self.warnings.push("", EMPTY);
        }
        let mut observations = self.scans.build(partial);
        if let Some(mut files) = self.files {
            files.scan_mut().partial = partial.map(str::to_owned);
            observations.push(Observation::Scan(files.build()));
        }
        Parsed {
            tool: Some(tool),
            entries: self.entries,
            listed_components: 0,
            observations,
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

/// A check of a file; the region is its range of lines, `3:9`.
fn file_check<'t>(finding: &Finding<'t>) -> Check<'t> {
    let found = finding.found.unwrap_or_default();
    let first = finding.region.split(':').next().and_then(|line| line.parse().ok());
    Check {
        id: finding.check,
        path: finding.name,
        resource: found.resource,
        line: found.line.or(first),
        severity: finding.severity,
        title: finding.title,
        aside: finding.muted.then(|| MUTED.to_owned()),
    }
}
