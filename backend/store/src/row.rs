//! One row of an answer, read by column name or position, the same on both databases.
//! Refuses to guess: a value of another type than asked for is an error that names the column.

use chrono::{DateTime, Utc};
use domain::id::Id;
use sea_orm::{ColIdx, QueryResult, TryGetError, TryGetable};

use crate::Error;

/// A row. Columns are named by text or by position from 0.
#[derive(Debug)]
pub(crate) struct Row(QueryResult);

impl Row {
    pub(crate) fn new(row: QueryResult) -> Self {
        Self(row)
    }

    /// A text that is never null.
    pub(crate) fn text(&self, column: impl ColIdx) -> Result<String, Error> {
        self.get(column)
    }

    /// A text or null.
    pub(crate) fn optional_text(&self, column: impl ColIdx) -> Result<Option<String>, Error> {
        self.get(column)
    }

    /// A whole number of any width.
    pub(crate) fn integer(&self, column: impl ColIdx) -> Result<i64, Error> {
        self.optional_integer(column)?.ok_or_else(|| corrupt(column, None))
    }

    /// A whole number of any width, or null.
    pub(crate) fn optional_integer(&self, column: impl ColIdx) -> Result<Option<i64>, Error> {
        self.get::<Option<i64>>(column)
            .or_else(|_| self.get::<Option<i32>>(column).map(|narrow| narrow.map(i64::from)))
            .or_else(|_| self.get::<Option<i16>>(column).map(|narrow| narrow.map(i64::from)))
    }

    /// A count, which is never negative.
    pub(crate) fn count(&self, column: impl ColIdx) -> Result<u64, Error> {
        Ok(u64::try_from(self.integer(column)?).unwrap_or(0))
    }

    /// A `SMALLINT`: severities.
    pub(crate) fn small(&self, column: impl ColIdx) -> Result<i16, Error> {
        let wide = self.integer(column)?;
        i16::try_from(wide).map_err(|_| corrupt(column, None))
    }

    /// A real number.
    pub(crate) fn real(&self, column: impl ColIdx) -> Result<f64, Error> {
        self.get(column)
    }

    /// A real number or null.
    pub(crate) fn optional_real(&self, column: impl ColIdx) -> Result<Option<f64>, Error> {
        self.get(column)
    }

    /// A truth value.
    pub(crate) fn boolean(&self, column: impl ColIdx) -> Result<bool, Error> {
        self.get(column)
    }

    /// A truth value or null.
    pub(crate) fn optional_boolean(&self, column: impl ColIdx) -> Result<Option<bool>, Error> {
        self.get(column)
    }

    /// Bytes.
    pub(crate) fn bytes(&self, column: impl ColIdx) -> Result<Vec<u8>, Error> {
        self.get(column)
    }

    /// Bytes or null.
    pub(crate) fn optional_bytes(&self, column: impl ColIdx) -> Result<Option<Vec<u8>>, Error> {
        self.get(column)
    }

    /// A sixteen-byte id.
    pub(crate) fn id<T>(&self, column: impl ColIdx) -> Result<Id<T>, Error> {
        Id::from_slice(&self.bytes(column)?).ok_or_else(|| corrupt(column, None))
    }

    /// A sixteen-byte id or null.
    pub(crate) fn optional_id<T>(&self, column: impl ColIdx) -> Result<Option<Id<T>>, Error> {
        match self.get::<Option<Vec<u8>>>(column)? {
            Some(bytes) => Id::from_slice(&bytes).map(Some).ok_or_else(|| corrupt(column, None)),
            None => Ok(None),
        }
    }

    /// A moment, stored as milliseconds since 1970.
    pub(crate) fn time(&self, column: impl ColIdx) -> Result<DateTime<Utc>, Error> {
        self.optional_time(column)?.ok_or_else(|| corrupt(column, None))
    }

    /// A moment or null.
    pub(crate) fn optional_time(&self, column: impl ColIdx) -> Result<Option<DateTime<Utc>>, Error> {
        self.optional_integer(column)?
            .map(|millis| DateTime::from_timestamp_millis(millis).ok_or_else(|| corrupt(column, None)))
            .transpose()
    }

    /// A JSON value in a text column.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, column: impl ColIdx) -> Result<T, Error> {
        serde_json::from_str(&self.text(column)?).map_err(|_| corrupt(column, None))
    }

    /// A JSON value in a text column, or null.
    pub(crate) fn optional_json<T: serde::de::DeserializeOwned>(
        &self,
        column: impl ColIdx,
    ) -> Result<Option<T>, Error> {
        let text = self.optional_text(column)?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| corrupt(column, None))).transpose()
    }

    fn get<T: TryGetable>(&self, column: impl ColIdx) -> Result<T, Error> {
        self.0.try_get_by_nullable(column).map_err(|error| match error {
            TryGetError::DbErr(source) => corrupt(column, Some(source)),
            TryGetError::Null(_) => corrupt(column, None),
        })
    }
}

fn corrupt(column: impl ColIdx, source: Option<sea_orm::DbErr>) -> Error {
    Error::Corrupt { column: format!("{column:?}"), source }
}
