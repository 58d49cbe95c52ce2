//! How things that come again with every sync are written: what is new is added, what differs is updated, what is
//! as before is not written at all.
//!
//! Refuses to forget a setting because one answer did not mention it, in the columns that are said to be kept.

use crate::bulk::{Given, Type};
use crate::{Error, Tx};

/// Things of one table that are seen, may be gone, and may come back.
#[derive(Debug)]
pub(crate) struct Upsert {
    /// The table.
    pub(crate) table: &'static str,
    /// Columns by which a row is known again, separated by commas.
    pub(crate) key: &'static str,
    /// What is told of each, in the order of the cells.
    pub(crate) columns: &'static [(&'static str, Type)],
    /// Those among them whose value outlasts an answer that tells none: null or an empty text.
    pub(crate) kept: &'static [&'static str],
    /// Takes the moment of the first answer.
    pub(crate) first_at: Option<&'static str>,
    /// Takes the moment of the last answer that differed.
    pub(crate) last_at: &'static str,
    /// Has a moment where the thing is gone; any answer takes it away.
    pub(crate) gone_at: &'static str,
    /// Whether an answer that is older than the row counts for nothing.
    pub(crate) ordered: bool,
}

impl Upsert {
    /// Writes rows for the moment `at`, in milliseconds. Distinct by key.
    pub(crate) async fn put(&self, tx: &Tx, rows: Given, at: i64) -> Result<u64, Error> {
        tx.execute_given(rows, &self.sql(), vec![at.into()]).await
    }

    fn sql(&self) -> String {
        let Self { table, key, last_at, gone_at, .. } = self;
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let moments: Vec<&str> = self.first_at.into_iter().chain([*last_at]).collect();
        let is_key = |name: &str| key.split(", ").any(|part| part == name);
        let told: Vec<(&str, String)> = self
            .columns
            .iter()
            .filter(|(name, _)| !is_key(name))
            .map(|(name, kind)| (*name, self.told(name, *kind)))
            .collect();
        let set: Vec<String> = told.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let differs: Vec<String> =
            told.iter().map(|(name, value)| format!("{table}.{name} IS DISTINCT FROM {value}")).collect();
        let order = if self.ordered {
            format!("excluded.{last_at} >= {table}.{last_at} AND ")
        } else {
            String::new()
        };
        format!(
            "INSERT INTO {table} ({names}, {moments}) SELECT {names}, {now} FROM given WHERE true \
             ON CONFLICT ({key}) DO UPDATE SET {set}, {last_at} = excluded.{last_at}, {gone_at} = NULL \
             WHERE {order}({table}.{gone_at} IS NOT NULL OR {differs})",
            names = names.join(", "),
            moments = moments.join(", "),
            now = vec!["$1"; moments.len()].join(", "),
            set = set.join(", "),
            differs = differs.join(" OR "),
        )
    }

    /// What a column holds after an answer.
    fn told(&self, name: &str, kind: Type) -> String {
        match (self.kept.contains(&name), kind) {
            (false, _) => format!("excluded.{name}"),
            (true, Type::Text) => format!("COALESCE(NULLIF(excluded.{name}, ''), {}.{name})", self.table),
            (true, _) => format!("COALESCE(excluded.{name}, {}.{name})", self.table),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_written_and_what_is_not_told_is_kept() {
        let upsert = Upsert {
            table: "t",
            key: "a, b",
            columns: &[("a", Type::Bytes), ("b", Type::Text), ("c", Type::Text), ("d", Type::Integer)],
            kept: &["c"],
            first_at: Some("first_at"),
            last_at: "last_at",
            gone_at: "gone_at",
            ordered: true,
        };
        assert_eq!(
            upsert.sql(),
            "INSERT INTO t (a, b, c, d, first_at, last_at) SELECT a, b, c, d, $1, $1 FROM given WHERE true \
             ON CONFLICT (a, b) DO UPDATE SET c = COALESCE(NULLIF(excluded.c, ''), t.c), d = excluded.d, \
             last_at = excluded.last_at, gone_at = NULL WHERE excluded.last_at >= t.last_at AND \
             (t.gone_at IS NOT NULL OR t.c IS DISTINCT FROM COALESCE(NULLIF(excluded.c, ''), t.c) \
             OR t.d IS DISTINCT FROM excluded.d)"
        );
    }
}
