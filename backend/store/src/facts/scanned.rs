//! The scanned images, as the priors of the unscanned are made from them. Refuses images nobody scanned.

use crate::connection::Conn;
use crate::{Error, Tx};

/// A scanned image.
#[derive(Clone, Debug)]
pub struct ScannedFact {
    /// Registry host.
    pub registry: String,
    /// Distribution family, if known.
    pub distribution: Option<String>,
    /// Known hazard at internet, restricted, internal, isolated, unknown.
    pub hazards: [i64; 5],
}

/// How many images were ever scanned.
///
/// # Errors
/// When the database cannot be read.
pub async fn scanned_count(tx: &Tx) -> Result<i64, Error> {
    let sql = "SELECT COUNT(*) FROM images WHERE COALESCE(last_scanned_at, 0) > 0";
    tx.query_one(sql, vec![]).await?.map_or(Ok(0), |row| row.integer(0))
}

/// Every scanned image.
///
/// # Errors
/// When the database cannot be read.
pub async fn scanned(tx: &Tx) -> Result<Vec<ScannedFact>, Error> {
    let sql = "SELECT registry, distribution, hazard_internet, hazard_restricted, hazard_internal, \
               hazard_isolated, hazard_unknown FROM images WHERE COALESCE(last_scanned_at, 0) > 0";
    let rows = tx.query(sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            let mut hazards = [0; 5];
            for (offset, hazard) in hazards.iter_mut().enumerate() {
                *hazard = row.integer(2 + offset)?;
            }
            Ok(ScannedFact { registry: row.text(0)?, distribution: row.optional_text(1)?, hazards })
        })
        .collect()
}
