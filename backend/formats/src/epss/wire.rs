//! The lines of an EPSS file, and an answer of FIRST's API. FIRST never quotes a cell, yet spreadsheets that re-save the
//! file do, so quotes around a cell are dropped. Refuses more than three cells a line, and the scores of days before.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

/// An answer of the API.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Answer<'a> {
    /// How many scores the question has, on all pages.
    pub(super) total: Number,
    #[serde(deserialize_with = "nullable")]
    pub(super) data: Vec<Told<'a>>,
}

/// A score in an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Told<'a> {
    pub(super) cve: Text<'a>,
    pub(super) epss: Text<'a>,
    pub(super) percentile: Text<'a>,
    pub(super) date: Text<'a>,
}

impl Told<'_> {
    /// The score as a line has it.
    pub(super) fn row(&self) -> Result<Row<'_>, Fault> {
        let percentile = self.percentile.filled().map(share).transpose()?;
        Ok(Row { cve: &self.cve, probability: share(&self.epss)?, percentile })
    }
}

/// A line that is not a score.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Not a CVE and one or two numbers.
    Unreadable,
    /// A number outside 0 to 1.
    OutOfRange,
}

/// One score as written.
#[derive(Debug, PartialEq)]
pub(super) struct Row<'a> {
    pub(super) cve: &'a str,
    pub(super) probability: f64,
    pub(super) percentile: Option<f64>,
}

/// Whether a line is FIRST's header. Files of 2021 have no percentile yet.
pub(super) fn is_header(line: &str) -> bool {
    let names: Vec<String> = line.split(',').map(|cell| bare(cell).to_ascii_lowercase()).collect();
    matches!(
        names.iter().map(String::as_str).collect::<Vec<_>>()[..],
        ["cve", "epss", "percentile"] | ["cve", "epss"]
    )
}

/// Whether a line is one of the crawl: a CVE and two numbers between semicolons.
pub(super) fn is_crawled(line: &str) -> bool {
    line.starts_with("CVE-") && line.split(';').count() == 3 && row(line).is_ok()
}

/// Reads one line, whichever its separator.
pub(super) fn row(line: &str) -> Result<Row<'_>, Fault> {
    let separator = if line.contains(';') { ';' } else { ',' };
    let mut cells = line.split(separator).map(bare);
    let (cve, probability, percentile, more) = (cells.next(), cells.next(), cells.next(), cells.next());
    let (Some(cve), Some(probability), None) = (cve, probability, more) else {
        return Err(Fault::Unreadable);
    };
    let percentile = percentile.filter(|cell| !cell.is_empty()).map(share).transpose()?;
    Ok(Row { cve, probability: share(probability)?, percentile })
}

/// Key and value of a comment line: `#model_version:v2025.03.14,score_date:2025-03-14T00:00:00+0000`.
pub(super) fn comment(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.trim_start_matches('#')
        .split(',')
        .filter_map(|pair| pair.split_once(':'))
        .map(|(key, value)| (bare(key), bare(value)))
}

fn share(cell: &str) -> Result<f64, Fault> {
    let number: f64 = cell.parse().map_err(|_| Fault::Unreadable)?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err(Fault::OutOfRange) }
}

fn bare(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim()
}
