//! Findings that list vulnerabilities of container images, in ECR or elsewhere, by the packages that have them. Refuses
//! vulnerabilities without packages: they prove nothing.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::{DigestRole, Image};
use domain::purl::Purl;
use domain::scan::{ScanBuilder, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{Finding, Package, Resource, Vulnerability};
use crate::aws::{self, EcrImage, Moment};
use crate::images::ImageBuilder;
use crate::scans::Scans;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{severity, time};

/// Adds a finding to the scan of every image that it names; whether it named one.
pub(crate) fn add_finding(
    finding: &Finding<'_>,
    tool: &Tool,
    scans: &mut Scans,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> bool {
    if finding.vulnerabilities.is_empty() {
        return false;
    }
    let mut named = false;
    for resource in &finding.resources {
        let Some(image) = image(resource, at, warnings) else { continue };
        named = true;
        let scan = scans.of(tool, image, FindingClass::Vulnerability, super::seen_at(finding));
        for vulnerability in &finding.vulnerabilities {
            add(scan, finding, vulnerability, at, warnings);
        }
    }
    named
}

fn image(resource: &Resource<'_>, at: &dyn Fn() -> String, warnings: &mut Warnings) -> Option<Image> {
    if !resource.kind.to_ascii_lowercase().contains("image") {
        return None;
    }
    if resource.uid.starts_with("arn:") {
        let stated = EcrImage { arn: &resource.uid, region: &resource.region, ..EcrImage::default() };
        return stated.image(at, warnings);
    }
    let mut image = ImageBuilder::default();
    image.named(&resource.name, Some(&resource.uid), DigestRole::Repository);
    if image.is_empty() {
        image.reference(&resource.uid);
    }
    (!image.is_empty()).then(|| image.build())
}

fn add(
    scan: &mut ScanBuilder,
    finding: &Finding<'_>,
    stated: &Vulnerability<'_>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) {
    let Some(record) = record(finding, stated) else {
        warnings.skip(at(), "a vulnerability without a usable id was skipped");
        return;
    };
    let vulnerability = scan.vulnerability(record);
    for listed in &stated.affected_packages {
        let package = package(listed);
        let Some(component) = component(listed, &package, warnings) else {
            warnings.skip(at(), "a package without a name was skipped");
            continue;
        };
        let component = scan.component(component);
        let subject = Subject::Vulnerability { component, vulnerability };
        let word = stated.severity.filled().unwrap_or(&finding.severity);
        let word = bounded(word, "severity", warnings);
        let mut reported = ReportedFinding::new(subject, severity::from_word(&word), word);
        reported.fix = package.fix(yes_or_no(&stated.is_fix_available));
        reported.location = listed.path.filled().map(|path| bounded(path, "path", warnings));
        reported.verdict = super::verdict(finding);
        scan.finding(reported);
    }
    if stated.affected_packages.is_empty() {
        warnings.skip(at(), "a vulnerability that names no package was skipped");
    }
}

fn package<'p>(stated: &'p Package<'_>) -> aws::Package<'p> {
    aws::Package {
        name: &stated.name,
        version: &stated.version,
        epoch: stated.epoch.whole(),
        release: &stated.release,
        manager: &stated.package_manager,
        path: &stated.path,
        fixed_in: &stated.fixed_in_version,
    }
}

fn component(stated: &Package<'_>, package: &aws::Package<'_>, warnings: &mut Warnings) -> Option<Component> {
    let Ok(purl) = stated.purl.parse::<Purl>() else { return package.component(None, warnings) };
    let mut component = Component::from_purl(purl);
    if let Some(path) = stated.path.filled() {
        component.paths.push(bounded(path, "path of a package", warnings));
    }
    Some(component)
}

fn record(finding: &Finding<'_>, stated: &Vulnerability<'_>) -> Option<VulnerabilityRecord> {
    let id = stated.cve.uid.filled().or_else(|| stated.advisory.uid.filled())?;
    let mut record = VulnerabilityRecord::bare(id.parse().ok()?);
    record.title = stated.title.filled().map(prose);
    record.description = stated.desc.filled().map(prose);
    record.published_at = time::parse(&stated.cve.created_time_dt);
    record.modified_at = time::parse(&stated.cve.modified_time_dt);
    for cvss in &stated.cve.cvss {
        if let Some(vector) = cvss.vector_string.filled() {
            let source = aws::cvss_source(cvss.vendor_name.filled().unwrap_or("unstated"));
            record.cvss.push(CvssScore { source, vector: vector.to_owned(), stated: cvss.base_score.0 });
        }
    }
    for reference in &stated.references {
        if let Some(link) = link(reference)
            && !record.references.contains(&link)
        {
            record.references.push(link);
        }
    }
    let exploit = yes_or_no(&stated.is_exploit_available);
    let seen = super::seen_at(finding);
    record.threat = aws::threat(stated.cve.epss.score, exploit, Moment::default(), seen);
    Some(record)
}

/// The words of Amazon's services for a truth.
fn yes_or_no(truth: &str) -> &'static str {
    match truth {
        "true" => "YES",
        "false" => "NO",
        _ => "",
    }
}
