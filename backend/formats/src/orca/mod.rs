//! What lists of Orca's alerts have in common, in JSON and in CSV: an alert under one set of names, and what becomes of
//! it. Refuses to be a format, and to take the name of any resource for that of an image.

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::DigestRole;
use domain::scan::{ScanBuilder, Tool};
use domain::severity::Severity;
use domain::vulnerability::VulnerabilityRecord;

use crate::aside::Aside;
use crate::error::clip;
use crate::images::ImageBuilder;
use crate::scans::Scans;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, names, purls, severity, time};

const FILTERED: &str = "a list of alerts holds what its query let through, and does not state it";
const EMPTY: &str = "the list is empty and names no image, so nothing is recorded as checked";
const CLOSED: &str = "they are closed in Orca";
const UNTOLD: &str = "Orca does not tell the package of a vulnerability, so it is the image's";

/// An alert; what a list does not tell is empty.
#[derive(Debug)]
pub(crate) struct Alert<'a> {
    /// Where it stands.
    pub at: String,
    pub title: &'a str,
    pub category: &'a str,
    /// A word, where one is told.
    pub severity: &'a str,
    /// 0 to 10.
    pub score: &'a str,
    /// `open`, `closed`.
    pub status: &'a str,
    /// The resource that it is about.
    pub resource: &'a str,
    pub last_seen: &'a str,
}

/// The alerts so far.
#[derive(Debug)]
pub(crate) struct Mapper {
    tool: Tool,
    scans: Scans,
    aside: Aside,
    warnings: Warnings,
    entries: usize,
}

impl Mapper {
    /// No alerts yet.
    pub(crate) fn new() -> Self {
        Self {
            tool: Tool { name: "orca".to_owned(), version: None },
            scans: Scans::default(),
            aside: Aside::default(),
            warnings: Warnings::default(),
            entries: 0,
        }
    }

    /// Where a list puts its own remarks.
    pub(crate) fn warnings(&mut self) -> &mut Warnings {
        &mut self.warnings
    }

    /// Adds an alert.
    pub(crate) fn add(&mut self, alert: &Alert<'_>) {
        self.entries += 1;
        let at = || alert.at.clone();
        let image = image(alert.resource);
        if image.is_empty() {
            let category = if alert.category.is_empty() { "unstated" } else { alert.category };
            self.aside.no_image(format!("of category {}", clip(category)), at);
        } else if alert.status.eq_ignore_ascii_case("closed") {
            self.aside.put("of status closed".to_owned(), CLOSED, at);
        } else if alert.title.is_empty() {
            self.warnings.skip(at(), "an alert without a title was skipped");
        } else {
            let cves = cves(alert.title);
            let class = match cves.is_empty() {
                false => FindingClass::Vulnerability,
                true if is_malware(alert) => FindingClass::Malware,
                true => FindingClass::Misconfiguration,
            };
            let scan = self.scans.of(&self.tool, image.build(), class, time::parse(alert.last_seen));
            add(scan, alert, &cves, &mut self.warnings);
        }
    }

    /// All that they say.
    pub(crate) fn build(mut self) -> Parsed {
        if self.entries == 0 {
            self.warnings.push("", EMPTY);
        }
        self.aside.tell(&mut self.warnings);
        Parsed {
            tool: Some(self.tool),
            entries: self.entries,
            listed_components: 0,
            observations: self.scans.build(Some(FILTERED)),
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

/// The image that a resource is: its name has a digest, or a registry's host in front and a tag behind.
fn image(resource: &str) -> ImageBuilder {
    let mut image = ImageBuilder::default();
    let host = resource.split_once('/').map(|(host, _)| host);
    let with_host = host.is_some_and(|host| host.contains('.') && !host.contains(':'));
    let tag = resource.rsplit_once(':').map(|(_, tag)| tag);
    let with_tag = tag.is_some_and(|tag| !tag.contains('/'));
    if resource.contains("@sha256:") || with_host && with_tag {
        image.named(resource, None, DigestRole::Repository);
    }
    image
}

fn is_malware(alert: &Alert<'_>) -> bool {
    alert.category.eq_ignore_ascii_case("malware")
}

/// The CVEs in a title.
fn cves(title: &str) -> Vec<&str> {
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    words.filter(|word| word.starts_with("CVE-")).collect()
}

fn add(scan: &mut ScanBuilder, alert: &Alert<'_>, cves: &[&str], warnings: &mut Warnings) {
    let mut subjects = Vec::new();
    let unknown = purls::from_parts("generic", None, "unknown", None);
    for named in names::of("", cves.iter().copied()) {
        let Some(purl) = unknown.clone() else { continue };
        let mut record = VulnerabilityRecord::bare(named.id);
        (record.aliases, record.related) = (named.aliases, named.related);
        warnings.push(alert.at.as_str(), UNTOLD);
        let component = scan.component(Component::from_purl(purl));
        let vulnerability = scan.vulnerability(record);
        subjects.push(Subject::Vulnerability { component, vulnerability });
    }
    if subjects.is_empty() {
        let name = bounded(alert.title, &alert.at, warnings);
        subjects.push(if is_malware(alert) {
            Subject::Malware { name, path: String::new() }
        } else {
            Subject::Misconfiguration { check: name, path: String::new(), resource: None, line: None }
        });
    }
    let (severity, word) = rating(alert);
    for subject in subjects {
        let mut finding = ReportedFinding::new(subject, severity, bounded(word, &alert.at, warnings));
        finding.title = Some(prose(alert.title));
        scan.finding(finding);
    }
}

/// The word for how bad it is, or else the score, whose scale is that of CVSS.
fn rating<'a>(alert: &Alert<'a>) -> (Severity, &'a str) {
    if !alert.severity.is_empty() {
        return (severity::from_word(alert.severity), alert.severity);
    }
    let score = alert.score.parse::<f64>().ok().filter(|score| (0.0..=10.0).contains(score));
    (score.map_or(Severity::Unknown, Severity::from_cvss), alert.score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_names_are_those_of_images() {
        for (name, known) in [
            ("registry.example.com/shop/api:1.4.0", true),
            ("my-public-bucket", false),
            ("shop/api:1.4.0", false),
            ("registry.example.com/shop/api", false),
            ("arn:aws:s3:::demo.example/a:b", false),
        ] {
            assert_eq!(!image(name).is_empty(), known, "{name}");
        }
        let by_digest = format!("api@sha256:{}", "a".repeat(64));
        assert!(!image(&by_digest).is_empty());
    }

    #[test]
    fn titles_may_name_cves() {
        assert_eq!(cves("CVE-2025-10001, (CVE-2025-10002) found"), ["CVE-2025-10001", "CVE-2025-10002"]);
        assert!(cves("Public bucket").is_empty());
    }
}
