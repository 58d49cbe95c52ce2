//! StackRox's words in ours: one scan of vulnerabilities. Refuses to take a scan for whole that says what it
//! lacks, and an image without a scan for a clean one.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::fix::Fix;
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};

use super::package;
use super::wire::{Entry, Image, Outcome, Scan, Vulnerability};
use crate::images::ImageBuilder;
use crate::json::Text;
use crate::platforms::Platform;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// What a scan notes where it could not look at all.
const LACKS: [&str; 6] = [
    "CERTIFIED_RHEL_SCAN_UNAVAILABLE",
    "LANGUAGE_CVES_UNAVAILABLE",
    "OS_CVES_STALE",
    "OS_CVES_UNAVAILABLE",
    "OS_UNAVAILABLE",
    "PARTIAL_SCAN_DATA",
];
/// The scanner that lists a distribution's packages by their source.
const BY_SOURCE: &str = "Stackrox Scanner";

fn tool(version: Option<String>) -> Tool {
    Tool { name: "stackrox".to_owned(), version }
}

/// Maps an image.
pub(super) fn image(image: &Image<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let Some(scan) = &image.scan else {
        let message = "the image was not scanned, so nothing is recorded as checked";
        warnings.push("scan", message);
        return parsed(tool(None), 0, Vec::new(), warnings);
    };
    let version = scan.scanner_version.filled().map(|version| bounded(version, "scan", &mut warnings));
    let platform = Platform::of_words(&scan.operating_system);
    let target = target(image, platform.as_ref(), &mut warnings);
    let mut builder = ScanBuilder::new(tool(version.clone()), target);
    let known = builder.scan_mut();
    known.covers.insert(FindingClass::Vulnerability);
    known.scanned_at = time::parse(&scan.scan_time);
    known.partial = partial(scan);
    let by_source = &*scan.data_source.name == BY_SOURCE;
    let mut entries = 0;
    for (number, stated) in scan.components.iter().enumerate() {
        for (nth, found) in stated.vulns.iter().enumerate() {
            entries += 1;
            let at = || format!("scan.components[{number}].vulns[{nth}]");
            let Some(record) = record(found) else {
                warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
                continue;
            };
            match package::of_scan(stated, platform.as_ref(), by_source, &at, &mut warnings) {
                Some(component) => {
                    let finding = add(&mut builder, record, component, &found.severity, &found.fixed_by);
                    builder.finding(ReportedFinding { verdict: verdict(found), ..finding });
                }
                None => warnings.skip(at(), "a finding without a package name was skipped"),
            }
        }
    }
    parsed(tool(version), entries, vec![Observation::Scan(builder.build())], warnings)
}

fn target(image: &Image<'_>, platform: Option<&Platform>, warnings: &mut Warnings) -> Target {
    let mut builder = ImageBuilder::default();
    let config = Some(&image.metadata.v1.digest).filter(|digest| **digest != image.id);
    let repository = [&image.digest, &image.metadata.v2.digest, &image.id];
    let digests = repository.into_iter().map(|digest| (DigestRole::Repository, digest));
    for (role, digest) in digests.chain(config.map(|digest| (DigestRole::Config, digest))) {
        // Newer releases have a number of their own where the digest was.
        if digest.contains(':') && !builder.digest(role, digest) {
            warnings.push("id", "the digest of an image cannot be read");
        }
    }
    for name in std::iter::once(&image.name).chain(&image.names) {
        if !name.full_name.is_empty() && !builder.reference(&name.full_name) {
            warnings.push("name", "the name of an image cannot be read");
        }
    }
    if builder.is_empty() {
        warnings.push("id", "the document names no image that can be read");
        return Target::Unstated;
    }
    builder.image_mut().created_at = time::parse(&image.metadata.v1.created);
    builder.image_mut().distribution = platform.map(|platform| platform.distribution.clone());
    Target::Image(builder.build())
}

fn partial(scan: &Scan<'_>) -> Option<String> {
    let lacks: Vec<&str> =
        scan.notes.iter().map(|note| &**note).filter(|note| LACKS.contains(note)).collect();
    (!lacks.is_empty()).then(|| format!("StackRox notes {}", lacks.join(", ")))
}

/// Maps roxctl's summary.
pub(super) fn summary(outcome: &Outcome<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let platform = package::platform(&outcome.vulnerabilities);
    let mut builder = ScanBuilder::new(tool(None), Target::Unstated);
    builder.scan_mut().covers.insert(FindingClass::Vulnerability);
    let listed = u64::try_from(outcome.vulnerabilities.len()).unwrap_or(u64::MAX);
    let more = outcome.summary.vulnerabilities.whole().filter(|counted| *counted > listed);
    builder.scan_mut().partial =
        more.map(|counted| format!("the summary counts {counted} vulnerabilities and lists {listed}"));
    for (number, entry) in outcome.vulnerabilities.iter().enumerate() {
        let at = || format!("result.vulnerabilities[{number}]");
        let Some(record) = record_of_entry(entry) else {
            warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
            continue;
        };
        match package::of_summary(entry, platform.as_ref(), &at, &mut warnings) {
            Some(component) => {
                let (word, fix) = (&entry.cve_severity, &entry.component_fixed_version);
                let finding = add(&mut builder, record, component, word, fix);
                builder.finding(finding);
            }
            None => warnings.skip(at(), "a finding without a package name was skipped"),
        }
    }
    let entries = outcome.vulnerabilities.len();
    parsed(tool(None), entries, vec![Observation::Scan(builder.build())], warnings)
}

/// The finding of a vulnerability in a component, both of which go into the scan's tables.
fn add(
    builder: &mut ScanBuilder,
    record: VulnerabilityRecord,
    component: Component,
    severity: &Text<'_>,
    fixed: &Text<'_>,
) -> ReportedFinding {
    let location = component.paths.first().cloned();
    let vulnerability = builder.vulnerability(record);
    let component = builder.component(component);
    let subject = Subject::Vulnerability { component, vulnerability };
    let word = severity.strip_suffix("_VULNERABILITY_SEVERITY").unwrap_or(severity);
    let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
    finding.fix = Fix::in_versions(fixed.filled().map(str::to_owned).into_iter().collect());
    finding.location = location;
    finding
}

fn record(found: &Vulnerability<'_>) -> Option<VulnerabilityRecord> {
    let mut record = bare(&found.cve, &found.advisory.name, &found.link)?;
    record.description = found.summary.filled().map(prose);
    record.published_at = time::parse(&found.published_on);
    record.modified_at = time::parse(&found.last_modified);
    let scores = [&found.cvss_v3, &found.cvss_v2].into_iter().filter_map(|score| {
        let vector = score.vector.filled()?.to_owned();
        Some(CvssScore { source: "stackrox".to_owned(), vector, stated: score.score.0 })
    });
    record.cvss = scores.collect();
    Some(record)
}

fn record_of_entry(entry: &Entry<'_>) -> Option<VulnerabilityRecord> {
    bare(&entry.cve_id, &entry.advisory_id, &entry.cve_info)
}

/// A record of an id; an advisory beside it may cover others too and is related.
fn bare(id: &str, advisory: &str, text: &str) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(id.parse().ok()?);
    let advisory = advisory.parse::<VulnerabilityId>().ok().filter(|advisory| *advisory != record.id);
    record.related = advisory.into_iter().collect();
    record.references = link(text).into_iter().collect();
    Some(record)
}

/// What somebody deferred, judged or snoozed in StackRox is set aside there.
fn verdict(found: &Vulnerability<'_>) -> Verdict {
    let why = match &*found.state {
        "DEFERRED" => "deferred in StackRox",
        "FALSE_POSITIVE" => "a false positive in StackRox",
        _ if &*found.suppressed == "true" => "snoozed in StackRox",
        _ => return Verdict::Affected,
    };
    Verdict::Suppressed(why.to_owned())
}

fn parsed(tool: Tool, entries: usize, observations: Vec<Observation>, warnings: Warnings) -> Parsed {
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}
