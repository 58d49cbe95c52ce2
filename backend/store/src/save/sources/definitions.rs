//! What sources are told. Refuses a secret in the clear: it takes sealed bytes and the names of what is in
//! them.

use chrono::{DateTime, Utc};
use domain::id::SourceId;
use domain::source::Values;

use super::new_id;
use crate::bulk::{self, Given, Type};
use crate::connection::{Conn, Value};
use crate::sources::{Origin, Source};
use crate::{Error, Store, Tx};

/// A source as its owner wrote it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name: unique, kebab-case.
    pub name: String,
    /// The connector's kind.
    pub kind: String,
    /// What it is told, secrets apart.
    pub values: Values,
    /// `every 6h` or a cron expression; empty when it runs on request alone.
    pub schedule: String,
    /// Whether it runs.
    pub enabled: bool,
}

/// Secrets, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// Encrypted bytes.
    pub sealed: Vec<u8>,
    /// Names of the fields in them.
    pub fields: Vec<String>,
}

/// Makes a source on behalf of a page.
///
/// # Errors
/// [`Error::Duplicate`] when the name is taken.
pub async fn create(
    tx: &Tx,
    definition: &Definition,
    secrets: Option<&Secrets>,
    now: DateTime<Utc>,
) -> Result<SourceId, Error> {
    let id: SourceId = new_id();
    let sql = "INSERT INTO sources (id, name, kind, settings, secrets, secret_fields, origin, schedule, enabled, \
               created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)";
    let values = vec![
        bulk::id(id),
        definition.name.as_str().into(),
        definition.kind.as_str().into(),
        json(&definition.values),
        secrets.map(|secrets| secrets.sealed.clone()).into(),
        json(&secrets.map(|secrets| secrets.fields.as_slice()).unwrap_or_default()),
        Origin::Page.as_str().into(),
        definition.schedule.as_str().into(),
        definition.enabled.into(),
        bulk::time(now),
    ];
    tx.execute(sql, values).await?;
    Ok(id)
}

/// Changes a source that a page made. Absent secrets leave those on record; the schedule begins anew.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or a settings file made it; [`Error::Duplicate`] when the name is
/// taken.
pub async fn update(
    tx: &Tx,
    id: SourceId,
    definition: &Definition,
    secrets: Option<&Secrets>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let sql = "UPDATE sources SET name = $2, kind = $3, settings = $4, schedule = $5, enabled = $6, \
               updated_at = $7, next_run_at = CASE WHEN schedule = $5 THEN next_run_at END \
               WHERE id = $1 AND removed_at IS NULL AND origin = 'page'";
    let values = vec![
        bulk::id(id),
        definition.name.as_str().into(),
        definition.kind.as_str().into(),
        json(&definition.values),
        definition.schedule.as_str().into(),
        definition.enabled.into(),
        bulk::time(now),
    ];
    one(tx.execute(sql, values).await?)?;
    if let Some(secrets) = secrets {
        let sql = "UPDATE sources SET secrets = $2, secret_fields = $3 WHERE id = $1";
        tx.execute(sql, vec![bulk::id(id), secrets.sealed.clone().into(), json(&secrets.fields)]).await?;
    }
    Ok(())
}

/// Takes a source away. What it saw stays in the estate; its secrets go at once.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or a settings file that is still in force made it.
pub async fn remove(tx: &Tx, id: SourceId, now: DateTime<Utc>) -> Result<(), Error> {
    let sql = "UPDATE sources SET removed_at = $2, secrets = NULL, secret_fields = '[]', push_token_hash = NULL, \
               enabled = FALSE WHERE id = $1 AND removed_at IS NULL AND (origin = 'page' OR NOT enabled)";
    one(tx.execute(sql, vec![bulk::id(id), bulk::time(now)]).await?)?;
    tx.execute("DELETE FROM source_objects WHERE source_id = $1", vec![bulk::id(id)]).await?;
    let sql = "UPDATE source_runs SET state = 'cancelled', ended_at = $2, message = 'The source was removed.' \
               WHERE source_id = $1 AND state = 'waiting'";
    tx.execute(sql, vec![bulk::id(id), bulk::time(now)]).await?;
    let sql = "UPDATE source_runs SET cancel_requested = TRUE WHERE source_id = $1 AND state = 'running'";
    tx.execute(sql, vec![bulk::id(id)]).await?;
    Ok(())
}

/// Turns a source that a page made on or off.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or a settings file made it.
pub async fn set_enabled(tx: &Tx, id: SourceId, enabled: bool, now: DateTime<Utc>) -> Result<(), Error> {
    let sql = "UPDATE sources SET enabled = $2, updated_at = $3, next_run_at = NULL \
               WHERE id = $1 AND removed_at IS NULL AND origin = 'page'";
    one(tx.execute(sql, vec![bulk::id(id), enabled.into(), bulk::time(now)]).await?)
}

/// Sets the SHA-256 of the token with which others may push to a source; `None` takes it away.
///
/// # Errors
/// [`Error::NotFound`] when there is no such source.
pub async fn set_push_token(tx: &Tx, id: SourceId, hash: Option<[u8; 32]>) -> Result<(), Error> {
    let sql = "UPDATE sources SET push_token_hash = $2 WHERE id = $1 AND removed_at IS NULL";
    one(tx.execute(sql, vec![bulk::id(id), hash.map(|hash| hash.to_vec()).into()]).await?)
}

/// Brings the sources of a settings file on record; those of an earlier file that are not in it any more
/// are turned off.
///
/// # Errors
/// [`Error::Duplicate`] when a page made one of the same name.
pub async fn put_from_file(tx: &Tx, definitions: &[Definition], now: DateTime<Utc>) -> Result<(), Error> {
    let names = Given::texts(definitions.iter().map(|definition| definition.name.as_str()));
    tx.lock(b"sources of the settings file").await?;
    let taken = bulk::query_given(
        tx,
        names,
        "SELECT s.name FROM given JOIN sources s ON s.name = given.key WHERE s.removed_at IS NULL AND s.origin = 'page'",
        vec![],
    );
    if let Some(row) = taken.await?.first() {
        return Err(Error::NameTaken(row.text("name")?));
    }
    let mut given = Given::new(DEFINITION);
    for definition in definitions {
        given.push([
            bulk::id::<domain::id::SourceMark>(new_id()),
            definition.name.as_str().into(),
            definition.kind.as_str().into(),
            json(&definition.values),
            definition.schedule.as_str().into(),
            definition.enabled.into(),
        ]);
    }
    let sql = "INSERT INTO sources (id, name, kind, settings, origin, schedule, enabled, created_at, updated_at) \
               SELECT id, name, kind, settings, 'file', schedule, enabled, $1, $1 FROM given WHERE true \
               ON CONFLICT (name) WHERE removed_at IS NULL DO UPDATE SET kind = excluded.kind, \
               settings = excluded.settings, schedule = excluded.schedule, enabled = excluded.enabled, \
               updated_at = excluded.updated_at, \
               next_run_at = CASE WHEN sources.schedule = excluded.schedule AND sources.enabled \
               THEN sources.next_run_at END \
               WHERE sources.kind <> excluded.kind OR sources.settings <> excluded.settings \
               OR sources.schedule <> excluded.schedule OR sources.enabled <> excluded.enabled";
    tx.execute_given(given, sql, vec![bulk::time(now)]).await?;
    let known = tx.query("SELECT name FROM sources WHERE origin = 'file' AND enabled", vec![]).await?;
    let mut gone = Vec::new();
    for row in known {
        let name = row.text("name")?;
        if definitions.iter().all(|definition| definition.name != name) {
            gone.push(name);
        }
    }
    let sql = "UPDATE sources SET enabled = FALSE, next_run_at = NULL, updated_at = $1 \
               WHERE origin = 'file' AND name IN (SELECT key FROM given)";
    tx.execute_given(Given::texts(gone.iter().map(String::as_str)), sql, vec![bulk::time(now)]).await?;
    Ok(())
}

const DEFINITION: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("name", Type::Text),
    ("kind", Type::Text),
    ("settings", Type::Text),
    ("schedule", Type::Text),
    ("enabled", Type::Boolean),
];

/// A source with its sealed secrets, for the one who runs it.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn load(store: &Store, id: SourceId) -> Result<(Source, Option<Vec<u8>>), Error> {
    let sql = format!(
        "SELECT {}, s.secrets FROM sources s WHERE s.id = $1 AND s.removed_at IS NULL",
        crate::sources::SOURCE
    );
    let row = store.query_one(&sql, vec![bulk::id(id)]).await?.ok_or(Error::NotFound("source"))?;
    Ok((Source::read(&row)?, row.optional_bytes("secrets")?))
}

fn one(rows: u64) -> Result<(), Error> {
    if rows == 1 { Ok(()) } else { Err(Error::NotFound("source")) }
}

fn json(value: &(impl serde::Serialize + ?Sized)) -> Value {
    serde_json::to_string(value).unwrap_or_default().into()
}
