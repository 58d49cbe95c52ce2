//! What a report says of a vulnerability itself. Refuses a vector of which a part is missing.

use domain::cvss::CvssScore;
use domain::severity::Severity;
use domain::vulnerability::VulnerabilityRecord;

use super::map::TOOL;
use super::wire::Vulnerability;
use crate::clair::Named;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{names, time};

/// Words for the values of parts of a vector of version 2.
const VALUES: [(&str, &str); 13] = [
    ("network", "N"),
    ("adjacent network", "A"),
    ("local", "L"),
    ("low", "L"),
    ("medium", "M"),
    ("high", "H"),
    ("none required", "N"),
    ("requires single instance", "S"),
    ("requires multiple instances", "M"),
    ("none", "N"),
    ("partial", "P"),
    ("complete", "C"),
    ("single", "S"),
];

/// The vulnerabilities that a finding speaks of.
pub(super) fn records(
    stated: &Vulnerability<'_>,
    at: &str,
    warnings: &mut Warnings,
) -> Vec<VulnerabilityRecord> {
    let advisories: Vec<String> = stated.references.iter().map(|text| text.replacen(':', "-", 1)).collect();
    let own = if stated.reference_id.is_empty() { &stated.cve } else { &stated.reference_id };
    let others = std::iter::once(&*stated.cve).chain(advisories.iter().map(String::as_str));
    let named = names::of(own, others);
    named.into_iter().map(|named| record(named, stated, at, warnings)).collect()
}

fn record(
    named: Named,
    stated: &Vulnerability<'_>,
    at: &str,
    warnings: &mut Warnings,
) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(named.id);
    (record.aliases, record.related) = (named.aliases, named.related);
    record.description = stated.description.filled().map(prose);
    if stated.cwe.starts_with("CWE-") {
        record.weaknesses.push(bounded(&stated.cwe, at, warnings));
    }
    if let Some(vector) = vector(stated) {
        let vector = bounded(&vector, at, warnings);
        record.cvss.push(CvssScore { source: TOOL.to_owned(), vector, stated: score(stated) });
    }
    record.published_at = time::parse(&stated.published_date);
    record.modified_at = time::parse(&stated.modified_date);
    record
}

/// The severity that the score means. The second version of the scale ends at high.
pub(super) fn severity(stated: &Vulnerability<'_>) -> Severity {
    let severity = score(stated).map_or(Severity::Unknown, Severity::from_cvss);
    if stated.cvss_vector.starts_with("CVSS:") { severity } else { severity.max(Severity::High) }
}

fn score(stated: &Vulnerability<'_>) -> Option<f64> {
    stated.cvss_score.trim().parse::<f64>().ok().filter(|score| (0.0..=10.0).contains(score))
}

fn vector(stated: &Vulnerability<'_>) -> Option<String> {
    if let Some(vector) = stated.cvss_vector.filled() {
        return Some(vector.to_owned());
    }
    let parts = [
        ("AV", &stated.access_vector),
        ("AC", &stated.access_complexity),
        ("Au", &stated.auth),
        ("C", &stated.confidentiality_impact),
        ("I", &stated.integrity_impact),
        ("A", &stated.availability_impact),
    ];
    let parts: Option<Vec<String>> =
        parts.into_iter().map(|(name, word)| Some(format!("{name}:{}", value(word)?))).collect();
    Some(parts?.join("/"))
}

fn value(word: &str) -> Option<&'static str> {
    VALUES.iter().find(|(known, _)| known.eq_ignore_ascii_case(word.trim())).map(|(_, value)| *value)
}
