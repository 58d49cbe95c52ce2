//! What decides of admission to a cluster, and whether anybody looked. Refuses to take what nobody looked for as
//! absent.

use chrono::{DateTime, Utc};
use domain::admission::{Effect, SERVICE};
use domain::scope::Viewer;

use crate::list::{Clauses, Sql};
use crate::row::Row;
use crate::{Error, Store};

/// Most that is told of a cluster.
const MOST: u64 = 200;

/// What is known of admission to a cluster.
#[derive(Clone, Debug, Default)]
pub struct Admission {
    /// What decides, the strictest first.
    pub rows: Vec<AdmissionRow>,
    /// How much more there is.
    pub more: u64,
    /// When a source last saw all of it; absent where none did.
    pub looked_at: Option<DateTime<Utc>>,
}

/// Something that decides.
#[derive(Clone, Debug)]
pub struct AdmissionRow {
    /// Kind of the object.
    pub kind: String,
    /// Its name, after its namespace where it has one.
    pub name: String,
    /// Who decides.
    pub engine: String,
    /// What is done to what does not comply.
    pub effect: Effect,
    /// What it looks at, in words.
    pub scope: String,
}

/// What decides of admission to the cluster of this name, in two queries.
///
/// # Errors
/// When the database does not answer.
pub async fn admission(store: &Store, viewer: &Viewer, cluster: &str) -> Result<Admission, Error> {
    let mut clauses = Clauses::of(viewer);
    clauses.and("cluster = ?", [cluster.into()]);
    clauses.and("retired_at IS NULL", []);
    let mut sql = Sql::new(
        "SELECT kind, name, engine, effect, scope, COUNT(*) OVER () AS everything FROM admission_policies",
    );
    sql.clauses(&clauses);
    let order = Effect::ALL.iter().enumerate();
    let order =
        order.map(|(rank, effect)| format!(" WHEN '{}' THEN {rank}", effect.as_str())).collect::<String>();
    sql.push(&format!(" ORDER BY CASE effect{order} ELSE 99 END, kind, name LIMIT {MOST}"), []);
    let rows = sql.query(store).await?;
    let everything = rows.first().map(|row| row.count("everything")).transpose()?.unwrap_or_default();
    let mut looked = Clauses::of(viewer);
    looked.and("account = ?", [cluster.into()]);
    looked.and("service = ?", [SERVICE.into()]);
    looked.and("listed", []);
    looked.and("source_id IN (SELECT id FROM sources WHERE removed_at IS NULL)", []);
    let mut sql = Sql::new("SELECT MAX(last_complete_at) AS looked_at FROM source_scopes");
    sql.clauses(&looked);
    let scopes = sql.query(store).await?;
    Ok(Admission {
        rows: rows.iter().map(read).collect::<Result<Vec<_>, Error>>()?,
        more: everything.saturating_sub(rows.len() as u64),
        looked_at: scopes.first().map(|row| row.optional_time("looked_at")).transpose()?.flatten(),
    })
}

fn read(row: &Row) -> Result<AdmissionRow, Error> {
    Ok(AdmissionRow {
        kind: row.text("kind")?,
        name: row.text("name")?,
        engine: row.text("engine")?,
        effect: Effect::from_word(&row.text("effect")?),
        scope: row.text("scope")?,
    })
}
