//! The library's own tables, which its own migrations make, after ours. Refuses everything else that the
//! library would set up: on SQLite it would turn off waiting for the disk.

use std::time::Duration;

use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;

use super::sql;
use crate::connection::Conn;
use crate::{Error, Store};

/// How often it is tried: SQLite lets two processes begin the same migration, and one of them fails.
const ATTEMPTS: u32 = 3;

/// Makes the tables or brings them up to date.
///
/// # Errors
/// [`Error::Extensions`] when PostgreSQL has not what they need, and when the database cannot be written.
pub async fn set_up(store: &Store) -> Result<(), Error> {
    if pending(store).await? == 0 {
        return Ok(());
    }
    check(store).await?;
    let mut attempt = 1;
    loop {
        match migrate(store).await {
            Err(_) if attempt < ATTEMPTS => {
                tokio::time::sleep(Duration::from_millis(100 << attempt)).await;
                attempt += 1;
            }
            result => return result,
        }
    }
}

async fn migrate(store: &Store) -> Result<(), Error> {
    let migrated = if store.is_sqlite() {
        SqliteStorage::migrations().run(store.connection().get_sqlite_connection_pool()).await
    } else {
        PostgresStorage::migrations().run(store.connection().get_postgres_connection_pool()).await
    };
    migrated.map_err(|error| Error::Jobs(Box::new(error)))
}

/// How many migrations of the tables are not applied yet.
///
/// # Errors
/// When the database does not answer.
pub async fn pending(store: &Store) -> Result<usize, Error> {
    let sql = format!("SELECT version FROM {}", sql::words(store).versions);
    let applied: Vec<i64> = match store.query(&sql, vec![]).await {
        Ok(rows) => rows.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?,
        Err(Error::Database(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    Ok(versions(store.is_sqlite()).iter().filter(|version| !applied.contains(version)).count())
}

/// Whether PostgreSQL has the extensions that the tables need, or lets us make them. SQLite needs none.
///
/// # Errors
/// [`Error::Extensions`] when it does not.
pub async fn check(store: &Store) -> Result<(), Error> {
    if store.is_sqlite() {
        return Ok(());
    }
    let sql = "SELECT wanted.name FROM (VALUES ('hstore'), ('pgcrypto')) AS wanted (name) \
               WHERE NOT EXISTS (SELECT 1 FROM pg_extension e WHERE e.extname = wanted.name) \
               AND NOT EXISTS (SELECT 1 FROM pg_available_extension_versions v WHERE v.name = wanted.name \
               AND ((v.trusted AND has_database_privilege(current_database(), 'CREATE')) \
               OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))) ORDER BY 1";
    let missing = store.query(sql, vec![]).await?;
    let missing: Vec<String> = missing.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
    if missing.is_empty() { Ok(()) } else { Err(Error::Extensions { missing }) }
}

fn versions(sqlite: bool) -> Vec<i64> {
    let migrations = if sqlite { SqliteStorage::migrations() } else { PostgresStorage::migrations() };
    migrations.iter().map(|migration| migration.version).collect()
}

/// The newest migration for PostgreSQL, so that test templates are never stale.
#[cfg(any(test, feature = "test-support"))]
pub(crate) fn version() -> i64 {
    versions(false).into_iter().max().unwrap_or(0)
}
