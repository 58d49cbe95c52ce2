//! Opens the connections: pragmas, pools, the file and its permissions.
//! Refuses addresses that are neither SQLite files nor PostgreSQL servers.

use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::{Error, Options};

/// How long a server may take to answer for the first time.
const FIRST_ANSWER: Duration = Duration::from_secs(3);

/// Bytes of an SQLite page: descriptions and attributions are long, and every page costs two writes.
const PAGE: u32 = 8192;
/// Pages that the writing connection keeps, in KiB and negative as SQLite wants it. Twice as many made a sync of 100,000
/// images no faster: what is read again comes from the system's cache.
const WRITER_CACHE: &str = "-16384";
/// Pages of the log that go into the file at once, 62 MiB: one that every transaction changes goes there once for many.
const CHECKPOINT: &str = "8000";
/// Pages that a reading connection keeps. None maps the file: it would count as the process's memory.
const READER_CACHE: &str = "-16384";

/// Connections for reading and for writing.
pub(crate) async fn open(
    url: &str,
    options: &Options,
) -> Result<(DatabaseConnection, DatabaseConnection), Error> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        open_sqlite(url, path, options).await
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        knock(url, options).await?;
        let pool = connect(url, pool(url, options)).await?;
        Ok((pool.clone(), pool))
    } else {
        Err(Error::Address {
            address: without_password(url),
            reason: "expected sqlite://PATH or postgres://USER@HOST/NAME",
        })
    }
}

/// A pool keeps trying a server that refuses until its patience ends; whoever starts a program should
/// hear of a wrong address at once.
async fn knock(url: &str, options: &Options) -> Result<(), Error> {
    let mut first = pool(url, options);
    first.max_connections(1).acquire_timeout(options.patience.min(FIRST_ANSWER));
    let door = connect(url, first).await?;
    Ok(door.close_by_ref().await?)
}

async fn open_sqlite(
    url: &str,
    path: &str,
    options: &Options,
) -> Result<(DatabaseConnection, DatabaseConnection), Error> {
    let path = file_of(path);
    if path.is_empty() || path.contains(":memory:") || url.contains("mode=memory") {
        return Err(Error::Address {
            address: url.to_owned(),
            reason: "an SQLite database needs a file, as in sqlite:///var/lib/plimsoll/plimsoll.db",
        });
    }
    create_private(Path::new(path))?;
    let patience = options.patience;
    let file = path.to_owned();
    let tune = move |base: SqliteConnectOptions| sqlite_options(base, &file, patience);
    let mut writing = pool("sqlite::memory:", options);
    let for_writing = tune.clone();
    writing.max_connections(1).map_sqlx_sqlite_opts(move |base| {
        for_writing(base).pragma("cache_size", WRITER_CACHE).pragma("wal_autocheckpoint", CHECKPOINT)
    });
    let writes = connect(url, writing).await?;
    let mut reading = pool("sqlite::memory:", options);
    reading.map_sqlx_sqlite_opts(move |base| {
        tune(base).pragma("query_only", "ON").pragma("cache_size", READER_CACHE)
    });
    Ok((connect(url, reading).await?, writes))
}

/// The file in what follows `sqlite:`.
fn file_of(path: &str) -> &str {
    let path = path.strip_prefix("//").unwrap_or(path);
    path.split_once('?').map_or(path, |(path, _)| path)
}

/// Whether connecting would make no new database: always of a server, of an SQLite file if it is there.
#[must_use]
pub fn is_there(url: &str) -> bool {
    url.strip_prefix("sqlite:").is_none_or(|path| Path::new(file_of(path)).exists())
}

/// The path is set as a path rather than parsed from an address, so that it may hold any character.
fn sqlite_options(base: SqliteConnectOptions, file: &str, patience: Duration) -> SqliteConnectOptions {
    base.filename(file)
        .in_memory(false)
        .shared_cache(false)
        .page_size(PAGE)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(patience)
        .foreign_keys(true)
        .pragma("temp_store", "MEMORY")
        .pragma("journal_size_limit", "67108864")
}

fn pool(url: &str, options: &Options) -> ConnectOptions {
    let mut pool = ConnectOptions::new(url);
    pool.max_connections(options.connections)
        .min_connections(0)
        .acquire_timeout(options.patience)
        .connect_timeout(options.patience.min(Duration::from_secs(10)))
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .set_application_name("plimsoll")
        .test_before_acquire_if_idle_for(Duration::from_secs(30));
    pool
}

async fn connect(url: &str, pool: ConnectOptions) -> Result<DatabaseConnection, Error> {
    let unreachable = |source| Error::Unreachable { address: without_password(url), source };
    Database::connect(pool).await.map_err(unreachable)
}

/// Makes the file, readable by its owner only, unless it is there.
fn create_private(path: &Path) -> Result<(), Error> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(Error::File { path: path.display().to_string(), source }),
    }
}

/// The address as it may be shown: `postgres://user:…@host/name`.
#[must_use]
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((user, place)) = rest.rsplit_once('@').filter(|_| scheme != "sqlite") else {
        return url.to_owned();
    };
    let user = user.split_once(':').map_or_else(|| user.to_owned(), |(name, _)| format!("{name}:…"));
    format!("{scheme}://{user}@{place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_that_refuses_is_told_soon() {
        let started = std::time::Instant::now();
        let told = crate::Store::connect("postgres://ada:secret@127.0.0.1:1/x", &Options::default()).await;
        let told = told.unwrap_err();
        assert!(matches!(told, Error::Unreachable { .. }), "{told:?}");
        assert!(!told.to_string().contains("secret"));
        assert!(started.elapsed() < FIRST_ANSWER * 2);
    }

    #[test]
    fn a_file_is_there_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?x=y", folder.path().join("a.db").display());
        assert!(!is_there(&url) && is_there("postgres://ada@db/x"));
        std::fs::write(folder.path().join("a.db"), b"").unwrap();
        assert!(is_there(&url));
    }

    #[test]
    fn hides_the_password() {
        assert_eq!(without_password("postgres://ada:secret@db/x"), "postgres://ada:…@db/x");
        assert_eq!(without_password("sqlite:///tmp/a@b.db"), "sqlite:///tmp/a@b.db");
    }
}
