//! Rows in our words: a scan for each image. A row on several packages is a finding for each. Refuses to take a
//! table for all that was found: it holds what its filters let through, and does not state them.

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::DigestRole;
use domain::scan::ScanBuilder;
use domain::vulnerability::VulnerabilityRecord;

use super::wire::Finding;
use crate::images::ImageBuilder;
use crate::platforms::Platform;
use crate::scans::Scans;
use crate::table::Table;
use crate::untrusted::prose;
use crate::warnings::Warnings;
use crate::{Error, Parsed, prisma, severity, time};

const FILTERED: &str = "a table lists what its filters let through, and does not state them";

/// Maps a table.
///
/// # Errors
/// When none of its rows can be read.
pub(super) fn table(mut table: Table<'_>) -> Result<Parsed, Error> {
    let (mut scans, mut warnings) = (Scans::default(), Warnings::default());
    while let Some(row) = table.row(&mut warnings)? {
        finding(&Finding::of(row), &|| row.at(), &mut scans, &mut warnings);
    }
    if table.listed() == 0 {
        warnings.push("line 1", "the table is empty, so nothing is recorded as checked");
    }
    Ok(Parsed {
        tool: Some(prisma::tool()),
        entries: table.listed(),
        listed_components: 0,
        observations: scans.build(Some(FILTERED)),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    })
}

fn finding(found: &Finding<'_>, at: &dyn Fn() -> String, scans: &mut Scans, warnings: &mut Warnings) {
    let platform = Platform::of_words(found.distro);
    let mut image = image(found, at, warnings);
    if image.is_empty() {
        warnings.skip(at(), "a row that names no image was skipped");
        return;
    }
    image.image_mut().distribution = platform.as_ref().map(|platform| platform.distribution.clone());
    let class = match found.cve {
        "" => FindingClass::Misconfiguration,
        _ => FindingClass::Vulnerability,
    };
    let scan = scans.of(&prisma::tool(), image.build(), class, time::parse(found.scan_time));
    match class {
        FindingClass::Vulnerability => vulnerability(found, platform.as_ref(), scan, at, warnings),
        _ => check(found, scan, at, warnings),
    }
}

fn image(found: &Finding<'_>, at: &dyn Fn() -> String, warnings: &mut Warnings) -> ImageBuilder {
    let mut image = ImageBuilder::default();
    if !found.id.is_empty() && !image.digest(DigestRole::Config, found.id) {
        warnings.push(at(), "the digest of an image cannot be read");
    }
    if found.repository.is_empty() {
        return image;
    }
    let slash = if found.registry.is_empty() { "" } else { "/" };
    let name = format!("{}{slash}{}", found.registry, found.repository);
    if !image.named(&name, Some(found.tag), DigestRole::Repository) {
        warnings.push(at(), "the name of an image cannot be read");
    }
    image
}

fn check(found: &Finding<'_>, scan: &mut ScanBuilder, at: &dyn Fn() -> String, warnings: &mut Warnings) {
    let check = prisma::Check {
        id: found.compliance,
        title: found.description,
        cause: found.cause,
        severity: found.severity,
    };
    match prisma::check(&check, warnings) {
        Some(finding) => scan.finding(finding),
        None => warnings.skip(at(), "a row without a vulnerability and a check was skipped"),
    }
}

fn vulnerability(
    found: &Finding<'_>,
    platform: Option<&Platform>,
    scan: &mut ScanBuilder,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) {
    let Ok(id) = found.cve.parse() else {
        warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
        return;
    };
    let mut record = VulnerabilityRecord::bare(id);
    record.description = Some(found.description).filter(|text| !text.is_empty()).map(prose);
    record.published_at = time::parse(found.published);
    let mut names = found.packages.split(',').map(str::trim).filter(|name| !name.is_empty()).peekable();
    if names.peek().is_none() {
        warnings.skip(at(), "a finding without a package name was skipped");
    }
    for name in names {
        let package = prisma::Package {
            kind: found.kind,
            name,
            version: found.version,
            source: found.source,
            path: "",
            licences: Some(found.licence).filter(|licence| !licence.is_empty()).into_iter().collect(),
        };
        let Some(component) = prisma::component(&package, platform, at, warnings) else {
            warnings.skip(at(), "a package whose name cannot be read was skipped");
            continue;
        };
        let vulnerability = scan.vulnerability(record.clone());
        let component = scan.component(component);
        let subject = Subject::Vulnerability { component, vulnerability };
        let mut finding = ReportedFinding::new(subject, severity::from_word(found.severity), found.severity);
        finding.fix = prisma::fix(found.fix);
        finding.in_use = prisma::in_use(found.factors.split(','));
        finding.used = finding.in_use.as_ref().map(|_| true);
        scan.finding(finding);
    }
}
