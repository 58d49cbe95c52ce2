//! Programs that were executed in containers of images, libraries that were loaded, and where the components lie that their
//! findings are of. Refuses to join them: which file is whose is decided by who asks.

use chrono::{DateTime, Utc};
use domain::id::ImageId;

use crate::bulk::{Given, query_given};
use crate::{Error, Tx};

/// A program that was executed, or a library that was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecutedFact {
    /// The image.
    pub image: ImageId,
    /// Path in the container.
    pub path: String,
    /// Who saw it.
    pub tool: String,
    /// Whether it was loaded when it was last seen, and not executed.
    pub loaded: bool,
    /// When last.
    pub last_seen_at: DateTime<Utc>,
}

/// A component of an image at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedFact {
    /// The image.
    pub image: ImageId,
    /// Package URL.
    pub purl: String,
    /// Kind of package, the purl's.
    pub kind: String,
    /// Name for people.
    pub name: String,
    /// Where it lies by one tool's word, or empty.
    pub path: String,
}

/// What was executed and loaded of some images.
///
/// # Errors
/// When the database cannot be read.
pub async fn executed(tx: &Tx, images: &[ImageId]) -> Result<Vec<ExecutedFact>, Error> {
    let sql = "SELECT e.image_id, e.path, e.tool, e.loaded, e.last_seen_at FROM given \
               JOIN executed_files e ON e.image_id = given.key";
    let rows = query_given(tx, Given::ids(images.iter().copied()), sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            Ok(ExecutedFact {
                image: row.id(0)?,
                path: row.text(1)?,
                tool: row.text(2)?,
                loaded: row.boolean(3)?,
                last_seen_at: row.time(4)?,
            })
        })
        .collect()
}

/// The components of the open findings of some images, each in all places that tools tell.
///
/// # Errors
/// When the database cannot be read.
pub async fn placed(tx: &Tx, images: &[ImageId]) -> Result<Vec<PlacedFact>, Error> {
    let of = "FROM given JOIN findings f ON f.image_id = given.key AND f.closed_at IS NULL \
              JOIN components c ON c.id = f.component_id";
    let sql = format!(
        "SELECT f.image_id, c.purl, c.kind, c.name, COALESCE(a.location, '') {of} \
         JOIN attributions a ON a.image_id = f.image_id AND a.finding_id = f.id \
         UNION SELECT f.image_id, c.purl, c.kind, c.name, p.path {of} \
         JOIN image_components p ON p.image_id = f.image_id AND p.component_id = f.component_id"
    );
    let rows = query_given(tx, Given::ids(images.iter().copied()), &sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            Ok(PlacedFact {
                image: row.id(0)?,
                purl: row.text(1)?,
                kind: row.text(2)?,
                name: row.text(3)?,
                path: row.text(4)?,
            })
        })
        .collect()
}
