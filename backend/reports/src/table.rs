//! A list as every page exports it: named columns and typed cells. Refuses formatting: a number stays a
//! number, and nothing is an empty cell, never a dash.

/// Rows under columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Names of the columns, as machines read them: `image_digest`.
    pub columns: Vec<&'static str>,
    /// The rows; a short one is filled with empty cells, what is beyond the columns is not written.
    pub rows: Vec<Vec<Cell>>,
}

/// One value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Text, as stored; writers make it harmless.
    Text(String),
    /// A number with a fraction; one that is not finite is written as empty.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// Nothing known.
    #[default]
    Empty,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(columns: Vec<&'static str>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Each row with exactly one cell a column.
    pub(crate) fn cells(&self) -> impl Iterator<Item = impl Iterator<Item = (&'static str, &Cell)>> {
        const NOTHING: &Cell = &Cell::Empty;
        self.rows.iter().map(|row| {
            let filled = row.iter().chain(std::iter::repeat(NOTHING));
            self.columns.iter().copied().zip(filled)
        })
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}
