//! CVE records as ours, all containers in one. Refuses records without a CVE id; they are told in a warning.

use chrono::{DateTime, Utc};
use domain::cvss::CvssScore;
use domain::intel::{DatabaseRecord, IntelFeed};
use domain::observation::Observation;
use domain::severity::Severity;
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};
use serde_json::Value;

use super::ssvc;
use super::wire::{Container, Metric, Prose, Record, Vector};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// All records as one feed; the latest change of any of them is its time.
pub(super) fn records(records: &[Record<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let mut kept = Vec::with_capacity(records.len());
    for (index, wire) in records.iter().enumerate() {
        let at = if records.len() == 1 { String::new() } else { format!("[{index}]") };
        match record(wire, &at, &mut warnings) {
            Some(record) => kept.push(record),
            None => warnings.push(at, "a record without a CVE id was left out"),
        }
    }
    let made_at: Option<DateTime<Utc>> =
        kept.iter().filter_map(|record| record.vulnerability.modified_at).max();
    let feed = (!kept.is_empty()).then(|| IntelFeed::Vulnerabilities {
        database: "cve".to_owned(),
        made_at,
        records: kept,
    });
    Parsed {
        observations: feed.map(Observation::Intel).into_iter().collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}

fn record(wire: &Record<'_>, at: &str, warnings: &mut Warnings) -> Option<DatabaseRecord> {
    let metadata = &wire.cve_metadata;
    let id = metadata.cve_id.parse::<VulnerabilityId>().ok().filter(VulnerabilityId::is_cve)?;
    let cna = &wire.containers.cna;
    let mut known = VulnerabilityRecord::bare(id);
    known.title = cna.title.filled().map(prose);
    let english = |texts: &[Prose<'_>]| {
        let text = texts.iter().find(|text| text.lang.starts_with("en"))?;
        text.value.filled().map(prose)
    };
    known.description = english(&cna.descriptions).or_else(|| english(&cna.rejected_reasons));
    known.published_at = time::parse(&metadata.date_published);
    known.modified_at = time::parse(&metadata.date_updated);
    let mut record = DatabaseRecord {
        vulnerability: known,
        withdrawn: metadata.state.eq_ignore_ascii_case("REJECTED"),
        exploited_since: None,
        decisions: Vec::new(),
        affected: Vec::new(),
    };
    for container in std::iter::once(cna).chain(&wire.containers.adp) {
        add(container, &mut record, at, warnings);
    }
    Some(record)
}

/// Adds what one container says.
fn add(container: &Container<'_>, record: &mut DatabaseRecord, at: &str, warnings: &mut Warnings) {
    let by = bounded(container.provider_metadata.short_name.filled().unwrap_or("unstated"), at, warnings);
    let by = by.to_lowercase();
    for metric in &container.metrics {
        rate(metric, &by, record, at, warnings);
    }
    let known = &mut record.vulnerability;
    let problems = container.problem_types.iter().flat_map(|kind| &kind.descriptions);
    for cwe in problems.map(|problem| &*problem.cwe_id).filter(|cwe| cwe.starts_with("CWE-")) {
        if !known.weaknesses.iter().any(|present| present == cwe) {
            known.weaknesses.push(bounded(cwe, at, warnings));
        }
    }
    for link in container.references.iter().filter_map(|reference| link(&reference.url)) {
        if !known.references.contains(&link) {
            known.references.push(link);
        }
    }
}

fn rate(metric: &Metric<'_>, by: &str, record: &mut DatabaseRecord, at: &str, warnings: &mut Warnings) {
    let known = &mut record.vulnerability;
    for vector in [&metric.v40, &metric.v31, &metric.v30, &metric.v2].into_iter().flatten() {
        known.cvss.extend(score(vector, by, at, warnings));
        if known.severity == Severity::Unknown {
            known.severity = severity::from_word(&vector.base_severity);
        }
    }
    let Some(other) = &metric.other else { return };
    match &*other.kind {
        "ssvc" => record.decisions.extend(ssvc::decision(&other.content, by, at, warnings)),
        "kev" => {
            let day = other.content.get("dateAdded").and_then(Value::as_str);
            record.exploited_since = record.exploited_since.or_else(|| time::date(day?));
        }
        _ => {}
    }
}

fn score(wire: &Vector<'_>, by: &str, at: &str, warnings: &mut Warnings) -> Option<CvssScore> {
    let vector = bounded(wire.vector_string.filled()?, at, warnings);
    Some(CvssScore { source: by.to_owned(), vector, stated: wire.base_score.0 })
}
