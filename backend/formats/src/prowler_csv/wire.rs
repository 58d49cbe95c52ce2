//! A table as Prowler writes it, and a finding in it, whichever its names of columns. Refuses rows of another length
//! than the header: nothing tells which cell is missing. A table of which no row can be read is broken.

use csv::StringRecord;

use super::KIND;
use crate::prowler::Finding;
use crate::warnings::Warnings;
use crate::{Error, Head, time};

/// Columns without which it is another table, with what stands between them: since the fourth version, of the third,
/// of the second.
const DIALECTS: [(u8, &[&str]); 3] = [
    (b';', &["FINDING_UID", "PROVIDER", "CHECK_ID", "STATUS", "STATUS_EXTENDED", "RESOURCE_UID"]),
    (b';', &["FINDING_UNIQUE_ID", "PROVIDER", "CHECK_ID", "STATUS", "STATUS_EXTENDED", "RESOURCE_ID"]),
    (b',', &["ACCOUNT_NUM", "REGION", "TITLE_ID", "CHECK_RESULT", "TITLE_TEXT", "CHECK_RESULT_EXTENDED"]),
];

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    names: Vec<String>,
    rows: Vec<(u64, StringRecord)>,
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'t> {
    names: &'t [String],
    cells: &'t StringRecord,
    /// From 1.
    pub line: u64,
}

/// What stands between the columns of a document that begins with a header of Prowler's.
pub(super) fn delimiter(head: &Head) -> Option<u8> {
    if matches!(head.first_byte(), Some(b'{' | b'[' | b'<')) {
        return None;
    }
    let line = head.text().lines().next().unwrap_or_default();
    let has = |delimiter: u8, needed: &[&str]| {
        let names: Vec<&str> = line.split(char::from(delimiter)).map(name).collect();
        needed.iter().all(|needed| names.contains(needed))
    };
    DIALECTS.iter().find(|(delimiter, needed)| has(*delimiter, needed)).map(|(delimiter, _)| *delimiter)
}

impl Table {
    /// Reads a table; rows that do not fit under its header are told and left out.
    ///
    /// # Errors
    /// When there are rows and none of them fits.
    pub(super) fn read(document: &[u8], delimiter: u8, warnings: &mut Warnings) -> Result<Self, Error> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(document);
        let mut table = Self { names: Vec::new(), rows: Vec::new() };
        let mut unfit = None;
        for record in reader.byte_records() {
            let record = record.map_err(|error| broken((0, 0), error.to_string()))?;
            let place = record.position().map_or((0, 0), |at| (at.line(), at.byte()));
            let cells = StringRecord::from_byte_record_lossy(record);
            if table.names.is_empty() {
                table.names = cells.iter().map(|cell| name(cell).to_owned()).collect();
            } else if cells.len() == table.names.len() {
                table.rows.push((place.0, cells));
            } else {
                let columns = table.names.len();
                let message = format!("a row that has not {columns} cells was left out");
                warnings.push(format!("line {}", place.0), message);
                unfit.get_or_insert(place);
            }
        }
        match unfit.filter(|_| table.rows.is_empty()) {
            Some(place) => {
                let columns = table.names.len();
                Err(broken(place, format!("expected rows of {columns} cells, and no row has them")))
            }
            None => Ok(table),
        }
    }

    /// The rows that fit.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { names: &self.names, cells, line: *line })
    }
}

impl<'t> Row<'t> {
    /// The trimmed cell under the first of these names that there is; empty without one.
    pub(super) fn cell(&self, names: &[&str]) -> &'t str {
        let column = |name: &&str| self.names.iter().position(|known| known == *name);
        let column = names.iter().find_map(column);
        column.and_then(|column| self.cells.get(column)).unwrap_or_default().trim()
    }

    /// The finding that it is.
    pub(super) fn finding(&self) -> Finding<'t> {
        let title = self.cell(&["CHECK_TITLE", "TITLE_TEXT"]);
        // In the second version the check stands before its title: `[check11] Avoid …`.
        let inside = title.strip_prefix('[').and_then(|title| title.split_once(']'));
        let (check, title) = match (self.cell(&["CHECK_ID"]), inside) {
            ("", Some((check, title))) => (check, title.trim()),
            (check, _) => (check, title),
        };
        Finding {
            provider: self.cell(&["PROVIDER"]),
            account: self.cell(&["ACCOUNT_UID", "ACCOUNT_ID", "ACCOUNT_NUM"]),
            region: self.cell(&["REGION"]),
            check,
            title,
            status: self.cell(&["STATUS", "CHECK_RESULT"]),
            sentence: self.cell(&["STATUS_EXTENDED", "CHECK_RESULT_EXTENDED"]),
            severity: self.cell(&["SEVERITY", "CHECK_SEVERITY"]),
            muted: self.cell(&["MUTED"]).eq_ignore_ascii_case("true"),
            service: self.cell(&["SERVICE_NAME", "CHECK_SERVICENAME"]),
            kind: self.cell(&["RESOURCE_TYPE", "CHECK_ASFF_RESOURCE_TYPE"]),
            resource: self.cell(&["RESOURCE_UID", "RESOURCE_ARN"]),
            name: self.cell(&["RESOURCE_NAME", "RESOURCE_ID", "CHECK_RESOURCE_ID"]),
            details: self.cell(&["RESOURCE_DETAILS"]),
            categories: self.cell(&["CATEGORIES"]),
            at: time::parse(self.cell(&["TIMESTAMP", "ASSESSMENT_START_TIME"])),
            found: None,
        }
    }
}

/// The name of a column without its quotes, and without the mark that some programs begin a file with.
fn name(cell: &str) -> &str {
    cell.trim_start_matches('\u{feff}').trim().trim_matches('"')
}

fn broken((line, offset): (u64, u64), expectation: String) -> Error {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    Error::Broken { kind: KIND, at: format!("line {line}"), offset, expectation }
}
