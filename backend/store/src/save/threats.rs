//! What tools say of exploits, a row a vulnerability and tool, and the word of them that counts. Refuses to
//! let a tool speak where FIRST does, an older word replace a newer one, and to write a row that stays the
//! same.

use std::collections::BTreeSet;

use domain::id::ImageId;

use crate::bulk::{Given, Type, query_given};
use crate::{Error, Tx};

/// A tool's word on a vulnerability.
#[derive(Clone, Debug, PartialEq)]
pub struct Word<'a> {
    /// Canonical id.
    pub id: &'a str,
    /// The tool.
    pub tool: &'a str,
    /// EPSS probability.
    pub epss: Option<f64>,
    /// Whether an exploit exists.
    pub exploit: Option<bool>,
    /// When the tool last knew of one, in milliseconds.
    pub exploit_seen_at: Option<i64>,
    /// When it said so, in milliseconds.
    pub stated_at: i64,
}

/// Keeps words; of each tool on each vulnerability one, the newest. The same said again is dated anew once a
/// day. Distinct by vulnerability and tool.
///
/// # Errors
/// When the database cannot be written.
pub async fn save(tx: &Tx, words: &[Word<'_>]) -> Result<(), Error> {
    let mut given = Given::new(&[
        ("id", Type::Text),
        ("tool", Type::Text),
        ("epss", Type::Real),
        ("exploit", Type::Boolean),
        ("seen_at", Type::Integer),
        ("stated_at", Type::Integer),
    ]);
    for word in words {
        given.push([
            word.id.into(),
            word.tool.into(),
            word.epss.into(),
            word.exploit.into(),
            word.exploit_seen_at.into(),
            word.stated_at.into(),
        ]);
    }
    tx.execute_given(given, SAVE, vec![]).await?;
    Ok(())
}

const SAVE: &str = "INSERT INTO vulnerability_threats (vulnerability_id, tool, epss, exploit, exploit_seen_at, \
    stated_at) SELECT id, tool, epss, exploit, seen_at, stated_at FROM given WHERE true \
    ON CONFLICT (vulnerability_id, tool) DO UPDATE SET epss = excluded.epss, exploit = excluded.exploit, \
    exploit_seen_at = excluded.exploit_seen_at, stated_at = excluded.stated_at \
    WHERE excluded.stated_at >= vulnerability_threats.stated_at + 86400000 \
    OR (excluded.stated_at >= vulnerability_threats.stated_at \
      AND (vulnerability_threats.epss IS DISTINCT FROM excluded.epss \
      OR vulnerability_threats.exploit IS DISTINCT FROM excluded.exploit \
      OR vulnerability_threats.exploit_seen_at IS DISTINCT FROM excluded.exploit_seen_at))";

/// Lays the words of tools on some vulnerabilities, the newest first. Tells which of them changed.
///
/// # Errors
/// When the database cannot be written.
pub async fn adopt(tx: &Tx, ids: &[&str]) -> Result<BTreeSet<String>, Error> {
    let mut changed = BTreeSet::new();
    for sql in [EXPLOITS, RATINGS] {
        let rows = query_given(tx, Given::texts(ids.iter().copied()), sql, vec![]).await?;
        for row in rows {
            changed.insert(row.text("id")?);
        }
    }
    Ok(changed)
}

const EXPLOITS: &str = "UPDATE vulnerabilities SET exploit_source = t.tool, exploit_seen_at = t.seen_at FROM \
    (SELECT g.key, w.tool, w.exploit_seen_at AS seen_at FROM \
      (SELECT DISTINCT given.key FROM given JOIN vulnerability_threats x ON x.vulnerability_id = given.key) g \
      LEFT JOIN (SELECT x.vulnerability_id, x.tool, x.exploit_seen_at, ROW_NUMBER() OVER (PARTITION BY \
        x.vulnerability_id ORDER BY COALESCE(x.exploit_seen_at, 0) DESC, x.tool) AS place FROM given \
        JOIN vulnerability_threats x ON x.vulnerability_id = given.key WHERE x.exploit) w \
      ON w.vulnerability_id = g.key AND w.place = 1) t \
    WHERE vulnerabilities.id = t.key AND (vulnerabilities.exploit_source IS DISTINCT FROM t.tool \
      OR vulnerabilities.exploit_seen_at IS DISTINCT FROM t.seen_at) RETURNING id";

/// FIRST's own word goes before; where a tool no longer says one, none is left.
const RATINGS: &str = "UPDATE vulnerabilities SET epss = t.epss, epss_percentile = NULL, epss_source = t.tool FROM \
    (SELECT g.key, w.tool, w.epss FROM \
      (SELECT DISTINCT given.key FROM given JOIN vulnerability_threats x ON x.vulnerability_id = given.key) g \
      LEFT JOIN (SELECT x.vulnerability_id, x.tool, x.epss, ROW_NUMBER() OVER (PARTITION BY \
        x.vulnerability_id ORDER BY x.stated_at DESC, x.tool) AS place FROM given \
        JOIN vulnerability_threats x ON x.vulnerability_id = given.key WHERE x.epss IS NOT NULL) w \
      ON w.vulnerability_id = g.key AND w.place = 1) t \
    WHERE vulnerabilities.id = t.key AND (vulnerabilities.epss IS DISTINCT FROM t.epss \
      OR vulnerabilities.epss_source IS DISTINCT FROM t.tool) \
    AND NOT EXISTS (SELECT 1 FROM epss_scores e WHERE e.vulnerability_id = vulnerabilities.id) RETURNING id";

/// Where FIRST fell silent, what tools say of EPSS counts again.
pub(super) const RATE_BY_TOOLS: &str = "UPDATE vulnerabilities SET epss = t.epss, epss_source = t.tool FROM \
    (SELECT x.vulnerability_id, x.tool, x.epss, ROW_NUMBER() OVER (PARTITION BY x.vulnerability_id \
      ORDER BY x.stated_at DESC, x.tool) AS place FROM vulnerability_threats x WHERE x.epss IS NOT NULL) t \
    WHERE t.vulnerability_id = vulnerabilities.id AND t.place = 1 AND vulnerabilities.epss IS NULL \
    AND NOT EXISTS (SELECT 1 FROM epss_scores e WHERE e.vulnerability_id = vulnerabilities.id)";

/// The images with open findings of some vulnerabilities.
///
/// # Errors
/// When the database does not answer.
pub async fn images(tx: &Tx, ids: &BTreeSet<String>) -> Result<Vec<ImageId>, Error> {
    let sql = "SELECT DISTINCT f.image_id FROM given JOIN findings f ON f.vulnerability_id = given.key \
               WHERE f.closed_at IS NULL";
    let rows = query_given(tx, Given::texts(ids.iter().map(String::as_str)), sql, vec![]).await?;
    rows.iter().map(|row| row.id("image_id")).collect()
}
