//! Dependency-Check's report in our words: one scan of the project. Refuses to drop what a rule suppressed: it is kept,
//! marked. Refuses to take a file for a package that the report does not name.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{Dependency, Report, Vulnerability};
use crate::purls::{self, Purls};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, packages, severity, time};

/// The name that its SARIF gives to it too.
const TOOL: &str = "dependency-check";
/// How many paths of one file are kept.
const PATHS: usize = 16;

/// Maps a whole report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let version = Some(report.engine).filter(|version| !version.is_empty());
    let tool = Tool { name: TOOL.to_owned(), version: version.map(str::to_owned) };
    let target = match report.project {
        "" => Target::Unstated,
        name => Target::Other {
            kind: "project".to_owned(),
            name: bounded(name, "projectInfo/name", &mut warnings),
        },
    };
    let mut scan = ScanBuilder::new(tool.clone(), target);
    scan.scan_mut().covers.insert(FindingClass::Vulnerability);
    scan.scan_mut().scanned_at = time::parse(report.made_at);
    let (mut purls, mut entries) = (Purls::default(), 0);
    for (number, dependency) in report.dependencies.iter().enumerate() {
        entries += dependency.vulnerabilities.iter().filter(|found| !found.suppressed).count();
        let at = format!("dependencies/dependency[{}]", number + 1);
        add(&mut scan, dependency, &mut purls, &at, &mut warnings);
    }
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn add<'r>(
    scan: &mut ScanBuilder,
    dependency: &Dependency<'r>,
    purls: &mut Purls<'r>,
    at: &str,
    warnings: &mut Warnings,
) {
    if dependency.vulnerabilities.is_empty() {
        return;
    }
    let Some(component) = component(dependency, purls, at, warnings) else {
        let message = "the vulnerabilities of a file without a name were skipped";
        warnings.skip_all(dependency.vulnerabilities.len(), at, message);
        return;
    };
    let component = scan.component(component);
    for found in &dependency.vulnerabilities {
        let counted = !found.name.is_empty() && found.name.bytes().all(|byte| byte.is_ascii_digit());
        // Databases that only count are told apart by their names.
        let id = if counted { format!("{}-{}", found.source, found.name) } else { found.name.to_owned() };
        let Ok(id) = id.parse() else {
            warnings.skip(at, "a vulnerability without a usable id was skipped");
            continue;
        };
        let vulnerability = scan.vulnerability(record(found, VulnerabilityRecord::bare(id)));
        let subject = Subject::Vulnerability { component, vulnerability };
        let mut finding = ReportedFinding::new(subject, severity::from_word(found.severity), found.severity);
        if found.suppressed {
            let notes = Some(found.notes).filter(|notes| !notes.is_empty());
            finding.verdict = Verdict::Suppressed(notes.map_or_else(|| "suppression rule".to_owned(), prose));
        }
        scan.finding(finding);
    }
}

/// The package that a file was taken for; the file by its name where it was taken for none.
fn component<'r>(
    dependency: &Dependency<'r>,
    purls: &mut Purls<'r>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Component> {
    let mut by_purl = None;
    for &raw in &dependency.purls {
        by_purl = by_purl.or_else(|| packages::purl(raw, purls, at, warnings));
    }
    let maven = dependency.maven.rsplit_once(':').filter(|(name, _)| name.contains(':'));
    let by_name = || maven.and_then(|(name, version)| purls::from_name("maven", name, Some(version)));
    let purl = match by_purl.or_else(by_name) {
        Some(purl) => purl,
        None => {
            let file = dependency.file_name.rsplit(": ").next().unwrap_or_default().trim();
            let purl = purls::from_parts("generic", None, &bounded(file, at, warnings), None)?;
            warnings.push(at, "a file that was taken for no package is known by its name alone");
            purl
        }
    };
    let mut component = Component::from_purl(purl);
    let paths = dependency.paths.iter().take(PATHS);
    component.paths = paths.map(|path| bounded(path, at, warnings)).collect();
    Some(component)
}

fn record(found: &Vulnerability<'_>, mut record: VulnerabilityRecord) -> VulnerabilityRecord {
    record.description = Some(found.description).filter(|text| !text.is_empty()).map(prose);
    record.weaknesses = found.weaknesses.iter().map(|text| (*text).to_owned()).collect();
    for link in found.references.iter().filter_map(|text| link(text)) {
        if !record.references.contains(&link) {
            record.references.push(link);
        }
    }
    let source = if found.source.is_empty() { "nvd".to_owned() } else { found.source.to_ascii_lowercase() };
    for (vector, score) in &found.scores {
        let stated = score.parse::<f64>().ok().filter(|score| (0.0..=10.0).contains(score));
        record.cvss.push(CvssScore { source: source.clone(), vector: vector.clone(), stated });
    }
    record
}
