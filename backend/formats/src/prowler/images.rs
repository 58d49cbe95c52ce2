//! Findings on images: those of Prowler's own scans, which Trivy makes for it, and those on the newest image of a
//! repository in ECR. Refuses other findings on registries, which name no image.

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::fix::Fix;
use domain::image::{DigestRole, Image};
use domain::purl::Purl;
use domain::scan::{ScanBuilder, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::told::{self, Found};
use super::{Finding, MUTED};
use crate::aws::EcrImage;
use crate::aws_securityhub_asff::purl_of_target;
use crate::checks::Check;
use crate::images::reference;
use crate::scans::Scans;
use crate::severity;
use crate::trivy_json::distribution_of_target;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;

/// Checks of the newest image of a repository, by their names of today and of the second version.
const NEWEST: [&str; 2] = ["ecr_repositories_scan_vulnerabilities_in_latest_image", "extra776"];
/// Why such a check closes nothing.
const ONE_CHECK: &str = "one check of Prowler's is about images, and it says nothing of others";

/// Adds a finding of a scanned image; whether its name could be read.
pub(super) fn scanned(
    finding: &Finding<'_>,
    tool: &Tool,
    scans: &mut Scans,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> bool {
    let Some(name) = reference(finding.name) else { return false };
    let mut image = Image { distribution: distribution_of_target(finding.details), ..Image::default() };
    if let Some(digest) = &name.digest {
        image.add_digest(DigestRole::Repository, digest.clone());
    }
    image.references.push(name.with_default_tag());
    let found = finding.found.unwrap_or_else(|| told::of_sentence(finding));
    let class = match (found.vulnerability, found.secret) {
        ("", "") => FindingClass::Misconfiguration,
        ("", _) => FindingClass::Secret,
        _ => FindingClass::Vulnerability,
    };
    let scan = scans.of(tool, image, class, finding.at);
    let reported = match class {
        FindingClass::Vulnerability => vulnerability(scan, finding, &found, at, warnings),
        FindingClass::Secret => check(finding, &found).secret(at, warnings),
        _ => check(finding, &found).finding(at, warnings),
    };
    if let Some(reported) = reported {
        scan.finding(reported);
    }
    true
}

/// Adds a finding on the newest image of a repository; whether it is one.
pub(super) fn registered(
    finding: &Finding<'_>,
    tool: &Tool,
    scans: &mut Scans,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> bool {
    let newest = NEWEST.contains(&finding.check).then(|| newest(finding, at, warnings)).flatten();
    let Some(image) = newest else { return false };
    let scan = scans.of(tool, image, FindingClass::Misconfiguration, finding.at);
    scan.scan_mut().partial = Some(ONE_CHECK.to_owned());
    if let Some(reported) = check(finding, &Found::default()).finding(at, warnings) {
        scan.finding(reported);
    }
    true
}

/// The image in `ECR repository 'shop/api' has scanned the Docker container image with digest 'sha256:…' and tag
/// '1.4.0' …`, or in `ECR repository shop/api has imageTag 1.4.0 …`.
fn newest(finding: &Finding<'_>, at: &dyn Fn() -> String, warnings: &mut Warnings) -> Option<Image> {
    let (_, rest) = finding.sentence.split_once("ECR repository ")?;
    let (repository, rest) = rest.split_once(" has ")?;
    let quoted = |before: &str| rest.split_once(before)?.1.split_once('\'').map(|(text, _)| text);
    let bare = || rest.strip_prefix("imageTag ")?.split_whitespace().next();
    let digest = quoted("digest '").unwrap_or_default();
    let tag = quoted("tag '").or_else(bare).filter(|tag| !tag.is_empty() && *tag != "None");
    if digest.is_empty() && tag.is_none() {
        return None;
    }
    let image = EcrImage {
        arn: finding.resource,
        region: finding.region,
        registry: finding.account,
        repository: repository.trim_matches('\''),
        digest,
        tags: tag.into_iter().collect(),
        ..EcrImage::default()
    };
    image.image(at, warnings)
}

fn vulnerability(
    scan: &mut ScanBuilder,
    finding: &Finding<'_>,
    found: &Found<'_>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<ReportedFinding> {
    let Ok(id) = found.vulnerability.parse() else {
        warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
        return None;
    };
    let Some(component) = component(finding, found, warnings) else {
        warnings.skip(at(), "a finding without a package name was skipped");
        return None;
    };
    let mut record = VulnerabilityRecord::bare(id);
    record.title =
        Some(finding.title).filter(|title| !title.is_empty() && *title != found.vulnerability).map(prose);
    let vulnerability = scan.vulnerability(record);
    let subject = Subject::Vulnerability { component: scan.component(component), vulnerability };
    let word = bounded(finding.severity, "severity", warnings);
    let mut reported = ReportedFinding::new(subject, severity::from_word(&word), word);
    let fixed = found.fixed.split(',').map(str::trim).filter(|version| !version.is_empty());
    reported.fix = Fix::in_versions(fixed.map(str::to_owned).collect());
    reported.location =
        Some(found.path).filter(|path| !path.is_empty()).map(|path| bounded(path, "path", warnings));
    if finding.muted {
        reported.verdict = Verdict::Suppressed(MUTED.to_owned());
    }
    Some(reported)
}

fn component(finding: &Finding<'_>, found: &Found<'_>, warnings: &mut Warnings) -> Option<Component> {
    let version = Some(found.version).filter(|version| !version.is_empty());
    let stated = found.purl.parse::<Purl>().ok();
    let named = || Some(found.package).filter(|name| !name.is_empty());
    let purl = match stated {
        Some(purl) => purl,
        None => purl_of_target(finding.details, named()?, version)?,
    };
    let mut component = Component::from_purl(purl);
    if let Some(name) = named() {
        component.name = bounded(name, "name of a package", warnings);
    }
    component.version = version.map(str::to_owned);
    if !found.path.is_empty() {
        component.paths.push(bounded(found.path, "path of a package", warnings));
    }
    Some(component)
}

fn check<'t>(finding: &Finding<'t>, found: &Found<'t>) -> Check<'t> {
    Check {
        id: finding.check,
        path: if finding.provider == "image" { finding.details } else { "" },
        resource: found.resource,
        line: found.line,
        severity: finding.severity,
        title: finding.title,
        aside: finding.muted.then(|| MUTED.to_owned()),
    }
}
