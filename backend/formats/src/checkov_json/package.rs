//! Vulnerabilities and licences of packages, which Checkov lists as failed checks. Refuses to name an ecosystem that
//! neither the package's type nor its file tells.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{ReportedFinding, Subject, Verdict};
use domain::fix::Fix;
use domain::scan::ScanBuilder;
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{Details, Record};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{purls, severity, time};

/// The finding of a package; nothing, with a warning, where it names neither package nor id.
pub(super) fn finding(
    scan: &mut ScanBuilder,
    record: &Record<'_>,
    details: &Details<'_>,
    path: &str,
    aside: Option<String>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<ReportedFinding> {
    let Some(component) = component(details, path, warnings) else {
        warnings.skip(at(), "a finding without a package name was skipped");
        return None;
    };
    let subject = match details.license.filled().filter(|_| details.id.is_empty()) {
        Some(licence) => {
            let licence = bounded(licence, "license", warnings);
            Subject::Licence { component: Some(scan.component(component)), path: None, licence }
        }
        None => {
            let Some(vulnerability) = vulnerability(details) else {
                warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
                return None;
            };
            let vulnerability = scan.vulnerability(vulnerability);
            Subject::Vulnerability { component: scan.component(component), vulnerability }
        }
    };
    let of_licence = matches!(subject, Subject::Licence { .. });
    let word = record.severity.filled().unwrap_or(&details.severity);
    let word = bounded(word, "severity", warnings);
    let mut finding = ReportedFinding::new(subject, severity::from_word(&word), word);
    finding.title = record.check_name.filled().filter(|_| of_licence).map(prose);
    finding.fix = fix(details);
    finding.location =
        Some(path).filter(|path| !path.is_empty()).map(|path| bounded(path, "file_path", warnings));
    if let Some(why) = aside {
        finding.verdict = Verdict::Suppressed(prose(&why));
    }
    Some(finding)
}

fn component(details: &Details<'_>, path: &str, warnings: &mut Warnings) -> Option<Component> {
    let (name, version) = (details.package_name.filled()?, details.package_version.filled());
    let kind =
        purls::ecosystem_of_word(&details.package_type).unwrap_or_else(|| purls::ecosystem_of_file(path));
    let mut component = Component::from_purl(purls::from_name(kind, name, version)?);
    component.name = bounded(name, "package_name", warnings);
    component.version = version.map(str::to_owned);
    if !path.is_empty() {
        component.paths.push(bounded(path, "file_path", warnings));
    }
    Some(component)
}

fn vulnerability(details: &Details<'_>) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(details.id.parse().ok()?);
    record.description = details.description.filled().map(prose);
    record.references = link(&details.link).into_iter().collect();
    record.published_at = time::parse(&details.published_date);
    if let Some(vector) = details.vector.filled() {
        let (source, vector) = ("checkov".to_owned(), vector.to_owned());
        record.cvss.push(CvssScore { source, vector, stated: details.cvss.0 });
    }
    Some(record)
}

/// All versions with the fix, or the lowest; `N/A` where there is none.
fn fix(details: &Details<'_>) -> Fix {
    let lowest = [&details.lowest_fixed_version, &details.fix_version];
    let mut versions: Vec<&str> =
        details.fixed_versions.iter().filter_map(|version| version.filled()).collect();
    if versions.is_empty() {
        versions.extend(lowest.into_iter().filter_map(|version| version.filled()).take(1));
    }
    let stated =
        versions.into_iter().filter(|version| version.starts_with(|first: char| first.is_ascii_digit()));
    Fix::in_versions(stated.map(str::to_owned).collect())
}
