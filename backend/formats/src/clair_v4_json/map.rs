//! Clair v4's reports in our words: a scan for each manifest.
//!
//! Refuses to give a score to one of several vulnerabilities that an advisory covers: Clair does not say whose
//! it is.

use std::collections::HashMap;

use domain::cvss::CvssScore;
use domain::digest::Digest;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::{ThreatWord, VulnerabilityRecord};

use super::package::{self, Places};
use super::wire::{Enrichment, Enrichments, Package, Report, Vulnerability};
use crate::clair::{self, Named};
use crate::untrusted::{link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// How many findings the vulnerabilities of advisories may add to those that a document lists: a short one can
/// name many advisories of many vulnerabilities for many packages.
const MOST_ADDED: usize = 500_000;

/// Maps the reports of a document.
pub(super) fn reports(reports: &[Report<'_>]) -> Parsed {
    let tool = Tool { name: clair::TOOL.to_owned(), version: None };
    let mut warnings = Warnings::default();
    let mut left = MOST_ADDED;
    let mut parsed = Parsed { tool: Some(tool.clone()), ..Parsed::default() };
    for (number, report) in reports.iter().enumerate() {
        let prefix = if reports.len() > 1 { format!("[{number}].") } else { String::new() };
        let target = target(report, &prefix, &mut warnings);
        let mut mapper = Mapper::new(report, ScanBuilder::new(tool.clone(), target), &mut warnings, left);
        mapper.builder.scan_mut().covers.insert(FindingClass::Vulnerability);
        for (package, matches) in &report.package_vulnerabilities {
            let matches = matches.as_deref().unwrap_or_default();
            parsed.entries += matches.len();
            let at = || {
                format!("{prefix}package_vulnerabilities.{}", package.chars().take(40).collect::<String>())
            };
            for vulnerability in matches {
                mapper.finding(package, vulnerability, &at);
            }
        }
        left = mapper.left;
        parsed.observations.push(Observation::Scan(mapper.builder.build()));
    }
    parsed.skipped = warnings.skipped();
    parsed.warnings = warnings.into_vec();
    parsed
}

fn target(report: &Report<'_>, prefix: &str, warnings: &mut Warnings) -> Target {
    match report.manifest_hash.parse::<Digest>() {
        Ok(digest) => {
            let mut told =
                report.distributions.iter().filter_map(|(_, told)| package::platform(told.as_ref()?));
            let distribution = told.next().map(|platform| platform.distribution);
            Target::Image(Image {
                digests: vec![(DigestRole::Manifest, digest)],
                distribution,
                ..Image::default()
            })
        }
        Err(error) => {
            warnings.push(format!("{prefix}manifest_hash"), error.to_string());
            Target::Unstated
        }
    }
}

struct Mapper<'r, 'w> {
    builder: ScanBuilder,
    packages: HashMap<&'r str, &'r Package<'r>>,
    vulnerabilities: HashMap<&'r str, &'r Vulnerability<'r>>,
    places: Places<'r>,
    enrichments: HashMap<String, Vec<Enrichment<'r>>>,
    /// Component index by the id of a package; none for packages without a name.
    components: HashMap<&'r str, Option<usize>>,
    /// Indexes of vulnerabilities by the id of what names them.
    records: HashMap<&'r str, Vec<usize>>,
    warnings: &'w mut Warnings,
    left: usize,
}

impl<'r, 'w> Mapper<'r, 'w> {
    fn new(report: &'r Report<'r>, builder: ScanBuilder, warnings: &'w mut Warnings, left: usize) -> Self {
        let (packages, vulnerabilities) = (report.packages.iter(), report.vulnerabilities.iter());
        Self {
            builder,
            packages: packages.filter_map(|(id, told)| Some((&**id, told.as_ref()?))).collect(),
            vulnerabilities: vulnerabilities.filter_map(|(id, told)| Some((&**id, told.as_ref()?))).collect(),
            places: Places::of(report),
            enrichments: enrichments(report, warnings),
            components: HashMap::new(),
            records: HashMap::new(),
            warnings,
            left,
        }
    }

    fn finding(&mut self, package: &'r str, id: &'r str, at: &dyn Fn() -> String) {
        let Some(found) = self.vulnerabilities.get(id).copied() else {
            self.warnings.skip(at(), "a match with a vulnerability that is not in the report was skipped");
            return;
        };
        let Some(component) = self.component(package, at) else {
            self.warnings
                .skip(at(), "matches of a package without a name, or not in the report, were skipped");
            return;
        };
        let mut records = self.records(id, found);
        if records.is_empty() {
            self.warnings
                .skip(at(), "a match whose vulnerability neither name nor links identify was skipped");
        }
        match self.left.checked_sub(records.len().saturating_sub(1)) {
            Some(left) => self.left = left,
            None => {
                records.truncate(1);
                self.warnings
                    .push(at(), "of an advisory only the first vulnerability was kept: there are too many");
            }
        }
        let (word, severity) = clair::severity(&[&found.normalized_severity, &found.severity]);
        for vulnerability in records {
            let subject = Subject::Vulnerability { component, vulnerability };
            let mut finding = ReportedFinding::new(subject, severity, word);
            finding.fix = clair::fix(&found.fixed_in_version);
            self.builder.finding(finding);
        }
    }

    fn component(&mut self, id: &'r str, at: &dyn Fn() -> String) -> Option<usize> {
        if let Some(&known) = self.components.get(id) {
            return known;
        }
        let package = self.packages.get(id).copied();
        let component = package.and_then(|package| self.places.component(id, package, self.warnings));
        let index = component.map(|(component, told)| {
            if !told {
                self.warnings
                    .push(at(), "nothing tells the ecosystem of a package, so it is known by name alone");
            }
            self.builder.component(component)
        });
        self.components.insert(id, index);
        index
    }

    /// The vulnerabilities behind an entry.
    fn records(&mut self, id: &'r str, found: &Vulnerability<'_>) -> Vec<usize> {
        if let Some(known) = self.records.get(id) {
            return known.clone();
        }
        let names = clair::names(&found.name, &found.links);
        let enrichments = match names.len() {
            1 => self.enrichments.get(id).map(Vec::as_slice).unwrap_or_default(),
            _ => &[],
        };
        let records = names.into_iter().map(|named| record(named, found, enrichments));
        let indexes: Vec<usize> = records.map(|record| self.builder.vulnerability(record)).collect();
        self.records.insert(id, indexes.clone());
        indexes
    }
}

fn record(named: Named, found: &Vulnerability<'_>, enrichments: &[Enrichment<'_>]) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(named.id);
    (record.aliases, record.related) = (named.aliases, named.related);
    record.title = Some(found.name.trim()).filter(|name| name.contains(' ')).map(prose);
    record.description = found.description.filled().map(prose);
    record.references = found.links.split_whitespace().filter_map(link).collect();
    // The date of an advisory is not that of what it covers.
    record.published_at = time::parse(&found.issued).filter(|_| record.related.is_empty());
    // Sources that are not a distribution's state a vector in place of a word.
    let stated = Some(&*found.severity).filter(|severity| severity.starts_with("CVSS:"));
    let stated = stated.map(|vector| CvssScore {
        source: clair::TOOL.to_owned(),
        vector: vector.to_owned(),
        stated: None,
    });
    let scores = enrichments.iter().filter_map(|told| {
        let vector = told.vector.filled()?.to_owned();
        Some(CvssScore { source: "nvd".to_owned(), vector, stated: told.base_score.0 })
    });
    record.cvss = scores.chain(stated).collect();
    record.threat = enrichments.iter().find_map(|told| threat(&record, told));
    record
}

/// EPSS of this vulnerability.
fn threat(record: &VulnerabilityRecord, told: &Enrichment<'_>) -> Option<ThreatWord> {
    let id = told.cve.parse().ok()?;
    let epss = told.epss.0.filter(|score| (0.0..=1.0).contains(score))?;
    let is_this = record.id == id || record.aliases.contains(&id);
    is_this.then(|| ThreatWord {
        epss: Some(epss),
        stated_at: time::parse(&told.date),
        ..ThreatWord::default()
    })
}

/// What the enrichers of CVSS and EPSS tell, by the id of the vulnerability.
fn enrichments<'r>(report: &'r Report<'r>, warnings: &mut Warnings) -> HashMap<String, Vec<Enrichment<'r>>> {
    let mut all: HashMap<String, Vec<Enrichment<'r>>> = HashMap::new();
    for (media_type, raw) in &report.enrichments {
        if !["enricher=clair.cvss", "enricher=clair.epss"].iter().any(|known| media_type.contains(known)) {
            continue;
        }
        match serde_json::from_str::<Option<Vec<Enrichments<'r>>>>(raw.get()) {
            Ok(lists) => {
                for (id, told) in lists.into_iter().flatten().flat_map(|list| list.told) {
                    all.entry(id.into_owned()).or_default().extend(told.into_iter().flatten());
                }
            }
            Err(_) => warnings.push("enrichments", "scores could not be read and were passed over"),
        }
    }
    all
}
