//! What tools say of whether components are used, and whether sensors watch wherever an image runs. Refuses to weigh the
//! words: what they come to is decided by who asks.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::id::{FindingId, ImageId};

use super::executed::ExecutedFact;
use crate::bulk::{self, Given, query_given};
use crate::detections::coverage::HEARD_ON_NODE;
use crate::{Error, Tx};

/// What is known of the use of a finding's component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UseFact {
    /// A sensor saw a program of it executed, or a library of it loaded.
    Executed(ExecutedFact),
    /// A tool says that it is used.
    Told {
        /// The tool.
        tool: String,
        /// Its word.
        word: String,
        /// When it last said so.
        at: DateTime<Utc>,
    },
    /// A tool watched for so many days in which it was not loaded, and nobody says otherwise.
    Never {
        /// The tool.
        tool: String,
        /// Whole days.
        days: i64,
    },
}

/// What a tool says of the use of an open finding's component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseWordFact {
    /// The image.
    pub image: ImageId,
    /// The finding.
    pub finding: FindingId,
    /// Package URL of its component.
    pub purl: String,
    /// The tool.
    pub tool: String,
    /// Its word, or empty.
    pub word: String,
    /// Whether that says it is used.
    pub used: bool,
    /// Whether the tool set the finding aside.
    pub set_aside: bool,
    /// Since when it says so.
    pub since: DateTime<Utc>,
    /// When it last looked at the whole image. What it says then, it says of every finding.
    pub looked_at: Option<DateTime<Utc>>,
}

/// What tools say of use in some images.
///
/// # Errors
/// When the database cannot be read.
pub async fn use_words(tx: &Tx, images: &[ImageId]) -> Result<Vec<UseWordFact>, Error> {
    let sql = "SELECT a.image_id, a.finding_id, c.purl, a.tool, COALESCE(a.in_use, ''), a.used, \
               a.suppressed_reason IS NOT NULL, COALESCE(a.used_since, a.first_seen_at) FROM given \
               JOIN attributions a ON a.image_id = given.key AND a.used IS NOT NULL \
               JOIN findings f ON f.image_id = a.image_id AND f.id = a.finding_id AND f.closed_at IS NULL \
               JOIN components c ON c.id = f.component_id";
    let rows = query_given(tx, Given::ids(images.iter().copied()), sql, vec![]).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let looked = looked(tx, images).await?;
    rows.iter()
        .map(|row| {
            let image: ImageId = row.id(0)?;
            let tool = row.text(3)?;
            Ok(UseWordFact {
                image,
                finding: row.id(1)?,
                purl: row.text(2)?,
                word: row.text(4)?,
                used: row.boolean(5)?,
                set_aside: row.boolean(6)?,
                since: row.time(7)?,
                looked_at: looked.get(&(image, tool.clone())).copied(),
                tool,
            })
        })
        .collect()
}

/// When each tool last looked at the whole of some images for vulnerabilities.
async fn looked(tx: &Tx, images: &[ImageId]) -> Result<BTreeMap<(ImageId, String), DateTime<Utc>>, Error> {
    let sql = "SELECT s.image_id, s.tool, MAX(s.scanned_at) FROM given JOIN scans s ON s.image_id = given.key \
               WHERE NOT s.superseded AND s.partial IS NULL AND s.covers LIKE '%vulnerability%' \
               GROUP BY s.image_id, s.tool";
    let rows = query_given(tx, Given::ids(images.iter().copied()), sql, vec![]).await?;
    rows.iter().map(|row| Ok(((row.id(0)?, row.text(1)?), row.time(2)?))).collect()
}

/// The images that run on nodes alone of which each has a sensor that was heard from there since `heard_since`, with since
/// when the last of them has one. An image is left out that runs nowhere, or in a workload whose nodes are not known. A
/// sensor that names no cluster counts where no other node is called the same.
///
/// # Errors
/// When the database cannot be read.
pub async fn watched(
    tx: &Tx,
    images: &[ImageId],
    heard_since: DateTime<Utc>,
) -> Result<HashMap<ImageId, DateTime<Utc>>, Error> {
    let sql = format!(
        "SELECT r.image_id, MAX(r.known_since) FROM (SELECT c.image_id, \
         (SELECT MIN(s.first_heard_at) FROM sensors s WHERE {HEARD_ON_NODE} AND s.last_heard_at >= $1 \
         AND (s.cluster <> '' OR NOT EXISTS (SELECT 1 FROM nodes twin WHERE twin.name = o.name \
         AND twin.id <> o.id AND twin.retired_at IS NULL))) AS known_since FROM given \
         JOIN containers c ON c.image_id = given.key AND c.running > 0 \
         JOIN workloads w ON w.id = c.workload_id AND w.retired_at IS NULL \
         LEFT JOIN workload_nodes t ON t.workload_id = c.workload_id \
         LEFT JOIN nodes o ON o.id = t.node_id AND o.retired_at IS NULL) r \
         GROUP BY r.image_id HAVING COUNT(*) = COUNT(r.known_since)"
    );
    let given = Given::ids(images.iter().copied());
    let rows = query_given(tx, given, &sql, vec![bulk::time(heard_since)]).await?;
    rows.iter().map(|row| Ok((row.id(0)?, row.time(1)?))).collect()
}

/// The images of some clusters' workloads, also of those that are gone, of which a tool says that something is not used:
/// where they run decides what that counts for.
///
/// # Errors
/// When the database cannot be read.
pub async fn unused_in(tx: &Tx, clusters: &[String]) -> Result<BTreeSet<ImageId>, Error> {
    let given = Given::texts(clusters.iter().map(String::as_str));
    let sql = "SELECT DISTINCT c.image_id FROM given JOIN workloads w ON w.cluster = given.key \
               JOIN containers c ON c.workload_id = w.id WHERE EXISTS (SELECT 1 FROM attributions a \
               WHERE a.image_id = c.image_id AND a.used IS NOT NULL AND NOT a.used)";
    let rows = query_given(tx, given, sql, vec![]).await?;
    rows.iter().map(|row| row.id(0)).collect()
}
