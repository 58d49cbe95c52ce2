//! Whether tools watch images, in their own words. Writes only rows that change.
//! Refuses to join two tools' words into one, and to forget a word because another answer did not repeat it.

use domain::coverage::Coverage;
use domain::id::{ImageId, ObjectId};

use crate::bulk::{self, Given, Type};
use crate::{Error, Tx};

/// Adds or updates tools' words. Distinct by id.
///
/// # Errors
/// When the database cannot be written.
pub async fn put(tx: &Tx, coverage: &[(ObjectId, ImageId, &Coverage)], at: i64) -> Result<(), Error> {
    let mut given = Given::new(COVERAGE);
    for (id, image, coverage) in coverage {
        let place = coverage.image.references.first();
        let in_use = coverage.in_use;
        given.push([
            bulk::id(*id),
            bulk::id(*image),
            coverage.tool.as_str().into(),
            place.map_or("", |place| place.registry.as_str()).into(),
            place.map_or("", |place| place.repository.as_str()).into(),
            coverage.watched.into(),
            coverage.reason.as_str().into(),
            bulk::optional_time(coverage.last_scanned_at),
            in_use.map(|in_use| i64::try_from(in_use.count).unwrap_or(i64::MAX)).into(),
            bulk::optional_time(in_use.and_then(|in_use| in_use.last_at)),
        ]);
    }
    tx.execute_given(given, PUT, vec![at.into()]).await?;
    Ok(())
}

const COVERAGE: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("image_id", Type::Bytes),
    ("tool", Type::Text),
    ("registry", Type::Text),
    ("repository", Type::Text),
    ("watched", Type::Boolean),
    ("reason", Type::Text),
    ("last_scanned_at", Type::Integer),
    ("in_use_count", Type::Integer),
    ("in_use_last_at", Type::Integer),
];

const PUT: &str = "INSERT INTO coverage (id, image_id, tool, registry, repository, watched, reason, \
    last_scanned_at, in_use_count, in_use_last_at, first_seen_at, last_changed_at) SELECT id, image_id, tool, \
    registry, repository, watched, reason, last_scanned_at, in_use_count, in_use_last_at, $1, $1 FROM given \
    WHERE true ON CONFLICT (id) DO UPDATE SET image_id = excluded.image_id, \
    watched = COALESCE(excluded.watched, coverage.watched), \
    reason = CASE WHEN excluded.watched IS NULL THEN coverage.reason ELSE excluded.reason END, \
    last_scanned_at = CASE WHEN coverage.last_scanned_at >= excluded.last_scanned_at THEN coverage.last_scanned_at \
    ELSE COALESCE(excluded.last_scanned_at, coverage.last_scanned_at) END, \
    in_use_count = COALESCE(excluded.in_use_count, coverage.in_use_count), \
    in_use_last_at = COALESCE(excluded.in_use_last_at, coverage.in_use_last_at), \
    last_changed_at = excluded.last_changed_at WHERE coverage.image_id <> excluded.image_id \
    OR coverage.watched IS DISTINCT FROM COALESCE(excluded.watched, coverage.watched) \
    OR (excluded.watched IS NOT NULL AND coverage.reason <> excluded.reason) \
    OR coverage.last_scanned_at IS DISTINCT FROM CASE WHEN coverage.last_scanned_at >= excluded.last_scanned_at THEN coverage.last_scanned_at \
    ELSE COALESCE(excluded.last_scanned_at, coverage.last_scanned_at) END \
    OR coverage.in_use_count IS DISTINCT FROM COALESCE(excluded.in_use_count, coverage.in_use_count) \
    OR coverage.in_use_last_at IS DISTINCT FROM COALESCE(excluded.in_use_last_at, coverage.in_use_last_at)";
