//! What every list shares: its filter clauses, its sort columns, and pages that continue from a row
//! rather than count from the start, so that the last page costs what the first one does.
//!
//! Refuses to sort by a column that a list does not name, and to let a filter's text act as a pattern.

use crate::connection::Value;
use crate::row::Row;
use crate::{Error, Store};

mod cursor;
mod facets;
mod natural;
mod sql;

pub use cursor::{Cursor, InvalidCursor};
pub use facets::Facet;
pub(crate) use facets::facets;
pub(crate) use natural::natural;
pub(crate) use sql::{Clauses, Sql, beginning, containing};

/// A column and a direction. An unknown column is the list's first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column's word, as the list's `SORTS` has it.
    pub column: String,
    /// Whether the largest, worst or latest comes first.
    pub descending: bool,
}

impl Sort {
    /// The largest, worst or latest first.
    #[must_use]
    pub fn descending(column: impl Into<String>) -> Self {
        Self { column: column.into(), descending: true }
    }

    /// The smallest or earliest first.
    #[must_use]
    pub fn ascending(column: impl Into<String>) -> Self {
        Self { column: column.into(), descending: false }
    }
}

/// A column that a list can be sorted by.
#[derive(Clone, Copy, Debug)]
pub struct SortColumn {
    /// The word in [`Sort::column`].
    pub word: &'static str,
    /// SQL that is never null, most significant first.
    pub(crate) keys: &'static [&'static str],
    /// Whether a small value means much: severity ranks begin with the worst.
    pub(crate) inverted: bool,
}

impl SortColumn {
    pub(crate) const fn by(word: &'static str, keys: &'static [&'static str]) -> Self {
        Self { word, keys, inverted: false }
    }

    pub(crate) const fn inverted(word: &'static str, keys: &'static [&'static str]) -> Self {
        Self { word, keys, inverted: true }
    }
}

/// Which rows of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// How many at most.
    pub size: u32,
    /// Where they begin.
    pub start: Start,
    /// Whether to count all rows too.
    pub counted: bool,
}

/// Where a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// With the first row.
    #[default]
    First,
    /// After this many rows.
    Position(u64),
    /// Beside a row that was shown before.
    Cursor(Cursor),
}

impl Page {
    /// The first page, counted.
    #[must_use]
    pub fn first(size: u32) -> Self {
        Self { size, start: Start::First, counted: true }
    }

    /// A page, counted.
    #[must_use]
    pub fn at(size: u32, start: Start) -> Self {
        Self { size, start, counted: true }
    }

    /// The same page without the count of all rows.
    #[must_use]
    pub fn uncounted(mut self) -> Self {
        self.counted = false;
        self
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// Rows before the first one.
    pub position: u64,
    /// All rows that the filter lets through, if they were counted.
    pub total: Option<Total>,
    /// The page before.
    pub previous: Option<Cursor>,
    /// The page after.
    pub next: Option<Cursor>,
}

/// How many rows a filter lets through. Nobody pages through fifty thousand of them, and to count on
/// would make the page of a longer list slower with each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(u64),
    /// There are more.
    MoreThan(u64),
}

impl Total {
    /// Rows counted at most.
    pub const BOUND: u64 = 50_000;

    /// The total of a count that stopped one row behind the bound.
    fn of(counted: u64) -> Self {
        if counted > Self::BOUND { Self::MoreThan(Self::BOUND) } else { Self::Exactly(counted) }
    }
}

/// Everything that makes a list but its page.
pub(crate) struct Listing<'a, T> {
    /// What is selected.
    pub(crate) columns: &'a str,
    /// Tables and joins.
    pub(crate) from: &'a str,
    /// Which rows.
    pub(crate) clauses: Clauses,
    /// Known columns; the first is the default.
    pub(crate) sorts: &'static [SortColumn],
    /// The unique key that ends every order.
    pub(crate) key: &'a str,
    /// The clause that finds a cursor's row, with as many `?` as `anchor` gives values.
    pub(crate) locate: &'a str,
    /// The values of `locate` from a cursor's key.
    pub(crate) anchor: fn(&[u8]) -> Option<Vec<Value>>,
    /// Reads a row.
    pub(crate) read: fn(&Row) -> Result<T, Error>,
    /// The cursor's key of a row.
    pub(crate) key_of: fn(&T) -> Vec<u8>,
}

impl<T> Listing<'_, T> {
    /// The page, and the count of all rows if it is asked for.
    pub(crate) async fn page(&self, store: &Store, sort: &Sort, page: &Page) -> Result<Listed<T>, Error> {
        let mut answer = self.rows(store, sort, page.size, &page.start).await?;
        if let (true, Start::Cursor(cursor)) = (answer.rows.is_empty(), &page.start) {
            // The row is gone or another filter hides it: its place in the list is the next best thing.
            let start = Start::Position(cursor.position);
            answer = self.rows(store, sort, page.size, &start).await?;
        }
        if page.counted {
            let mut sql = Sql::new(format!("SELECT COUNT(*) FROM (SELECT 1 FROM {}", self.from));
            sql.clauses(&self.clauses).push(&format!(" LIMIT {}) counted", Total::BOUND + 1), []);
            let rows = sql.query(store).await?;
            answer.total = rows.first().map(|row| row.count(0)).transpose()?.map(Total::of);
        }
        Ok(answer)
    }

    async fn rows(&self, store: &Store, sort: &Sort, size: u32, start: &Start) -> Result<Listed<T>, Error> {
        let anchor = match start {
            Start::Cursor(cursor) => (self.anchor)(&cursor.key).map(|values| (cursor, values)),
            Start::First | Start::Position(_) => None,
        };
        let back = anchor.as_ref().is_some_and(|(cursor, _)| cursor.back);
        let position = match start {
            Start::First => 0,
            Start::Position(position) => *position,
            Start::Cursor(cursor) => cursor.position,
        };
        let skipped = if anchor.is_some() { 0 } else { position };
        let sql = self.statement(sort, size, back, anchor.map(|(_, values)| values), skipped);
        let rows = sql.query(store).await?;
        let mut rows = rows.iter().map(self.read).collect::<Result<Vec<_>, _>>()?;
        let more = rows.len() > size as usize;
        rows.truncate(size as usize);
        if back {
            rows.reverse();
        }
        Ok(self.listed(rows, position, back, more))
    }

    fn listed(&self, rows: Vec<T>, position: u64, back: bool, more: bool) -> Listed<T> {
        let shown = rows.len() as u64;
        let position = if back { if more { position.saturating_sub(shown) } else { 0 } } else { position };
        let cursor = |row: &T, position: u64, back: bool| Cursor { position, back, key: (self.key_of)(row) };
        let previous = if back { more } else { position > 0 };
        let next = if back { true } else { more };
        Listed {
            previous: rows.first().filter(|_| previous).map(|row| cursor(row, position, true)),
            next: rows.last().filter(|_| next).map(|row| cursor(row, position + shown, false)),
            rows,
            position,
            total: None,
        }
    }

    /// One row more than the page, to know whether another page follows.
    fn statement(&self, sort: &Sort, size: u32, back: bool, anchor: Option<Vec<Value>>, skipped: u64) -> Sql {
        let known = self.sorts.iter().find(|known| known.word == sort.column).or(self.sorts.first());
        let down = (sort.descending != known.is_some_and(|known| known.inverted)) != back;
        let mut keys: Vec<&str> = known.map_or_else(Vec::new, |known| known.keys.to_vec());
        if keys.last() != Some(&self.key) {
            keys.push(self.key);
        }
        let mut clauses = self.clauses.clone();
        if let Some(values) = anchor {
            let (joined, side) = (keys.join(", "), if down { '<' } else { '>' });
            let clause =
                format!("({joined}) {side} (SELECT {joined} FROM {} WHERE {})", self.from, self.locate);
            clauses.and(&clause, values);
        }
        let way = if down { " DESC" } else { "" };
        let order: Vec<String> = keys.iter().map(|key| format!("{key}{way}")).collect();
        let mut sql = Sql::new(format!("SELECT {} FROM {}", self.columns, self.from));
        sql.clauses(&clauses);
        sql.push(&format!(" ORDER BY {} LIMIT {}", order.join(", "), u64::from(size) + 1), []);
        if skipped > 0 {
            sql.push(&format!(" OFFSET {skipped}"), []);
        }
        sql
    }
}

/// The values that locate a row by a sixteen-byte id.
pub(crate) fn by_id(key: &[u8]) -> Option<Vec<Value>> {
    (key.len() == 16).then(|| vec![key.to_vec().into()])
}

/// The values that locate a row by a text.
pub(crate) fn by_text(key: &[u8]) -> Option<Vec<Value>> {
    std::str::from_utf8(key).ok().map(|text| vec![text.into()])
}
