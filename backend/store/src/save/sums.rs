//! What each cluster adds to the estate, as its last judgement summed it: the exposure of the whole is the
//! sum of these rows. Refuses to read them: the text is the judge's own.

use crate::bulk::Given;
use crate::bulk::Type;
use crate::connection::Conn;
use crate::{Error, Tx};

/// The sums of every cluster, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(tx: &Tx) -> Result<Vec<(String, String)>, Error> {
    let rows = tx.query("SELECT cluster, sums FROM cluster_scores ORDER BY cluster", vec![]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Replaces the sums of some clusters; `None` takes a cluster out.
///
/// # Errors
/// When the database cannot be written.
pub async fn put(tx: &Tx, sums: &[(&str, Option<String>)]) -> Result<(), Error> {
    let gone = sums.iter().filter(|(_, text)| text.is_none()).map(|(cluster, _)| *cluster);
    let sql = "DELETE FROM cluster_scores WHERE cluster IN (SELECT key FROM given)";
    tx.execute_given(Given::texts(gone), sql, vec![]).await?;
    let mut given = Given::new(&[("cluster", Type::Text), ("sums", Type::Text)]);
    for (cluster, text) in sums {
        if let Some(text) = text {
            given.push([(*cluster).into(), text.as_str().into()]);
        }
    }
    let sql = "INSERT INTO cluster_scores (cluster, sums) SELECT cluster, sums FROM given WHERE true \
               ON CONFLICT (cluster) DO UPDATE SET sums = excluded.sums WHERE cluster_scores.sums <> excluded.sums";
    tx.execute_given(given, sql, vec![]).await.map(drop)
}
