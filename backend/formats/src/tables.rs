//! Tables in CSV as consoles export them, read by the names of their columns, in any case and order.
//!
//! Refuses rows of another length than the header: nothing tells which cell is missing. A table of which no row
//! can be read is broken.

use csv::StringRecord;

use crate::warnings::Warnings;
use crate::{Error, Head};

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    names: Vec<String>,
    lines: Vec<(u64, StringRecord)>,
    listed: usize,
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'t> {
    names: &'t [String],
    cells: &'t StringRecord,
    line: u64,
}

impl Table {
    /// Reads a table; rows that do not fit under its header are told and left out.
    ///
    /// # Errors
    /// When there are rows and none of them fits.
    pub(crate) fn read(bytes: &[u8], kind: &'static str, warnings: &mut Warnings) -> Result<Self, Error> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bytes);
        let mut names: Option<Vec<String>> = None;
        let (mut lines, mut listed, mut unfit) = (Vec::new(), 0, None);
        for record in reader.byte_records() {
            let record = record.map_err(|error| broken(kind, (0, 0), error.to_string()))?;
            let (line, offset) = record.position().map_or((0, 0), |at| (at.line(), at.byte()));
            let cells = StringRecord::from_byte_record_lossy(record);
            let Some(names) = &names else {
                names = Some(cells.iter().map(name).collect());
                continue;
            };
            listed += 1;
            if cells.len() == names.len() {
                lines.push((line, cells));
                continue;
            }
            let columns = names.len();
            warnings.push(format!("line {line}"), format!("a row that has not {columns} cells was left out"));
            unfit.get_or_insert((line, offset));
        }
        let names = names.unwrap_or_default();
        match unfit.filter(|_| lines.is_empty()) {
            Some(place) => {
                let columns = names.len();
                let expectation =
                    format!("expected rows of {columns} cells, and no row of the table has them");
                Err(broken(kind, place, expectation))
            }
            None => Ok(Self { names, lines, listed }),
        }
    }

    /// How many rows the document has, those that were left out among them.
    pub(crate) fn listed(&self) -> usize {
        self.listed
    }

    /// The rows.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.lines.iter().map(|(line, cells)| Row { names: &self.names, cells, line: *line })
    }
}

impl<'t> Row<'t> {
    /// The cell under a name in lower case, without white space around it; the last one where several columns have
    /// the name, and empty where none has.
    pub(crate) fn cell(&self, name: &str) -> &'t str {
        let column = self.names.iter().rposition(|known| known == name);
        column.and_then(|column| self.cells.get(column)).unwrap_or_default().trim()
    }

    /// Where it stands.
    pub(crate) fn at(&self) -> String {
        format!("line {}", self.line)
    }
}

/// Whether a document begins with a header that has these names, given in lower case.
pub(crate) fn has_columns(head: &Head, needed: &[&str]) -> bool {
    if head.is_json_object() || head.is_json_array() {
        return false;
    }
    let line = head.text().lines().next().unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
    let mut header = StringRecord::new();
    let known = reader.read_record(&mut header).unwrap_or(false);
    let names: Vec<String> = header.iter().map(name).collect();
    known && needed.iter().all(|needed| names.iter().any(|name| name == needed))
}

fn name(cell: &str) -> String {
    cell.trim().to_lowercase()
}

fn broken(kind: &'static str, (line, offset): (u64, u64), expectation: String) -> Error {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    Error::Broken { kind, at: format!("line {line}"), offset, expectation }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_under_their_names() {
        let mut warnings = Warnings::default();
        let text = b"Type,\"Name, full\", TYPE \nx,\"a \"\"b\"\",\nc\",y\none,two\nz,\xff,w\n";
        let table = Table::read(text, "test", &mut warnings).unwrap();
        let cells: Vec<(String, &str, &str)> =
            table.rows().map(|row| (row.at(), row.cell("name, full"), row.cell("type"))).collect();
        assert_eq!(
            cells,
            [("line 2".to_owned(), "a \"b\",\nc", "y"), ("line 5".to_owned(), "\u{fffd}", "w")]
        );
        assert_eq!(table.rows().next().unwrap().cell("none"), "");
        assert_eq!((table.listed(), warnings.into_vec()[0].at.as_str()), (3, "line 4"));
    }

    #[test]
    fn a_table_without_a_row_that_fits_is_broken() {
        let mut warnings = Warnings::default();
        let error = Table::read(b"a,b\n1\n", "test", &mut warnings).unwrap_err().to_string();
        assert_eq!(
            error,
            "broken test at byte 4, `line 2`: expected rows of 2 cells, and no row of the table has them"
        );
        assert_eq!(Table::read(b"a,b\n", "test", &mut warnings).unwrap().rows().count(), 0);
    }

    #[test]
    fn headers_are_told_by_names() {
        let has = |text: &str, needed: &[&str]| has_columns(&Head::new(text.as_bytes()), needed);
        assert!(has("CVE ID,\"Fix, Status\"\n", &["fix, status", "cve id"]));
        assert!(!has("CVE ID,Fix\n", &["cve id", "severity"]) && !has("{\"cve id\":1}", &["cve id"]));
        assert!(!has("", &["cve id"]));
    }
}
