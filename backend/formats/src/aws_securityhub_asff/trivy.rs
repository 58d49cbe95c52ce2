//! Findings that Trivy's template writes: one document is one report, its target in the resource, the
//! package in free fields. Refuses to name an ecosystem that neither target nor file name tells.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{ReportedFinding, Subject};
use domain::fix::Fix;
use domain::image::Image;
use domain::observation::Observation;
use domain::purl::Purl;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::map::verdict;
use super::wire::{Finding, Resource};
use crate::images::reference;
use crate::trivy_json::{distribution_of_target, ecosystem_of_group, purl_of_package};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{aws, purls, severity};

/// Whether Trivy made a finding.
pub(super) fn is_of_trivy(finding: &Finding<'_>) -> bool {
    let generator = &*finding.generator_id;
    generator == "Trivy" || generator.starts_with("Trivy/")
}

/// Trivy, whose template does not state its version.
pub(super) fn tool() -> Tool {
    Tool { name: "trivy".to_owned(), version: None }
}

/// The scan that findings of one report make, if there are any.
pub(super) fn report(
    findings: &[(usize, &Finding<'_>)],
    partial: Option<&str>,
    warnings: &mut Warnings,
) -> Option<Observation> {
    if findings.is_empty() {
        return None;
    }
    let mut builder = ScanBuilder::new(tool(), target(findings));
    builder.scan_mut().partial = partial.map(str::to_owned);
    for (number, finding) in findings {
        let scan = builder.scan_mut();
        scan.scanned_at = scan.scanned_at.max(finding.updated_at.0).max(finding.created_at.0);
        let nothing = Resource::default();
        let resource = finding.resources.first().unwrap_or(&nothing);
        let subject = subject(&mut builder, finding, resource, warnings);
        let Some(subject) = subject else {
            warnings.skip(aws::place(*number), "a finding that names neither id nor package was skipped");
            continue;
        };
        let word = &*finding.severity.label;
        let of_package = matches!(subject, Subject::Vulnerability { .. });
        let mut reported = ReportedFinding::new(subject, severity::from_word(word), word);
        reported.title = finding.title.filled().filter(|_| !of_package).map(prose);
        if of_package {
            reported.fix = fix(other(resource, "Patched Package"));
        }
        reported.verdict = verdict(finding);
        builder.finding(reported);
    }
    Some(Observation::Scan(builder.build()))
}

/// The image, from the one target that bears its distribution: `alpine:3.10 (alpine 3.10.2)`.
fn target(findings: &[(usize, &Finding<'_>)]) -> Target {
    let targets = || findings.iter().filter_map(|(_, finding)| finding.resources.first());
    let of_os = targets().find(|resource| distribution_of_target(&resource.id).is_some());
    let Some(resource) = of_os else { return Target::Unstated };
    let (name, _) = resource.id.split_once(" (").unwrap_or_default();
    match reference(name) {
        None => Target::Other { kind: "archive".to_owned(), name: name.to_owned() },
        Some(reference) => {
            let mut image = Image { distribution: distribution_of_target(&resource.id), ..Image::default() };
            if let Some(digest) = &reference.digest {
                image.add_digest(domain::image::DigestRole::Repository, digest.clone());
            }
            image.references.push(reference.with_default_tag());
            Target::Image(image)
        }
    }
}

fn subject(
    builder: &mut ScanBuilder,
    finding: &Finding<'_>,
    resource: &Resource<'_>,
    warnings: &mut Warnings,
) -> Option<Subject> {
    let file = other(resource, "Filename").unwrap_or(&resource.id);
    let path = bounded(file, "Filename", warnings);
    if other(resource, "PkgName").is_some() {
        let component = builder.component(component(resource, warnings)?);
        let vulnerability = builder.vulnerability(record(finding, resource)?);
        return Some(Subject::Vulnerability { component, vulnerability });
    }
    if finding.types.iter().any(|kind| &**kind == "Sensitive Data Identifications") {
        let (_, rule) = finding.title.split_once(&format!("{file}: "))?;
        return Some(Subject::Secret { rule: bounded(rule, "Title", warnings), path, line: None });
    }
    let check = finding.generator_id.strip_prefix("Trivy/")?;
    let line = other(resource, "StartLine").and_then(|line| line.parse().ok()).filter(|line| *line > 0);
    Some(Subject::Misconfiguration {
        check: bounded(check, "GeneratorId", warnings),
        path,
        resource: None,
        line,
    })
}

fn component(resource: &Resource<'_>, warnings: &mut Warnings) -> Option<Component> {
    let (name, version) = (other(resource, "PkgName")?, other(resource, "Installed Package"));
    let mut component = Component::from_purl(purl_of_target(&resource.id, name, version)?);
    component.name = bounded(name, "PkgName", warnings);
    component.version = version.map(str::to_owned);
    Some(component)
}

/// The purl of a package in one of Trivy's targets: `alpine:3.10 (alpine 3.10.2)`, `Node.js`, `srv/package-lock.json`.
pub(crate) fn purl_of_target(target: &str, name: &str, version: Option<&str>) -> Option<Purl> {
    if let Some(distribution) = distribution_of_target(target) {
        return purl_of_package(&distribution.family, name, version);
    }
    match ecosystem_of_group(target, "").0 {
        "generic" => purls::from_name(purls::ecosystem_of_file(target), name, version),
        kind => purls::from_name(kind, name, version),
    }
}

fn record(finding: &Finding<'_>, resource: &Resource<'_>) -> Option<VulnerabilityRecord> {
    let id = other(resource, "CVE ID").or_else(|| finding.generator_id.strip_prefix("Trivy/"))?;
    let mut record = VulnerabilityRecord::bare(id.parse().ok()?);
    record.title = other(resource, "CVE Title").map(prose);
    record.description = finding.description.filled().map(prose);
    record.references = link(&finding.remediation.recommendation.url).into_iter().collect();
    for version in ["V3", "V2"] {
        if let Some(vector) = other(resource, &format!("NvdCvssVector{version}")) {
            let stated =
                other(resource, &format!("NvdCvssScore{version}")).and_then(|score| score.parse().ok());
            record.cvss.push(CvssScore { source: "nvd".to_owned(), vector: vector.to_owned(), stated });
        }
    }
    Some(record)
}

fn fix(versions: Option<&str>) -> Fix {
    let listed = versions.into_iter().flat_map(|list| list.split(','));
    Fix::in_versions(
        listed.map(|version| version.trim().to_owned()).filter(|version| !version.is_empty()).collect(),
    )
}

/// A free field, if it says anything.
fn other<'r>(resource: &'r Resource<'_>, key: &str) -> Option<&'r str> {
    let (_, value) = resource.details.other.iter().find(|(known, _)| &**known == key)?;
    value.filled()
}
