//! NVD's records as ours. Refuses records without a CVE id; they are told in a warning.

use chrono::{DateTime, Utc};
use domain::cvss::CvssScore;
use domain::intel::{DatabaseRecord, IntelFeed};
use domain::observation::Observation;
use domain::severity::Severity;
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};

use super::wire::{Cve, Metric, Page};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// All records of some pages as one feed.
pub(super) fn pages(pages: &[Page<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let mut records = Vec::new();
    let mut made_at: Option<DateTime<Utc>> = None;
    let mut listed = 0_u64;
    for (number, page) in pages.iter().enumerate() {
        let place = if pages.len() == 1 { String::new() } else { format!("[{number}].") };
        made_at = made_at.max(time::parse(&page.timestamp));
        listed += page.vulnerabilities.len() as u64;
        let of_page = page.vulnerabilities.iter().enumerate();
        let of_page = of_page.map(|(index, item)| (format!("{place}vulnerabilities[{index}]"), &item.cve));
        let alone = page.cve.iter().chain(page.item.iter().map(|item| &item.cve));
        let alone = alone.map(|cve| (format!("{place}cve"), cve));
        for (at, cve) in of_page.chain(alone) {
            match record(cve, &at, &mut warnings) {
                Some(record) => records.push(record),
                None => warnings.push(at, "a record without a CVE id was left out"),
            }
        }
    }
    let stated = pages.iter().filter_map(|page| page.total_results.whole()).max().unwrap_or(0);
    if stated > listed {
        let message = format!("the answer is a part: it has {listed} of {stated} records");
        warnings.push("totalResults", message);
    }
    let feed = (!records.is_empty()).then(|| IntelFeed::Vulnerabilities {
        database: "nvd".to_owned(),
        made_at,
        records,
    });
    Parsed {
        observations: feed.map(Observation::Intel).into_iter().collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}

fn record(wire: &Cve<'_>, at: &str, warnings: &mut Warnings) -> Option<DatabaseRecord> {
    let id = wire.id.parse::<VulnerabilityId>().ok().filter(VulnerabilityId::is_cve)?;
    let mut record = VulnerabilityRecord::bare(id);
    record.title = wire.cisa_vulnerability_name.filled().map(prose);
    let english = wire.descriptions.iter().find(|prose| &*prose.lang == "en");
    record.description = english.and_then(|text| text.value.filled()).map(prose);
    let metrics = &wire.metrics;
    let mut ratings: Vec<&Metric<'_>> =
        [&metrics.v40, &metrics.v31, &metrics.v30, &metrics.v2].into_iter().flatten().collect();
    record.cvss = ratings.iter().filter_map(|metric| score(metric, at, warnings)).collect();
    // Sorting keeps the newest version first among those of one kind.
    ratings.sort_by_key(|metric| &*metric.kind != "Primary");
    let mut words = ratings.iter().map(|metric| severity::from_word(word(metric)));
    record.severity = words.find(|severity| *severity != Severity::Unknown).unwrap_or(Severity::Unknown);
    for text in wire.weaknesses.iter().flat_map(|weakness| &weakness.description).map(|text| &*text.value) {
        if text.starts_with("CWE-") && !record.weaknesses.iter().any(|known| known == text) {
            record.weaknesses.push(bounded(text, at, warnings));
        }
    }
    for link in wire.references.iter().filter_map(|reference| link(&reference.url)) {
        if !record.references.contains(&link) {
            record.references.push(link);
        }
    }
    record.published_at = time::parse(&wire.published);
    record.modified_at = time::parse(&wire.last_modified);
    Some(DatabaseRecord {
        vulnerability: record,
        withdrawn: wire.vuln_status.eq_ignore_ascii_case("rejected"),
        exploited_since: time::date(&wire.cisa_exploit_add),
        decisions: Vec::new(),
        affected: Vec::new(),
    })
}

/// A rating with who made it: `nvd` for NVD itself, otherwise as written.
fn score(metric: &Metric<'_>, at: &str, warnings: &mut Warnings) -> Option<CvssScore> {
    let vector = metric.cvss_data.vector_string.filled()?;
    let source = match &*metric.source {
        "nvd@nist.gov" => "nvd".to_owned(),
        other => bounded(other, at, warnings).to_lowercase(),
    };
    Some(CvssScore { source, vector: bounded(vector, at, warnings), stated: metric.cvss_data.base_score.0 })
}

fn word<'b>(metric: &'b Metric<'_>) -> &'b str {
    metric.cvss_data.base_severity.filled().unwrap_or(&metric.base_severity)
}
