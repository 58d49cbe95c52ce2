//! Databases for tests: each test gets its own, migrated, on SQLite and on PostgreSQL where
//! `PLIMSOLL_TEST_POSTGRES_URL` names a server whose user may create databases.
//!
//! Refuses to leave anything behind: the database goes when the test ends, also by panic.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;
use migrations::{Migrator, MigratorTrait};

use crate::connection::Conn;
use crate::{Options, Store};

/// Names a PostgreSQL server for tests.
pub const POSTGRES_VARIABLE: &str = "PLIMSOLL_TEST_POSTGRES_URL";

/// A database of its own, gone with [`TestDatabase::drop_database`].
#[derive(Debug)]
pub struct TestDatabase {
    /// The store over it.
    pub store: Store,
    /// Its address, for child processes.
    pub url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// Deleted when dropped.
    Folder {
        _folder: tempfile::TempDir,
    },
    Postgres {
        server: String,
        name: String,
    },
}

/// Runs a test on a migrated SQLite database and, where one is given, on a PostgreSQL one.
///
/// # Panics
/// When the test does, after the database is gone; and when no database can be made.
pub async fn on_each_database(test: impl AsyncFn(Store)) {
    run(sqlite().await, &test).await;
    match postgres().await {
        Some(database) => run(database, &test).await,
        None => skipped(),
    }
}

#[expect(clippy::print_stderr, reason = "a skipped half of a test must be seen")]
fn skipped() {
    eprintln!("skipped on PostgreSQL: {POSTGRES_VARIABLE} is not set");
}

async fn run(database: TestDatabase, test: &impl AsyncFn(Store)) {
    let outcome = AssertUnwindSafe(test(database.store.clone())).catch_unwind().await;
    let product = database.store.product();
    database.drop_database().await;
    if let Err(panic) = outcome {
        report(product);
        std::panic::resume_unwind(panic);
    }
}

#[expect(clippy::print_stderr, reason = "a failed test must say on which database")]
fn report(product: &str) {
    eprintln!("the test failed on {product}");
}

impl Store {
    /// The one whole number that a query gives: tests look where no page does.
    ///
    /// # Errors
    /// When the query gives something else.
    pub async fn number(&self, sql: &str) -> Result<i64, crate::Error> {
        let row = self.query_one(sql, vec![]).await?;
        row.ok_or(crate::Error::NotFound("number"))?.integer(0)
    }

    /// The texts that a query gives in its first column.
    ///
    /// # Errors
    /// When the query gives something else.
    pub async fn texts(&self, sql: &str) -> Result<Vec<String>, crate::Error> {
        self.query(sql, vec![]).await?.iter().map(|row| row.text(0)).collect()
    }
}

impl TestDatabase {
    /// Copies rows in, in PostgreSQL's text format, with `COPY` in one transaction: the fastest way in.
    /// Tells how many there were, or nothing on SQLite, which has no such way.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn copy_in(&self, table_and_columns: &str, rows: &[u8]) -> Option<u64> {
        if matches!(self.place, Place::Folder { .. }) {
            return None;
        }
        let mut tx = must(self.store.connection().get_postgres_connection_pool().begin().await);
        let sql = format!("COPY {table_and_columns} FROM STDIN");
        let mut copy = must(tx.copy_in_raw(&sql).await);
        must(copy.send(rows).await);
        let copied = must(copy.finish().await);
        must(tx.commit().await);
        Some(copied)
    }

    /// Closes the connections and removes the database.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn drop_database(self) {
        must(self.store.close().await);
        if let Place::Postgres { server, name } = &self.place {
            let admin = admin(server).await;
            must(unprepared(&admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await);
            must(admin.close().await);
        }
    }
}

/// A migrated SQLite database, copied from one that this process migrated once.
///
/// # Panics
/// When the temporary folder cannot be written.
pub async fn sqlite() -> TestDatabase {
    static TEMPLATE: tokio::sync::OnceCell<Vec<u8>> = tokio::sync::OnceCell::const_new();
    let template = TEMPLATE
        .get_or_init(|| async {
            let folder = must(tempfile::tempdir());
            let path = folder.path().join("template.db");
            let store = must(Store::connect(&sqlite_url(&path), &Options::default()).await);
            must(Migrator::up(store.connection(), None).await);
            must(crate::jobs::set_up(&store).await);
            must(store.close().await);
            must(std::fs::read(path))
        })
        .await;
    let folder = must(tempfile::tempdir());
    let path = folder.path().join("test.db");
    must(std::fs::write(&path, template));
    let url = sqlite_url(&path);
    let store = must(Store::connect(&url, &Options::default()).await);
    TestDatabase { store, url, place: Place::Folder { _folder: folder } }
}

/// A migrated PostgreSQL database cloned from a template, if a server is given.
///
/// # Panics
/// When the server is given and refuses.
pub async fn postgres() -> Option<TestDatabase> {
    let server = std::env::var(POSTGRES_VARIABLE).ok().filter(|url| !url.is_empty())?;
    static MADE: tokio::sync::OnceCell<()> = tokio::sync::OnceCell::const_new();
    let template = format!("plimsoll_template_{:016x}_{}", migrations::fingerprint(), crate::jobs::version());
    MADE.get_or_init(|| make_template(&server, &template)).await;
    let name = format!("plimsoll_test_{}", unique());
    let admin = admin(&server).await;
    must(unprepared(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await);
    must(admin.close().await);
    let url = with_database(&server, &name);
    let options = Options { connections: 4, ..Options::default() };
    let store = must(Store::connect(&url, &options).await);
    Some(TestDatabase { store, url, place: Place::Postgres { server, name } })
}

/// Several test binaries may get here at once: one makes it, under a lock, the others find it.
async fn make_template(server: &str, template: &str) {
    let admin = admin(server).await;
    let tx = must(admin.begin().await);
    must(tx.lock(b"test template").await);
    let found =
        must(admin.query_one("SELECT 1 FROM pg_database WHERE datname = $1", vec![template.into()]).await);
    if found.is_none() {
        let unfinished = format!("plimsoll_making_{}", unique());
        must(unprepared(&admin, &format!("CREATE DATABASE {unfinished}")).await);
        let store = must(Store::connect(&with_database(server, &unfinished), &Options::default()).await);
        must(Migrator::up(store.connection(), None).await);
        must(crate::jobs::set_up(&store).await);
        must(store.close().await);
        must(unprepared(&admin, &format!("ALTER DATABASE {unfinished} RENAME TO {template}")).await);
    }
    must(tx.commit().await);
    must(admin.close().await);
}

async fn admin(server: &str) -> Store {
    must(Store::connect(server, &Options { connections: 2, ..Options::default() }).await)
}

async fn unprepared(store: &Store, sql: &str) -> Result<(), sea_orm::DbErr> {
    sea_orm::ConnectionTrait::execute_unprepared(store.connection(), sql).await.map(|_| ())
}

fn sqlite_url(path: &std::path::Path) -> String {
    format!("sqlite://{}", PathBuf::from(path).display())
}

/// The address of another database on the same server.
fn with_database(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, None), |(base, query)| (base, Some(query)));
    let after_scheme = base.find("://").map_or(0, |at| at + 3);
    let end = base[after_scheme..].find('/').map_or(base.len(), |at| after_scheme + at);
    let url = format!("{}/{name}", &base[..end]);
    query.map_or(url.clone(), |query| format!("{url}?{query}"))
}

fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    static START: OnceLock<u128> = OnceLock::new();
    let start = START.get_or_init(|| {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_nanos())
    });
    format!("{}_{start:x}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

#[expect(clippy::panic, reason = "test support: a broken set-up fails the test")]
fn must<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("test database: {error:?}"))
}

#[cfg(test)]
mod tests {
    use crate::bulk::{Given, Type, query_given};
    use crate::connection::Value;
    use crate::{Error, Options};

    use super::*;

    #[tokio::test]
    async fn migrations_go_up_down_and_up_again() {
        on_each_database(async |store| {
            let names: Vec<String> =
                Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
            store.check_schema(&names).await.unwrap();
            Migrator::down(store.connection(), None).await.unwrap();
            assert!(matches!(store.check_schema(&names).await, Err(Error::SchemaTooOld { missing }) if missing == names));
            assert!(store.number("SELECT COUNT(*) FROM findings").await.is_err());
            Migrator::up(store.connection(), None).await.unwrap();
            store.check_schema(&names).await.unwrap();
            assert!(matches!(store.check_schema(&names[1..]).await, Err(Error::SchemaTooNew { .. })));
            assert_eq!(store.number("SELECT COUNT(*) FROM findings").await.unwrap(), 0);
            for back in 1..=names.len() as u32 {
                Migrator::down(store.connection(), Some(back)).await.unwrap();
                Migrator::up(store.connection(), None).await.unwrap();
            }
        })
        .await;
    }

    #[tokio::test]
    async fn many_rows_of_every_type_come_back_as_they_went() {
        const COLUMNS: &[(&str, Type)] = &[
            ("number", Type::Integer),
            ("bytes", Type::Bytes),
            ("text", Type::Text),
            ("small", Type::Small),
            ("real", Type::Real),
            ("truth", Type::Boolean),
        ];
        on_each_database(async |store| {
            let mut given = Given::new(COLUMNS);
            for number in 0..2_500_i64 {
                let odd = number % 2 == 1;
                given.push([
                    number.into(),
                    if odd { Value::Bytes(None) } else { vec![7_u8, 0, 255].into() },
                    if odd { Value::String(None) } else { "naïve \'\0".into() },
                    if odd { Value::SmallInt(None) } else { 3_i16.into() },
                    if odd { Value::Double(None) } else { 0.25.into() },
                    if odd { Value::Bool(None) } else { true.into() },
                ]);
            }
            let sql = "SELECT number + $1 AS number, bytes, text, small, real, truth FROM given";
            let mut rows = query_given(&store, given, sql, vec![10_000_i64.into()]).await.unwrap();
            rows.sort_by_key(|row| row.integer("number").unwrap());
            assert_eq!(rows.len(), 2_500);
            assert_eq!(rows[0].integer("number").unwrap(), 10_000);
            assert_eq!(rows[0].bytes("bytes").unwrap(), [7, 0, 255]);
            assert_eq!(rows[0].text("text").unwrap(), "naïve '\u{fffd}");
            assert_eq!(rows[0].small("small").unwrap(), 3);
            assert!((rows[0].real("real").unwrap() - 0.25).abs() < 1e-9);
            assert!(rows[0].boolean("truth").unwrap());
            assert_eq!(rows[1].optional_text("text").unwrap(), None);
            assert_eq!(rows[1].optional_real("real").unwrap(), None);
            assert_eq!(rows[1].optional_boolean("truth").unwrap(), None);
            assert!(matches!(rows[1].text("text"), Err(Error::Corrupt { .. })));
        })
        .await;
    }

    #[tokio::test]
    async fn a_transaction_dropped_leaves_no_trace() {
        on_each_database(async |store| {
            let sql = "INSERT INTO accounts (provider, id, first_seen_at) VALUES ('aws', $1, 0)";
            let tx = store.begin().await.unwrap();
            tx.execute(sql, vec!["1".into()]).await.unwrap();
            drop(tx);
            let tx = store.begin().await.unwrap();
            tx.execute(sql, vec!["2".into()]).await.unwrap();
            assert!(matches!(tx.execute(sql, vec!["2".into()]).await, Err(Error::Duplicate(_))));
            tx.rollback().await.unwrap();
            assert_eq!(store.rows_written("accounts"), 0);
            let tx = store.begin().await.unwrap();
            tx.execute(sql, vec!["3".into()]).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(store.rows_written("accounts"), 1);
            assert_eq!(store.number("SELECT COUNT(*) FROM accounts").await.unwrap(), 1);
        })
        .await;
    }

    #[tokio::test]
    async fn the_file_is_its_owners_and_memory_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let odd =
            Store::connect(&sqlite_url(&folder.path().join("a b.db")), &Options::default()).await.unwrap();
        odd.ping().await.unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join("a b.db")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        for url in ["sqlite::memory:", "sqlite://", "mysql://localhost/x", "plimsoll.db"] {
            let refused = Store::connect(url, &Options::default()).await;
            assert!(matches!(refused, Err(Error::Address { .. })), "{url}");
        }
        let missing = sqlite_url(&folder.path().join("no/such/folder.db"));
        assert!(matches!(Store::connect(&missing, &Options::default()).await, Err(Error::File { .. })));
    }

    #[test]
    fn other_databases_on_the_same_server() {
        assert_eq!(with_database("postgres://a@b:1/c?x=y", "d"), "postgres://a@b:1/d?x=y");
        assert_eq!(with_database("postgres://a@b", "d"), "postgres://a@b/d");
    }
}
