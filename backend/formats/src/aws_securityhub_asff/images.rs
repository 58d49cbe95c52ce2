//! Findings that list vulnerabilities of a container image, in ECR or elsewhere: Inspector's, and those
//! of every product that fills the same fields. Refuses findings without packages: they prove nothing.

use domain::cvss::CvssScore;
use domain::digest::Digest;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::{DigestRole, Image};
use domain::scan::ScanBuilder;
use domain::vulnerability::VulnerabilityRecord;

use super::map;
use super::wire::{Container, Finding, Package, Resource, Vulnerability};
use crate::aws::{self, EcrImage, Platform, Scans};
use crate::images::reference;
use crate::severity;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;

/// Adds a finding to the scan of every image that it names; whether it named one.
pub(super) fn finding(
    finding: &Finding<'_>,
    scans: &mut Scans,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> bool {
    if finding.vulnerabilities.is_empty() {
        return false;
    }
    let platform = platform(finding);
    let tool = map::product(finding);
    let seen = finding.last_observed_at.0.max(finding.updated_at.0);
    let mut named = false;
    for resource in &finding.resources {
        let Some(image) = image(resource, platform.as_ref(), at, warnings) else { continue };
        named = true;
        let scan = scans.of(&tool, image, FindingClass::Vulnerability, seen);
        for vulnerability in &finding.vulnerabilities {
            add(scan, finding, vulnerability, platform.as_ref(), at, warnings);
        }
    }
    named
}

/// The platform that Inspector leaves among the product's own fields.
fn platform(finding: &Finding<'_>) -> Option<Platform> {
    let mut fields = finding.product_fields.iter();
    let (_, word) = fields.find(|(key, _)| key.ends_with("/awsEcrContainerImageDetails/platform"))?;
    Platform::of(word)
}

fn image(
    resource: &Resource<'_>,
    platform: Option<&Platform>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<Image> {
    if let Some(stated) = &resource.details.aws_ecr_container_image {
        let image = EcrImage {
            arn: &resource.id,
            region: &resource.region,
            registry: &stated.registry_id,
            repository: &stated.repository_name,
            digest: &stated.image_digest,
            tags: stated.image_tags.iter().filter_map(|tag| tag.filled()).collect(),
            architecture: &stated.architecture,
            platform,
            pushed_at: stated.image_published_at.0,
        };
        return image.image(at, warnings);
    }
    if &*resource.kind == "AwsEcrContainerImage" {
        return EcrImage { arn: &resource.id, platform, ..EcrImage::default() }.image(at, warnings);
    }
    resource.details.container.as_ref().and_then(container)
}

/// The image of a running container.
fn container(stated: &Container<'_>) -> Option<Image> {
    let mut image = Image::default();
    if let Some(reference) = reference(&stated.image_name) {
        if let Some(digest) = &reference.digest {
            image.add_digest(DigestRole::Repository, digest.clone());
        }
        image.references.push(reference.with_default_tag());
    }
    if let Ok(id) = stated.image_id.parse::<Digest>()
        && !image.digests.iter().any(|(_, known)| *known == id)
    {
        image.add_digest(DigestRole::Config, id);
    }
    (!image.references.is_empty() || !image.digests.is_empty()).then_some(image)
}

fn add(
    scan: &mut ScanBuilder,
    finding: &Finding<'_>,
    stated: &Vulnerability<'_>,
    platform: Option<&Platform>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) {
    let Some(record) = record(finding, stated) else {
        warnings.skip(at(), "a vulnerability without a usable id was skipped");
        return;
    };
    let vulnerability = scan.vulnerability(record);
    for listed in &stated.vulnerable_packages {
        let package = package(listed);
        let Some(component) = package.component(platform, warnings) else {
            warnings.skip(at(), "a package without a name was skipped");
            continue;
        };
        let component = scan.component(component);
        let subject = Subject::Vulnerability { component, vulnerability };
        let word = &*finding.severity.label;
        let mut reported = ReportedFinding::new(subject, severity::from_word(word), word);
        reported.fix = package.fix(&stated.fix_available);
        let location = listed.file_path.filled().or(listed.source_layer_hash.filled());
        reported.location = location.map(|place| bounded(place, "FilePath", warnings));
        reported.verdict = map::verdict(finding);
        scan.finding(reported);
    }
    if stated.vulnerable_packages.is_empty() {
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
        path: &stated.file_path,
        fixed_in: &stated.fixed_in_version,
    }
}

fn record(finding: &Finding<'_>, stated: &Vulnerability<'_>) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(stated.id.parse().ok()?);
    record.related = stated.related_vulnerabilities.iter().filter_map(|id| id.parse().ok()).collect();
    record.related.retain(|id| *id != record.id);
    // A finding of several vulnerabilities describes none of them in particular.
    let alone = finding.vulnerabilities.len() == 1;
    record.description = finding.description.filled().filter(|_| alone).map(prose);
    for cvss in &stated.cvss {
        if let Some(vector) = cvss.base_vector.filled() {
            let source = aws::cvss_source(&cvss.source);
            let score = CvssScore { source, vector: vector.to_owned(), stated: cvss.base_score.0 };
            if !record.cvss.contains(&score) {
                record.cvss.push(score);
            }
        }
    }
    for text in std::iter::once(&stated.vendor.url).chain(&stated.reference_urls) {
        if let Some(link) = link(text)
            && !record.references.contains(&link)
        {
            record.references.push(link);
        }
    }
    record.published_at = stated.vendor.vendor_created_at.0;
    record.modified_at = stated.vendor.vendor_updated_at.0;
    let seen = finding.updated_at.0.max(finding.last_observed_at.0);
    record.threat =
        aws::threat(stated.epss_score, &stated.exploit_available, stated.last_known_exploit_at, seen);
    Some(record)
}
