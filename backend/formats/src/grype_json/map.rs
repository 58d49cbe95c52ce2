//! Grype's report in our words: one scan of vulnerabilities. Refuses to drop what a rule set aside: it
//! is kept, marked as suppressed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::component::{Component, SourcePackage};
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::observation::Observation;
use domain::purl::Purl;
use domain::scan::{ScanBuilder, Tool};
use serde::Deserialize;

use super::wire::{Artifact, Licence, Match, Report, Rule};
use super::{target, vulnerability};
use crate::purls::{self, Purls};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// How many paths of one artifact are kept.
const PATHS: usize = 16;

/// Maps a whole report.
pub(super) fn report<'r>(report: &'r Report<'r>) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = tool(report);
    let builder = ScanBuilder::new(tool.clone(), target::of(report, &mut warnings));
    let mut mapper = Mapper {
        builder,
        purls: Purls::default(),
        records: HashMap::new(),
        distribution: report.distro.name.filled().unwrap_or_default(),
        warnings,
    };
    let scan = mapper.builder.scan_mut();
    scan.covers.insert(FindingClass::Vulnerability);
    scan.scanned_at = time::parse(&report.descriptor.timestamp);
    scan.database_at = database_at(report);
    for (number, found) in report.matches.iter().enumerate() {
        mapper.finding(found, Verdict::Affected, &|| format!("matches[{number}]"));
    }
    for (number, found) in report.ignored.iter().enumerate() {
        let verdict = Verdict::Suppressed(reason(&found.applied_ignore_rules));
        mapper.finding(found, verdict, &|| format!("ignoredMatches[{number}]"));
    }
    Parsed {
        tool: Some(tool),
        entries: report.matches.len(),
        listed_components: 0,
        observations: vec![Observation::Scan(mapper.builder.build())],
        skipped: mapper.warnings.skipped(),
        warnings: mapper.warnings.into_vec(),
    }
}

fn database_at(report: &Report<'_>) -> Option<DateTime<Utc>> {
    let database = &report.descriptor.db;
    time::parse(&database.status.built).or_else(|| time::parse(&database.built))
}

fn tool(report: &Report<'_>) -> Tool {
    let name = report.descriptor.name.filled().unwrap_or("grype").to_ascii_lowercase();
    let version = report.descriptor.version.filled().filter(|version| !version.starts_with('['));
    Tool { name, version: version.map(str::to_owned) }
}

/// A report inside another document.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent, bound(deserialize = "'de: 'a"))]
pub(crate) struct Inner<'a>(Report<'a>);

impl Inner<'_> {
    /// Maps it.
    pub(crate) fn parsed(&self) -> Parsed {
        report(&self.0)
    }

    /// The frame of a report, which other tools of Anchore's kind share: a scan that holds nothing yet.
    pub(crate) fn frame(&self, warnings: &mut Warnings) -> ScanBuilder {
        let mut builder = ScanBuilder::new(tool(&self.0), target::of(&self.0, warnings));
        let scan = builder.scan_mut();
        scan.scanned_at = time::parse(&self.0.descriptor.timestamp);
        scan.database_at = database_at(&self.0);
        builder
    }

    /// Whether the report says who made it: an empty one without a maker was never made.
    pub(crate) fn is_made(&self) -> bool {
        !self.0.matches.is_empty() || self.0.descriptor.name.filled().is_some()
    }
}

struct Mapper<'r> {
    builder: ScanBuilder,
    purls: Purls<'r>,
    /// Vulnerability index by id text; none for texts that are not ids.
    records: HashMap<&'r str, Option<usize>>,
    distribution: &'r str,
    warnings: Warnings,
}

impl<'r> Mapper<'r> {
    fn finding(&mut self, found: &'r Match<'r>, verdict: Verdict, at: &dyn Fn() -> String) {
        let main = &found.vulnerability;
        let record = *self
            .records
            .entry(&main.id)
            .or_insert_with(|| vulnerability::record(found).map(|record| self.builder.vulnerability(record)));
        let Some(record) = record else {
            self.warnings.skip(at(), "a match without a usable vulnerability id was skipped");
            return;
        };
        let Some(component) = self.component(&found.artifact, at) else {
            self.warnings.skip(at(), "a match without a package name was skipped");
            return;
        };
        let subject = Subject::Vulnerability { component, vulnerability: record };
        let mut finding = ReportedFinding::new(subject, severity::from_word(&main.severity), &*main.severity);
        finding.fix = vulnerability::fix(main);
        finding.location = found.artifact.locations.iter().find_map(|at| at.path.filled()).map(str::to_owned);
        finding.verdict = verdict;
        self.builder.finding(finding);
    }

    fn component(&mut self, artifact: &'r Artifact<'r>, at: &dyn Fn() -> String) -> Option<usize> {
        let stated = artifact.purl.filled().map(|text| self.purls.parse(text).cloned());
        let purl = match stated {
            Some(Ok(purl)) => purl,
            other => {
                if other.is_some() {
                    self.warnings.push(at(), "a package URL could not be read; the package's name is used");
                }
                synthesised(artifact, self.distribution)?
            }
        };
        let mut component = Component::from_purl(purl);
        if let Some(name) = artifact.name.filled() {
            component.name = bounded(name, "artifact.name", &mut self.warnings);
        }
        component.version = artifact.version.filled().map(str::to_owned);
        component.source = artifact.upstreams.iter().find_map(|upstream| {
            let name = upstream.name.filled()?.to_owned();
            Some(SourcePackage { name, version: upstream.version.filled().map(str::to_owned) })
        });
        component.licences = artifact.licenses.iter().filter_map(licence).collect();
        for path in artifact.locations.iter().filter_map(|location| location.path.filled()).take(PATHS) {
            component.paths.push(bounded(path, "artifact.locations", &mut self.warnings));
        }
        Some(self.builder.component(component))
    }
}

/// A purl for an artifact that has none, from its type and name.
fn synthesised(artifact: &Artifact<'_>, distribution: &str) -> Option<Purl> {
    let distribution = distribution.split_whitespace().next().map(str::to_ascii_lowercase);
    let (name, version) = (artifact.name.filled()?, artifact.version.filled());
    purls::from_anchore_type(&artifact.kind, name, version, distribution.as_deref())
}

fn licence(licence: &Licence<'_>) -> Option<String> {
    let (Licence::Text(text) | Licence::Object { value: text }) = licence;
    text.filled().map(str::to_owned)
}

/// Why rules set a match aside, in one line.
fn reason(rules: &[Rule<'_>]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for rule in rules {
        let part = match (rule.vex_status.filled(), rule.reason.filled(), rule.fix_state.filled()) {
            (Some(status), _, _) => match rule.vex_justification.filled() {
                Some(justification) => format!("{status}: {justification}"),
                None => status.to_owned(),
            },
            (None, Some(reason), _) => reason.to_owned(),
            (None, None, Some(state)) => format!("fix state {state}"),
            (None, None, None) => match rule.vulnerability.filled() {
                Some(id) => format!("ignore rule for {id}"),
                None => "ignore rule".to_owned(),
            },
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    if parts.is_empty() { "ignore rule".to_owned() } else { parts.join("; ") }
}
