//! Detections in our words: one scan for each host, its CVEs as vulnerabilities, the rest as failed checks.
//! Refuses to count what was fixed or only informs, and to name a package: Qualys tells none.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::component::Component;
use domain::finding::{ReportedFinding, Subject, Verdict};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};

use super::wire::{self, Detection};
use crate::aside::Aside;
use crate::table::Table;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Error, Parsed, purls, severity};

/// Why no host's scan is whole.
const FILTERED: &str = "a list of Qualys holds what its search let through, and does not state it";

/// Maps a table.
///
/// # Errors
/// When none of its rows has a QID.
pub(super) fn table(mut table: Table<'_>) -> Result<Parsed, Error> {
    let tool = Tool { name: "qualys".to_owned(), version: None };
    let (mut aside, mut warnings) = (Aside::default(), Warnings::default());
    let mut scans: Vec<ScanBuilder> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let (mut numbered, mut first) = (false, None);
    while let Some(row) = table.row(&mut warnings)? {
        let found = wire::detection(&row);
        first.get_or_insert(row.place);
        numbered |= !found.qid.is_empty();
        if !counts(&found, || row.at(), &mut aside, &mut warnings) {
            continue;
        }
        let at = row.at();
        let index = *known.entry(found.host.to_owned()).or_insert_with(|| {
            scans.push(ScanBuilder::new(tool.clone(), target(found.host, &at, &mut warnings)));
            scans.len() - 1
        });
        if let Some(scan) = scans.get_mut(index) {
            scan.scan_mut().partial = Some(FILTERED.to_owned());
            scan.scan_mut().scanned_at = scan.scan_mut().scanned_at.max(moment(found.last_detected));
            add(scan, &found, &at, &mut warnings);
        }
    }
    if let Some(place) = first.filter(|_| !numbered) {
        return Err(table.broken(place, "expected a row with a QID; none has one".to_owned()));
    }
    if table.listed() == 0 {
        warnings.push("line 1", "the list is empty and names no host, so nothing is recorded as checked");
    }
    aside.tell(&mut warnings);
    Ok(Parsed {
        tool: Some(tool),
        entries: table.listed(),
        listed_components: 0,
        observations: scans.into_iter().map(|scan| Observation::Scan(scan.build())).collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    })
}

/// Whether a detection is still a weakness; what is not is told.
fn counts(
    found: &Detection<'_>,
    at: impl Fn() -> String,
    aside: &mut Aside,
    warnings: &mut Warnings,
) -> bool {
    if found.qid.is_empty() {
        warnings.skip(at(), "a row without a QID was skipped");
        return false;
    }
    if found.status.eq_ignore_ascii_case("fixed") {
        aside.put("of status Fixed".to_owned(), "Qualys no longer detects them", at);
        return false;
    }
    if found.kind.eq_ignore_ascii_case("ig") {
        aside.put("of type Ig".to_owned(), "they inform and are no weaknesses", at);
        return false;
    }
    true
}

fn target(host: &str, at: &str, warnings: &mut Warnings) -> Target {
    if host.is_empty() {
        return Target::Unstated;
    }
    Target::Other { kind: "host".to_owned(), name: bounded(host, at, warnings) }
}

fn add(scan: &mut ScanBuilder, row: &Detection<'_>, at: &str, warnings: &mut Warnings) {
    let qid = format!("QID-{}", bounded(row.qid, at, warnings));
    let cves: BTreeSet<VulnerabilityId> =
        row.cves.split(',').filter_map(|id| id.parse().ok()).filter(VulnerabilityId::is_cve).collect();
    // The host stands for the package that Qualys does not tell.
    let host = purls::from_parts("generic", None, "unknown", None);
    let component = host.filter(|_| !cves.is_empty()).map(|purl| scan.component(Component::from_purl(purl)));
    let subjects: Vec<Subject> = match component {
        Some(component) => {
            warnings.push(at, "Qualys does not tell the package of a vulnerability, so it is the host's");
            let records = cves.into_iter().map(|id| record(row, id, &qid));
            let known = records.map(|record| scan.vulnerability(record));
            known.map(|vulnerability| Subject::Vulnerability { component, vulnerability }).collect()
        }
        None => {
            let slash = if row.protocol.is_empty() { "" } else { "/" };
            let port = if matches!(row.port, "" | "0") { "" } else { row.port };
            let path = format!("{port}{slash}{}", row.protocol.to_ascii_lowercase());
            let path = if port.is_empty() { String::new() } else { bounded(&path, at, warnings) };
            vec![Subject::Misconfiguration { check: qid, path, resource: None, line: None }]
        }
    };
    let word = format!("severity {}", bounded(row.severity, at, warnings));
    for subject in subjects {
        let mut finding = ReportedFinding::new(subject, severity::from_word(&word), &*word);
        finding.title = Some(row.title).filter(|title| !title.is_empty()).map(prose);
        if row.ignored {
            finding.verdict = Verdict::Suppressed("ignored in Qualys".to_owned());
        }
        scan.finding(finding);
    }
}

/// A vulnerability; a detection may cover several, so it is related.
fn record(row: &Detection<'_>, id: VulnerabilityId, qid: &str) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(id);
    record.related = qid.parse().into_iter().collect();
    record.description = Some(row.description).filter(|text| !text.is_empty()).map(prose);
    record
}

/// `Feb 03, 2026 07:00 AM`, in no zone that is told. Days of the scan report are ambiguous.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(text, "%b %d, %Y %I:%M %p").ok().map(|moment| moment.and_utc())
}
