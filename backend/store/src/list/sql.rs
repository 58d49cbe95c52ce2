//! Statements put together from clauses. Values are marked with `?` while a statement grows and numbered
//! when it runs. Refuses values in the text.

use domain::scope::Viewer;

use crate::connection::{Conn, Value};
use crate::row::Row;
use crate::{Error, Store};

/// The WHERE of a list, with its values. Clauses are written with `?` for each value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clauses {
    text: String,
    values: Vec<Value>,
}

impl Clauses {
    /// Nothing but what the viewer may see.
    pub(crate) fn of(viewer: &Viewer) -> Self {
        let mut clauses = Self::default();
        if !viewer.sees_everything() {
            clauses.and("1 = 0", []);
        }
        clauses
    }

    /// Adds a clause that must hold too.
    pub(crate) fn and(&mut self, clause: &str, values: impl IntoIterator<Item = Value>) {
        self.text.push_str(if self.text.is_empty() { " WHERE (" } else { " AND (" });
        self.text.push_str(clause);
        self.text.push(')');
        self.values.extend(values);
    }

    /// Adds `column = value` where there is a value.
    pub(crate) fn equals(&mut self, column: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.and(&format!("{column} = ?"), [value.into()]);
        }
    }

    /// Adds a clause if it is wanted.
    pub(crate) fn when(&mut self, wanted: bool, clause: &str) {
        if wanted {
            self.and(clause, []);
        }
    }
}

/// A statement under construction, with `?` for each value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    pub(crate) fn push(&mut self, text: &str, values: impl IntoIterator<Item = Value>) -> &mut Self {
        self.text.push_str(text);
        self.values.extend(values);
        self
    }

    pub(crate) fn clauses(&mut self, clauses: &Clauses) -> &mut Self {
        self.push(&clauses.text, clauses.values.iter().cloned())
    }

    /// Runs it, with the question marks numbered as both databases read them.
    pub(crate) async fn query(self, store: &Store) -> Result<Vec<Row>, Error> {
        store.query(&numbered(&self.text), self.values).await
    }
}

/// `a = ? AND b = ?` as `a = $1 AND b = $2`.
fn numbered(text: &str) -> String {
    let mut numbered = String::with_capacity(text.len() + 16);
    let mut count = 0;
    for part in text.split_inclusive('?') {
        match part.strip_suffix('?') {
            Some(before) => {
                count += 1;
                numbered.push_str(before);
                numbered.push('$');
                numbered.push_str(&count.to_string());
            }
            None => numbered.push_str(part),
        }
    }
    numbered
}

/// A pattern for `LOWER(column) LIKE ? ESCAPE '!'` that finds `text` anywhere.
pub(crate) fn containing(text: &str) -> Value {
    format!("%{}%", escaped(text)).into()
}

/// A pattern that finds what begins with `text`.
pub(crate) fn beginning(text: &str) -> Value {
    format!("{}%", escaped(text)).into()
}

fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_marks_are_numbered() {
        assert_eq!(numbered("a = ? AND b IN (?, ?)"), "a = $1 AND b IN ($2, $3)");
        assert_eq!(numbered("SELECT 1"), "SELECT 1");
    }

    #[test]
    fn a_filter_is_no_pattern() {
        assert_eq!(escaped("100%_Off!"), "100!%!_off!!");
        assert_eq!(containing("a"), Value::from("%a%"));
    }
}
