//! A table as CSV by RFC 4180, in UTF-8: commas, CRLF, quotes where needed. Text comes from documents
//! that anybody may have written, so a cell that a spreadsheet would run is made text by an apostrophe.
//!
//! Refuses control characters other than the line feed.

use crate::table::{Cell, Table};

/// First characters at which a spreadsheet sees a formula; the wide ones count in East Asian locales.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The table with its header line.
#[must_use]
pub fn to_csv(table: &Table) -> Vec<u8> {
    let mut out = String::new();
    line(&mut out, table.columns.iter().map(|column| (*column).to_owned()));
    for row in table.cells() {
        line(&mut out, row.map(|(_, cell)| written(cell)));
    }
    out.into_bytes()
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        if cell.contains(['"', ',', '\n']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => harmless(text),
        Cell::Number(number) if number.is_finite() => number.to_string(),
        Cell::Integer(number) => number.to_string(),
        Cell::Number(_) | Cell::Empty => String::new(),
    }
}

/// Text that no spreadsheet runs and no terminal obeys.
fn harmless(text: &str) -> String {
    let guard = if text.starts_with(FORMULA) { "'" } else { "" };
    let plain = text.replace("\r\n", "\n");
    let letters = plain.chars().map(|letter| match letter {
        '\t' => ' ',
        '\n' => '\n',
        letter if letter.is_control() => char::REPLACEMENT_CHARACTER,
        letter => letter,
    });
    guard.chars().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let table = Table { columns: vec!["name"], rows: vec![vec![text.into()]] };
        assert_eq!(String::from_utf8(to_csv(&table)).unwrap(), format!("name\r\n{expected}\r\n"));
    }

    #[test]
    fn quotes_where_needed() {
        check("plain", "plain");
        check("a,b", "\"a,b\"");
        check("say \"hi\"", "\"say \"\"hi\"\"\"");
        check("two\nlines", "\"two\nlines\"");
        check("two\r\nlines", "\"two\nlines\"");
        check("naïve 漢字", "naïve 漢字");
    }

    #[test]
    fn formulas_become_text() {
        check("=1+1", "'=1+1");
        check("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        check("+1", "'+1");
        check("-2", "'-2");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "' =1");
        check("\r=1", "'\u{fffd}=1");
        check("\n=1", "\"'\n=1\"");
        check("＝1", "'＝1");
        check("a=1", "a=1");
    }

    #[test]
    fn control_characters_do_not_pass() {
        check("a\u{0}b\u{1b}[31mc\u{7f}d\u{9b}e", "a\u{fffd}b\u{fffd}[31mc\u{fffd}d\u{fffd}e");
        check("a\tb\rc", "a b\u{fffd}c");
    }

    #[test]
    fn cells_keep_their_kind_and_rows_their_width() {
        let table = Table {
            columns: vec!["a", "b", "c"],
            rows: vec![
                vec![Cell::Integer(-3), Cell::Number(0.1), Cell::Empty],
                vec![Cell::Number(f64::NAN), Cell::Number(-2.0), Some("x").into(), "beyond".into()],
                vec![Cell::Integer(i64::MIN)],
            ],
        };
        let text = String::from_utf8(to_csv(&table)).unwrap();
        assert_eq!(text, "a,b,c\r\n-3,0.1,\r\n,-2,x\r\n-9223372036854775808,,\r\n");
        assert_eq!(to_csv(&Table::new(vec!["a", "b"])), b"a,b\r\n");
    }

    #[test]
    fn a_reader_gets_back_what_was_written() {
        let texts = ["", "plain", "a,\"b\"\nc", "'quoted'", "ends with \"", ",", "\"\""];
        let rows = texts.iter().map(|text| vec![(*text).into(), "end".into()]).collect();
        let table = Table { columns: vec!["text", "end"], rows };
        let bytes = to_csv(&table);
        let mut reader = ::csv::Reader::from_reader(&bytes[..]);
        let read: Vec<String> = reader.records().map(|record| record.unwrap()[0].to_owned()).collect();
        assert_eq!(read, texts);
    }
}
