//! A table of comma-separated values, its columns by their names. The header may stand below lines of other
//! content, as consoles write them. Refuses to guess: a cell that a row lacks is empty.

use csv::StringRecord;

use crate::Head;

/// How many lines above a header are passed over.
const PREFACE: usize = 20;

/// A table.
#[derive(Debug, Default)]
pub(crate) struct Table {
    columns: Vec<String>,
    /// Rows that say anything.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Debug)]
pub(crate) struct Row {
    /// Where it stands, from 1.
    pub line: u64,
    /// The same in bytes.
    pub offset: usize,
    cells: StringRecord,
}

impl Table {
    /// The trimmed cell of a row in the first of these columns that there is; empty without one.
    pub(crate) fn cell<'t>(&self, row: &'t Row, names: &[&str]) -> &'t str {
        let column = names.iter().find_map(|name| self.columns.iter().position(|column| column == name));
        column.and_then(|column| row.cells.get(column)).unwrap_or_default().trim()
    }

    /// Whether it has a column.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column == name)
    }
}

/// Whether a document begins as a table that has all of these columns.
pub(crate) fn begins(head: &Head, columns: &[&str]) -> bool {
    let markup = matches!(head.first_byte(), Some(b'{' | b'[' | b'<'));
    !markup && head.text().lines().take(PREFACE).any(|line| is_header(&cells(line), columns))
}

/// Reads a document with a header of these columns; a table without columns where there is none.
pub(crate) fn read(document: &[u8], columns: &[&str]) -> Table {
    let text = String::from_utf8_lossy(document);
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut table = Table::default();
    for cells in reader.into_records().map_while(Result::ok) {
        if table.columns.is_empty() {
            let names: Vec<&str> = cells.iter().map(bare).collect();
            if is_header(&names, columns) {
                table.columns = names.into_iter().map(str::to_owned).collect();
            }
        } else if cells.iter().any(|cell| !cell.trim().is_empty()) {
            let (line, offset) =
                cells.position().map_or((0, 0), |position| (position.line(), position.byte()));
            table.rows.push(Row { line, offset: usize::try_from(offset).unwrap_or(usize::MAX), cells });
        }
    }
    table
}

fn is_header(names: &[&str], columns: &[&str]) -> bool {
    columns.iter().all(|column| names.contains(column))
}

/// The cells of a header's line, which hold no commas.
fn cells(line: &str) -> Vec<&str> {
    line.split(',').map(bare).collect()
}

/// A cell without its quotes, and without the mark that some programs begin a file with.
fn bare(cell: &str) -> &str {
    cell.trim_start_matches('\u{feff}').trim().trim_matches('"').trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\"Report\",\"2026\"\n\n\"Id\",\"Name\",\"More\"\r\n1,\"a, b\"\n,,\n2,\"c\nd\",x\n";

    #[test]
    fn finds_the_header_below_other_lines() {
        let table = read(TEXT.as_bytes(), &["Id", "Name"]);
        let rows: Vec<(&str, &str, &str)> = table
            .rows
            .iter()
            .map(|row| {
                (table.cell(row, &["Id"]), table.cell(row, &["Title", "Name"]), table.cell(row, &["More"]))
            })
            .collect();
        assert_eq!(rows, [("1", "a, b", ""), ("2", "c\nd", "x")]);
        assert!(table.has("More") && !table.has("Title"));
        assert!(read(TEXT.as_bytes(), &["Id", "Title"]).rows.is_empty());
    }

    #[test]
    fn tells_a_table_by_its_columns() {
        let begins = |text: &str, columns: &[&str]| begins(&Head::new(text.as_bytes()), columns);
        assert!(begins(TEXT, &["Name", "Id"]) && !begins(TEXT, &["Id", "Title"]));
        assert!(begins("\u{feff}Id,Name\n", &["Id"]));
        assert!(!begins("{\"a\":[\nId,Name\n", &["Id"]));
    }
}
