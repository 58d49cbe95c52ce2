//! Findings of ECR's basic scanning, which looks at packages of the distribution only and names them in
//! attributes. The distribution is told by the trackers that findings link to.
//!
//! Refuses to guess a distribution: without one a package is `pkg:generic/…`, and a warning says so.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{ReportedFinding, Subject};
use domain::scan::{ScanBuilder, Target};
use domain::vulnerability::VulnerabilityRecord;

use super::wire::Finding;
use crate::aws::Platform;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{distributions, purls, severity};

/// Adds findings to the scan of their image.
pub(super) fn findings(
    scan: &mut ScanBuilder,
    findings: &[Finding<'_>],
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) {
    let platform = platform(findings);
    if let (Target::Image(image), Some(platform)) = (&mut scan.scan_mut().target, &platform) {
        image.distribution.get_or_insert_with(|| platform.distribution.clone());
    }
    if platform.is_none() && !findings.is_empty() {
        warnings.push(at(), "no finding tells the distribution, so packages are known by name alone");
    }
    for finding in findings {
        let Some(record) = record(finding) else {
            warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
            continue;
        };
        let Some(component) = component(finding, platform.as_ref(), warnings) else {
            warnings.skip(at(), "a finding without a package name was skipped");
            continue;
        };
        let vulnerability = scan.vulnerability(record);
        let component = scan.component(component);
        let subject = Subject::Vulnerability { component, vulnerability };
        scan.finding(ReportedFinding::new(
            subject,
            severity::from_word(&finding.severity),
            &*finding.severity,
        ));
    }
}

fn component(
    finding: &Finding<'_>,
    platform: Option<&Platform>,
    warnings: &mut Warnings,
) -> Option<Component> {
    let name = finding.attribute("package_name")?;
    let version = finding.attribute("package_version");
    let purl = match platform {
        Some(platform) => purls::from_parts(platform.kind, Some(platform.namespace), name, version)?,
        None => purls::from_parts("generic", None, name, version)?,
    };
    let mut component = Component::from_purl(purl);
    component.name = bounded(name, "package_name", warnings);
    component.version = version.map(str::to_owned);
    Some(component)
}

/// The distribution that the findings' own links or versions prove.
fn platform(findings: &[Finding<'_>]) -> Option<Platform> {
    let by_link = findings.iter().find_map(|finding| distributions::of_link(&finding.uri));
    let versions = || findings.iter().filter_map(|finding| finding.attribute("package_version"));
    let family = by_link.or_else(|| versions().find_map(distributions::of_version));
    // Basic scanning links Alpine's findings to MITRE, which tracks for everybody.
    let of_mitre = || findings.iter().all(|finding| finding.uri.contains("://cve.mitre.org/"));
    let of_apk = || versions().next().is_some() && versions().all(distributions::is_apk_version);
    let alpine = || (of_apk() && of_mitre()).then_some("alpine");
    Platform::of_family(family.or_else(alpine)?)
}

fn record(finding: &Finding<'_>) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(finding.name.parse().ok()?);
    record.description = finding.description.filled().map(prose);
    record.references = link(&finding.uri).into_iter().collect();
    for version in ["CVSS4", "CVSS3", "CVSS2"] {
        if let Some(vector) = finding.attribute(&format!("{version}_VECTOR")) {
            let stated = finding.attribute(&format!("{version}_SCORE")).and_then(|score| score.parse().ok());
            record.cvss.push(CvssScore { source: "aws-ecr".to_owned(), vector: vector.to_owned(), stated });
        }
    }
    Some(record)
}
