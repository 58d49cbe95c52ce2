//! Containers whose image is not known yet, and the moment it becomes known.
//! Refuses to guess: the caller says which image it is.

use domain::id::{ImageId, WorkloadId};

use crate::bulk::{self, Given, Type};
use crate::connection::Conn;
use crate::{Error, Tx};

/// A container whose image is not known.
#[derive(Clone, Debug)]
pub struct Unplaced {
    /// Its workload.
    pub workload: WorkloadId,
    /// The cluster of its workload.
    pub cluster: String,
    /// Its place among the containers.
    pub position: i64,
    /// The digest that runs.
    pub digest: Option<String>,
    /// Registry, repository and tag.
    pub tag: (String, String, String),
    /// When the workload was last seen, in milliseconds.
    pub seen_at: i64,
}

/// Containers whose image is not known.
///
/// # Errors
/// When the database does not answer.
pub async fn unplaced(tx: &Tx) -> Result<Vec<Unplaced>, Error> {
    let sql = "SELECT c.workload_id, c.position, c.digest, c.registry, c.repository, c.tag, w.last_seen_at, \
               w.cluster \
               FROM containers c JOIN workloads w ON w.id = c.workload_id \
               WHERE c.image_id IS NULL AND c.repository <> ''";
    let rows = tx.query(sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            Ok(Unplaced {
                workload: row.id("workload_id")?,
                cluster: row.text("cluster")?,
                position: row.integer("position")?,
                digest: row.optional_text("digest")?,
                tag: (row.text("registry")?, row.text("repository")?, row.text("tag")?),
                seen_at: row.integer("last_seen_at")?,
            })
        })
        .collect()
}

/// A container whose digest leads to several images: that of an index.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Its workload.
    pub workload: WorkloadId,
    /// The cluster of its workload.
    pub cluster: String,
    /// Its place among the containers.
    pub position: i64,
    /// The digest that runs.
    pub digest: String,
    /// Where it points now.
    pub image: ImageId,
}

/// Containers that run a digest which several images share.
///
/// # Errors
/// When the database does not answer.
pub async fn shared(tx: &Tx) -> Result<Vec<Shared>, Error> {
    let sql = "SELECT c.workload_id, c.position, c.digest, c.image_id, w.cluster \
               FROM containers c JOIN workloads w ON w.id = c.workload_id \
               WHERE w.retired_at IS NULL AND c.image_id IS NOT NULL AND c.digest IS NOT NULL \
               AND (SELECT COUNT(*) FROM image_digests d WHERE d.digest = c.digest) > 1";
    let rows = tx.query(sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            Ok(Shared {
                workload: row.id("workload_id")?,
                cluster: row.text("cluster")?,
                position: row.integer("position")?,
                digest: row.text("digest")?,
                image: row.id("image_id")?,
            })
        })
        .collect()
}

/// Points containers at their image.
///
/// # Errors
/// When the database cannot be written.
pub async fn place(tx: &Tx, places: &[(WorkloadId, i64, ImageId)]) -> Result<(), Error> {
    let mut given =
        Given::new(&[("workload", Type::Bytes), ("place", Type::Integer), ("image", Type::Bytes)]);
    for (workload, position, image) in places {
        given.push([bulk::id(*workload), (*position).into(), bulk::id(*image)]);
    }
    let sql = "UPDATE containers SET image_id = given.image FROM given \
               WHERE containers.workload_id = given.workload AND containers.position = given.place";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}
