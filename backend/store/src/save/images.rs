//! Images and the digests that lead to them. Refuses to decide what is the same image: that is
//! `normalise`'s word.

use std::collections::{HashMap, HashSet};

use domain::id::{ImageId, LayersId};

use super::{documents, taken_back};
use crate::bulk::{self, Given, Type, query_given};
use crate::connection::Value;
use crate::{Error, Tx};

/// An image with everything that leads to it.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its id.
    pub id: ImageId,
    /// The digest it goes by.
    pub digest: String,
    /// What that digest names.
    pub role: String,
    /// Every digest that leads to it, each with its role.
    pub digests: Vec<(String, String)>,
    /// Operating system and architecture.
    pub platform: Option<(String, String)>,
    /// Whether any tool has scanned it.
    pub scanned: bool,
}

/// What is known of an image; absent fields leave what is stored.
#[derive(Clone, Debug, Default)]
pub struct Description {
    /// Name for people; replaces a name that was only a digest, and one with a digest where it has a tag.
    pub name: Option<String>,
    /// Registry host.
    pub registry: String,
    /// Repository.
    pub repository: String,
    /// Operating system.
    pub os: Option<String>,
    /// Architecture.
    pub architecture: Option<String>,
    /// Variant of the architecture.
    pub variant: Option<String>,
    /// Distribution.
    pub distribution: Option<String>,
    /// Its version.
    pub distribution_version: Option<String>,
    /// Whether it is past its end of life.
    pub end_of_life: Option<bool>,
    /// Size in bytes.
    pub size: Option<i64>,
    /// Build time, in milliseconds.
    pub created_at: Option<i64>,
    /// Labels as JSON, if any.
    pub labels: Option<String>,
    /// Layers as JSON, if any.
    pub layers: Option<String>,
    /// What all of them together are, if any.
    pub chain: Option<LayersId>,
    /// How it is run as JSON, if that is known.
    pub config: Option<String>,
}

/// An image to make.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Its id.
    pub id: ImageId,
    /// The digest it goes by.
    pub digest: &'a str,
    /// What that digest names.
    pub role: &'static str,
    /// What is known of it.
    pub description: Option<&'a Description>,
    /// When it was first seen, in milliseconds.
    pub first_seen_at: i64,
}

/// Every image that one of these digests leads to.
///
/// # Errors
/// When the database does not answer.
pub async fn sharing(tx: &Tx, digests: &[&str]) -> Result<Vec<Known>, Error> {
    let sql = "SELECT DISTINCT i.id, i.digest, i.digest_role, i.os, i.architecture, \
               i.last_scanned_at IS NOT NULL AS scanned FROM given \
               JOIN image_digests d ON d.digest = given.key JOIN images i ON i.id = d.image_id";
    let mut known: HashMap<ImageId, Known> = HashMap::new();
    for row in query_given(tx, Given::texts(digests.iter().copied()), sql, vec![]).await? {
        let id = row.id("id")?;
        let image = Known {
            id,
            digest: row.text("digest")?,
            role: row.text("digest_role")?,
            digests: Vec::new(),
            platform: row.optional_text("os")?.zip(row.optional_text("architecture")?),
            scanned: row.boolean("scanned")?,
        };
        known.insert(id, image);
    }
    let sql = "SELECT d.image_id, d.role, d.digest FROM given JOIN image_digests d ON d.image_id = given.key";
    for row in query_given(tx, Given::ids(known.keys().copied()), sql, vec![]).await? {
        if let Some(image) = known.get_mut(&row.id("image_id")?) {
            image.digests.push((row.text("role")?, row.text("digest")?));
        }
    }
    Ok(known.into_values().collect())
}

/// Makes images with what is known of them; one without a name is named by its digest.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &Tx, images: &[New<'_>]) -> Result<(), Error> {
    let mut given = Given::new(NEW);
    let nothing = Description::default();
    for image in images {
        let known = image.description.unwrap_or(&nothing);
        given.push([
            bulk::id(image.id),
            image.digest.into(),
            image.role.into(),
            known.name.as_deref().unwrap_or(image.digest).into(),
            known.registry.as_str().into(),
            known.repository.as_str().into(),
            known.os.clone().into(),
            known.architecture.clone().into(),
            known.variant.clone().into(),
            known.distribution.clone().into(),
            known.distribution_version.clone().into(),
            known.end_of_life.into(),
            known.size.into(),
            known.created_at.into(),
            image.first_seen_at.into(),
        ]);
    }
    let sql = "INSERT INTO images (id, digest, digest_role, name, registry, repository, os, architecture, variant, \
               distribution, distribution_version, end_of_life, size, created_at, first_seen_at) SELECT id, digest, \
               role, name, registry, repository, os, architecture, variant, distribution, distribution_version, \
               end_of_life, size, created_at, first_seen_at FROM given WHERE true";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

const NEW: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("digest", Type::Text),
    ("role", Type::Text),
    ("name", Type::Text),
    ("registry", Type::Text),
    ("repository", Type::Text),
    ("os", Type::Text),
    ("architecture", Type::Text),
    ("variant", Type::Text),
    ("distribution", Type::Text),
    ("distribution_version", Type::Text),
    ("end_of_life", Type::Boolean),
    ("size", Type::Integer),
    ("created_at", Type::Integer),
    ("first_seen_at", Type::Integer),
];

/// Lets images go by a better digest; a name that was only the old one follows.
///
/// # Errors
/// When the database cannot be written.
pub async fn upgrade(tx: &Tx, upgrades: &[(ImageId, &'static str, String)]) -> Result<(), Error> {
    let sql = "UPDATE images SET digest = given.digest, digest_role = given.role, \
               name = CASE WHEN images.name = images.digest THEN given.digest ELSE images.name END \
               FROM given WHERE images.id = given.id";
    tx.execute_given(digest_rows(upgrades), sql, vec![]).await?;
    Ok(())
}

/// Adds digests that lead to images.
///
/// # Errors
/// When the database cannot be written.
pub async fn add_digests(tx: &Tx, digests: &[(ImageId, &'static str, String)]) -> Result<(), Error> {
    let sql = "INSERT INTO image_digests (digest, image_id, role) SELECT digest, id, role FROM given \
               WHERE true ON CONFLICT (digest, image_id) DO UPDATE SET role = excluded.role \
               WHERE image_digests.role <> excluded.role AND excluded.role <> 'repository'";
    tx.execute_given(digest_rows(digests), sql, vec![]).await?;
    Ok(())
}

fn digest_rows(rows: &[(ImageId, &'static str, String)]) -> Given {
    let mut sorted: Vec<_> = rows.iter().collect();
    // One row a digest, the strongest role first: `manifest` sorts before `repository`.
    sorted.sort_by_key(|(id, role, digest)| (*id, digest.as_str(), *role == "repository", *role));
    sorted.dedup_by_key(|(id, _, digest)| (*id, digest.as_str()));
    let mut given = Given::new(&[("id", Type::Bytes), ("role", Type::Text), ("digest", Type::Text)]);
    for (id, role, digest) in sorted {
        given.push([bulk::id(*id), (*role).into(), digest.as_str().into()]);
    }
    given
}

/// Fills in what is newly known of images; writes only rows that change. Those that were made with their
/// description have nothing to be filled in but labels and layers.
///
/// # Errors
/// When the database cannot be written.
pub async fn describe(
    tx: &Tx,
    descriptions: &[(ImageId, Description)],
    made: &HashSet<ImageId>,
) -> Result<(), Error> {
    let mut given = Given::new(DESCRIPTION);
    for (id, image) in descriptions.iter().filter(|(id, _)| !made.contains(id)) {
        given.push([
            bulk::id(*id),
            image.name.clone().into(),
            image.registry.as_str().into(),
            image.repository.as_str().into(),
            image.os.clone().into(),
            image.architecture.clone().into(),
            image.variant.clone().into(),
            image.distribution.clone().into(),
            image.distribution_version.clone().into(),
            image.end_of_life.into(),
            image.size.into(),
            image.created_at.into(),
        ]);
    }
    tx.execute_given(given, DESCRIBE, vec![]).await?;
    let mut given = Given::new(&[
        ("id", Type::Bytes),
        ("labels", Type::Text),
        ("layers", Type::Text),
        ("config", Type::Text),
        ("chain", Type::Bytes),
    ]);
    let stated = descriptions
        .iter()
        .filter(|(_, image)| image.labels.is_some() || image.layers.is_some() || image.config.is_some());
    for (id, image) in stated {
        let or = |text: &Option<String>, none: &str| -> Value { text.as_deref().unwrap_or(none).into() };
        given.push([
            bulk::id(*id),
            or(&image.labels, "{}"),
            or(&image.layers, "[]"),
            or(&image.config, ""),
            image.chain.map_or(Value::Bytes(None), bulk::id),
        ]);
    }
    let sql = "INSERT INTO image_metadata (image_id, labels, layers, config, chain) \
               SELECT id, labels, layers, config, chain FROM given WHERE true ON CONFLICT (image_id) DO UPDATE SET \
               labels = CASE WHEN excluded.labels = '{}' THEN image_metadata.labels ELSE excluded.labels END, \
               layers = CASE WHEN excluded.layers = '[]' THEN image_metadata.layers ELSE excluded.layers END, \
               config = CASE WHEN excluded.config = '' THEN image_metadata.config ELSE excluded.config END, \
               chain = COALESCE(excluded.chain, image_metadata.chain) \
               WHERE (excluded.labels <> '{}' AND excluded.labels <> image_metadata.labels) \
               OR (excluded.layers <> '[]' AND excluded.layers <> image_metadata.layers) \
               OR (excluded.config <> '' AND excluded.config <> image_metadata.config) \
               OR (excluded.chain IS NOT NULL AND excluded.chain IS DISTINCT FROM image_metadata.chain)";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

const DESCRIPTION: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("name", Type::Text),
    ("registry", Type::Text),
    ("repository", Type::Text),
    ("os", Type::Text),
    ("architecture", Type::Text),
    ("variant", Type::Text),
    ("distribution", Type::Text),
    ("distribution_version", Type::Text),
    ("end_of_life", Type::Boolean),
    ("size", Type::Integer),
    ("created_at", Type::Integer),
];

const DESCRIBE: &str = "UPDATE images SET \
    name = CASE WHEN given.name IS NOT NULL AND (images.name = images.digest OR (images.name LIKE '%@%' \
        AND given.name NOT LIKE '%@%' AND images.registry = given.registry \
        AND images.repository = given.repository)) THEN given.name ELSE images.name END, \
    registry = CASE WHEN images.repository = '' THEN given.registry ELSE images.registry END, \
    repository = CASE WHEN images.repository = '' THEN given.repository ELSE images.repository END, \
    os = COALESCE(images.os, given.os), \
    architecture = COALESCE(images.architecture, given.architecture), \
    variant = COALESCE(images.variant, given.variant), \
    distribution = COALESCE(given.distribution, images.distribution), \
    distribution_version = COALESCE(given.distribution_version, images.distribution_version), \
    end_of_life = COALESCE(given.end_of_life, images.end_of_life), \
    size = COALESCE(images.size, given.size), \
    created_at = COALESCE(images.created_at, given.created_at) \
    FROM given WHERE images.id = given.id AND ( \
    (given.name IS NOT NULL AND images.name = images.digest) \
    OR (images.name LIKE '%@%' AND given.name NOT LIKE '%@%' AND images.registry = given.registry \
        AND images.repository = given.repository) \
    OR (images.repository = '' AND given.repository <> '') \
    OR (images.os IS NULL AND given.os IS NOT NULL) \
    OR (images.architecture IS NULL AND given.architecture IS NOT NULL) \
    OR (images.variant IS NULL AND given.variant IS NOT NULL) \
    OR images.distribution IS DISTINCT FROM COALESCE(given.distribution, images.distribution) \
    OR images.distribution_version IS DISTINCT FROM COALESCE(given.distribution_version, images.distribution_version) \
    OR images.end_of_life IS DISTINCT FROM COALESCE(given.end_of_life, images.end_of_life) \
    OR (images.size IS NULL AND given.size IS NOT NULL) \
    OR (images.created_at IS NULL AND given.created_at IS NOT NULL))";

/// Notes that tools scanned an image.
///
/// # Errors
/// When the database cannot be written.
pub async fn scanned(tx: &Tx, image: ImageId, at: i64) -> Result<(), Error> {
    let sql = "UPDATE images SET last_scanned_at = $2 WHERE id = $1 \
               AND (last_scanned_at IS NULL OR last_scanned_at < $2)";
    tx.execute(sql, vec![bulk::id(image), at.into()]).await?;
    Ok(())
}

/// Joins what hangs on one image, findings apart, to another and removes the first. Call it after its
/// findings have moved.
///
/// # Errors
/// When the database cannot be written.
pub async fn merge(tx: &Tx, from: ImageId, into: ImageId) -> Result<(), Error> {
    for sql in [
        "INSERT INTO image_digests (digest, image_id, role) SELECT digest, $2, role FROM image_digests \
         WHERE image_id = $1 ON CONFLICT (digest, image_id) DO NOTHING",
        "INSERT INTO image_tags (registry, repository, tag, image_id, first_seen_at, last_seen_at, ended_at) \
         SELECT registry, repository, tag, $2, first_seen_at, last_seen_at, ended_at FROM image_tags \
         WHERE image_id = $1 ON CONFLICT DO NOTHING",
        "INSERT INTO image_components (image_id, component_id, tool, path) \
         SELECT $2, component_id, tool, path FROM image_components WHERE image_id = $1 ON CONFLICT DO NOTHING",
        "INSERT INTO sboms (image_id, tool, document_id, stated_at, listed, fingerprint) \
         SELECT $2, tool, document_id, stated_at, listed, fingerprint FROM sboms WHERE image_id = $1 \
         ON CONFLICT DO NOTHING",
        "INSERT INTO image_metadata (image_id, labels, layers, config, chain) SELECT $2, labels, layers, config, chain \
         FROM image_metadata WHERE image_id = $1 ON CONFLICT DO NOTHING",
        "INSERT INTO executed_files (image_id, path, tool, loaded, first_seen_at, last_seen_at) \
         SELECT $2, path, tool, loaded, first_seen_at, last_seen_at FROM executed_files WHERE image_id = $1 \
         ON CONFLICT DO NOTHING",
        "UPDATE detections SET image_id = $2 WHERE image_id = $1",
        "UPDATE scans SET image_id = $2 WHERE image_id = $1",
        "UPDATE containers SET image_id = $2 WHERE image_id = $1",
        "UPDATE image_locations SET image_id = $2 WHERE image_id = $1",
        "UPDATE coverage SET image_id = $2 WHERE image_id = $1",
        "UPDATE attestations SET image_id = $2 WHERE image_id = $1",
        "UPDATE images SET last_scanned_at = (SELECT MAX(s.scanned_at) FROM scans s WHERE s.image_id = $2), \
         first_seen_at = (SELECT MIN(i.first_seen_at) FROM images i WHERE i.id IN ($1, $2)), \
         signing = (SELECT MAX(i.signing) FROM images i WHERE i.id IN ($1, $2)) WHERE id = $2",
    ] {
        tx.execute(sql, vec![bulk::id(from), bulk::id(into)]).await?;
    }
    // What was said of either has to be compared afresh with the next report, unless it was taken back.
    let (none, mark): (Value, Value) = (Vec::<u8>::new().into(), taken_back::MARK.to_vec().into());
    let sql = "UPDATE scans SET fingerprint = $2 WHERE image_id = $1 AND fingerprint <> $3";
    tx.execute(sql, vec![bulk::id(into), none, mark]).await?;
    documents::move_image(tx, from, into).await?;
    for table in
        ["image_digests", "image_tags", "image_components", "sboms", "image_metadata", "executed_files"]
    {
        tx.execute(&format!("DELETE FROM {table} WHERE image_id = $1"), vec![bulk::id(from)]).await?;
    }
    tx.execute("DELETE FROM images WHERE id = $1", vec![bulk::id(from)]).await?;
    Ok(())
}
