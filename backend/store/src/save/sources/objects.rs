//! What a source sees in each of its scopes. An unchanged sync writes none of these rows.
//! Refuses to let one source speak for another: an object that is seen elsewhere is not gone.

use std::collections::{HashMap, HashSet};

use domain::id::{ObjectId, SourceId};
use domain::source::{Noun, Scope};

use crate::bulk::{self, Given, Type, query_given};
use crate::connection::{Conn, Value};
use crate::{Error, Store, Tx};

/// Something seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What kind of thing.
    pub noun: Noun,
    /// Its id.
    pub object: ObjectId,
    /// Its name for people.
    pub key: String,
    /// Changes when its description does.
    pub fingerprint: i64,
}

/// What is on record of a scope: the fingerprint of each object, and whether a complete run has missed it.
pub type Known = HashMap<(Noun, ObjectId), (i64, bool)>;

/// Objects read at one time: a row takes a thousand bytes until it is made use of.
const PAGE: i64 = 2_000;

/// What is on record of a scope.
///
/// # Errors
/// When the database does not answer.
pub async fn known(store: &Store, source: SourceId, scope: &Scope) -> Result<Known, Error> {
    let sql = "SELECT noun, object, fingerprint, suspect FROM source_objects \
               WHERE source_id = $1 AND account = $2 AND region = $3 AND service = $4 \
               AND (noun, object) > ($5, $6) ORDER BY noun, object LIMIT $7";
    let mut known = Known::new();
    let mut after = (String::new(), Vec::new());
    loop {
        let mut values = at(source, scope);
        values.extend([after.0.into(), after.1.into(), PAGE.into()]);
        let rows = store.query(sql, values).await?;
        for row in &rows {
            let noun = noun(&row.text("noun")?)?;
            known.insert((noun, row.id("object")?), (row.integer("fingerprint")?, row.boolean("suspect")?));
        }
        let Some(last) = rows.last().filter(|_| rows.len() as i64 == PAGE) else { return Ok(known) };
        after = (last.text("noun")?, last.bytes("object")?);
    }
}

/// Writes down what is new, described differently or no longer suspect. Distinct by noun and object.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_seen(
    tx: &Tx,
    source: SourceId,
    scope: &Scope,
    seen: &[Seen],
    now: i64,
) -> Result<(), Error> {
    let mut given = Given::new(&[
        ("noun", Type::Text),
        ("object", Type::Bytes),
        ("key", Type::Text),
        ("fingerprint", Type::Integer),
    ]);
    for one in seen {
        given.push([
            one.noun.as_str().into(),
            bulk::id(one.object),
            one.key.as_str().into(),
            one.fingerprint.into(),
        ]);
    }
    let sql = "INSERT INTO source_objects (source_id, account, region, service, noun, object, key, fingerprint, \
               first_seen_at) SELECT $1, $2, $3, $4, noun, object, key, fingerprint, $5 FROM given WHERE true \
               ON CONFLICT (source_id, account, region, service, noun, object) \
               DO UPDATE SET fingerprint = excluded.fingerprint, suspect = FALSE";
    let mut extra = at(source, scope);
    extra.push(now.into());
    tx.execute_given(given, sql, extra).await?;
    Ok(())
}

/// The names for people of some objects of a scope.
///
/// # Errors
/// When the database does not answer.
pub async fn keys(
    tx: &Tx,
    source: SourceId,
    scope: &Scope,
    objects: &[(Noun, ObjectId)],
) -> Result<Vec<(Noun, ObjectId, String)>, Error> {
    let sql = "SELECT o.noun, o.object, o.key FROM given JOIN source_objects o ON o.source_id = $1 \
               AND o.account = $2 AND o.region = $3 AND o.service = $4 AND o.noun = given.noun \
               AND o.object = given.object";
    let rows = query_given(tx, given(objects), sql, at(source, scope)).await?;
    rows.iter().map(|row| Ok((noun(&row.text("noun")?)?, row.id("object")?, row.text("key")?))).collect()
}

/// Which of some objects another scope or another source shows.
///
/// # Errors
/// When the database does not answer.
pub async fn elsewhere(
    tx: &Tx,
    source: SourceId,
    scope: &Scope,
    objects: &[(Noun, ObjectId)],
) -> Result<HashSet<(Noun, ObjectId)>, Error> {
    let sql = "SELECT DISTINCT o.noun, o.object FROM given JOIN source_objects o ON o.object = given.object \
               AND o.noun = given.noun WHERE o.source_id <> $1 OR o.account <> $2 OR o.region <> $3 \
               OR o.service <> $4";
    let rows = query_given(tx, given(objects), sql, at(source, scope)).await?;
    rows.iter().map(|row| Ok((noun(&row.text("noun")?)?, row.id("object")?))).collect()
}

/// Notes that a complete run has missed objects which are not believed gone yet.
///
/// # Errors
/// When the database cannot be written.
pub async fn suspect(
    tx: &Tx,
    source: SourceId,
    scope: &Scope,
    objects: &[(Noun, ObjectId)],
) -> Result<(), Error> {
    let sql = "UPDATE source_objects SET suspect = TRUE WHERE source_id = $1 AND account = $2 AND region = $3 \
               AND service = $4 AND (noun, object) IN (SELECT noun, object FROM given) AND NOT suspect";
    tx.execute_given(given(objects), sql, at(source, scope)).await?;
    Ok(())
}

/// Strikes objects from the record of a scope.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget(
    tx: &Tx,
    source: SourceId,
    scope: &Scope,
    objects: &[(Noun, ObjectId)],
) -> Result<(), Error> {
    let sql = "DELETE FROM source_objects WHERE source_id = $1 AND account = $2 AND region = $3 \
               AND service = $4 AND (noun, object) IN (SELECT noun, object FROM given)";
    tx.execute_given(given(objects), sql, at(source, scope)).await?;
    Ok(())
}

fn given(objects: &[(Noun, ObjectId)]) -> Given {
    let mut given = Given::new(&[("noun", Type::Text), ("object", Type::Bytes)]);
    for (noun, object) in objects {
        given.push([noun.as_str().into(), bulk::id(*object)]);
    }
    given
}

fn at(source: SourceId, scope: &Scope) -> Vec<Value> {
    vec![
        bulk::id(source),
        scope.account.as_str().into(),
        scope.region.as_str().into(),
        scope.service.as_str().into(),
    ]
}

fn noun(word: &str) -> Result<Noun, Error> {
    Noun::from_word(word).ok_or_else(|| Error::Corrupt { column: "noun".to_owned(), source: None })
}
