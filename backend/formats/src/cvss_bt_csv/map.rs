//! Rows as records of vulnerabilities with the table's word on EPSS and exploits. Refuses ids that are no CVE, scores
//! outside 0 to 1, and vectors that do not look like one; each is told.

use domain::cvss::CvssScore;
use domain::intel::{DatabaseRecord, IntelFeed};
use domain::observation::Observation;
use domain::severity::Severity;
use domain::vulnerability::{ThreatWord, VulnerabilityId, VulnerabilityRecord};

use super::wire::{EXPLOITS, List, Maker};
use crate::table::Row;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// A whole table as one feed.
pub(super) fn list(list: &List) -> Parsed {
    let mut warnings = Warnings::default();
    let mut records = Vec::new();
    for row in &list.table.rows {
        let at = format!("line {}", row.line);
        match id(list, row) {
            Some(id) => records.push(record(list, row, id, &at, &mut warnings)),
            None => warnings.push(at, "a row without a CVE was left out"),
        }
    }
    if list.table.rows.is_empty() {
        warnings.push("line 1", "the table holds no rows");
    }
    let database = match list.maker {
        Maker::CvssBt => "cvss-bt",
        Maker::Join => "kev-epss",
    };
    let database = database.to_owned();
    let feed =
        (!records.is_empty()).then_some(IntelFeed::Vulnerabilities { database, made_at: None, records });
    Parsed {
        observations: feed.map(Observation::Intel).into_iter().collect(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}

/// The CVE of a row: a year and a number.
pub(super) fn id(list: &List, row: &Row) -> Option<VulnerabilityId> {
    let id = list.cell(row, &["cve", "CVE"]).parse::<VulnerabilityId>().ok()?;
    let (year, number) = id.as_str().strip_prefix("CVE-")?.split_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(year) && digits(number)).then_some(id)
}

fn record(list: &List, row: &Row, id: VulnerabilityId, at: &str, warnings: &mut Warnings) -> DatabaseRecord {
    let mut record = VulnerabilityRecord::bare(id);
    let description = list.cell(row, &["Description"]);
    record.description = Some(description).filter(|text| !text.is_empty()).map(prose);
    let stated = list.cell(row, &["base_score", "CVSS3"]).parse::<f64>().ok();
    let stated = stated.filter(|score| (0.0..=10.0).contains(score));
    record.severity = match severity::from_word(list.cell(row, &["base_severity"])) {
        Severity::Unknown => stated.map_or(Severity::Unknown, Severity::from_cvss),
        known => known,
    };
    record.cvss = vector(list, row, stated, at, warnings).into_iter().collect();
    record.published_at = time::parse(list.cell(row, &["published_date"]));
    let epss = epss(list.cell(row, &["epss", "EPSS"]), at, warnings);
    let exploit = exploit(list, row);
    let said = epss.is_some() || exploit.is_some();
    record.threat = said.then(|| ThreatWord { epss, exploit, ..ThreatWord::default() });
    DatabaseRecord {
        vulnerability: record,
        withdrawn: false,
        exploited_since: None,
        decisions: Vec::new(),
        affected: Vec::new(),
    }
}

fn vector(
    list: &List,
    row: &Row,
    stated: Option<f64>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<CvssScore> {
    let vector = list.cell(row, &["base_vector"]);
    if vector.is_empty() {
        return None;
    }
    if !vector.starts_with("AV:") && !vector.starts_with("CVSS:") {
        warnings.push(at, "a vector that is none was left out");
        return None;
    }
    let source = match list.cell(row, &["assigner"]) {
        "" => "cvss-bt".to_owned(),
        "nvd@nist.gov" => "nvd".to_owned(),
        other => bounded(other, at, warnings).to_lowercase(),
    };
    Some(CvssScore { source, vector: bounded(vector, at, warnings), stated })
}

fn epss(cell: &str, at: &str, warnings: &mut Warnings) -> Option<f64> {
    if cell.is_empty() {
        return None;
    }
    let share = cell.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    if share.is_none() {
        warnings.push(at, "an EPSS that is not between 0 and 1 was left out");
    }
    share
}

/// Whether an exploit is known: a catalogue that says so is believed, whatever the others say.
fn exploit(list: &List, row: &Row) -> Option<bool> {
    let cells: Vec<&str> = EXPLOITS.iter().map(|name| list.cell(row, &[*name])).collect();
    let any = |word: &str| cells.iter().any(|cell| cell.eq_ignore_ascii_case(word));
    any("true").then_some(true).or_else(|| any("false").then_some(false))
}
