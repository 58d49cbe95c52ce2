//! The columns of a table or list with what its first rows hold, and what each probably means: by its name, or else by
//! what stands in it. Refuses to show more than a page can hold.

use std::collections::{HashMap, HashSet};

use domain::mapping::{Column, LONGEST_NAME, Outline, plain};
use domain::severity::Severity;

use super::rows::Rows;
use super::{Field, Meanings, words};
use crate::error::one_line;
use crate::warnings::Warnings;
use crate::{Error, Limits, document, expansion, severity};

/// The most columns shown.
const SHOWN_COLUMNS: usize = 50;
/// Rows of which something is shown.
pub(super) const SHOWN_ROWS: usize = 5;
/// Characters of a cell.
const SHOWN_LETTERS: usize = 80;
/// Rows of a list that are searched for names.
const SEARCHED_ROWS: usize = 200;
/// The most plain bytes looked at.
const LOOKED_AT: usize = 4 << 20;

/// The columns of a document; of a long one its beginning is enough.
///
/// # Errors
/// When it is no table and no list of objects, or compressed in a way that cannot be read.
pub fn outline(raw: &[u8]) -> Result<Outline, Error> {
    let document = beginning(raw)?;
    let mut rows = Rows::of(&document)?;
    let mut sheet = Sheet::default();
    for name in rows.names() {
        sheet.column(name);
    }
    let mut warnings = Warnings::default();
    let mut shown = 0;
    for number in 0..SEARCHED_ROWS {
        // A table names its columns above, and its first rows may be all that is whole.
        let Ok(Some(row)) = rows.next(&mut warnings) else { break };
        shown = SHOWN_ROWS.min(number + 1);
        for (name, text) in &row.cells {
            sheet.tell(name, text, number);
        }
    }
    Ok(sheet.outline(shown))
}

/// The beginning of a document, decompressed and decoded.
pub(super) fn beginning(raw: &[u8]) -> Result<Vec<u8>, Error> {
    let plain = expansion::beginning(raw, LOOKED_AT);
    // UTF-16 may grow by half where it becomes UTF-8.
    let limits = Limits { size: 2 * LOOKED_AT, ..Limits::default() };
    document::open(&plain, limits, |_| Ok(())).map(std::borrow::Cow::into_owned)
}

#[derive(Default)]
struct Sheet {
    columns: Vec<Column>,
    /// Where a column stands, by the letters and digits of its name; nowhere if it is left out.
    known: HashMap<String, Option<usize>>,
    left_out: usize,
}

impl Sheet {
    /// Where the column of a name stands, if it is shown.
    fn column(&mut self, name: &str) -> Option<usize> {
        let key = plain(name);
        if let Some(place) = self.known.get(&key) {
            return *place;
        }
        let fits =
            !key.is_empty() && name.chars().count() <= LONGEST_NAME && self.columns.len() < SHOWN_COLUMNS;
        let place = fits.then_some(self.columns.len());
        if fits {
            self.columns.push(Column { name: name.to_owned(), guess: None, values: Vec::new() });
        } else {
            self.left_out += 1;
        }
        self.known.insert(key, place);
        place
    }

    /// Adds what a row holds in a column.
    fn tell(&mut self, name: &str, text: &str, number: usize) {
        let Some(column) = self.column(name).and_then(|place| self.columns.get_mut(place)) else { return };
        if number >= SHOWN_ROWS {
            return;
        }
        column.values.resize(number + 1, String::new());
        if let Some(value) = column.values.last_mut() {
            let cut = one_line(text, SHOWN_LETTERS);
            *value = if value.is_empty() { cut } else { one_line(&format!("{value}, {cut}"), SHOWN_LETTERS) };
        }
    }

    fn outline(mut self, shown: usize) -> Outline {
        let mut taken = HashSet::new();
        for column in &mut self.columns {
            column.values.resize(shown, String::new());
            let field = Meanings::of_dictionary().of(&column.name);
            column.guess = field.and_then(words::word);
            taken.extend(field);
        }
        for column in self.columns.iter_mut().filter(|column| column.guess.is_none()) {
            if let Some(field) = by_values(&column.values).filter(|field| taken.insert(*field)) {
                column.guess = words::word(field);
            }
        }
        Outline { columns: self.columns, left_out: self.left_out }
    }
}

/// Whether a value looks like one of a field.
type Looks = fn(&str) -> bool;

/// What all of some texts look like, if they look like one thing.
fn by_values(values: &[String]) -> Option<Field> {
    let filled: Vec<&str> = values.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let all = |is: fn(&str) -> bool| !filled.is_empty() && filled.iter().all(|text| is(text));
    let looks: [(Field, Looks); 5] = [
        (Field::Vulnerability, |text| begins(text, "CVE-") || begins(text, "GHSA-")),
        (Field::Purl, |text| begins(text, "pkg:")),
        (Field::Digest, |text| begins(text, "sha256:")),
        (Field::Cvss, |text| begins(text, "CVSS:")),
        (Field::Severity, |text| severity::from_word(text) != Severity::Unknown),
    ];
    looks.into_iter().find(|(_, is)| all(*is)).map(|(field, _)| field)
}

fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, guess and values of each column.
    fn columns(text: &str) -> Vec<String> {
        let line = |column: Column| {
            format!("{} {} {}", column.name, column.guess.unwrap_or("-"), column.values.join("|"))
        };
        outline(text.as_bytes()).unwrap().columns.into_iter().map(line).collect()
    }

    #[test]
    fn columns_are_guessed_by_name_and_by_what_stands_in_them() {
        assert_eq!(
            columns("Title,Bug,Level,Mine\na,CVE-2026-1,HIGH,1\nb,,low,\n"),
            ["Title title a|b", "Bug vulnerability CVE-2026-1|", "Level severity HIGH|low", "Mine - 1|",]
        );
        assert_eq!(
            columns("Severity,Level\nhigh,low\n"),
            ["Severity severity high", "Level - low"],
            "a meaning is guessed once"
        );
        assert_eq!(
            columns(
                r#"[{"package":{"name":"x","version":"1"},"ids":["CVE-1","CVE-2"]},{"late":"pkg:npm/x"}]"#
            ),
            [
                "package.name component x|",
                "package.version version 1|",
                "ids vulnerability CVE-1, CVE-2|",
                "late purl |pkg:npm/x"
            ]
        );
        assert_eq!(columns("Title,Severity\n"), ["Title title ", "Severity severity "]);
    }

    #[test]
    fn what_is_shown_is_bounded() {
        let header: Vec<String> = (0..80).map(|number| format!("c{number}")).collect();
        let row = vec!["é".repeat(500); 80].join(",");
        let text = format!("{}\n{}", header.join(","), format!("{row}\n").repeat(9));
        let outline = outline(text.as_bytes()).unwrap();
        assert_eq!((outline.columns.len(), outline.left_out), (50, 30));
        assert_eq!(outline.columns[0].values.len(), SHOWN_ROWS);
        assert_eq!(outline.columns[0].values[0].chars().count(), SHOWN_LETTERS + 1);
        let twice = super::outline(b"Notes,NOTES\na,b\n").unwrap();
        assert_eq!(
            (twice.columns.len(), twice.columns[0].name.as_str()),
            (1, "Notes"),
            "one name in any case"
        );
        assert_eq!(twice.columns[0].values, ["a, b"]);
        let nameless = super::outline(b"#,-,a\n1,2,3\n").unwrap();
        assert_eq!((nameless.columns.len(), nameless.left_out), (1, 1), "signs alone are no name");
    }

    #[test]
    fn of_a_long_document_the_beginning_is_enough() {
        let row = format!("[{{\"title\":\"{}\"}}", "x".repeat(100));
        let long = row + &",{\"title\":\"y\"}".repeat(400_000);
        assert!(long.len() > LOOKED_AT);
        assert_eq!(outline(long.as_bytes()).unwrap().columns[0].values.len(), SHOWN_ROWS);
        assert!(matches!(outline(b"PK\x03\x04...."), Err(Error::Archive { .. })));
        assert_eq!(outline(b"\n"), Err(Error::Empty));
    }
}
