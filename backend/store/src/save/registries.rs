//! Repositories with their settings, and where images lie.
//! Refuses to forget a setting because one answer did not mention it.

use domain::id::{ImageId, ObjectId};
use domain::registry::Repository;

use crate::bulk::{self, Given, Type};
use crate::upsert::Upsert;
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
    REPOSITORIES.put(tx, given, at).await?;
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

const REPOSITORIES: Upsert = Upsert {
    table: "repositories",
    key: "id",
    columns: REPOSITORY,
    kept: &[
        "region",
        "public",
        "tags_immutable",
        "encryption",
        "scan_on_push",
        "scanning",
        "cleanup",
        "settings",
        "created_at",
    ],
    first_at: Some("first_seen_at"),
    last_at: "last_changed_at",
    gone_at: "retired_at",
    ordered: false,
};

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
    LOCATIONS.put(tx, given, at).await?;
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

const LOCATIONS: Upsert = Upsert {
    table: "image_locations",
    key: "id",
    columns: LOCATION,
    kept: &["media_type", "size", "pushed_at", "pulled_at"],
    first_at: Some("first_seen_at"),
    last_at: "last_changed_at",
    gone_at: "removed_at",
    ordered: false,
};
