//! What can go wrong between us and the database, by name. The display text is a sentence for people;
//! the driver's own words are in the source chain, for operators. Refuses to leak SQL into a sentence.

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such row.
    #[error("there is no {0} with this id")]
    NotFound(&'static str),
    /// Another writer held the database for too long.
    #[error("the database is busy with another writer; try again in a moment")]
    Busy(#[source] DbErr),
    /// The database takes no writes.
    #[error("the database is read-only; check the permissions of its file, or connect to the primary server")]
    ReadOnly(#[source] DbErr),
    /// A row with the same key exists.
    #[error("this is already stored")]
    Duplicate(#[source] DbErr),
    /// A source of the settings file has the name of one that a page made.
    #[error("the settings file names a source `{0}`, and a page made one of that name: rename one of them")]
    NameTaken(String),
    /// The disk, or a quota on it, is full.
    #[error("the database has no room left; free disk space and try again")]
    Full(#[source] DbErr),
    /// No connection.
    #[error("the database at {address} cannot be reached; check that it runs and that the address is right")]
    Unreachable {
        /// Where, without the password.
        address: String,
        /// The driver's reason.
        #[source]
        source: DbErr,
    },
    /// The address is not one that we can open.
    #[error("`{address}` is not a database address: {reason}")]
    Address {
        /// What was given, without the password.
        address: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The file cannot be made.
    #[error("the database file {path} cannot be made; check that its folder exists and may be written")]
    File {
        /// The file.
        path: String,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
    /// Migrations are missing.
    #[error("the database lacks {} migration(s), first `{}`; run `plimsoll migrate`", .missing.len(), .missing.first().map_or("", String::as_str))]
    SchemaTooOld {
        /// Names of migrations not applied.
        missing: Vec<String>,
    },
    /// Somebody newer was here.
    #[error("the database was changed by a newer version of plimsoll (migration `{}`); run that version", .unknown.first().map_or("", String::as_str))]
    SchemaTooNew {
        /// Names of applied migrations that this version does not know.
        unknown: Vec<String>,
    },
    /// A stored value is not what its column promises.
    #[error("the database holds a value that cannot be read in column `{column}`")]
    Corrupt {
        /// Which column.
        column: String,
        /// The driver's reason, if it gave one.
        #[source]
        source: Option<DbErr>,
    },
    /// A stored document cannot be unpacked.
    #[error("the stored bytes of the document cannot be unpacked")]
    Compression(#[source] std::io::Error),
    /// PostgreSQL has not what the queue of jobs needs.
    #[error("PostgreSQL lacks {}, and this user may not make extensions; let an administrator install PostgreSQL's contrib package and run `{}` in the database", .missing.join(" and "), create(.missing))]
    Extensions {
        /// Names of extensions.
        missing: Vec<String>,
    },
    /// The queue of jobs.
    #[error("the queue of jobs cannot be used")]
    Jobs(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Anything else the driver says.
    #[error("the database refused a statement")]
    Database(#[source] DbErr),
}

impl Error {
    /// Whether trying again, unchanged, may succeed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unreachable { .. })
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match code(&error).as_deref() {
            // SQLite's primary and extended codes; PostgreSQL's SQLSTATE.
            Some("5" | "6" | "261" | "517" | "40001" | "40P01" | "55P03") => Self::Busy(error),
            Some("8" | "264" | "520" | "776" | "1032" | "1288" | "1544" | "25006") => Self::ReadOnly(error),
            Some("1555" | "2067" | "23505") => Self::Duplicate(error),
            Some("13" | "53100") => Self::Full(error),
            _ => match error {
                DbErr::ConnectionAcquire(_) => Self::Busy(error),
                error => Self::Database(error),
            },
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        DbErr::Exec(RuntimeErr::SqlxError(std::sync::Arc::new(error))).into()
    }
}

/// The statements that make these extensions.
fn create(extensions: &[String]) -> String {
    extensions.iter().map(|name| format!("CREATE EXTENSION {name};")).collect::<Vec<_>>().join(" ")
}

/// The database's own code for an error.
fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause))
    | DbErr::Conn(RuntimeErr::SqlxError(cause))) = error
    else {
        return None;
    };
    cause.as_database_error().and_then(|database| database.code()).map(|code| code.into_owned())
}
