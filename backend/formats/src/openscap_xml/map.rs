//! Results in our words: one scan of the host or image. Refuses to take what could not be told for what passed.

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::{Fix, FixState};
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;
use domain::vulnerability::VulnerabilityRecord;

use super::advisory;
use super::wire::{Outcome, Report, State};
use crate::clair::Named;
use crate::images::ImageBuilder;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, names, purls, severity, time};

const UNTOLD: &str = "OpenSCAP does not tell the package of a vulnerability, so it is the target's";

/// Maps a report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let version = Some(report.version).filter(|version| !version.is_empty());
    let version = version.map(|version| bounded(version, "version", &mut warnings));
    let tool = Tool { name: "openscap".to_owned(), version };
    let mut scan = ScanBuilder::new(tool.clone(), target(report.target, &mut warnings));
    scan.scan_mut().scanned_at = time::parse(report.at);
    let (mut failed, mut undecided) = (0, 0);
    for outcome in &report.outcomes {
        let named = names::of(advisory::id(outcome.title), outcome.cves.iter().copied());
        let vulnerable = !named.is_empty();
        scan.scan_mut().covers.insert(class(vulnerable));
        match outcome.state {
            State::Passed => {}
            State::Undecided => undecided += 1,
            State::Failed => {
                failed += 1;
                let at = bounded(outcome.id, "id", &mut warnings);
                if vulnerable {
                    vulnerability(&mut scan, outcome, named, &at, &mut warnings);
                } else {
                    setting(&mut scan, outcome, &at, &mut warnings);
                }
            }
        }
    }
    if undecided > 0 {
        let message = format!("OpenSCAP could not tell whether some rules hold, {undecided} in number");
        scan.scan_mut().partial = Some(message.clone());
        warnings.push("results", message);
    }
    if report.others > 0 {
        warnings.push("results", format!("older results were passed over, {} in number", report.others));
    }
    Parsed {
        tool: Some(tool),
        entries: failed,
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn class(vulnerable: bool) -> FindingClass {
    if vulnerable { FindingClass::Vulnerability } else { FindingClass::Misconfiguration }
}

/// An image where the target says that it is one, by name or by the digest of its configuration.
fn target(stated: &str, warnings: &mut Warnings) -> Target {
    let Some((scheme, name)) = stated.split_once("://").filter(|(scheme, _)| scheme.ends_with("-image"))
    else {
        return match stated {
            "" => Target::Unstated,
            host => Target::Other { kind: "host".to_owned(), name: bounded(host, "target", warnings) },
        };
    };
    let mut image = ImageBuilder::default();
    let is_id = name.len() >= 12 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let known = image.digest(DigestRole::Config, name)
        || image.digest(DigestRole::Config, &format!("sha256:{name}"))
        || !is_id && image.reference(name);
    if known {
        return Target::Image(image.build());
    }
    Target::Other { kind: bounded(scheme, "target", warnings), name: bounded(name, "target", warnings) }
}

fn vulnerability(
    scan: &mut ScanBuilder,
    outcome: &Outcome<'_>,
    named: Vec<Named>,
    at: &str,
    warnings: &mut Warnings,
) {
    let vulnerabilities: Vec<usize> =
        named.into_iter().map(|named| scan.vulnerability(record(named, outcome.title))).collect();
    let (severity, word) = rating(outcome);
    for (component, fix) in components(outcome, at, warnings) {
        let component = scan.component(component);
        for &vulnerability in &vulnerabilities {
            let subject = Subject::Vulnerability { component, vulnerability };
            let mut finding = ReportedFinding::new(subject, severity, bounded(word, at, warnings));
            finding.fix = fix.clone();
            scan.finding(finding);
        }
    }
}

fn record(named: Named, title: &str) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(named.id);
    (record.aliases, record.related) = (named.aliases, named.related);
    record.title = Some(prose(title)).filter(|title| !title.is_empty());
    record
}

/// The packages that a result tells, or else the title of the advisory, of a version that nobody tells.
fn components(outcome: &Outcome<'_>, at: &str, warnings: &mut Warnings) -> Vec<(Component, Fix)> {
    let id = advisory::id(outcome.title);
    // What is an update has one, whether or not its version is told.
    let state = if id.is_empty() { FixState::Unknown } else { FixState::Fixed };
    let platform = advisory::platform(id);
    let mut found = Vec::new();
    if let Some(platform) = platform {
        let told = outcome.packages.iter().map(|(name, fixed)| (*name, Some(*fixed)));
        let titled = advisory::package(outcome.title).filter(|_| outcome.packages.is_empty());
        for (name, fixed) in told.chain(titled.map(|name| (name, None))) {
            let Some(purl) = purls::from_parts(platform.kind, Some(platform.namespace), name, None) else {
                continue;
            };
            let fixed = fixed.map(|fixed| fixed.strip_prefix("0:").unwrap_or(fixed));
            let versions = fixed.map(|fixed| bounded(fixed, at, warnings)).into_iter().collect();
            found.push((Component::from_purl(purl), Fix { state, versions }));
        }
    }
    if found.is_empty() {
        warnings.push(at, UNTOLD);
        let unknown = purls::from_parts("generic", None, "unknown", None);
        found.extend(unknown.map(|purl| (Component::from_purl(purl), Fix { state, versions: Vec::new() })));
    }
    found
}

/// The distribution's own word before that of the rule, which knows nothing above high.
fn rating<'o>(outcome: &Outcome<'o>) -> (Severity, &'o str) {
    let own = advisory::word(outcome.title).map(|word| (severity::from_word(word), word));
    let own = own.filter(|(severity, _)| *severity != Severity::Unknown);
    own.unwrap_or_else(|| (severity::from_word(outcome.severity), outcome.severity))
}

fn setting(scan: &mut ScanBuilder, outcome: &Outcome<'_>, at: &str, warnings: &mut Warnings) {
    if outcome.id.is_empty() {
        warnings.skip(at, "a rule without an id was skipped");
        return;
    }
    let subject =
        Subject::Misconfiguration { check: at.to_owned(), path: String::new(), resource: None, line: None };
    let word = bounded(outcome.severity, at, warnings);
    let mut finding = ReportedFinding::new(subject, severity::from_word(&word), word);
    finding.title = Some(prose(outcome.title)).filter(|title| !title.is_empty());
    scan.finding(finding);
}
