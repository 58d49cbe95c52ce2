//! What reports of Nessus have in common, in XML and in CSV: what a plugin found on a host, under one set of names, and
//! what becomes of it. What a plugin found in a container image of a host, and says of which, is kept of the image.
//!
//! Refuses to be a format, and to take a host for an image that runs on it.

mod output;

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::Fix;
use domain::scan::{ScanBuilder, Tool};
use domain::vulnerability::{ThreatWord, VulnerabilityRecord};

use crate::aside::Aside;
use crate::error::clip;
use crate::images::ImageBuilder;
use crate::platforms::Platform;
use crate::scans::Scans;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, names, purls, severity, time};
use output::Installed;

const PARTIAL: &str = "a plugin tells what it found in an image, and not that it looked at all of it";
const EMPTY: &str = "the report is empty and names no image, so nothing is recorded as checked";
const INFORMS: &str = "they inform and are no weaknesses";
const FIXED: &str = "Nessus no longer detects them";
const UNTOLD: &str = "Nessus does not tell the package of a vulnerability, so it is the image's";

const BY_NAME: &str = "nothing tells the ecosystem of a package, so it is known by name alone";

/// What a plugin found; what a report does not tell is empty.
#[derive(Debug, Default)]
pub(crate) struct Item<'a> {
    /// Where it stands.
    pub at: String,
    /// The plugin's number.
    pub plugin: &'a str,
    /// `Amazon Linux 2 : kernel (ALAS-2023-2050)`.
    pub name: &'a str,
    /// `Critical`, `None`.
    pub severity: &'a str,
    /// `Active`, `FIXED`.
    pub state: &'a str,
    pub cves: Vec<&'a str>,
    /// Whether an exploit exists, as `true` or `Yes`.
    pub exploit: &'a str,
    /// What the plugin printed.
    pub output: &'a str,
    pub seen: &'a str,
}

/// What plugins found so far.
#[derive(Debug)]
pub(crate) struct Mapper {
    tool: Tool,
    scans: Scans,
    aside: Aside,
    warnings: Warnings,
    entries: usize,
}

impl Mapper {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            tool: Tool { name: "nessus".to_owned(), version: None },
            scans: Scans::default(),
            aside: Aside::default(),
            warnings: Warnings::default(),
            entries: 0,
        }
    }

    /// Where a report puts its own remarks.
    pub(crate) fn warnings(&mut self) -> &mut Warnings {
        &mut self.warnings
    }

    /// Adds what a plugin found.
    pub(crate) fn add(&mut self, item: &Item<'_>) {
        self.entries += 1;
        let at = || item.at.clone();
        let image = output::image(item.output);
        if item.plugin.is_empty() {
            self.warnings.skip(at(), "a finding without the number of its plugin was skipped");
        } else if informs(item.severity) {
            self.aside.put(format!("of severity {}", clip(item.severity)), INFORMS, at);
        } else if item.state.eq_ignore_ascii_case("fixed") {
            self.aside.put("of state FIXED".to_owned(), FIXED, at);
        } else if image.is_empty() {
            self.aside.no_image("on hosts".to_owned(), at);
        } else {
            keep(&self.tool, item, image, &mut self.scans, &mut self.warnings);
        }
    }

    /// All that was found.
    pub(crate) fn build(mut self) -> Parsed {
        if self.entries == 0 {
            self.warnings.push("", EMPTY);
        }
        self.aside.tell(&mut self.warnings);
        Parsed {
            tool: Some(self.tool),
            entries: self.entries,
            listed_components: 0,
            observations: self.scans.build(Some(PARTIAL)),
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

fn informs(severity: &str) -> bool {
    ["none", "info", "informational"].iter().any(|word| severity.eq_ignore_ascii_case(word))
}

fn keep(tool: &Tool, item: &Item<'_>, image: ImageBuilder, scans: &mut Scans, warnings: &mut Warnings) {
    let vulnerable = !item.cves.is_empty();
    let class = if vulnerable { FindingClass::Vulnerability } else { FindingClass::Misconfiguration };
    let scan = scans.of(tool, image.build(), class, moment(item.seen));
    let plugin = format!("nessus-{}", bounded(item.plugin, &item.at, warnings));
    let subjects = match vulnerable {
        true => vulnerabilities(scan, item, &plugin, warnings),
        false => vec![(
            Subject::Misconfiguration { check: plugin, path: String::new(), resource: None, line: None },
            Fix::default(),
        )],
    };
    if subjects.is_empty() {
        warnings.skip(item.at.as_str(), "a finding without a usable vulnerability id was skipped");
    }
    for (subject, fix) in subjects {
        let word = bounded(item.severity, &item.at, warnings);
        let mut finding = ReportedFinding::new(subject, severity::from_word(&word), word);
        finding.title = Some(item.name).filter(|name| !name.is_empty()).map(prose);
        finding.fix = fix;
        scan.finding(finding);
    }
}

/// Each vulnerability in each package that the output tells, or else in one that nobody tells.
fn vulnerabilities(
    scan: &mut ScanBuilder,
    item: &Item<'_>,
    plugin: &str,
    warnings: &mut Warnings,
) -> Vec<(Subject, Fix)> {
    let exploit = match item.exploit.to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    };
    let mut known = Vec::new();
    for named in names::of("", item.cves.iter().copied().filter(|id| id.starts_with("CVE-"))) {
        let mut record = VulnerabilityRecord::bare(named.id);
        record.related = plugin.parse().into_iter().collect();
        record.threat = exploit.map(|exploit| ThreatWord { exploit: Some(exploit), ..ThreatWord::default() });
        known.push(scan.vulnerability(record));
    }
    let platform = Platform::of_words(item.name.split(" : ").next().unwrap_or_default());
    let mut packages: Vec<(Component, Fix)> = output::installed(item.output)
        .iter()
        .filter_map(|installed| component(installed, platform.as_ref(), &item.at, warnings))
        .collect();
    if packages.is_empty() && !known.is_empty() {
        warnings.push(item.at.as_str(), UNTOLD);
        let unknown = purls::from_parts("generic", None, "unknown", None);
        packages.extend(unknown.map(|purl| (Component::from_purl(purl), Fix::default())));
    }
    let mut subjects = Vec::new();
    for (component, fix) in packages {
        let component = scan.component(component);
        let each = known.iter().map(|&vulnerability| Subject::Vulnerability { component, vulnerability });
        subjects.extend(each.map(|subject| (subject, fix.clone())));
    }
    subjects
}

fn component(
    installed: &Installed<'_>,
    platform: Option<&Platform>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<(Component, Fix)> {
    let (kind, namespace) = platform.map_or(("generic", None), |of| (of.kind, Some(of.namespace)));
    let purl = purls::from_parts(kind, namespace, installed.name, Some(installed.version))?;
    if platform.is_none() {
        warnings.push(at, BY_NAME);
    }
    let mut component = Component::from_purl(purl);
    component.name = bounded(installed.name, at, warnings);
    component.version = Some(bounded(installed.version, at, warnings));
    let fixed = Some(installed.fixed).filter(|version| !version.is_empty());
    Some((
        component,
        Fix::in_versions(fixed.map(|version| bounded(version, at, warnings)).into_iter().collect()),
    ))
}

/// `2026-02-03T10:20:30Z`, `Feb 19, 2024 21:01:01 UTC`, `Tue Jun 25 10:39:42 2013`; of the last no zone is told.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let other = |format| NaiveDateTime::parse_from_str(text.trim(), format).ok().map(|at| at.and_utc());
    time::parse(text).or_else(|| other("%b %d, %Y %H:%M:%S UTC")).or_else(|| other("%a %b %e %H:%M:%S %Y"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_every_report() {
        let expected = time::parse("2026-02-03T10:20:30Z");
        for text in ["2026-02-03T10:20:30Z", "Feb 3, 2026 10:20:30 UTC", "Tue Feb  3 10:20:30 2026"] {
            assert_eq!(moment(text), expected, "{text}");
        }
        assert_eq!(moment(""), None);
    }
}
