//! NeuVector's report in our words: one scan of the image, with vulnerabilities, failed checks and secrets.
//! Refuses checks that passed or only inform, and the evidence of secrets.

use chrono::{DateTime, Utc};
use domain::cvss::CvssScore;
use domain::digest::Digest;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::Fix;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;
use domain::vulnerability::VulnerabilityRecord;

use super::package::Sources;
use super::wire::{Check, Report, Secret, Vulnerability};
use crate::clair::Named;
use crate::images::reference;
use crate::json::Number;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, names, severity, time};

/// The name under which what NeuVector says is kept.
pub(crate) const TOOL: &str = "neuvector";
/// Names of Docker Hub's registry.
const HUB: [&str; 3] = ["index.docker.io", "registry.hub.docker.com", "registry-1.docker.io"];

/// Maps a report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = Tool { name: TOOL.to_owned(), version: None };
    let sources = Sources::of(report);
    let mut scan = ScanBuilder::new(tool.clone(), target(report, &sources, &mut warnings));
    scan.scan_mut().covers.insert(FindingClass::Vulnerability);
    scan.scan_mut().database_at = time::parse(&report.cvedb_create_time);
    for (number, found) in report.vulnerabilities.iter().enumerate() {
        let at = format!("report.vulnerabilities[{number}]");
        vulnerability(&mut scan, found, &sources, &at, &mut warnings);
    }
    let failed: Vec<&Check<'_>> = report.checks.iter().filter(|check| is_failed(&check.level)).collect();
    for found in &failed {
        check(&mut scan, found, &mut warnings);
    }
    // The controller writes an empty secret where there is none.
    let secrets = report.secrets.iter().filter(|found| !found.kind.is_empty() || !found.path.is_empty());
    let secrets: Vec<&Secret<'_>> = secrets.collect();
    for found in &secrets {
        let subject = Subject::Secret {
            rule: bounded(&found.kind, "report.secrets", &mut warnings),
            path: bounded(&found.path, "report.secrets", &mut warnings),
            line: None,
        };
        scan.finding(ReportedFinding::new(subject, Severity::Unknown, ""));
    }
    Parsed {
        tool: Some(tool),
        entries: report.vulnerabilities.len() + failed.len() + secrets.len(),
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The image by the registry, repository and tag that the scanner was asked for, and its digests.
fn target(report: &Report<'_>, sources: &Sources<'_>, warnings: &mut Warnings) -> Target {
    let mut image =
        Image { distribution: sources.base().map(|base| base.distribution.clone()), ..Image::default() };
    let registry = report.registry.split_once("://").map_or(&*report.registry, |(_, host)| host);
    let registry = match registry.trim_matches('/') {
        hub if HUB.contains(&hub) => "docker.io",
        other => other,
    };
    if let Some(repository) = report.repository.filled() {
        let slash = if registry.is_empty() { "" } else { "/" };
        let colon = if report.tag.is_empty() { "" } else { ":" };
        let name = format!("{registry}{slash}{repository}{colon}{}", report.tag);
        match reference(&name) {
            Some(name) => image.references.push(name.with_default_tag()),
            None => warnings.push("report.repository", "the name of the image could not be read"),
        }
    }
    let digests = [
        (DigestRole::Repository, "report.digest", &report.digest),
        (DigestRole::Config, "report.image_id", &report.image_id),
    ];
    for (role, at, text) in digests {
        let bare = format!("sha256:{}", text.trim_start_matches("sha256:"));
        match bare.parse::<Digest>() {
            Ok(digest) => image.add_digest(role, digest),
            Err(_) if text.is_empty() => {}
            Err(error) => warnings.push(at, error.to_string()),
        }
    }
    if image.references.is_empty() && image.digests.is_empty() {
        Target::Unstated
    } else {
        Target::Image(image)
    }
}

fn vulnerability(
    scan: &mut ScanBuilder,
    found: &Vulnerability<'_>,
    sources: &Sources<'_>,
    at: &str,
    warnings: &mut Warnings,
) {
    let names = names::of(&found.name, found.cves.iter().map(|id| &**id));
    if names.is_empty() {
        warnings.skip(at, "a vulnerability without a usable id was skipped");
        return;
    }
    let Some(component) = sources.component(found, at, warnings) else {
        warnings.skip(at, "a vulnerability without a package name was skipped");
        return;
    };
    let component = scan.component(component);
    let single = names.len() == 1;
    for named in names {
        let vulnerability = scan.vulnerability(record(named, found, single));
        let subject = Subject::Vulnerability { component, vulnerability };
        let mut finding =
            ReportedFinding::new(subject, severity::from_word(&found.severity), &*found.severity);
        finding.fix = fix(&found.fixed_version, at, warnings);
        scan.finding(finding);
    }
}

/// A vulnerability; the score of an advisory that covers several is none of theirs.
fn record(named: Named, found: &Vulnerability<'_>, single: bool) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(named.id);
    (record.aliases, record.related) = (named.aliases, named.related);
    record.description = found.description.filled().map(prose);
    record.references = link(&found.link).into_iter().collect();
    record.published_at = moment(found.published_timestamp);
    record.modified_at = moment(found.last_modified_timestamp);
    if single {
        let scores = [(&found.vectors_v3, found.score_v3), (&found.vectors, found.score)];
        for (vector, stated) in scores {
            if let Some(vector) = vector.filled() {
                let stated = stated.0.filter(|score| (0.0..=10.0).contains(score));
                record.cvss.push(CvssScore { source: TOOL.to_owned(), vector: vector.to_owned(), stated });
            }
        }
    }
    record
}

fn moment(seconds: Number) -> Option<DateTime<Utc>> {
    let seconds = seconds.whole().filter(|seconds| *seconds > 0)?;
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)
}

/// The fix: a version of the distribution, or bounds for a package of a language, `>=1.2.3||>=2.0.1`.
fn fix(stated: &str, at: &str, warnings: &mut Warnings) -> Fix {
    let versions = stated.split([';', '|']).map(|one| one.trim().trim_start_matches(['>', '<', '=', ' ']));
    let versions = versions.filter(|one| !one.is_empty());
    Fix::in_versions(versions.map(|one| bounded(one, at, warnings)).collect())
}

/// Whether a check of this level found something to do: those that passed, inform or could not be made did not.
pub(crate) fn is_failed(level: &str) -> bool {
    matches!(level.to_ascii_uppercase().as_str(), "WARN" | "FAIL" | "ERROR" | "HIGH" | "CRITICAL")
}

fn check(scan: &mut ScanBuilder, found: &Check<'_>, warnings: &mut Warnings) {
    let subject = Subject::Misconfiguration {
        check: bounded(&found.test_number, "report.checks", warnings),
        path: bounded(&found.location, "report.checks", warnings),
        resource: None,
        line: None,
    };
    let mut finding = ReportedFinding::new(subject, severity::from_word(&found.level), &*found.level);
    finding.title = found.description.filled().map(prose);
    scan.finding(finding);
}
