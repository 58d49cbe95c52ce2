//! What somebody says of the columns of a table or list that no format fits, and what is shown before it is taken in.
//! Refuses to know what a column may mean: the words are those of whoever reads the document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::FindingClass;
use crate::severity::Severity;

/// The most columns that a mapping speaks of.
pub const MOST_COLUMNS: usize = 500;
/// The longest name of a column or of a saved mapping, in characters.
pub const LONGEST_NAME: usize = 200;
/// The longest name of a tool, in characters.
pub const LONGEST_TOOL: usize = 64;

/// What the columns of a document mean, each by a word, and which tool made it. A column that is not in it keeps the
/// meaning that its name has by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Told")]
pub struct ColumnMapping {
    tool: String,
    columns: BTreeMap<String, String>,
}

/// A mapping as a file or the database has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    #[serde(default)]
    tool: String,
    columns: BTreeMap<String, String>,
}

/// Why something is no mapping: a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidMapping(String);

impl ColumnMapping {
    /// A mapping of columns by name to words; the tool may be empty.
    ///
    /// # Errors
    /// When it names no column or too many, or a name is empty or too long.
    pub fn new(tool: &str, columns: BTreeMap<String, String>) -> Result<Self, InvalidMapping> {
        let refuse = |why: String| Err(InvalidMapping(why));
        let tool = tool.trim();
        if tool.chars().count() > LONGEST_TOOL || tool.chars().any(char::is_control) {
            return refuse(format!(
                "the name of a tool has at most {LONGEST_TOOL} characters, none of them invisible"
            ));
        }
        if columns.is_empty() || columns.len() > MOST_COLUMNS {
            return refuse(format!(
                "a mapping names 1 to {MOST_COLUMNS} columns, and this one names {}",
                columns.len()
            ));
        }
        let fits = |text: &String| !text.trim().is_empty() && text.chars().count() <= LONGEST_NAME;
        if !columns.iter().all(|(name, word)| fits(name) && fits(word)) {
            return refuse(format!("a column and its meaning have 1 to {LONGEST_NAME} characters"));
        }
        Ok(Self { tool: tool.to_owned(), columns })
    }

    /// The tool that made the document, for findings that name none; may be empty.
    #[must_use]
    pub fn tool(&self) -> &str {
        &self.tool
    }

    /// The columns by name, each with the word for what it means.
    #[must_use]
    pub fn columns(&self) -> &BTreeMap<String, String> {
        &self.columns
    }

    /// The words by names as they are compared.
    #[must_use]
    pub fn compared(&self) -> BTreeMap<String, &str> {
        let words = self.columns.iter().map(|(name, word)| (plain(name), word.as_str()));
        words.filter(|(name, _)| !name.is_empty()).collect()
    }

    /// Whether it says the same of the same columns by the same tool, however their names are written.
    #[must_use]
    pub fn says_same(&self, other: &Self) -> bool {
        self.tool == other.tool && self.compared() == other.compared()
    }
}

/// A name of a column as it is compared: its letters and digits, in lower case.
#[must_use]
pub fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl TryFrom<Told> for ColumnMapping {
    type Error = InvalidMapping;

    fn try_from(told: Told) -> Result<Self, InvalidMapping> {
        Self::new(&told.tool, told.columns)
    }
}

/// Something that a column may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The word in a mapping: `fix_version`.
    pub word: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// What stands in such a column, in a few words.
    pub help: &'static str,
}

/// The columns of a document with what its first rows hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The columns in document order, within bounds.
    pub columns: Vec<Column>,
    /// Columns beyond them, and those whose names tell nothing.
    pub left_out: usize,
}

/// A column of an [`Outline`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name as the document writes it.
    pub name: String,
    /// The word for what it probably means, if anything tells.
    pub guess: Option<&'static str>,
    /// What the first rows hold, one text a row, cut.
    pub values: Vec<String>,
}

/// What the first rows of a document become by a mapping.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// The rows in document order.
    pub rows: Vec<PreviewRow>,
    /// Whether any of them says what it is.
    pub told: bool,
}

/// A row of a [`Preview`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PreviewRow {
    /// Where it stands.
    pub at: String,
    /// The tool that says so.
    pub tool: Option<String>,
    /// The image it speaks of, if it tells.
    pub image: Option<String>,
    /// What it says: nothing where it is set aside, several where it names several vulnerabilities.
    pub findings: Vec<PreviewFinding>,
    /// What was odd about it.
    pub warnings: Vec<String>,
}

/// A finding of a [`PreviewRow`].
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewFinding {
    /// On our scale.
    pub severity: Severity,
    /// What kind of fact it is.
    pub class: FindingClass,
    /// The id of the vulnerability, or what was looked for.
    pub name: String,
    /// One line for people.
    pub title: Option<String>,
    /// The package.
    pub package: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Why it does not count, if it was set aside.
    pub suppressed: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ColumnMapping, String> {
        serde_json::from_str(text).map_err(|error: serde_json::Error| error.to_string())
    }

    #[test]
    fn a_mapping_is_data() {
        let mapping = read(r#"{"tool":" our scanner ","columns":{"What":"title"}}"#).unwrap();
        assert_eq!(mapping.tool(), "our scanner");
        assert_eq!(mapping.columns().get("What").map(String::as_str), Some("title"));
        let text = serde_json::to_string(&mapping).unwrap();
        assert_eq!(read(&text), Ok(mapping));
        assert_eq!(read(r#"{"columns":{"a":"title"}}"#).unwrap().tool(), "");
    }

    #[test]
    fn names_are_compared_by_letters_and_digits_in_any_case() {
        let of = |text: &str| read(text).unwrap();
        let mapping = of(r#"{"tool":"ours","columns":{"How bad":"severity","-":"title"}}"#);
        assert_eq!(mapping.compared(), [("howbad".to_owned(), "severity")].into());
        assert!(mapping.says_same(&of(r#"{"tool":"ours","columns":{"HOW_BAD":"severity"}}"#)));
        for other in [
            r#"{"tool":"theirs","columns":{"How bad":"severity"}}"#,
            r#"{"tool":"ours","columns":{"How bad":"title"}}"#,
            r#"{"tool":"ours","columns":{"How bad":"severity","What":"title"}}"#,
        ] {
            assert!(!mapping.says_same(&of(other)), "{other}");
        }
    }

    #[test]
    fn what_is_no_mapping_is_refused() {
        let long = format!(r#"{{"columns":{{"{}":"title"}}}}"#, "x".repeat(LONGEST_NAME + 1));
        for (text, sentence) in [
            (r#"{"columns":{}}"#, "names 1 to 500 columns, and this one names 0"),
            (r#"{"columns":{" ":"title"}}"#, "have 1 to 200 characters"),
            (r#"{"columns":{"a":""}}"#, "have 1 to 200 characters"),
            (long.as_str(), "have 1 to 200 characters"),
            (r#"{"tool":"a\u0007","columns":{"a":"title"}}"#, "none of them invisible"),
            (r#"{"fields":{}}"#, "unknown field `fields`"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(sentence), "{error}");
        }
    }
}
