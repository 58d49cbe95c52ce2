//! Tags as intervals of time on images. Refuses to compute intervals: it reads and replaces them.

use std::collections::HashMap;

use domain::id::ImageId;

use crate::bulk::{self, Given, Type, query_given};
use crate::{Error, Tx};

/// Registry, repository and tag.
pub type Key = (String, String, String);

/// A time during which a tag pointed at an image, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Where it pointed.
    pub image: ImageId,
    /// First sighting.
    pub first_seen_at: i64,
    /// Last sighting.
    pub last_seen_at: i64,
    /// When it was first seen elsewhere.
    pub ended_at: Option<i64>,
    /// The image's operating system and architecture, if known; ignored when written.
    pub platform: Option<(String, String)>,
    /// When the image was made, if it says so; ignored when written.
    pub made_at: Option<i64>,
}

/// The intervals of some tags.
///
/// # Errors
/// When the database does not answer.
pub async fn of(tx: &Tx, keys: &[Key]) -> Result<HashMap<Key, Vec<Interval>>, Error> {
    let mut given = Given::new(KEY);
    for (registry, repository, tag) in keys {
        given.push([registry.as_str().into(), repository.as_str().into(), tag.as_str().into()]);
    }
    let sql = "SELECT t.registry, t.repository, t.tag, t.image_id, t.first_seen_at, t.last_seen_at, \
               t.ended_at, i.os, i.architecture, i.created_at FROM given JOIN image_tags t \
               ON t.registry = given.registry AND t.repository = given.repository AND t.tag = given.tag \
               JOIN images i ON i.id = t.image_id";
    let mut found: HashMap<Key, Vec<Interval>> = HashMap::new();
    for row in query_given(tx, given, sql, vec![]).await? {
        let key = (row.text("registry")?, row.text("repository")?, row.text("tag")?);
        found.entry(key).or_default().push(Interval {
            image: row.id("image_id")?,
            first_seen_at: row.integer("first_seen_at")?,
            last_seen_at: row.integer("last_seen_at")?,
            ended_at: row.optional_integer("ended_at")?,
            platform: row.optional_text("os")?.zip(row.optional_text("architecture")?),
            made_at: row.optional_integer("created_at")?,
        });
    }
    Ok(found)
}

/// Replaces the intervals of some tags.
///
/// # Errors
/// When the database cannot be written.
pub async fn replace(tx: &Tx, tags: &[(Key, Vec<Interval>)]) -> Result<(), Error> {
    let mut keys = Given::new(KEY);
    let mut rows = Given::new(INTERVAL);
    for ((registry, repository, tag), intervals) in tags {
        keys.push([registry.as_str().into(), repository.as_str().into(), tag.as_str().into()]);
        for interval in intervals {
            rows.push([
                registry.as_str().into(),
                repository.as_str().into(),
                tag.as_str().into(),
                bulk::id(interval.image),
                interval.first_seen_at.into(),
                interval.last_seen_at.into(),
                interval.ended_at.into(),
            ]);
        }
    }
    let sql = "DELETE FROM image_tags WHERE (registry, repository, tag) IN \
               (SELECT registry, repository, tag FROM given)";
    tx.execute_given(keys, sql, vec![]).await?;
    let sql = "INSERT INTO image_tags (registry, repository, tag, image_id, first_seen_at, last_seen_at, ended_at) \
               SELECT registry, repository, tag, image_id, first_seen_at, last_seen_at, ended_at FROM given \
               WHERE true ON CONFLICT DO NOTHING";
    tx.execute_given(rows, sql, vec![]).await?;
    Ok(())
}

const KEY: &[(&str, Type)] = &[("registry", Type::Text), ("repository", Type::Text), ("tag", Type::Text)];

const INTERVAL: &[(&str, Type)] = &[
    ("registry", Type::Text),
    ("repository", Type::Text),
    ("tag", Type::Text),
    ("image_id", Type::Bytes),
    ("first_seen_at", Type::Integer),
    ("last_seen_at", Type::Integer),
    ("ended_at", Type::Integer),
];
