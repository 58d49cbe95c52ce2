//! The operator's reports in our words: one scan for each image, from however many containers run it, and
//! the bills of materials. Everything that is about no image is counted and told.
//!
//! The operator is a tool of its own beside Trivy. A report takes back what *its tool* said of an image, and
//! a report of neither says which severities, classes or files its settings left out: under one name the
//! operator and a pipeline that scan the same image would close each other's findings again and again.

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::{Distribution, Image};
use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::{Target, Tool};

use super::image::image;
use super::package::{self, Told};
use super::vulnerability;
use super::wire::{Check, Object, Report, Status, Vulnerability};
use crate::aside::Aside;
use crate::error::clip;
use crate::objects::{self, Placed, place};
use crate::purls::Purls;
use crate::scans::{self, Scans};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, cyclonedx, severity, time};

/// What the operator's findings are attributed to.
pub(crate) const TOOL: &str = "trivy-operator";
/// The label that tells what kind of object a report is about.
const RESOURCE_KIND: &str = "trivy-operator.resource.kind";

/// Maps all objects.
pub(super) fn documents(documents: &[Object<'_>]) -> Parsed {
    let mut mapper = Mapper::default();
    for placed in objects::flat(documents) {
        mapper.object(&placed);
    }
    mapper.build()
}

#[derive(Debug, Default)]
struct Mapper<'r> {
    scans: Scans,
    bills: Vec<Observation>,
    purls: Purls<'r>,
    aside: Aside,
    warnings: Warnings,
    version: Option<String>,
    entries: usize,
    listed: usize,
}

impl<'r> Mapper<'r> {
    fn object(&mut self, placed: &Placed<'r, Object<'r>>) {
        match placed.kind {
            "ClusterComplianceReport" => self.compliance(placed),
            "VulnerabilityReport"
            | "ImageVulnerabilityReport"
            | "ExposedSecretReport"
            | "SbomReport"
            | "ClusterSbomReport"
            | "ClusterVulnerabilityReport"
            | "NodeVulnerabilityReport"
            | "ConfigAuditReport"
            | "ClusterConfigAuditReport"
            | "RbacAssessmentReport"
            | "ClusterRbacAssessmentReport"
            | "InfraAssessmentReport"
            | "ClusterInfraAssessmentReport" => match &placed.object.report {
                Some(report) => self.report(placed, report),
                None => self.warnings.push(&*placed.at, "a report without content was passed over"),
            },
            other => {
                let other = clip(other);
                self.warnings.push(&*placed.at, format!("an object of the kind `{other}` was passed over"));
            }
        }
    }

    fn report(&mut self, placed: &Placed<'r, Object<'r>>, report: &'r Report<'r>) {
        let at = place(&placed.at, "report");
        if let Some(version) = report.scanner.version.filled() {
            self.version.get_or_insert_with(|| bounded(version, &at, &mut self.warnings));
        }
        self.entries += report.vulnerabilities.len() + report.secrets.len();
        match placed.kind {
            "SbomReport" | "ClusterSbomReport" => self.bill(report, &at),
            // What these found, they found in the programs of a cluster or of a node.
            "ClusterVulnerabilityReport" | "NodeVulnerabilityReport" => {
                self.set_aside(placed, report.vulnerabilities.len());
            }
            "VulnerabilityReport" | "ImageVulnerabilityReport" => match self.image(report, &at) {
                Some(image) => self.vulnerabilities(report, image, &at),
                None => self.without_image(placed, report.vulnerabilities.len()),
            },
            "ExposedSecretReport" => match self.image(report, &at) {
                Some(image) => self.secrets(report, image, &at),
                None => self.without_image(placed, report.secrets.len()),
            },
            _ => self.failed(placed, report.checks.iter()),
        }
    }

    fn image(&mut self, report: &Report<'_>, at: &str) -> Option<Image> {
        let artifact = &report.artifact;
        let names = [&*report.registry.server, &*artifact.repository, &*artifact.tag, &*artifact.digest];
        let mut image = image(names, at, &mut self.warnings)?;
        image.distribution = report.os.family.filled().map(|family| Distribution {
            family: bounded(&family.to_ascii_lowercase(), at, &mut self.warnings),
            version: report.os.name.filled().map(|name| bounded(name, at, &mut self.warnings)),
            end_of_life: report.os.eosl,
        });
        Some(image)
    }

    fn vulnerabilities(&mut self, report: &'r Report<'r>, image: Image, at: &str) {
        let Self { scans, purls, warnings, .. } = self;
        let scanned_at = time::parse(&report.update_timestamp);
        let scan = scans.of(&tool(report), image, FindingClass::Vulnerability, scanned_at);
        for (number, found) in report.vulnerabilities.iter().enumerate() {
            let at = place(at, &format!("vulnerabilities[{number}]"));
            let Some(record) = vulnerability::record(found) else {
                warnings.skip(at, "a finding without a usable vulnerability id was skipped");
                continue;
            };
            let Some(component) = package::component(&told(found, report), purls, &at, warnings) else {
                warnings.skip(at, "a finding without a package name was skipped");
                continue;
            };
            let vulnerability = scan.vulnerability(record);
            let component = scan.component(component);
            let subject = Subject::Vulnerability { component, vulnerability };
            let word = &*found.severity;
            let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
            finding.fix = vulnerability::fix(found);
            finding.location = found.package_path.filled().map(|path| bounded(path, &at, warnings));
            scan.finding(finding);
        }
    }

    fn secrets(&mut self, report: &Report<'_>, image: Image, at: &str) {
        let Self { scans, warnings, .. } = self;
        let scanned_at = time::parse(&report.update_timestamp);
        let scan = scans.of(&tool(report), image, FindingClass::Secret, scanned_at);
        for (number, secret) in report.secrets.iter().enumerate() {
            let at = place(at, &format!("secrets[{number}]"));
            let subject = Subject::Secret {
                rule: bounded(&secret.rule, &at, warnings),
                path: bounded(&secret.target, &at, warnings),
                line: None,
            };
            let word = &*secret.severity;
            let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
            finding.title = secret.title.filled().map(|title| bounded(title, &at, warnings));
            scan.finding(finding);
        }
    }

    /// A bill of materials. What it says of its image is joined with what the report says.
    fn bill(&mut self, report: &'r Report<'r>, at: &str) {
        let Some(bom) = &report.components else {
            self.warnings.push(at, "a report without a bill of materials was passed over");
            return;
        };
        let parsed = cyclonedx::map(bom);
        self.warnings.skipped_inside(parsed.skipped);
        for warning in parsed.warnings {
            self.warnings.push(place(&place(at, "components"), &warning.at), warning.message);
        }
        self.entries += parsed.entries;
        self.listed += parsed.listed_components;
        let image = self.image(report, at);
        for observation in parsed.observations {
            let Observation::Sbom(bill) = observation else {
                self.bills.push(observation);
                continue;
            };
            let target = match (bill.target, image.clone()) {
                (Target::Other { kind, name }, _) => {
                    let what = format!("{kind} {}", clip(&name));
                    let message =
                        format!("the bill of materials of the {what} was passed over: it is no image");
                    self.warnings.push(at, message);
                    continue;
                }
                (Target::Image(mut known), image) => {
                    scans::join(&mut known, image.unwrap_or_default());
                    Target::Image(known)
                }
                (Target::Unstated, image) => image.map_or(Target::Unstated, Target::Image),
            };
            let created_at = bill.created_at.or_else(|| time::parse(&report.update_timestamp));
            self.bills.push(Observation::Sbom(Sbom { tool: tool(report), target, created_at, ..bill }));
        }
    }

    /// Checks of a benchmark: each in full, or only how many failed a control.
    fn compliance(&mut self, placed: &Placed<'r, Object<'r>>) {
        let status: &'r Status = &placed.object.status;
        self.failed(placed, status.detail_report.results.iter().flat_map(|control| &control.checks));
        let failing = status.summary_report.control_check.iter();
        let failing = failing.filter(|control| control.total_fail.0.is_some_and(|fails| fails > 0.0)).count();
        self.entries += failing;
        self.set_aside(placed, failing);
    }

    fn failed(&mut self, placed: &Placed<'r, Object<'r>>, checks: impl Iterator<Item = &'r Check>) {
        let failed = checks.filter(|check| !check.success).count();
        self.entries += failed;
        self.set_aside(placed, failed);
    }

    fn without_image(&mut self, placed: &Placed<'r, Object<'r>>, findings: usize) {
        self.set_aside(placed, findings);
        if findings == 0 {
            self.warnings.push(&*placed.at, "a report that names no image was passed over");
        }
    }

    fn set_aside(&mut self, placed: &Placed<'r, Object<'r>>, findings: usize) {
        let on = placed.object.metadata.word(RESOURCE_KIND).map(|kind| format!(" on {}", clip(kind)));
        let what = format!("of {}{}", placed.kind, on.unwrap_or_default());
        for _ in 0..findings {
            self.aside.no_image(what.clone(), || placed.at.clone());
        }
    }

    fn build(mut self) -> Parsed {
        self.aside.tell(&mut self.warnings);
        let mut observations = self.scans.build(None);
        observations.extend(self.bills);
        Parsed {
            tool: Some(Tool { name: TOOL.to_owned(), version: self.version }),
            entries: self.entries,
            listed_components: self.listed,
            observations,
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

fn tool(report: &Report<'_>) -> Tool {
    Tool { name: TOOL.to_owned(), version: report.scanner.version.filled().map(str::to_owned) }
}

fn told<'r>(found: &'r Vulnerability<'r>, report: &'r Report<'r>) -> Told<'r> {
    Told {
        purl: &found.package_purl,
        name: &found.resource,
        version: &found.installed_version,
        kind: &found.package_type,
        class: &found.class,
        target: &found.target,
        path: &found.package_path,
        family: &report.os.family,
    }
}
