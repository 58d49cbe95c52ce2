//! RustSec's advisories on crates as one scan. Refuses a target: the report does not name the lock file.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::{Fix, FixState};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;
use domain::vulnerability::VulnerabilityRecord;
use serde_json::Value;

use super::wire::{Advisory, Entry, Report, Versions};
use crate::aside::Aside;
use crate::error::clip;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, osv, purls, time};

/// Maps a whole report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = Tool { name: "cargo-audit".to_owned(), version: None };
    let mut builder = ScanBuilder::new(tool.clone(), Target::Unstated);
    builder.scan_mut().covers.insert(FindingClass::Vulnerability);
    builder.scan_mut().database_at = time::parse(&report.database.last_updated);
    for (index, entry) in report.vulnerabilities.list.iter().enumerate() {
        finding(entry, &mut builder, &format!("vulnerabilities.list[{index}]"), &mut warnings);
    }
    let other = set_aside(&report.warnings, &mut warnings);
    Parsed {
        tool: Some(tool),
        entries: report.vulnerabilities.list.len() + other,
        listed_components: 0,
        observations: vec![Observation::Scan(builder.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn finding(entry: &Entry<'_>, builder: &mut ScanBuilder, at: &str, warnings: &mut Warnings) {
    let version = entry.package.version.filled();
    let name = bounded(&entry.package.name, at, warnings);
    let Some(purl) = purls::from_name("cargo", &name, version) else {
        warnings.skip(at, "an advisory without a crate was skipped");
        return;
    };
    let Some(record) = record(&entry.advisory, at, warnings) else {
        warnings.skip(at, "an advisory without a usable id was skipped");
        return;
    };
    let subject = Subject::Vulnerability {
        component: builder.component(Component::from_purl(purl)),
        vulnerability: builder.vulnerability(record),
    };
    let mut finding = ReportedFinding::new(subject, Severity::Unknown, "");
    finding.fix = fix(&entry.versions, at, warnings);
    builder.finding(finding);
}

fn record(wire: &Advisory<'_>, at: &str, warnings: &mut Warnings) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(wire.id.parse().ok()?);
    (record.aliases, record.related) = osv::aliases(&record.id, wire.aliases.iter().map(|text| &**text));
    record.title = wire.title.filled().map(prose);
    record.description = wire.description.filled().map(prose);
    record.cvss.extend(wire.cvss.filled().map(|vector| CvssScore {
        source: "rustsec".to_owned(),
        vector: bounded(vector, at, warnings),
        stated: None,
    }));
    for link in std::iter::once(&wire.url).chain(&wire.references).filter_map(|text| link(text)) {
        if !record.references.contains(&link) {
            record.references.push(link);
        }
    }
    record.published_at = time::parse(&wire.date);
    Some(record)
}

fn fix(versions: &Versions<'_>, at: &str, warnings: &mut Warnings) -> Fix {
    let Some(patched) = &versions.patched else { return Fix::default() };
    let versions: Vec<String> = patched.iter().map(|range| bounded(range, at, warnings)).collect();
    let state = if versions.is_empty() { FixState::NotFixed } else { FixState::Fixed };
    Fix { state, versions }
}

/// Counts what cargo-audit only warns of, by kind.
fn set_aside(stated: &Value, warnings: &mut Warnings) -> usize {
    let mut aside = Aside::default();
    let mut count = 0;
    let kinds = stated.as_object().into_iter().flatten().map(|(kind, list)| (kind.as_str(), list));
    let plain = stated.as_array().map(|_| ("warning", stated));
    for (kind, list) in kinds.chain(plain) {
        for _ in list.as_array().into_iter().flatten() {
            count += 1;
            let what = format!("of the kind `{}`", clip(kind));
            aside.put(what, "they tell of the crate, not of a vulnerability", || "warnings".to_owned());
        }
    }
    aside.tell(warnings);
    count
}
