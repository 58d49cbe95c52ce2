//! GitLab's report in our words: one scan for each image that it names. Refuses to take a scan that GitLab says failed
//! for a whole one.
//!
//! The tool is GitLab, whichever scanner it runs: its settings leave out what the scanner finds by itself (packages of
//! languages, unless they are asked for), so that under the scanner's name one would close what the other found.

use std::collections::HashMap;

use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::Fix;
use domain::observation::Observation;
use domain::scan::{Target, Tool};
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};

use super::targets::Targets;
use super::wire::{Report, Vulnerability};
use super::{names, package};
use crate::error::clip;
use crate::platforms::Platform;
use crate::untrusted::{link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// Maps a whole report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = tool(report);
    let mut targets = Targets::of(report, &tool, &mut warnings);
    let remedies: HashMap<&str, &str> = report
        .remediations
        .iter()
        .flat_map(|remedy| remedy.fixes.iter().map(|fixed| (&*fixed.id, &*remedy.summary)))
        .collect();
    for (number, entry) in report.vulnerabilities.iter().enumerate() {
        let at = format!("vulnerabilities[{number}]");
        let fix = fix(&entry.solution).or_else(|| fix(remedies.get(&*entry.id)?)).unwrap_or_default();
        finding(entry, fix, &mut targets, &at, &mut warnings);
    }
    let scanned_at = time::parse(&report.scan.end_time).or_else(|| time::parse(&report.scan.start_time));
    let status = report.scan.status.filled().filter(|status| *status != "success");
    let partial = status.map(|status| format!("the status of the scan is {}", clip(status)));
    let observations = targets.build().into_iter().map(|builder| {
        let mut scan = builder.build();
        scan.covers.insert(FindingClass::Vulnerability);
        scan.scanned_at = scanned_at;
        scan.partial.clone_from(&partial);
        Observation::Scan(scan)
    });
    Parsed {
        entries: report.vulnerabilities.len(),
        listed_components: 0,
        observations: observations.collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        tool: Some(tool),
    }
}

/// What the findings are attributed to.
const TOOL: &str = "GitLab";

/// GitLab, with the scanner behind it as its version.
fn tool(report: &Report<'_>) -> Tool {
    let first = report.vulnerabilities.first().and_then(|entry| entry.scanner.id.filled());
    let scanner = report.scan.scanner.id.filled().or(first).or_else(|| report.scan.analyzer.id.filled());
    let version = report.scan.scanner.version.filled();
    let words: Vec<&str> = scanner.into_iter().chain(version).collect();
    Tool { name: TOOL.to_owned(), version: Some(clip(&words.join(" "))).filter(|words| !words.is_empty()) }
}

fn finding<'r>(
    entry: &'r Vulnerability<'r>,
    fix: Fix,
    targets: &mut Targets<'r>,
    at: &str,
    warnings: &mut Warnings,
) {
    let names = names::of(entry, at, warnings);
    if names.is_empty() {
        warnings.skip(at, "an entry without a usable vulnerability id was skipped");
        return;
    }
    let platform = Platform::of_os(&entry.location.operating_system);
    let Some(component) = package::component(&entry.location, platform.as_ref(), at, warnings) else {
        warnings.skip(at, "an entry without a package name was skipped");
        return;
    };
    let Some(builder) = targets.scan(&entry.location.image) else { return };
    if let (Target::Image(image), Some(platform)) = (&mut builder.scan_mut().target, platform) {
        image.distribution.get_or_insert(platform.distribution);
    }
    let component = builder.component(component);
    for (id, aliases, related) in names {
        let title = entry.name.filled().filter(|name| *name != id.as_str()).map(prose);
        let record = VulnerabilityRecord { aliases, related, title, ..record(entry, id) };
        let vulnerability = builder.vulnerability(record);
        let subject = Subject::Vulnerability { component, vulnerability };
        let mut finding =
            ReportedFinding::new(subject, severity::from_word(&entry.severity), &*entry.severity);
        finding.fix = fix.clone();
        builder.finding(finding);
    }
}

/// What an entry says of a vulnerability besides its names.
fn record(entry: &Vulnerability<'_>, id: VulnerabilityId) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(id);
    record.description = entry.description.filled().map(prose);
    let identified = entry.identifiers.iter().map(|identifier| &identifier.url);
    for text in identified.chain(entry.links.iter().map(|link| &link.url)) {
        if let Some(link) = link(text)
            && !record.references.contains(&link)
        {
            record.references.push(link);
        }
    }
    record.weaknesses = names::weaknesses(entry);
    record.cvss = entry
        .cvss_vectors
        .iter()
        .filter_map(|cvss| {
            let source = cvss.vendor.filled().unwrap_or("unknown").to_ascii_lowercase();
            Some(CvssScore { source, vector: cvss.vector.filled()?.to_owned(), stated: None })
        })
        .collect();
    record
}

/// The fix in a sentence: `Upgrade NAME [from VERSION] to VERSION`, `Upgrade to versions A, B or above.`
/// A sentence without a version (`No solution provided`) says nothing.
fn fix(sentence: &str) -> Option<Fix> {
    let (_, versions) = sentence.trim().strip_prefix("Upgrade")?.rsplit_once(" to ")?;
    let versions = versions.trim_end_matches('.').trim();
    let versions = versions.strip_prefix("versions ").unwrap_or(versions);
    let versions = versions.strip_prefix("version ").unwrap_or(versions);
    let versions = versions.strip_suffix(" or above").unwrap_or(versions);
    let is_version = |text: &&str| {
        !text.contains(char::is_whitespace) && text.contains(|letter: char| letter.is_ascii_digit())
    };
    let versions: Vec<String> =
        versions.split(',').map(str::trim).filter(is_version).map(str::to_owned).collect();
    (!versions.is_empty()).then(|| Fix::in_versions(versions))
}
