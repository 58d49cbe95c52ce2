//! twistcli's report in our words: a scan for each image, of its vulnerabilities and of what its compliance
//! rules hold against it. Refuses to take a list that is shorter than its own count for all there is.

use std::collections::HashMap;

use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target};
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{Compliance, Counts, Factors, Outcome, Package, Report, Vulnerability};
use crate::images::ImageBuilder;
use crate::platforms::Platform;
use crate::untrusted::{link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, prisma, severity, time};

/// Maps a whole report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let scans = report.results.iter().enumerate().map(|(number, outcome)| {
        Observation::Scan(scan(outcome, &format!("results[{number}]"), &mut warnings).build())
    });
    let observations: Vec<Observation> = scans.collect();
    if observations.is_empty() {
        warnings.push("results", "the list is empty, so nothing is recorded as checked");
    }
    let listed = |outcome: &Outcome<'_>| outcome.vulnerabilities.len() + outcome.compliances.len();
    Parsed {
        tool: Some(prisma::tool()),
        entries: report.results.iter().map(listed).sum(),
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn scan(outcome: &Outcome<'_>, at: &str, warnings: &mut Warnings) -> ScanBuilder {
    let platform = Platform::of_words(&outcome.distro);
    let mut builder = ScanBuilder::new(prisma::tool(), target(outcome, platform.as_ref(), at, warnings));
    state(outcome, &mut builder);
    let packages: HashMap<(&str, &str), &Package<'_>> =
        outcome.packages.iter().map(|package| ((&*package.name, &*package.version), package)).collect();
    for (number, found) in outcome.vulnerabilities.iter().enumerate() {
        let at = || format!("{at}.vulnerabilities[{number}]");
        let listed = packages.get(&(&*found.package_name, &*found.package_version)).copied();
        vulnerability(found, listed, platform.as_ref(), &mut builder, &at, warnings);
    }
    for (number, found) in outcome.compliances.iter().enumerate() {
        let Compliance { id, title, cause, severity } = found;
        match prisma::check(&prisma::Check { id, title, cause, severity }, warnings) {
            Some(finding) => builder.finding(finding),
            None => {
                warnings
                    .skip(format!("{at}.compliances[{number}]"), "a check without id and title was skipped");
            }
        }
    }
    builder
}

fn target(outcome: &Outcome<'_>, platform: Option<&Platform>, at: &str, warnings: &mut Warnings) -> Target {
    let mut image = ImageBuilder::default();
    for (role, digest) in [(DigestRole::Config, &outcome.id), (DigestRole::Repository, &outcome.digest)] {
        if !digest.is_empty() && !image.digest(role, digest) {
            warnings.push(at, "the digest of an image cannot be read");
        }
    }
    if !outcome.name.is_empty() && !image.reference(&outcome.name) {
        warnings.push(at, "the name of an image cannot be read");
    }
    if image.is_empty() {
        warnings.push(at, "the document names no image that can be read");
        return Target::Unstated;
    }
    image.image_mut().distribution = platform.map(|platform| platform.distribution.clone());
    Target::Image(image.build())
}

/// What was looked for, when, and whether all of it is listed.
fn state(outcome: &Outcome<'_>, builder: &mut ScanBuilder) {
    let known = builder.scan_mut();
    known.scanned_at = time::parse(&outcome.scan_time);
    let lists = [
        (FindingClass::Vulnerability, &outcome.vulnerability_distribution, outcome.vulnerabilities.len()),
        (FindingClass::Misconfiguration, &outcome.compliance_distribution, outcome.compliances.len()),
    ];
    for (class, counts, listed) in lists {
        if let Some(Counts { total }) = counts {
            known.covers.insert(class);
            let more =
                total.whole().filter(|total| usize::try_from(*total).is_ok_and(|total| total > listed));
            if let Some(total) = more {
                let why = format!(
                    "{total} findings of the class {} are counted and {listed} listed",
                    class.as_str()
                );
                known.partial.get_or_insert(why);
            }
        }
    }
}

fn vulnerability(
    found: &Vulnerability<'_>,
    listed: Option<&Package<'_>>,
    platform: Option<&Platform>,
    builder: &mut ScanBuilder,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) {
    let Some(record) = record(found) else {
        warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
        return;
    };
    let own = found.package_path.filled();
    let package = prisma::Package {
        kind: listed.map_or("", |package| &*package.kind),
        name: &found.package_name,
        version: &found.package_version,
        source: "",
        path: own.or_else(|| listed?.path.filled()).unwrap_or_default(),
        licences: listed
            .into_iter()
            .flat_map(|package| &package.licenses)
            .filter_map(|text| text.filled())
            .collect(),
    };
    let Some(component) = prisma::component(&package, platform, at, warnings) else {
        warnings.skip(at(), "a finding without a package name was skipped");
        return;
    };
    let location = component.paths.first().cloned();
    let vulnerability = builder.vulnerability(record);
    let component = builder.component(component);
    let subject = Subject::Vulnerability { component, vulnerability };
    let mut finding = ReportedFinding::new(subject, severity::from_word(&found.severity), &*found.severity);
    finding.fix = prisma::fix(&found.status);
    finding.location = location;
    finding.in_use = match &found.risk_factors {
        Some(Factors::List(list)) => prisma::in_use(list.iter().map(|factor| &**factor)),
        Some(Factors::Members(members)) => prisma::in_use(members.0.iter().map(|(factor, _)| &**factor)),
        None => None,
    };
    finding.used = finding.in_use.as_ref().map(|_| true);
    builder.finding(finding);
}

fn record(found: &Vulnerability<'_>) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(found.id.parse().ok()?);
    record.description = found.description.filled().map(prose);
    record.references = link(&found.link).into_iter().collect();
    record.published_at = time::parse(&found.published_date);
    let score = found.vector.filled().map(|vector| CvssScore {
        source: prisma::tool().name,
        vector: vector.to_owned(),
        stated: found.cvss.0,
    });
    record.cvss = score.into_iter().collect();
    Some(record)
}
