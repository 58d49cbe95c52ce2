//! npm audit's report since npm 7 as one scan. Refuses a target: the report does not name the project; and
//! versions: the report has none.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::{Fix, FixState};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};
use serde_json::Value;

use super::wire::{Package, Report};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, purls, severity};

/// Most places of a package that are kept.
const MOST: usize = 100;

/// Maps a whole report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let mut builder = scan();
    let mut entries = 0;
    for (name, package) in &report.vulnerabilities {
        let at = bounded(name, "vulnerabilities", &mut warnings);
        entries += package.via.iter().filter(|via| via.is_object()).count();
        found(&at, package, &mut builder, &mut warnings);
    }
    finish(builder, entries, warnings)
}

/// An empty scan by npm.
pub(super) fn scan() -> ScanBuilder {
    let tool = Tool { name: "npm-audit".to_owned(), version: None };
    let mut builder = ScanBuilder::new(tool, Target::Unstated);
    builder.scan_mut().covers.insert(FindingClass::Vulnerability);
    builder
}

/// The document of a scan.
pub(super) fn finish(builder: ScanBuilder, entries: usize, warnings: Warnings) -> Parsed {
    let scan = builder.build();
    Parsed {
        tool: Some(scan.tool.clone()),
        entries,
        listed_components: 0,
        observations: vec![Observation::Scan(scan)],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn found(name: &str, package: &Package<'_>, builder: &mut ScanBuilder, warnings: &mut Warnings) {
    let advisories = package.via.iter().filter(|via| via.is_object());
    for (index, advisory) in advisories.enumerate() {
        let at = format!("vulnerabilities.{name}.via[{index}]");
        let Some(purl) = purls::from_name("npm", name, None) else {
            warnings.skip(at, "an advisory without a package was skipped");
            continue;
        };
        let Some(record) = record(advisory, &at, warnings) else {
            warnings.skip(at, "an advisory without a usable id was skipped");
            continue;
        };
        let mut component = Component::from_purl(purl);
        component.paths = package.nodes.iter().take(MOST).map(|path| bounded(path, &at, warnings)).collect();
        let subject = Subject::Vulnerability {
            component: builder.component(component),
            vulnerability: builder.vulnerability(record),
        };
        let word = text(advisory, "severity");
        let mut finding =
            ReportedFinding::new(subject, severity::from_word(word), bounded(word, &at, warnings));
        finding.fix = Fix { state: fix(&package.fix_available), versions: Vec::new() };
        builder.finding(finding);
    }
}

fn fix(available: &Value) -> FixState {
    match available {
        Value::Bool(false) => FixState::NotFixed,
        Value::Bool(true) | Value::Object(_) => FixState::Fixed,
        _ => FixState::Unknown,
    }
}

fn record(advisory: &Value, at: &str, warnings: &mut Warnings) -> Option<VulnerabilityRecord> {
    let url = text(advisory, "url");
    let mut record = VulnerabilityRecord::bare(id(url, advisory.get("source"))?);
    record.title = Some(text(advisory, "title")).filter(|title| !title.is_empty()).map(prose);
    record.references.extend(link(url));
    record.weaknesses = weaknesses(advisory.get("cwe"), at, warnings);
    let cvss = advisory.get("cvss");
    let vector = cvss.map_or("", |cvss| text(cvss, "vectorString"));
    if !vector.is_empty() {
        record.cvss.push(CvssScore {
            source: "ghsa".to_owned(),
            vector: bounded(vector, at, warnings),
            stated: cvss.and_then(|cvss| cvss.get("score")?.as_f64()),
        });
    }
    Some(record)
}

/// The id of GitHub's advisory that a link leads to, or else npm's number for it.
pub(super) fn id(url: &str, number: Option<&Value>) -> Option<VulnerabilityId> {
    let last = url.trim_end_matches('/').rsplit('/').next().filter(|last| last.starts_with("GHSA-"));
    match last {
        Some(id) => id.parse().ok(),
        None => format!("npm-{}", number?.as_u64()?).parse().ok(),
    }
}

/// Weakness ids in a text or a list of texts.
pub(super) fn weaknesses(stated: Option<&Value>, at: &str, warnings: &mut Warnings) -> Vec<String> {
    let list = stated.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let alone = stated.and_then(Value::as_str);
    let ids = list.chain(alone).filter(|text| text.starts_with("CWE-"));
    ids.map(|text| bounded(text, at, warnings)).collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
