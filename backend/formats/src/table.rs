//! Tables as consoles export them, with commas or semicolons between their cells, read row by row, by the names of their
//! columns in any case and order. The header may stand below other lines, such as the title of a report.
//!
//! Refuses rows of another length than the header: nothing tells which cell is missing. A table of which no row
//! can be read is broken.

use std::fmt;

use csv::StringRecord;

use crate::warnings::Warnings;
use crate::{Error, Head};

/// How many rows above a header are passed over.
const PREFACE: usize = 20;
/// What may stand between the cells of a row.
const DELIMITERS: [u8; 2] = [b',', b';'];

/// A table that is being read.
#[derive(Debug)]
pub(crate) struct Table<'d> {
    kind: &'static str,
    document: &'d [u8],
    reader: csv::Reader<&'d [u8]>,
    /// Names of the columns as the document writes them.
    headings: Vec<String>,
    /// The same in lower case, by which cells are found.
    names: Vec<String>,
    /// The row that was read last, and where it stands.
    cells: StringRecord,
    place: Place,
    listed: usize,
    read: usize,
    /// The first row that has not as many cells as the header.
    unfit: Option<Place>,
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'t> {
    names: &'t [String],
    cells: &'t StringRecord,
    /// Where it stands.
    pub place: Place,
}

/// Where a row begins.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    line: u64,
    offset: usize,
}

impl<'d> Table<'d> {
    /// Finds the header: the first row that has all columns of one of these layouts, given in lower case.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn open(document: &'d [u8], kind: &'static str, layouts: &[&[&str]]) -> Result<Self, Error> {
        for delimiter in DELIMITERS {
            let mut table = Self::new(document, kind, delimiter);
            for _ in 0..PREFACE {
                if !table.header()? {
                    break;
                }
                if layouts.iter().any(|columns| table.has(columns)) {
                    return Ok(table);
                }
            }
        }
        let place = Place { line: 1, offset: 0 };
        let expectation = "expected a header with the columns of this kind".to_owned();
        Err(Error::Broken { kind, at: place.to_string(), offset: place.offset, expectation })
    }

    /// Takes the first row for the header, whatever its columns; what makes more of them stands between its cells.
    ///
    /// # Errors
    /// When no row can be read.
    pub(crate) fn headed(document: &'d [u8], kind: &'static str) -> Result<Self, Error> {
        let [mut table, mut other] = DELIMITERS.map(|delimiter| Self::new(document, kind, delimiter));
        table.header()?;
        other.header()?;
        Ok(if other.names.len() > table.names.len() { other } else { table })
    }

    fn new(document: &'d [u8], kind: &'static str, delimiter: u8) -> Self {
        let mut builder = csv::ReaderBuilder::new();
        let reader = builder.delimiter(delimiter).flexible(true).has_headers(false).from_reader(document);
        Self {
            kind,
            document,
            reader,
            headings: Vec::new(),
            names: Vec::new(),
            cells: StringRecord::new(),
            place: Place::default(),
            listed: 0,
            read: 0,
            unfit: None,
        }
    }

    /// The names of the columns in their order, as the document writes them.
    pub(crate) fn columns(&self) -> &[String] {
        &self.headings
    }

    /// Whether it has all of these columns, given in lower case.
    pub(crate) fn has(&self, columns: &[&str]) -> bool {
        columns.iter().all(|column| self.names.iter().any(|name| name == column))
    }

    /// The next row. Those of empty cells alone are passed over; those that do not fit under the header are told and
    /// left out.
    ///
    /// # Errors
    /// At the end, when there were rows and none of them fitted.
    pub(crate) fn row(&mut self, warnings: &mut Warnings) -> Result<Option<Row<'_>>, Error> {
        loop {
            if !self.advance()? {
                return self.end().map(|()| None);
            }
            if self.cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            self.listed += 1;
            let columns = self.names.len();
            if self.cells.len() == columns {
                break;
            }
            let message = format!("a row that has not {columns} cells was left out");
            warnings.skip(self.place.to_string(), message);
            self.unfit.get_or_insert(self.place);
        }
        self.read += 1;
        Ok(Some(Row { names: &self.names, cells: &self.cells, place: self.place }))
    }

    /// How many rows were listed so far, those that were left out among them.
    pub(crate) fn listed(&self) -> usize {
        self.listed
    }

    /// The error that something is not as it should be.
    pub(crate) fn broken(&self, place: Place, expectation: String) -> Error {
        Error::Broken { kind: self.kind, at: place.to_string(), offset: place.offset, expectation }
    }

    fn end(&self) -> Result<(), Error> {
        let Some(place) = self.unfit.filter(|_| self.read == 0) else { return Ok(()) };
        let columns = self.names.len();
        let expectation = format!("expected rows of {columns} cells, and no row of the table has them");
        Err(self.broken(place, expectation))
    }

    /// Takes one more row for the header; whether there was one.
    fn header(&mut self) -> Result<bool, Error> {
        let more = self.advance()?;
        self.headings = self.cells.iter().map(|cell| cell.trim().to_owned()).collect();
        self.names = self.headings.iter().map(|name| name.to_lowercase()).collect();
        Ok(more)
    }

    /// Reads one more row; whether there was one.
    fn advance(&mut self) -> Result<bool, Error> {
        let mut record = std::mem::take(&mut self.cells).into_byte_record();
        let more = self.reader.read_byte_record(&mut record);
        self.place = Place::of(record.position(), self.document);
        self.cells = StringRecord::from_byte_record_lossy(record);
        more.map_err(|error| self.broken(self.place, error.to_string()))
    }
}

impl<'t> Row<'t> {
    /// The cell under a name in lower case, without white space around it; the last one where several columns have
    /// the name, and empty where none has.
    pub(crate) fn cell(&self, name: &str) -> &'t str {
        let column = self.names.iter().rposition(|known| known == name);
        column.and_then(|column| self.cells.get(column)).unwrap_or_default().trim()
    }

    /// All cells in the order of their columns, without white space around them.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &'t str> {
        self.cells.iter().map(str::trim)
    }

    /// The first cell under one of these names that is filled; empty without one.
    pub(crate) fn first(&self, names: &[&str]) -> &'t str {
        names.iter().map(|name| self.cell(name)).find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    /// Where it stands, in words.
    pub(crate) fn at(&self) -> String {
        self.place.to_string()
    }
}

impl Place {
    /// The reader's position stands before the line ends above a row.
    fn of(position: Option<&csv::Position>, document: &[u8]) -> Self {
        let Some(position) = position else { return Self::default() };
        let offset = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let above = document.get(offset..).unwrap_or_default().iter();
        let above = above.take_while(|byte| matches!(byte, b'\r' | b'\n'));
        above.fold(Self { line: position.line(), offset }, |place, &byte| Self {
            line: place.line + u64::from(byte == b'\n'),
            offset: place.offset + 1,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}", self.line)
    }
}

/// Whether a document begins as a table of one of these layouts, their columns given in lower case.
pub(crate) fn begins(head: &Head, layouts: &[&[&str]]) -> bool {
    let markup = matches!(head.first_byte(), Some(b'{' | b'[' | b'<'));
    !markup && Table::open(head.text().as_bytes(), "", layouts).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\"Report\",\"2026\"\n\n\"Id\",\"Name\",\"More\"\r\n1,\"a, b\",\n,,\n2,\"c\nd\",x\n";

    #[test]
    fn finds_the_header_below_other_lines() {
        let mut warnings = Warnings::default();
        let mut table = Table::open(TEXT.as_bytes(), "test", &[&["none"], &["id", "name"]]).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = table.row(&mut warnings).unwrap() {
            let cells = ["id", "name", "more"].map(|name| row.cell(name).to_owned());
            rows.push(format!("{}: {} {}", row.at(), cells.join("|"), row.first(&["more", "none", "id"])));
        }
        assert_eq!(rows, ["line 4: 1|a, b| 1", "line 6: 2|c\nd|x x"]);
        assert_eq!((table.listed(), warnings.into_vec().len()), (2, 0));
        assert!(table.has(&["more", "id"]) && !table.has(&["id", "title"]));
        let error = Table::open(TEXT.as_bytes(), "test", &[&["id", "title"]]).unwrap_err().to_string();
        assert_eq!(error, "broken test at byte 0, `line 1`: expected a header with the columns of this kind");
    }

    #[test]
    fn tells_a_table_by_its_columns() {
        let begins = |text: &str, columns: &[&str]| begins(&Head::new(text.as_bytes()), &[columns]);
        assert!(begins(TEXT, &["name", "id"]) && !begins(TEXT, &["id", "title"]));
        assert!(begins("\u{feff}Id,Name\n", &["id"]));
        assert!(!begins("{\"a\":[\nId,Name\n", &["id"]));
        assert!(begins("CVE ID,\"Fix, Status\"\n", &["fix, status", "cve id"]));
        assert!(!begins("CVE ID,Fix\n", &["cve id", "severity"]) && !begins("{\"cve id\":1}", &["cve id"]));
        assert!(!begins("", &["cve id"]));
        assert!(
            begins("Report, all\n\nId;Name\n", &["name", "id"]) && !begins("Id;Name,More\n", &["id", "more"])
        );
    }

    #[test]
    fn cells_stand_under_their_names() {
        let mut warnings = Warnings::default();
        let text = b"Type,\"Name, full\", TYPE \nx,\"a \"\"b\"\",\nc\",y\none,two\nz,\xff,w\n";
        let mut table = Table::open(text, "test", &[&["type"]]).unwrap();
        let mut cells = Vec::new();
        while let Some(row) = table.row(&mut warnings).unwrap() {
            assert_eq!(row.cell("none"), "");
            cells.push([row.at(), row.cell("name, full").to_owned(), row.cell("type").to_owned()]);
        }
        assert_eq!(cells, [["line 2", "a \"b\",\nc", "y"], ["line 5", "\u{fffd}", "w"]]);
        assert_eq!((table.listed(), warnings.into_vec()[0].at.as_str()), (3, "line 4"));
    }

    #[test]
    fn semicolons_part_cells_too() {
        let mut warnings = Warnings::default();
        let text = b"Id;Name\n1;\"a; b\"\n2;c, d\n";
        let mut table = Table::open(text, "test", &[&["id", "name"]]).unwrap();
        let mut names = Vec::new();
        while let Some(row) = table.row(&mut warnings).unwrap() {
            names.push(row.cell("name").to_owned());
        }
        assert_eq!((names.join("|"), warnings.into_vec().len()), ("a; b|c, d".to_owned(), 0));
    }

    #[test]
    fn the_first_row_may_be_the_header() {
        let mut warnings = Warnings::default();
        for (text, columns) in
            [("Id; A, b;c\n1; 2 ;3\n", ["Id", "A, b", "c"]), ("Id,A;b,C\n1,2,3\n", ["Id", "A;b", "C"])]
        {
            let mut table = Table::headed(text.as_bytes(), "test").unwrap();
            assert_eq!(table.columns(), columns);
            assert!(table.has(&["id"]) && !table.has(&["Id"]));
            let row = table.row(&mut warnings).unwrap().unwrap();
            assert_eq!(
                (row.cells().collect::<Vec<_>>(), row.at()),
                (vec!["1", "2", "3"], "line 2".to_owned())
            );
        }
        assert!(Table::headed(b"", "test").unwrap().columns().is_empty());
    }

    #[test]
    fn a_table_without_a_row_that_fits_is_broken() {
        let mut warnings = Warnings::default();
        let mut table = Table::open(b"a,b\n1\n", "test", &[&["a"]]).unwrap();
        assert_eq!(
            table.row(&mut warnings).unwrap_err().to_string(),
            "broken test at byte 4, `line 2`: expected rows of 2 cells, and no row of the table has them"
        );
        let mut table = Table::open(b"a,b\n", "test", &[&["a"]]).unwrap();
        assert!(table.row(&mut warnings).unwrap().is_none());
    }
}
