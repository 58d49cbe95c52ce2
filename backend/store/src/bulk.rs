//! Many rows in one statement. A [`Given`] is a table of values that a statement reads under the name
//! `given`: `INSERT INTO t (a, b) SELECT a, b FROM given`, `UPDATE t SET b = given.b FROM given WHERE …`,
//! `SELECT t.* FROM given JOIN t ON …`. PostgreSQL gets one array a column, SQLite rows of VALUES in
//! chunks. A chunk is filled up to a power of two and limited to what was given: so few texts come again and
//! again, where SQLite would otherwise compile thousands of marks anew for every count of rows.
//!
//! Refuses to be told how often it is called: one call is one round trip, or one per chunk.

use sea_orm::sea_query::ArrayType;

use crate::Error;
use crate::connection::{Conn, Tx, Value};
use crate::row::Row;

/// Variables in one SQLite statement. A compiled one is kept, and takes some 150 bytes for each; those that find no room
/// among the kept are compiled anew, which with four times as many took half of the time of a sync.
const SQLITE_VARIABLES: usize = 1_024;
/// Rows in one SQLite statement: of twice as many it thinks that it had better read whole tables than look each up.
const SQLITE_ROWS: usize = 128;
/// The same for what stands on a page, which is looked up at once.
const SQLITE_PAGE: usize = 256;
/// Rows in one PostgreSQL statement, to bound memory.
const POSTGRES_ROWS: usize = 20_000;
/// Stands for null in text arrays, whose elements the driver wants non-null.
const NULL_TEXT: &str = "\u{1}\u{1}null\u{1}";

/// The type of a column of a [`Given`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// `BYTES`, ids too.
    Bytes,
    /// `TEXT`.
    Text,
    /// `BIGINT`.
    Integer,
    /// `SMALLINT`.
    Small,
    /// `DOUBLE PRECISION`.
    Real,
    /// `BOOLEAN`.
    Boolean,
}

/// A table of values for one statement.
#[derive(Debug)]
pub(crate) struct Given {
    columns: &'static [(&'static str, Type)],
    cells: Vec<Value>,
    /// Rows in one SQLite statement.
    most: usize,
}

impl Given {
    /// An empty table with these columns.
    pub(crate) fn new(columns: &'static [(&'static str, Type)]) -> Self {
        Self { columns, cells: Vec::new(), most: SQLITE_ROWS }
    }

    /// The same for what stands on a page: one statement.
    pub(crate) fn of_page(columns: &'static [(&'static str, Type)]) -> Self {
        Self { most: SQLITE_PAGE, ..Self::new(columns) }
    }

    /// A table with one column of texts.
    pub(crate) fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut given = Self::new(&[("key", Type::Text)]);
        given.cells.extend(texts.into_iter().map(Value::from));
        given
    }

    /// A table with one column of ids.
    pub(crate) fn ids<T>(ids: impl IntoIterator<Item = domain::id::Id<T>>) -> Self {
        let mut given = Self::new(&[("key", Type::Bytes)]);
        given.cells.extend(ids.into_iter().map(id));
        given
    }

    /// Adds a row, in the order of the columns.
    pub(crate) fn push<const N: usize>(&mut self, row: [Value; N]) {
        debug_assert_eq!(N, self.columns.len());
        self.cells.extend(row);
    }

    /// Statements, each with its values, that together read every row.
    fn statements(mut self, sqlite: bool, sql: &str, extra: &[Value]) -> Vec<(String, Vec<Value>)> {
        self.cells.iter_mut().for_each(crate::connection::without_nul);
        let width = self.columns.len();
        let most = if sqlite { sqlite_rows(width, self.most) } else { POSTGRES_ROWS };
        let mut statements = Vec::new();
        let mut cells = self.cells.into_iter().peekable();
        while cells.peek().is_some() {
            let chunk: Vec<Value> = cells.by_ref().take(most * width).collect();
            let (with, mut values) =
                if sqlite { values_table(self.columns, chunk) } else { arrays(self.columns, chunk) };
            let sql = renumbered(sql, extra.len(), values.len());
            values.extend_from_slice(extra);
            statements.push((format!("{with} {sql}"), values));
        }
        statements
    }
}

/// An id as a bound value.
pub(crate) fn id<T>(id: domain::id::Id<T>) -> Value {
    Value::from(id.as_bytes().to_vec())
}

/// A moment as a bound value: milliseconds since 1970.
pub(crate) fn time(at: chrono::DateTime<chrono::Utc>) -> Value {
    Value::from(at.timestamp_millis())
}

/// A moment or null as a bound value.
pub(crate) fn optional_time(at: Option<chrono::DateTime<chrono::Utc>>) -> Value {
    Value::from(at.map(|at| at.timestamp_millis()))
}

/// A list or null as a bound value: JSON.
pub(crate) fn optional_json<T: serde::Serialize>(told: Option<&T>) -> Value {
    Value::from(told.and_then(|told| serde_json::to_string(told).ok()))
}

impl Tx {
    /// Runs a changing statement over the rows of `given`; `extra` values are `$1`, `$2`… in `sql`.
    /// Tells how many rows changed.
    pub(crate) async fn execute_given(
        &self,
        given: Given,
        sql: &str,
        extra: Vec<Value>,
    ) -> Result<u64, Error> {
        let mut changed = 0;
        for (sql, values) in given.statements(self.is_sqlite(), sql, &extra) {
            changed += self.execute(&sql, values).await?;
        }
        Ok(changed)
    }
}

/// Runs a query over the rows of `given`; `extra` values are `$1`, `$2`… in `sql`. Do not aggregate or
/// sort across rows of `given`: SQLite answers chunk by chunk.
pub(crate) async fn query_given(
    conn: &impl Conn,
    given: Given,
    sql: &str,
    extra: Vec<Value>,
) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for (sql, values) in given.statements(conn.is_sqlite(), sql, &extra) {
        rows.append(&mut conn.query(&sql, values).await?);
    }
    Ok(rows)
}

/// The same for answers of many rows, each read by `read` before the next chunk is asked for: as it comes a row takes
/// many times the room of what is made of it.
pub(crate) async fn read_given<T>(
    conn: &impl Conn,
    given: Given,
    sql: &str,
    read: impl Fn(&Row) -> Result<T, Error> + Send,
) -> Result<Vec<T>, Error> {
    let mut all = Vec::new();
    for (sql, values) in given.statements(conn.is_sqlite(), sql, &[]) {
        for row in conn.query(&sql, values).await? {
            all.push(read(&row)?);
        }
    }
    Ok(all)
}

/// The placeholders `$1`, `$2`… of `sql`, moved behind the values of the table.
fn renumbered(sql: &str, extra: usize, taken: usize) -> String {
    (1..=extra)
        .rev()
        .fold(sql.to_owned(), |sql, number| {
            sql.replace(&format!("${number}"), &format!("$\u{1}{}", taken + number))
        })
        .replace('\u{1}', "")
}

/// The most rows of so many columns in one SQLite statement: a power of two.
fn sqlite_rows(width: usize, most: usize) -> usize {
    let fitting = (SQLITE_VARIABLES / width).clamp(1, most);
    1 << fitting.ilog2()
}

/// `WITH given(a, b) AS (SELECT * FROM (VALUES (?, ?), …) LIMIT ?)`. The marks carry no number: SQLite looks
/// numbered ones up one after the other, which is slow for thousands.
fn values_table(columns: &[(&str, Type)], mut cells: Vec<Value>) -> (String, Vec<Value>) {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let given = cells.len() / columns.len();
    let filled = given.next_power_of_two();
    cells.resize(filled * columns.len(), Value::BigInt(None));
    cells.push(i64::try_from(given).unwrap_or(i64::MAX).into());
    let row = format!("({})", vec!["?"; columns.len()].join(","));
    let table = vec![row.as_str(); filled].join(",");
    (format!("WITH given({}) AS (SELECT * FROM (VALUES {table}) LIMIT ?)", names.join(", ")), cells)
}

/// `WITH given(a, b) AS (SELECT NULLIF(a, …), b FROM unnest($1::bytea[], $2::text[]) AS t(a, b))`.
fn arrays(columns: &[(&str, Type)], cells: Vec<Value>) -> (String, Vec<Value>) {
    let rows = cells.len() / columns.len();
    let mut arrays: Vec<Vec<Value>> = columns.iter().map(|_| Vec::with_capacity(rows)).collect();
    let mut nullable = vec![false; columns.len()];
    for (index, cell) in cells.into_iter().enumerate() {
        let column = index % columns.len();
        let (cell, null) = without_null(columns[column].1, cell);
        nullable[column] |= null;
        arrays[column].push(cell);
    }
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut selected = Vec::new();
    let mut unnested = Vec::new();
    let mut values = Vec::new();
    for (index, (array, (name, kind))) in arrays.into_iter().zip(columns).enumerate() {
        let (array_type, sql_type, null) = postgres_type(*kind);
        unnested.push(format!("${}::{sql_type}[]", index + 1));
        selected.push(match (nullable[index], kind) {
            (false, Type::Boolean) => format!("{name} <> 0"),
            (false, _) => (*name).to_owned(),
            (true, Type::Boolean) => format!("NULLIF({name}, {null}) <> 0"),
            (true, _) => format!("NULLIF({name}, {null})"),
        });
        values.push(Value::Array(array_type, Some(Box::new(array))));
    }
    let names = names.join(", ");
    let sql = format!(
        "WITH given({names}) AS (SELECT {} FROM unnest({}) AS t({names}))",
        selected.join(", "),
        unnested.join(", ")
    );
    (sql, values)
}

/// The array type, PostgreSQL's word for it, and the literal that stands for null in it.
fn postgres_type(kind: Type) -> (ArrayType, &'static str, String) {
    match kind {
        Type::Bytes => (ArrayType::Bytes, "bytea", "''::bytea".to_owned()),
        Type::Text => (ArrayType::String, "text", format!("'{NULL_TEXT}'")),
        Type::Integer => (ArrayType::BigInt, "bigint", format!("('{}')::bigint", i64::MIN)),
        Type::Small | Type::Boolean => (ArrayType::SmallInt, "smallint", "(-32768)::smallint".to_owned()),
        Type::Real => (ArrayType::Double, "double precision", "'NaN'::double precision".to_owned()),
    }
}

/// The cell as an array element, and whether it stands for null.
fn without_null(kind: Type, cell: Value) -> (Value, bool) {
    match (kind, cell) {
        (Type::Boolean, Value::Bool(Some(truth))) => (Value::from(i16::from(truth)), false),
        (Type::Real, Value::Double(Some(real))) if real.is_nan() => (Value::from(f64::NAN), true),
        (Type::Bytes, Value::Bytes(None)) => (Value::from(Vec::<u8>::new()), true),
        (Type::Text, Value::String(None)) => (Value::from(NULL_TEXT), true),
        (Type::Integer, Value::BigInt(None)) => (Value::from(i64::MIN), true),
        (Type::Small, Value::SmallInt(None)) | (Type::Boolean, Value::Bool(None)) => {
            (Value::from(i16::MIN), true)
        }
        (Type::Real, Value::Double(None)) => (Value::from(f64::NAN), true),
        (_, cell) => (cell, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[(&str, Type)] = &[("a", Type::Text), ("b", Type::Boolean)];

    #[test]
    fn sqlite_reads_rows_of_values() {
        let mut given = Given::new(COLUMNS);
        for name in ["x", "y", "z"] {
            given.push([name.into(), Value::Bool(None)]);
        }
        let statements = given.statements(true, "SELECT $1, $2, a FROM given", &[1.into(), 2.into()]);
        assert_eq!(statements.len(), 1);
        assert_eq!(
            statements[0].0,
            "WITH given(a, b) AS (SELECT * FROM (VALUES (?,?),(?,?),(?,?),(?,?)) LIMIT ?) \
             SELECT $10, $11, a FROM given"
        );
        assert_eq!(
            statements[0].1[6..],
            [Value::BigInt(None), Value::BigInt(None), 3_i64.into(), 1.into(), 2.into()]
        );
    }

    #[test]
    fn postgres_reads_one_array_a_column() {
        let mut given = Given::new(COLUMNS);
        given.push([Value::String(None), true.into()]);
        let statements = given.statements(false, "SELECT $1", &[1.into()]);
        assert!(statements[0].0.contains("unnest($1::text[], $2::smallint[])"), "{}", statements[0].0);
        assert!(statements[0].0.contains("NULLIF(a, "), "{}", statements[0].0);
        assert!(statements[0].0.ends_with("SELECT $3"), "{}", statements[0].0);
    }

    #[test]
    fn chunks_stay_below_the_limit_and_few_texts_serve_all() {
        let chunks = |rows: usize| -> Vec<(String, Vec<Value>)> {
            let mut given = Given::new(COLUMNS);
            (0..rows).for_each(|_| given.push(["x".into(), true.into()]));
            given.statements(true, "SELECT 1", &[])
        };
        let sizes: Vec<usize> = chunks(2_500).iter().map(|(_, values)| values.len() / 2).collect();
        assert_eq!(sizes, [128; 20]);
        let widths = [1, 5, 20, 9_000];
        assert_eq!(widths.map(|width| sqlite_rows(width, SQLITE_ROWS)), [128, 128, 32, 1]);
        assert_eq!(widths.map(|width| sqlite_rows(width, SQLITE_PAGE)), [256, 128, 32, 1]);
        let texts: std::collections::BTreeSet<String> =
            (1..=128).flat_map(chunks).map(|(text, _)| text).collect();
        assert_eq!(texts.len(), 8);
    }
}
