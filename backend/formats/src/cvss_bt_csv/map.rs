//! Rows as records of vulnerabilities with the table's word on EPSS and exploits. Refuses ids that are no CVE, scores
//! outside 0 to 1, and vectors that do not look like one; each is told.

use domain::cvss::CvssScore;
use domain::intel::{DatabaseRecord, IntelFeed};
use domain::observation::Observation;
use domain::severity::Severity;
use domain::vulnerability::{ThreatWord, VulnerabilityId, VulnerabilityRecord};

use super::wire::{self, EXPLOITS, Maker};
use crate::table::{Row, Table};
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Error, Parsed, severity, time};

/// A whole table as one feed.
///
/// # Errors
/// When none of its rows has a CVE.
pub(super) fn list(mut table: Table<'_>) -> Result<Parsed, Error> {
    let database = match wire::maker(&table) {
        Maker::CvssBt => "cvss-bt",
        Maker::Join => "kev-epss",
    };
    let mut warnings = Warnings::default();
    let mut records = Vec::new();
    let mut first = None;
    while let Some(row) = table.row(&mut warnings)? {
        first.get_or_insert(row.place);
        match id(&row) {
            Some(id) => records.push(record(&row, id, &row.at(), &mut warnings)),
            None => warnings.push(row.at(), "a row without a CVE was left out"),
        }
    }
    if let Some(place) = first.filter(|_| records.is_empty()) {
        return Err(table.broken(place, "expected a row with a CVE; none has one".to_owned()));
    }
    if table.listed() == 0 {
        warnings.push("line 1", "the table holds no rows");
    }
    let database = database.to_owned();
    let feed =
        (!records.is_empty()).then_some(IntelFeed::Vulnerabilities { database, made_at: None, records });
    Ok(Parsed {
        observations: feed.map(Observation::Intel).into_iter().collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    })
}

/// The CVE of a row: a year and a number.
fn id(row: &Row<'_>) -> Option<VulnerabilityId> {
    let id = row.cell("cve").parse::<VulnerabilityId>().ok()?;
    let (year, number) = id.as_str().strip_prefix("CVE-")?.split_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(year) && digits(number)).then_some(id)
}

fn record(row: &Row<'_>, id: VulnerabilityId, at: &str, warnings: &mut Warnings) -> DatabaseRecord {
    let mut record = VulnerabilityRecord::bare(id);
    let description = row.cell("description");
    record.description = Some(description).filter(|text| !text.is_empty()).map(prose);
    let stated = row.first(&["base_score", "cvss3"]).parse::<f64>().ok();
    let stated = stated.filter(|score| (0.0..=10.0).contains(score));
    record.severity = match severity::from_word(row.cell("base_severity")) {
        Severity::Unknown => stated.map_or(Severity::Unknown, Severity::from_cvss),
        known => known,
    };
    record.cvss = vector(row, stated, at, warnings).into_iter().collect();
    record.published_at = time::parse(row.cell("published_date"));
    let epss = epss(row.cell("epss"), at, warnings);
    let exploit = exploit(row);
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

fn vector(row: &Row<'_>, stated: Option<f64>, at: &str, warnings: &mut Warnings) -> Option<CvssScore> {
    let vector = row.cell("base_vector");
    if vector.is_empty() {
        return None;
    }
    if !vector.starts_with("AV:") && !vector.starts_with("CVSS:") {
        warnings.push(at, "a vector that is none was left out");
        return None;
    }
    let source = match row.cell("assigner") {
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
fn exploit(row: &Row<'_>) -> Option<bool> {
    let cells: Vec<&str> = EXPLOITS.iter().map(|name| row.cell(name)).collect();
    let any = |word: &str| cells.iter().any(|cell| cell.eq_ignore_ascii_case(word));
    any("true").then_some(true).or_else(|| any("false").then_some(false))
}
