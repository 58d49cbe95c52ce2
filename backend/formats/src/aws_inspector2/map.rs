//! Inspector's findings in our words: one scan for each image, and the tool's word on where it runs.
//! Findings on machines and functions are counted and set aside.
//!
//! Refuses to take an empty list for a clean estate: an account without Inspector answers the same.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::coverage::{Coverage, InUse};
use domain::cvss::CvssScore;
use domain::digest::Digest;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::image::Image;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{ContainerImage, Finding, Package, PackageVulnerability, Resource};
use crate::aws::{self, Aside, EcrImage, INSPECTOR, Listing, Platform, Scans};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity};

const EMPTY: &str = "the list is empty and names no image, so nothing is recorded as checked";

/// Maps a list of findings.
pub(super) fn findings(listing: &Listing<Finding<'_>>) -> Parsed {
    let mut mapper = Mapper::default();
    for (number, finding) in listing.findings.iter().enumerate() {
        mapper.finding(finding, &|| aws::place(number));
    }
    if listing.findings.is_empty() {
        mapper.warnings.push("findings", EMPTY);
    }
    let (observations, warnings) = mapper.build(listing.partial);
    Parsed {
        tool: Some(tool()),
        entries: listing.findings.len(),
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The tool that makes these findings.
pub(crate) fn tool() -> Tool {
    Tool { name: INSPECTOR.to_owned(), version: None }
}

/// Gathers findings by image.
#[derive(Debug, Default)]
pub(crate) struct Mapper {
    scans: Scans,
    in_use: Vec<Coverage>,
    noted: HashSet<Digest>,
    aside: Aside,
    pub(crate) warnings: Warnings,
}

impl Mapper {
    /// Adds one finding to the scan of every image that it names.
    pub(crate) fn finding(&mut self, finding: &Finding<'_>, at: &dyn Fn() -> String) {
        let kind = finding.kind.filled().unwrap_or("UNSTATED");
        let Some(details) = &finding.package_vulnerability_details else {
            self.aside.no_image(format!("of type {kind}"), at);
            return;
        };
        for resource in &finding.resources {
            match image(resource, at, &mut self.warnings) {
                Some((image, platform)) => {
                    self.note_use(resource, &image, finding);
                    let seen = finding.last_observed_at.0.max(finding.updated_at.0);
                    let scan = self.scans.of(&tool(), image, FindingClass::Vulnerability, seen);
                    vulnerability(scan, finding, details, platform.as_ref(), at, &mut self.warnings);
                }
                None => {
                    let on = resource.kind.filled().unwrap_or("UNSTATED");
                    self.aside.no_image(format!("on {on} resources"), at);
                }
            }
        }
        if finding.resources.is_empty() {
            self.aside.no_image("without a resource".to_owned(), at);
        }
    }

    /// The scan of an image that Inspector watches, whether or not it found anything.
    pub(crate) fn image(&mut self, image: Image, at: Option<DateTime<Utc>>) -> &mut ScanBuilder {
        self.scans.of(&tool(), image, FindingClass::Vulnerability, at)
    }

    /// Keeps the tool's word on where an image runs, once an image.
    fn note_use(&mut self, resource: &Resource<'_>, image: &Image, finding: &Finding<'_>) {
        let Some(stated) = &resource.details.aws_ecr_container_image else { return };
        let Some(count) = stated.in_use_count.whole() else { return };
        if !image.best_digest().is_some_and(|digest| self.noted.insert(digest.clone())) {
            return;
        }
        self.in_use.push(Coverage {
            tool: INSPECTOR.to_owned(),
            image: image.clone(),
            watched: None,
            reason: String::new(),
            last_scanned_at: finding.last_observed_at.0,
            in_use: Some(InUse { count, last_at: stated.last_in_use_at.0 }),
        });
    }

    /// What was gathered; `partial` says why it is not whole.
    pub(crate) fn build(mut self, partial: Option<&str>) -> (Vec<Observation>, Warnings) {
        self.aside.tell(&mut self.warnings);
        let mut observations = self.scans.build(partial);
        observations.extend(self.in_use.into_iter().map(Observation::Coverage));
        (observations, self.warnings)
    }
}

/// The image of a resource, if it is one, with its platform.
fn image(
    resource: &Resource<'_>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<(Image, Option<Platform>)> {
    let nothing = ContainerImage::default();
    let stated = match (&resource.details.aws_ecr_container_image, &*resource.kind) {
        (Some(stated), _) => stated,
        (None, "AWS_ECR_CONTAINER_IMAGE") => &nothing,
        (None, _) => return None,
    };
    let platform = Platform::of(&stated.platform);
    let image = EcrImage {
        arn: &resource.id,
        region: &resource.region,
        registry: &stated.registry,
        repository: &stated.repository_name,
        digest: &stated.image_hash,
        tags: stated.image_tags.iter().filter_map(|tag| tag.filled()).collect(),
        architecture: &stated.architecture,
        platform: platform.as_ref(),
        pushed_at: stated.pushed_at.0,
    };
    image.image(at, warnings).map(|image| (image, platform))
}

fn vulnerability(
    scan: &mut ScanBuilder,
    finding: &Finding<'_>,
    details: &PackageVulnerability<'_>,
    platform: Option<&Platform>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) {
    let Some(record) = record(finding, details) else {
        warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
        return;
    };
    let vulnerability = scan.vulnerability(record);
    for stated in &details.vulnerable_packages {
        let package = package(stated);
        let Some(component) = package.component(platform, warnings) else {
            warnings.skip(at(), "a package without a name was skipped");
            continue;
        };
        let component = scan.component(component);
        let subject = Subject::Vulnerability { component, vulnerability };
        let mut reported =
            ReportedFinding::new(subject, severity::from_word(&finding.severity), &*finding.severity);
        reported.fix = package.fix(&finding.fix_available);
        reported.cvss = adjusted(finding);
        let location = stated.file_path.filled().or(stated.source_layer_hash.filled());
        reported.location = location.map(|place| bounded(place, "filePath", warnings));
        reported.in_use = reachability(stated, warnings);
        reported.verdict = verdict(&finding.status);
        scan.finding(reported);
    }
    if details.vulnerable_packages.is_empty() {
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

/// What is closed or suppressed there is not open here.
fn verdict(status: &str) -> Verdict {
    match status {
        "SUPPRESSED" => Verdict::Suppressed("suppressed by a rule of Amazon Inspector".to_owned()),
        "CLOSED" => Verdict::Suppressed("closed by Amazon Inspector".to_owned()),
        _ => Verdict::Affected,
    }
}

/// The score that Inspector adjusted to the resource, where it did.
fn adjusted(finding: &Finding<'_>) -> Vec<CvssScore> {
    let adjusted = &finding.inspector_score_details.adjusted;
    let vector = adjusted.scoring_vector.filled().filter(|_| !adjusted.adjustments.is_empty());
    let score = vector.map(|vector| CvssScore {
        source: INSPECTOR.to_owned(),
        vector: vector.to_owned(),
        stated: adjusted.score.0,
    });
    score.into_iter().collect()
}

fn record(finding: &Finding<'_>, details: &PackageVulnerability<'_>) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(details.vulnerability_id.parse().ok()?);
    record.related = details.related_vulnerabilities.iter().filter_map(|id| id.parse().ok()).collect();
    record.related.retain(|id| *id != record.id);
    record.description = finding.description.filled().map(prose);
    for stated in &details.cvss {
        if let Some(vector) = stated.scoring_vector.filled() {
            let score = CvssScore {
                source: aws::cvss_source(&stated.source),
                vector: vector.to_owned(),
                stated: stated.base_score.0,
            };
            if !record.cvss.contains(&score) {
                record.cvss.push(score);
            }
        }
    }
    for text in std::iter::once(&details.source_url).chain(&details.reference_urls) {
        if let Some(link) = link(text)
            && !record.references.contains(&link)
        {
            record.references.push(link);
        }
    }
    record.published_at = details.vendor_created_at.0;
    record.modified_at = details.vendor_updated_at.0;
    let (available, last) =
        (&finding.exploit_available, finding.exploitability_details.last_known_exploit_at);
    let seen = finding.updated_at.0.max(finding.last_observed_at.0);
    record.threat = aws::threat(finding.epss.score, available, last, seen);
    Some(record)
}

/// Whether the image, as it is started, reaches the package: read off the image, not seen at run time.
fn reachability(stated: &Package<'_>, warnings: &mut Warnings) -> Option<String> {
    let word = match stated.runtime_reachability.filled()? {
        "REACHABLE" => "reachable at run time",
        "NOT_REACHABLE" => "not reachable at run time",
        _ => return None,
    };
    let reason = match stated.runtime_reachability_reason.filled() {
        Some("PACKAGE_IN_DOCKERFILE_WORKLOAD_PATH") => "it lies in the path that the image starts",
        Some("PACKAGE_NOT_IN_DOCKERFILE_WORKLOAD_PATH") => "it lies outside the path that the image starts",
        Some(other) => {
            return Some(format!("{word} ({})", bounded(other, "runtimeReachabilityReason", warnings)));
        }
        None => return Some(word.to_owned()),
    };
    Some(format!("{word}: {reason}"))
}
