//! The one door to the database: [`Store`] for reading, [`Tx`] for writing, on SQLite and PostgreSQL.
//! SQL is written once with `$1` placeholders, which both read.
//!
//! Refuses in-memory SQLite: its connections would each see a database of their own.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, ExecResult,
    IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::row::Row;
use crate::{Error, open};

/// A value bound to a placeholder; `.into()` makes one of texts, numbers, booleans, bytes and options.
pub(crate) type Value = sea_orm::Value;

/// The database. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    reads: DatabaseConnection,
    /// For SQLite a pool of one: writers queue here rather than at the file lock.
    writes: DatabaseConnection,
    queries: AtomicU64,
    written: Mutex<BTreeMap<String, u64>>,
}

/// How many connections, and how long to wait for one.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections for readers (PostgreSQL: for all).
    pub connections: u32,
    /// How long a caller waits for a free connection or a lock before it hears [`Error::Busy`].
    pub patience: std::time::Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 10, patience: std::time::Duration::from_secs(30) }
    }
}

/// A transaction. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Tx {
    transaction: DatabaseTransaction,
    store: Store,
    written: Mutex<BTreeMap<String, u64>>,
}

impl Store {
    /// Connects to `sqlite://path` (made if it does not exist) or `postgres://…`.
    ///
    /// # Errors
    /// When the address is not one of these, or nothing answers there.
    pub async fn connect(url: &str, options: &Options) -> Result<Self, Error> {
        let (reads, writes) = open::open(url, options).await?;
        let inner = Inner { reads, writes, queries: AtomicU64::new(0), written: Mutex::default() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The connection on which migrations run.
    #[must_use]
    pub fn connection(&self) -> &DatabaseConnection {
        &self.inner.writes
    }

    /// Begins a transaction; on SQLite it holds the write lock from the start.
    ///
    /// # Errors
    /// When no connection or lock comes free in time.
    pub async fn begin(&self) -> Result<Tx, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: self.is_sqlite().then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.inner.writes.begin_with_options(options).await?;
        Ok(Tx { transaction, store: self.clone(), written: Mutex::default() })
    }

    /// Begins a transaction that only reads, all of it at one moment, and that no writer waits for.
    ///
    /// # Errors
    /// When no connection comes free in time.
    pub async fn snapshot(&self) -> Result<Tx, Error> {
        let isolation = (!self.is_sqlite()).then_some(IsolationLevel::RepeatableRead);
        let access = (!self.is_sqlite()).then_some(AccessMode::ReadOnly);
        let transaction = self.inner.reads.begin_with_config(isolation, access).await?;
        Ok(Tx { transaction, store: self.clone(), written: Mutex::default() })
    }

    /// How many statements were sent so far, reads and writes: a page costs a fixed number.
    #[must_use]
    pub fn queries(&self) -> u64 {
        self.inner.queries.load(Ordering::Relaxed)
    }

    /// How many rows of a table were inserted, updated or deleted by committed transactions so far.
    #[must_use]
    pub fn rows_written(&self, table: &str) -> u64 {
        lock(&self.inner.written).get(table).copied().unwrap_or(0)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(self.inner.reads.ping().await?)
    }

    /// The word for people: `SQLite` or `PostgreSQL`.
    #[must_use]
    pub fn product(&self) -> &'static str {
        if self.is_sqlite() { "SQLite" } else { "PostgreSQL" }
    }

    /// Closes all connections; on SQLite this folds the write-ahead log into the file.
    ///
    /// # Errors
    /// When the driver cannot.
    pub async fn close(&self) -> Result<(), Error> {
        self.inner.reads.close_by_ref().await?;
        Ok(self.inner.writes.close_by_ref().await?)
    }

    /// Compares the applied migrations with the ones this version knows.
    ///
    /// # Errors
    /// [`Error::SchemaTooOld`] or [`Error::SchemaTooNew`] when they differ.
    pub async fn check_schema(&self, known: &[String]) -> Result<(), Error> {
        let applied: Vec<String> = match self.query("SELECT version FROM seaql_migrations", vec![]).await {
            Ok(rows) => rows.iter().map(|row| row.text("version")).collect::<Result<_, _>>()?,
            Err(Error::Database(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        let unknown: Vec<String> = applied.iter().filter(|name| !known.contains(name)).cloned().collect();
        if !unknown.is_empty() {
            return Err(Error::SchemaTooNew { unknown });
        }
        let missing: Vec<String> = known.iter().filter(|name| !applied.contains(name)).cloned().collect();
        if missing.is_empty() { Ok(()) } else { Err(Error::SchemaTooOld { missing }) }
    }
}

impl Tx {
    /// Makes everything done in it visible at once.
    ///
    /// # Errors
    /// When the database cannot keep it; then nothing was done.
    pub async fn commit(self) -> Result<(), Error> {
        self.transaction.commit().await?;
        let mut total = lock(&self.store.inner.written);
        for (table, rows) in lock(&self.written).iter() {
            *total.entry(table.clone()).or_default() += rows;
        }
        Ok(())
    }

    /// Undoes everything done in it.
    ///
    /// # Errors
    /// When the connection is gone; then it is undone as well.
    pub async fn rollback(self) -> Result<(), Error> {
        Ok(self.transaction.rollback().await?)
    }

    /// How many rows of a table this transaction inserted, updated or deleted so far.
    #[must_use]
    pub fn rows_written(&self, table: &str) -> u64 {
        lock(&self.written).get(table).copied().unwrap_or(0)
    }

    /// Runs a statement that changes rows and tells how many.
    pub(crate) async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64, Error> {
        self.store.inner.queries.fetch_add(1, Ordering::Relaxed);
        let statement = statement(self.transaction.get_database_backend(), sql, values);
        let result: ExecResult = self.transaction.execute_raw(statement).await?;
        let rows = result.rows_affected();
        if rows > 0 {
            *lock(&self.written).entry(table_of(sql).to_owned()).or_default() += rows;
        }
        Ok(rows)
    }

    /// Waits until no other process works under the same key, until the end of the transaction. On
    /// SQLite the write lock already does that.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn lock(&self, key: &[u8]) -> Result<(), Error> {
        self.lock_all(&[key]).await
    }

    /// The same for many keys at once, always in the same order, so that no two wait for each other.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn lock_all(&self, keys: &[&[u8]]) -> Result<(), Error> {
        if self.is_sqlite() || keys.is_empty() {
            return Ok(());
        }
        // Locks live in a table of fixed size: past this many keys, one lock stands for all of them.
        let whole =
            if keys.len() > MOST_LOCKS { "pg_advisory_xact_lock" } else { "pg_advisory_xact_lock_shared" };
        self.query(&format!("SELECT 1 FROM {whole}($1)"), vec![ALL_KEYS.into()]).await?;
        if keys.len() > MOST_LOCKS {
            return Ok(());
        }
        let numbers: Vec<Value> = keys.iter().map(|key| lock_number(key).into()).collect();
        let numbers = Value::Array(sea_orm::sea_query::ArrayType::BigInt, Some(Box::new(numbers)));
        let sql = "SELECT 1 FROM (SELECT DISTINCT k FROM unnest($1) AS t(k) ORDER BY k) s, \
                   LATERAL pg_advisory_xact_lock(s.k)";
        self.query(sql, vec![numbers]).await?;
        Ok(())
    }
}

/// The advisory lock that stands for all keys.
const ALL_KEYS: i64 = 0x706c_696d_736f_6c6c;
/// The most keys locked one by one.
const MOST_LOCKS: usize = 100;

fn lock_number(key: &[u8]) -> i64 {
    let id: domain::id::ImageId = domain::id::Id::derived(&[b"lock", key]);
    let mut number = [0; 8];
    number.copy_from_slice(&id.as_bytes()[..8]);
    i64::from_le_bytes(number)
}

/// What reads run on: a [`Store`], or a [`Tx`] that sees its own writes.
pub(crate) trait Conn: Sync {
    /// Runs a query and returns all rows. Placeholders are `$1`, `$2`…
    fn query(&self, sql: &str, values: Vec<Value>) -> impl Future<Output = Result<Vec<Row>, Error>> + Send;

    /// Whether this is SQLite, for the few statements that must differ.
    fn is_sqlite(&self) -> bool;

    /// Runs a query that has at most one row of interest.
    fn query_one(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Option<Row>, Error>> + Send {
        let rows = self.query(sql, values);
        async move { Ok(rows.await?.into_iter().next()) }
    }
}

impl Conn for Store {
    async fn query(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        self.inner.queries.fetch_add(1, Ordering::Relaxed);
        let reads = &self.inner.reads;
        let rows = reads.query_all_raw(statement(reads.get_database_backend(), sql, values)).await?;
        Ok(rows.into_iter().map(Row::new).collect())
    }

    fn is_sqlite(&self) -> bool {
        self.inner.reads.get_database_backend() == DbBackend::Sqlite
    }
}

impl Conn for Tx {
    async fn query(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        self.store.inner.queries.fetch_add(1, Ordering::Relaxed);
        let backend = self.transaction.get_database_backend();
        let rows = self.transaction.query_all_raw(statement(backend, sql, values)).await?;
        Ok(rows.into_iter().map(Row::new).collect())
    }

    fn is_sqlite(&self) -> bool {
        self.transaction.get_database_backend() == DbBackend::Sqlite
    }
}

/// PostgreSQL takes no NUL in a text, so neither do we: it becomes the replacement character.
fn statement(backend: DbBackend, sql: &str, mut values: Vec<Value>) -> Statement {
    values.iter_mut().for_each(without_nul);
    Statement::from_sql_and_values(backend, sql, values)
}

/// Stands for NUL, which PostgreSQL does not take.
pub(crate) const REPLACEMENT: &str = "\u{fffd}";

pub(crate) fn without_nul(value: &mut Value) {
    match value {
        Value::String(Some(text)) if text.contains('\0') => *text = text.replace('\0', REPLACEMENT),
        Value::Array(_, Some(values)) => values.iter_mut().for_each(without_nul),
        _ => {}
    }
}

/// The table that a statement changes: the word after INSERT INTO, UPDATE or DELETE FROM.
fn table_of(sql: &str) -> &str {
    ["INSERT INTO ", "DELETE FROM ", "UPDATE "]
        .iter()
        .find_map(|verb| sql.split_once(verb))
        .and_then(|(_, rest)| rest.split([' ', '\n', '(']).next())
        .unwrap_or("")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_table_of_a_statement() {
        assert_eq!(table_of("WITH given(a) AS (VALUES ($1)) INSERT INTO findings (a) SELECT a"), "findings");
        assert_eq!(table_of("UPDATE images SET a = 1"), "images");
        assert_eq!(table_of("DELETE FROM tags\nWHERE a = 1"), "tags");
    }

    #[test]
    fn nul_is_replaced() {
        let mut value = Value::from("a\0b");
        without_nul(&mut value);
        assert_eq!(value, Value::from("a\u{fffd}b"));
    }
}
