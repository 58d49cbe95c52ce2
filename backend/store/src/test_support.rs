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
}

impl TestDatabase {
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
    let template = format!("plimsoll_template_{:016x}", migrations::fingerprint());
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
