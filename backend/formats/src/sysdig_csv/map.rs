//! Rows in our words: a scan for each image, or one that does not state it. Refuses to take a table for all
//! that was found: it holds what its filters let through, and does not state them; and to take a package for unused in
//! an image of which nothing was seen running.

use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::Fix;
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target};
use domain::vulnerability::{ThreatWord, VulnerabilityRecord};

use super::wire::Finding;
use crate::images::ImageBuilder;
use crate::platforms::Platform;
use crate::scans::Scans;
use crate::table::Table;
use crate::untrusted::link;
use crate::warnings::Warnings;
use crate::{Error, Parsed, severity, sysdig, time};

const FILTERED: &str = "a table lists what its filters let through, and does not state them";

/// Maps a table.
///
/// # Errors
/// When none of its rows can be read.
pub(super) fn table(mut table: Table<'_>) -> Result<Parsed, Error> {
    let tool = sysdig::tool(None);
    let (mut scans, mut warnings) = (Scans::default(), Warnings::default());
    let mut unstated = ScanBuilder::new(tool.clone(), Target::Unstated);
    while let Some(row) = table.row(&mut warnings)? {
        let found = Finding::of(row);
        let at = || row.at();
        let platform = Platform::of_words(found.os);
        let mut image = image(&found, &at, &mut warnings);
        let scan = if image.is_empty() {
            &mut unstated
        } else {
            image.image_mut().distribution = platform.as_ref().map(|platform| platform.distribution.clone());
            scans.of(&tool, image.build(), FindingClass::Vulnerability, None)
        };
        finding(&found, platform.as_ref(), scan, &at, &mut warnings);
    }
    let mut observations = scans.build(Some(FILTERED));
    for observation in &mut observations {
        if let Observation::Scan(scan) = observation
            && !scan.findings.iter().any(|finding| finding.used == Some(true))
        {
            sysdig::take_back_unused(&mut scan.findings);
        }
    }
    let mut unstated = unstated.build();
    // Its rows may be of many images.
    sysdig::take_back_unused(&mut unstated.findings);
    if !unstated.findings.is_empty() {
        unstated.partial = Some(FILTERED.to_owned());
        observations.push(Observation::Scan(unstated));
    }
    if table.listed() == 0 {
        warnings.push("line 1", "the table is empty, so nothing is recorded as checked");
    }
    Ok(Parsed {
        tool: Some(tool),
        entries: table.listed(),
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    })
}

fn image(found: &Finding<'_>, at: &dyn Fn() -> String, warnings: &mut Warnings) -> ImageBuilder {
    let mut image = ImageBuilder::default();
    if !found.image_id.is_empty() && !image.digest(DigestRole::Config, found.image_id) {
        warnings.push(at(), "the digest of an image cannot be read");
    }
    if !found.image.is_empty() && !image.reference(found.image) {
        warnings.push(at(), "the name of an image cannot be read");
    }
    image
}

fn finding(
    found: &Finding<'_>,
    platform: Option<&Platform>,
    scan: &mut ScanBuilder,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) {
    let Some(record) = record(found) else {
        warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
        return;
    };
    let package =
        sysdig::Package { kind: found.kind, name: found.package, version: found.version, path: found.path };
    let Some(component) = sysdig::component(package, platform, at, warnings) else {
        warnings.skip(at(), "a finding without a package name was skipped");
        return;
    };
    let location = component.paths.first().cloned();
    let vulnerability = scan.vulnerability(record);
    let component = scan.component(component);
    let subject = Subject::Vulnerability { component, vulnerability };
    let mut finding = ReportedFinding::new(subject, severity::from_word(found.severity), found.severity);
    finding.fix = Fix::in_versions(
        Some(found.fix).filter(|fix| !fix.is_empty()).map(str::to_owned).into_iter().collect(),
    );
    finding.location = location;
    sysdig::tell_use(&mut finding, found.in_use);
    if is(found.accepted, "true") {
        finding.verdict = sysdig::accepted("");
    }
    scan.finding(finding);
}

fn record(found: &Finding<'_>) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(found.id.parse().ok()?);
    record.references = link(found.link).into_iter().collect();
    record.published_at = time::parse(found.published);
    if !found.vector.is_empty() {
        let (source, vector) = ("sysdig".to_owned(), found.vector.to_owned());
        record.cvss.push(CvssScore { source, vector, stated: found.score.parse().ok() });
    }
    let epss = found.epss.parse::<f64>().ok().filter(|score| (0.0..=1.0).contains(score));
    let exploit = match found.exploit {
        word if is(word, "true") => Some(true),
        word if is(word, "false") => Some(false),
        _ => None,
    };
    if epss.is_some() || exploit.is_some() {
        record.threat = Some(ThreatWord { epss, exploit, ..ThreatWord::default() });
    }
    Some(record)
}

fn is(cell: &str, word: &str) -> bool {
    cell.eq_ignore_ascii_case(word)
}
