//! Repositories with their settings, and where images lie. Writes only rows that change: an unchanged sync
//! writes none.
//!
//! Refuses to forget a setting because one answer did not mention it.

use domain::id::{ImageId, ObjectId};
use domain::registry::Repository;

use crate::bulk::{self, Given, Type};
use crate::{Error, Tx};

/// Adds or updates repositories. Distinct by id.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_repositories(
    tx: &Tx,
    repositories: &[(ObjectId, &Repository)],
    at: i64,
) -> Result<(), Error> {
    let mut given = Given::new(REPOSITORY);
    for (id, repository) in repositories {
        let account = repository.account.as_ref();
        given.push([
            bulk::id(*id),
            repository.registry.as_str().into(),
            repository.name.as_str().into(),
            account.map_or("", |account| account.provider.as_str()).into(),
            account.map_or("", |account| account.id.as_str()).into(),
            repository.region.clone().into(),
            repository.public.into(),
            repository.tags_immutable.into(),
            repository.encryption.clone().into(),
            repository.scan_on_push.into(),
            repository.scanning.clone().into(),
            bulk::optional_json(repository.cleanup.as_ref()),
            bulk::optional_json(Some(&repository.settings).filter(|settings| !settings.is_empty())),
            bulk::optional_time(repository.created_at),
        ]);
    }
    tx.execute_given(given, PUT_REPOSITORIES, vec![at.into()]).await?;
    Ok(())
}

const REPOSITORY: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("registry", Type::Text),
    ("name", Type::Text),
    ("provider", Type::Text),
    ("account_id", Type::Text),
    ("region", Type::Text),
    ("public", Type::Boolean),
    ("tags_immutable", Type::Boolean),
    ("encryption", Type::Text),
    ("scan_on_push", Type::Boolean),
    ("scanning", Type::Text),
    ("cleanup", Type::Text),
    ("settings", Type::Text),
    ("created_at", Type::Integer),
];

const PUT_REPOSITORIES: &str = "INSERT INTO repositories (id, registry, name, provider, account_id, region, public, \
    tags_immutable, encryption, scan_on_push, scanning, cleanup, settings, created_at, first_seen_at, \
    last_changed_at) SELECT id, registry, name, provider, account_id, region, public, tags_immutable, encryption, \
    scan_on_push, scanning, cleanup, settings, created_at, $1, $1 FROM given WHERE true ON CONFLICT (id) DO UPDATE SET \
    provider = excluded.provider, account_id = excluded.account_id, \
    region = COALESCE(excluded.region, repositories.region), \
    public = COALESCE(excluded.public, repositories.public), \
    tags_immutable = COALESCE(excluded.tags_immutable, repositories.tags_immutable), \
    encryption = COALESCE(excluded.encryption, repositories.encryption), \
    scan_on_push = COALESCE(excluded.scan_on_push, repositories.scan_on_push), \
    scanning = COALESCE(excluded.scanning, repositories.scanning), \
    cleanup = COALESCE(excluded.cleanup, repositories.cleanup), \
    settings = COALESCE(excluded.settings, repositories.settings), \
    created_at = COALESCE(excluded.created_at, repositories.created_at), \
    last_changed_at = excluded.last_changed_at, retired_at = NULL \
    WHERE repositories.retired_at IS NOT NULL OR repositories.provider <> excluded.provider \
    OR repositories.account_id <> excluded.account_id \
    OR repositories.region IS DISTINCT FROM COALESCE(excluded.region, repositories.region) \
    OR repositories.public IS DISTINCT FROM COALESCE(excluded.public, repositories.public) \
    OR repositories.tags_immutable IS DISTINCT FROM COALESCE(excluded.tags_immutable, repositories.tags_immutable) \
    OR repositories.encryption IS DISTINCT FROM COALESCE(excluded.encryption, repositories.encryption) \
    OR repositories.scan_on_push IS DISTINCT FROM COALESCE(excluded.scan_on_push, repositories.scan_on_push) \
    OR repositories.scanning IS DISTINCT FROM COALESCE(excluded.scanning, repositories.scanning) \
    OR repositories.cleanup IS DISTINCT FROM COALESCE(excluded.cleanup, repositories.cleanup) \
    OR repositories.settings IS DISTINCT FROM COALESCE(excluded.settings, repositories.settings)";

/// A place where an image lies.
#[derive(Clone, Debug)]
pub struct Location {
    /// Its id.
    pub id: ObjectId,
    /// The image.
    pub image: ImageId,
    /// Registry host.
    pub registry: String,
    /// Repository below it.
    pub repository: String,
    /// The digest by which the registry knows it.
    pub digest: String,
    /// Media type of its manifest.
    pub media_type: Option<String>,
    /// Size in bytes.
    pub size: Option<i64>,
    /// When it was pushed there, in milliseconds.
    pub pushed_at: Option<i64>,
    /// When it was last pulled from there, in milliseconds.
    pub pulled_at: Option<i64>,
}

/// Adds or updates places. Distinct by id.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_locations(tx: &Tx, locations: &[Location], at: i64) -> Result<(), Error> {
    let mut given = Given::new(LOCATION);
    for location in locations {
        given.push([
            bulk::id(location.id),
            bulk::id(location.image),
            location.registry.as_str().into(),
            location.repository.as_str().into(),
            location.digest.as_str().into(),
            location.media_type.clone().into(),
            location.size.into(),
            location.pushed_at.into(),
            location.pulled_at.into(),
        ]);
    }
    tx.execute_given(given, PUT_LOCATIONS, vec![at.into()]).await?;
    Ok(())
}

const LOCATION: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("image_id", Type::Bytes),
    ("registry", Type::Text),
    ("repository", Type::Text),
    ("digest", Type::Text),
    ("media_type", Type::Text),
    ("size", Type::Integer),
    ("pushed_at", Type::Integer),
    ("pulled_at", Type::Integer),
];

const PUT_LOCATIONS: &str = "INSERT INTO image_locations (id, image_id, registry, repository, digest, media_type, \
    size, pushed_at, pulled_at, first_seen_at, last_changed_at) SELECT id, image_id, registry, repository, digest, \
    media_type, size, pushed_at, pulled_at, $1, $1 FROM given WHERE true ON CONFLICT (id) DO UPDATE SET \
    image_id = excluded.image_id, media_type = COALESCE(excluded.media_type, image_locations.media_type), \
    size = COALESCE(excluded.size, image_locations.size), \
    pushed_at = COALESCE(excluded.pushed_at, image_locations.pushed_at), \
    pulled_at = COALESCE(excluded.pulled_at, image_locations.pulled_at), \
    last_changed_at = excluded.last_changed_at, removed_at = NULL \
    WHERE image_locations.removed_at IS NOT NULL OR image_locations.image_id <> excluded.image_id \
    OR image_locations.media_type IS DISTINCT FROM COALESCE(excluded.media_type, image_locations.media_type) \
    OR image_locations.size IS DISTINCT FROM COALESCE(excluded.size, image_locations.size) \
    OR image_locations.pushed_at IS DISTINCT FROM COALESCE(excluded.pushed_at, image_locations.pushed_at) \
    OR image_locations.pulled_at IS DISTINCT FROM COALESCE(excluded.pulled_at, image_locations.pulled_at)";
