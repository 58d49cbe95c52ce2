//! Rows of a table and objects of a list, one after the other, as names with texts. An object in an object gives its
//! members with both names, `package.version`. A list stands alone, or as the first member of an object that holds objects.
//!
//! Refuses what is neither, and to look further than it is asked to.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::json::{self, Text, pairs};
use crate::table::Table;
use crate::warnings::Warnings;
use crate::{Error, Format, Head, generic_csv, generic_json};

/// How deep objects may stand in objects.
const DEEPEST: usize = 4;
/// The longest name that is made of several, in bytes.
const LONGEST: usize = 800;

/// A table or a list.
pub(super) enum Rows<'d> {
    Table(Box<Table<'d>>),
    List(Objects<'d>),
}

/// What a row says.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// Where it stands.
    pub(super) at: String,
    /// Filled cells, in document order; a name may have several.
    pub(super) cells: Vec<(String, String)>,
}

/// Whether a document that begins like this may be a table or a list.
pub(super) fn promises(head: &Head) -> Result<(), Error> {
    if head.is_json_object() || head.is_json_array() {
        return Ok(());
    }
    let is_table =
        || Table::headed(head.text().as_bytes(), generic_csv::KIND).map(|table| table.columns().len() > 1);
    if head.first_byte() != Some(b'<') && is_table()? { Ok(()) } else { Err(refusal(head)) }
}

fn refusal(head: &Head) -> Error {
    Error::Unmappable { looks: head.looks() }
}

impl<'d> Rows<'d> {
    /// Finds the rows of a document.
    pub(super) fn of(document: &'d [u8]) -> Result<Self, Error> {
        let head = Head::new(document);
        promises(&head)?;
        if head.is_json_object() || head.is_json_array() {
            return Objects::of(document).map(Self::List).ok_or_else(|| refusal(&head));
        }
        Ok(Self::Table(Box::new(Table::headed(document, generic_csv::KIND)?)))
    }

    /// Makes sure that a list is whole, before what it holds is believed.
    pub(super) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Table(_) => Ok(()),
            Self::List(objects) => {
                json::from_slice::<IgnoredAny>(objects.document, generic_json::KIND).map(drop)
            }
        }
    }

    /// The format that documents of this notation are kept as.
    pub(super) fn format(&self) -> &'static Format {
        match self {
            Self::Table(_) => &generic_csv::FORMAT,
            Self::List(_) => &generic_json::FORMAT,
        }
    }

    /// The names that stand above the rows; those of a list stand in them.
    pub(super) fn names(&self) -> &[String] {
        match self {
            Self::Table(table) => table.columns(),
            Self::List(_) => &[],
        }
    }

    /// The next row. Of a list that breaks off it is the last one that is whole.
    pub(super) fn next(&mut self, warnings: &mut Warnings) -> Result<Option<Row>, Error> {
        let table = match self {
            Self::List(objects) => return Ok(objects.next(warnings)),
            Self::Table(table) => table,
        };
        let Some(row) = table.row(warnings)? else { return Ok(None) };
        let (at, cells): (String, Vec<String>) = (row.at(), row.cells().map(str::to_owned).collect());
        let named = table.columns().iter().zip(cells).filter(|(_, text)| !text.is_empty());
        Ok(Some(Row { at, cells: named.map(|(name, text)| (name.clone(), text)).collect() }))
    }
}

/// The elements of a list, from where it begins.
pub(super) struct Objects<'d> {
    document: &'d [u8],
    at: usize,
    /// The name of the list; empty where it stands alone.
    name: String,
    number: usize,
}

/// An object, its members in document order.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent, bound(deserialize = "'de: 'a"))]
struct Object<'a> {
    #[serde(deserialize_with = "pairs")]
    members: Vec<(Text<'a>, Value)>,
}

impl<'d> Objects<'d> {
    /// The list that a document is, or the first one of objects that its outermost object holds.
    fn of(document: &'d [u8]) -> Option<Self> {
        let mut list = Self { document, at: 0, name: String::new(), number: 0 };
        let first = list.peek()?;
        list.at += 1;
        if first == b'[' {
            return Some(list);
        }
        loop {
            if list.peek()? == b',' {
                list.at += 1;
            }
            list.peek().filter(|byte| *byte == b'"')?;
            let name: Text<'_> = list.value()?;
            list.peek().filter(|byte| *byte == b':')?;
            list.at += 1;
            if list.peek()? == b'[' {
                let inside = Self { document, at: list.at + 1, name: name.into_owned(), number: 0 };
                if inside.follows(b'{') {
                    return Some(inside);
                }
            }
            list.value::<IgnoredAny>()?;
        }
    }

    /// Whether this byte comes next.
    fn follows(&self, byte: u8) -> bool {
        let rest = self.document.get(self.at..).unwrap_or_default();
        rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&byte)
    }

    /// The next byte that is no white space, which is passed over.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.document.get(self.at..)?;
        let blank = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        self.at += blank;
        rest.get(blank).copied()
    }

    /// Reads a value, if it is whole.
    fn value<T: Deserialize<'d>>(&mut self) -> Option<T> {
        let rest = self.document.get(self.at..)?;
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<T>();
        let value = values.next()?.ok()?;
        self.at += values.byte_offset();
        Some(value)
    }

    fn next(&mut self, warnings: &mut Warnings) -> Option<Row> {
        loop {
            let byte = self.peek()?;
            if byte == b']' {
                return None;
            }
            if byte == b',' {
                self.at += 1;
                continue;
            }
            let at = format!("{}[{}]", self.name, self.number);
            self.number += 1;
            if byte == b'{' {
                let object: Object<'_> = self.value()?;
                return Some(row(at, &object, warnings));
            }
            self.value::<IgnoredAny>()?;
            warnings.push(at, "an element that is no object was passed over");
        }
    }
}

fn row(at: String, object: &Object<'_>, warnings: &mut Warnings) -> Row {
    let mut row = Row { at, cells: Vec::new() };
    for (name, value) in &object.members {
        gather(name, value, 1, &mut row, warnings);
    }
    row
}

/// Adds the texts in a value; those of a list one by one, those of an object under both names.
fn gather(name: &str, value: &Value, depth: usize, row: &mut Row, warnings: &mut Warnings) {
    if name.len() > LONGEST {
        warnings.push(row.at.as_str(), format!("a name of more than {LONGEST} bytes was passed over"));
        return;
    }
    match value {
        Value::Null => {}
        Value::Bool(truth) => row.cells.push((name.to_owned(), truth.to_string())),
        Value::Number(number) => row.cells.push((name.to_owned(), number.to_string())),
        Value::String(text) if text.trim().is_empty() => {}
        Value::String(text) => row.cells.push((name.to_owned(), text.clone())),
        Value::Array(list) => list.iter().for_each(|one| gather(name, one, depth, row, warnings)),
        Value::Object(members) if depth < DEEPEST => {
            for (inner, value) in members {
                gather(&format!("{name}.{inner}"), value, depth + 1, row, warnings);
            }
        }
        Value::Object(_) => {
            let message = format!("an object more than {DEEPEST} levels deep was passed over");
            warnings.push(row.at.as_str(), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row as one text, and what was odd.
    fn rows(text: &str) -> (Vec<String>, Vec<String>) {
        let mut warnings = Warnings::default();
        let mut rows = Rows::of(text.as_bytes()).unwrap();
        let mut found = Vec::new();
        while let Some(row) = rows.next(&mut warnings).unwrap() {
            let cells: Vec<String> = row.cells.iter().map(|(name, text)| format!("{name}={text}")).collect();
            found.push(format!("{}: {}", row.at, cells.join(" ")));
        }
        (found, warnings.into_vec().into_iter().map(|warning| warning.message).collect())
    }

    #[test]
    fn rows_are_names_with_texts() {
        assert_eq!(rows("A;b\n1;\n2;x\n").0, ["line 2: A=1", "line 3: A=2 b=x"]);
        assert_eq!(
            rows(r#" [ {"a":1,"b":[true,"x",null]} , {"a":" "}]"#).0,
            ["[0]: a=1 b=true b=x", "[1]: "]
        );
        assert_eq!(
            rows(r#"{"made":{"by":[1]},"none":[],"rows":[{"p":{"n":"x","v":{"w":2}}}],"more":[{"a":1}]}"#).0,
            ["rows[0]: p.n=x p.v.w=2"]
        );
        let (found, odd) = rows(r#"[1,{"a":{"b":{"c":{"d":{"e":1}}}}},"x",{"a":2}"#);
        assert_eq!(found, ["[1]: ", "[3]: a=2"]);
        assert_eq!(
            odd,
            [
                "an element that is no object was passed over (2 times)",
                "an object more than 4 levels deep was passed over"
            ]
        );
        let long = format!(r#"[{{"{}":1}}]"#, "x".repeat(LONGEST + 1));
        assert_eq!(rows(&long).1, ["a name of more than 800 bytes was passed over"]);
    }

    #[test]
    fn what_is_neither_a_table_nor_a_list_is_refused() {
        for text in ["{}", r#"{"a":1,"b":[1]}"#, r#"{"a""#, "<a,b>", "one column\n1\n", "{,"] {
            assert!(matches!(Rows::of(text.as_bytes()), Err(Error::Unmappable { .. })), "{text}");
        }
    }

    #[test]
    fn a_list_must_be_whole_to_be_believed() {
        let check = |text: &str| Rows::of(text.as_bytes()).and_then(|rows| rows.check());
        assert_eq!(check(r#"[{"a":1}]"#), Ok(()));
        assert!(matches!(check(r#"[{"a":1},{"#), Err(Error::Truncated { .. })));
        assert!(matches!(check(r#"[{"a":1}] x"#), Err(Error::Broken { .. })));
    }
}
