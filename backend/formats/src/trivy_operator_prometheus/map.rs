//! Samples in our words: a scan for each image. Refuses to close anything: an answer does not say what the
//! question left out, nor when the operator scanned.

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::Fix;
use domain::image::Image;
use domain::scan::Tool;
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{Answer, Metric};
use crate::aside::Aside;
use crate::error::clip;
use crate::purls::Purls;
use crate::scans::Scans;
use crate::trivy_operator_json::{self as operator, Told};
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

const PARTIAL: &str = "an answer of Prometheus does not say what the question left out";
const EMPTY: &str = "the answer is empty and names no image, so nothing is recorded as checked";

/// Maps answers.
pub(super) fn answers(answers: &[Answer<'_>]) -> Parsed {
    let mut mapper = Mapper::default();
    let samples = answers.iter().flat_map(|answer| &answer.data.result);
    for (number, sample) in samples.enumerate() {
        mapper.sample(&sample.metric, &format!("data.result[{number}].metric"));
    }
    if answers.iter().all(|answer| answer.data.result.is_empty()) {
        mapper.warnings.push("data.result", EMPTY);
    }
    mapper.aside.tell(&mut mapper.warnings);
    Parsed {
        tool: Some(tool()),
        entries: mapper.entries,
        listed_components: 0,
        observations: mapper.scans.build(Some(PARTIAL)),
        skipped: mapper.warnings.skipped(),
        warnings: mapper.warnings.into_vec(),
    }
}

fn tool() -> Tool {
    Tool { name: operator::TOOL.to_owned(), version: None }
}

#[derive(Debug, Default)]
struct Mapper<'r> {
    scans: Scans,
    purls: Purls<'r>,
    aside: Aside,
    warnings: Warnings,
    entries: usize,
}

impl<'r> Mapper<'r> {
    fn sample(&mut self, metric: &'r Metric<'r>, at: &str) {
        match &*metric.name {
            "trivy_vulnerability_id" => self.of_image(metric, at, Self::vulnerability),
            "trivy_exposedsecrets_info" => self.of_image(metric, at, Self::secret),
            "trivy_configaudits_info" | "trivy_rbacassessments_info" | "trivy_infraassessments_info" => {
                if &*metric.config_audit_success != "true" {
                    self.set_aside(metric, at);
                }
            }
            "trivy_compliance_info" => {
                if &*metric.status != "Pass" {
                    self.set_aside(metric, at);
                }
            }
            other => {
                let message = format!("samples of `{}` name no findings and were passed over", clip(other));
                self.warnings.push(at, message);
            }
        }
    }

    fn of_image(
        &mut self,
        metric: &'r Metric<'r>,
        at: &str,
        add: fn(&mut Self, &'r Metric<'r>, Image, &str),
    ) {
        let names =
            [&metric.image_registry, &metric.image_repository, &metric.image_tag, &metric.image_digest];
        match operator::image(names.map(|name| &**name), at, &mut self.warnings) {
            None => self.set_aside(metric, at),
            Some(image) => {
                self.entries += 1;
                add(self, metric, image, at);
            }
        }
    }

    fn vulnerability(&mut self, metric: &'r Metric<'r>, image: Image, at: &str) {
        let Self { scans, purls, warnings, .. } = self;
        let scan = scans.of(&tool(), image, FindingClass::Vulnerability, None);
        let Ok(id) = metric.vuln_id.parse() else {
            warnings.skip(at, "a finding without a usable vulnerability id was skipped");
            return;
        };
        let Some(component) = operator::component(&told(metric), purls, at, warnings) else {
            warnings.skip(at, "a finding without a package name was skipped");
            return;
        };
        let component = scan.component(component);
        let vulnerability = scan.vulnerability(VulnerabilityRecord {
            title: metric.vuln_title.filled().map(prose),
            published_at: time::parse(&metric.published_date),
            modified_at: time::parse(&metric.last_modified_date),
            ..VulnerabilityRecord::bare(id)
        });
        let mut finding = reported(metric, Subject::Vulnerability { component, vulnerability });
        let versions = metric.fixed_version.split(',').map(str::trim).filter(|version| !version.is_empty());
        finding.fix = Fix::in_versions(versions.map(str::to_owned).collect());
        finding.location = metric.pkg_path.filled().map(|path| bounded(path, at, warnings));
        scan.finding(finding);
    }

    fn secret(&mut self, metric: &'r Metric<'r>, image: Image, at: &str) {
        let Self { scans, warnings, .. } = self;
        let scan = scans.of(&tool(), image, FindingClass::Secret, None);
        let rule = bounded(&metric.secret_rule_id, at, warnings);
        let path = bounded(&metric.secret_target, at, warnings);
        let mut finding = reported(metric, Subject::Secret { rule, path, line: None });
        finding.title = metric.secret_title.filled().map(|title| bounded(title, at, warnings));
        scan.finding(finding);
    }

    fn set_aside(&mut self, metric: &Metric<'_>, at: &str) {
        self.entries += 1;
        let on = metric.resource_kind.filled().map(|kind| format!(" on {}", clip(kind)));
        let what = format!("of {}{}", clip(&metric.name), on.unwrap_or_default());
        self.aside.no_image(what, || at.to_owned());
    }
}

fn reported(metric: &Metric<'_>, subject: Subject) -> ReportedFinding {
    ReportedFinding::new(subject, severity::from_word(&metric.severity), &*metric.severity)
}

fn told<'r>(metric: &'r Metric<'r>) -> Told<'r> {
    Told {
        name: &metric.resource,
        version: &metric.installed_version,
        kind: &metric.package_type,
        class: &metric.class,
        target: &metric.target,
        path: &metric.pkg_path,
        ..Told::default()
    }
}
