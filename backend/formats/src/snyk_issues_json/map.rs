//! Issues in our words: a scan for each project, which a number names. Refuses to take an answer for all that was found:
//! it holds what its filters let through, page by page.

use std::borrow::Cow;
use std::collections::HashMap;

use domain::finding::{ReportedFinding, Subject, Verdict};
use domain::fix::{Fix, FixState};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Answer, Attributes, Coordinate, Dependency, Item, Row};
use crate::aside::Aside;
use crate::checks::Check;
use crate::error::clip;
use crate::json::Text;
use crate::snyk_json::wire::{Identifiers, Issue, Project, Rating, Reference};
use crate::snyk_json::{package, record};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, severity};

const FILTERED: &str = "an answer of Snyk's API lists what its filters let through";
const RESOLVED: &str = "they are not there any more";
const IGNORED: &str = "ignored in Snyk";
/// How the key of a licence's issue begins; the package manager follows.
const LICENCE: &str = "snyk:lic:";

/// Maps an answer.
pub(super) fn issues(answer: &Answer<'_>) -> Parsed {
    let tool = Tool { name: "snyk".to_owned(), version: None };
    let (mut aside, mut warnings) = (Aside::default(), Warnings::default());
    let mut scans = Scans { tool: tool.clone(), list: Vec::new(), known: HashMap::new() };
    for (number, row) in answer.data.iter().enumerate() {
        let at = format!("data[{number}]");
        let stated = &row.attributes;
        if stated.status.eq_ignore_ascii_case("resolved") {
            aside.put("resolved in Snyk".to_owned(), RESOLVED, || at);
            continue;
        }
        match &*stated.kind {
            "package_vulnerability" | "license" => packages(row, &mut scans, &at, &mut warnings),
            "code" | "config" => place(row, &mut scans, &at, &mut warnings),
            other => aside.no_image(format!("of the type {}", clip(other)), || at),
        }
    }
    aside.tell(&mut warnings);
    if answer.data.is_empty() {
        warnings.push("data", "the list is empty, so nothing is recorded as checked");
    }
    if answer.links.next.is_some() {
        warnings.push("links.next", "the list goes on: its next page is missing");
    }
    Parsed {
        tool: Some(tool),
        entries: answer.data.len(),
        listed_components: 0,
        observations: scans.list.into_iter().map(|scan| Observation::Scan(scan.build())).collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The scans so far, by the projects that they are of.
#[derive(Debug)]
struct Scans {
    tool: Tool,
    list: Vec<ScanBuilder>,
    known: HashMap<String, usize>,
}

impl Scans {
    fn of(&mut self, item: &Item<'_>, warnings: &mut Warnings) -> &mut ScanBuilder {
        let Self { tool, list, known } = self;
        let name = bounded(&item.id, "relationships.scan_item", warnings);
        let index = *known.entry(name.clone()).or_insert_with(|| {
            let target = match item.kind.filled() {
                Some(kind) if !name.is_empty() => {
                    Target::Other { kind: bounded(kind, "relationships.scan_item", warnings), name }
                }
                _ => Target::Unstated,
            };
            let mut scan = ScanBuilder::new(tool.clone(), target);
            scan.scan_mut().partial = Some(FILTERED.to_owned());
            list.push(scan);
            list.len() - 1
        });
        &mut list[index]
    }
}

/// Adds a finding for each package that an issue is in.
fn packages(row: &Row<'_>, scans: &mut Scans, at: &str, warnings: &mut Warnings) {
    let stated = &row.attributes;
    let scan = scans.of(&row.relationships.scan_item.data, warnings);
    let mut known = 0;
    for coordinate in &stated.coordinates {
        for dependency in coordinate.representations.iter().filter_map(|place| place.dependency.as_ref()) {
            known += 1;
            finding(scan, stated, coordinate, dependency, at, warnings);
        }
    }
    if known == 0 {
        warnings.skip(at, "an issue that names no package was skipped");
    }
}

fn finding(
    scan: &mut ScanBuilder,
    stated: &Attributes<'_>,
    coordinate: &Coordinate<'_>,
    dependency: &Dependency<'_>,
    at: &str,
    warnings: &mut Warnings,
) {
    let issue = issue(stated, dependency);
    let Some(component) = package::component(&issue, &Project::default(), at, warnings) else {
        warnings.skip(at, "an issue without a package name was skipped");
        return;
    };
    let component = scan.component(component);
    let subjects: Vec<Subject> = if &*stated.kind == "license" {
        let licence = stated.key.strip_prefix(LICENCE).and_then(|rest| rest.rsplit(':').next());
        let licence = bounded(licence.unwrap_or(&stated.title), at, warnings);
        vec![Subject::Licence { component: Some(component), path: None, licence }]
    } else {
        let records = record::of(&issue, at, warnings);
        if records.is_empty() {
            warnings.skip(at, "an issue without a usable vulnerability id was skipped");
        }
        let known = records.into_iter().map(|record| scan.vulnerability(record));
        known.map(|vulnerability| Subject::Vulnerability { component, vulnerability }).collect()
    };
    let word = bounded(&stated.effective_severity_level, at, warnings);
    for subject in subjects {
        let mut finding = ReportedFinding::new(subject, severity::from_word(&word), word.clone());
        finding.fix = fix(coordinate);
        if stated.ignored == Some(true) {
            finding.verdict = Verdict::Suppressed(IGNORED.to_owned());
        }
        scan.finding(finding);
    }
}

/// The issue in the words of Snyk's command line.
fn issue<'i>(stated: &'i Attributes<'_>, dependency: &'i Dependency<'_>) -> Issue<'i> {
    let text = |text: &'i str| Text(Cow::Borrowed(text));
    let ids = |prefix: &str| {
        let ids = stated.problems.iter().map(|problem| &*problem.id);
        ids.filter(|id| id.starts_with(prefix)).map(text).collect::<Vec<_>>()
    };
    let ratings = stated.severities.iter().map(|rating| Rating {
        assigner: text(&rating.source),
        vector: text(&rating.vector),
        base_score: rating.score,
        ..Rating::default()
    });
    let links = stated.problems.iter().map(|problem| Reference { url: text(&problem.url) });
    let maturity = stated.exploit_details.maturity_levels.last();
    Issue {
        id: text(&stated.key),
        title: text(&stated.title),
        description: text(&stated.description),
        package_manager: text(ecosystem(&stated.key)),
        name: text(&dependency.package_name),
        version: text(&dependency.package_version),
        identifiers: Identifiers {
            cve: ids("CVE-"),
            ghsa: ids("GHSA-"),
            cwe: stated.classes.iter().map(|class| text(&class.id)).collect(),
        },
        cvss_sources: ratings.collect(),
        references: links.collect(),
        exploit: text(maturity.map_or("", |maturity| &*maturity.level)),
        ..Issue::default()
    }
}

/// The ecosystem or distribution in a key: `SNYK-PYTHON-…`, `SNYK-DEBIAN12-…`, `snyk:lic:pip:…`, `npm:…`.
fn ecosystem(key: &str) -> &str {
    let mut parts = key.split(['-', ':']);
    match parts.next() {
        Some("SNYK") => parts.next().unwrap_or_default(),
        Some("snyk") => parts.nth(1).unwrap_or_default(),
        first => first.unwrap_or_default(),
    }
}

/// Whether there is a fix; in which version is not told.
fn fix(coordinate: &Coordinate<'_>) -> Fix {
    let Coordinate {
        is_fixable_snyk, is_fixable_upstream, is_patchable, is_pinnable, is_upgradeable, ..
    } = coordinate;
    let ways = [is_fixable_snyk, is_fixable_upstream, is_patchable, is_pinnable, is_upgradeable];
    let state = if ways.contains(&&Some(true)) { FixState::Fixed } else { FixState::Unknown };
    Fix { state, versions: Vec::new() }
}

/// Adds what was found in code or infrastructure, at the first place that is told.
fn place(row: &Row<'_>, scans: &mut Scans, at: &str, warnings: &mut Warnings) {
    let stated = &row.attributes;
    let places = || stated.coordinates.iter().flat_map(|coordinate| &coordinate.representations);
    let location = places().find_map(|place| place.source_location.as_ref());
    let check = Check {
        id: &stated.key,
        path: location.map_or("", |location| &*location.file),
        resource: places().find_map(|place| place.resource_path.filled()).unwrap_or_default(),
        line: location.and_then(|location| location.region.start.line.whole()),
        severity: &stated.effective_severity_level,
        title: &stated.title,
        aside: (stated.ignored == Some(true)).then(|| IGNORED.to_owned()),
    };
    if let Some(finding) = check.finding(&|| at.to_owned(), warnings) {
        scans.of(&row.relationships.scan_item.data, warnings).finding(finding);
    }
}
