//! Which nodes a sensor watches: one was heard from there, or its containers run there. Refuses to take silence for safety:
//! a node of which neither is known is shown as watched by nobody.

use chrono::{DateTime, Utc};
use domain::id::NodeId;
use domain::scope::Viewer;

use crate::connection::{Conn, Value};
use crate::list::{self, Clauses, Listed, Listing, Page, Sort, SortColumn};
use crate::row::Row;
use crate::{Error, Store};

/// Whether somebody watches a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// A sensor was heard from it of late.
    Heard,
    /// A sensor runs on it, and was not heard of late.
    Present,
    /// A sensor was heard from it, long ago.
    Silent,
    /// Nobody.
    Nobody,
}

impl Watch {
    /// All, best first.
    pub const ALL: [Self; 4] = [Self::Heard, Self::Present, Self::Silent, Self::Nobody];

    /// The word in addresses and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Heard => "heard",
            Self::Present => "present",
            Self::Silent => "silent",
            Self::Nobody => "nobody",
        }
    }

    /// The watch of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// Whether sensor `s` is heard from node `o`.
pub(crate) const HEARD_ON_NODE: &str = "s.node = o.name AND (s.cluster = '' OR s.cluster = o.cluster)";

/// A node with who watches it.
#[derive(Clone, Debug)]
pub struct CoverageRow {
    /// Its id.
    pub id: NodeId,
    /// Cluster.
    pub cluster: String,
    /// Name.
    pub name: String,
    /// Workloads that were seen on it.
    pub workloads: u64,
    /// Sensors that were heard from it, as one text.
    pub tools: String,
    /// When one was last heard.
    pub last_heard_at: Option<DateTime<Utc>>,
    /// Whether containers of a sensor run on it.
    pub present: bool,
    /// What that comes to.
    pub watch: Watch,
    /// Open detections on it.
    pub open: u64,
}

/// What counts as watching.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// A sensor heard since then was heard of late.
    pub since: DateTime<Utc>,
    /// Ends of the names of repositories that hold sensors: `falcosecurity/falco`.
    pub sensors: Vec<String>,
}

/// What narrows the list. The default lets every node through that is not retired.
#[derive(Clone, Debug, Default)]
pub struct CoverageFilter {
    /// Text in name or cluster.
    pub text: Option<String>,
    /// Whether somebody watches.
    pub watch: Option<Watch>,
    /// In this cluster.
    pub cluster: Option<String>,
}

/// Columns by which the list can be sorted.
pub const COVERAGE_SORTS: &[SortColumn] = &[
    SortColumn::by("watch", &["n.rank", "n.workloads"]),
    SortColumn::by("name", &["n.name", "n.cluster"]),
    SortColumn::by("cluster", &["n.cluster", "n.name"]),
    SortColumn::by("workloads", &["n.workloads"]),
    SortColumn::by("heard", &["COALESCE(n.last_heard_at, 0)"]),
    SortColumn::by("open", &["n.open"]),
];

/// How many nodes are watched in which way, in the order of [`Watch::ALL`].
///
/// # Errors
/// When the database does not answer.
pub async fn watched(store: &Store, viewer: &Viewer, coverage: &Coverage) -> Result<[u64; 4], Error> {
    let mut counts = [0; 4];
    if !viewer.sees_everything() {
        return Ok(counts);
    }
    let sql = format!("SELECT n.rank, COUNT(*) FROM {} GROUP BY n.rank", nodes(coverage));
    for row in store.query(&sql, vec![]).await? {
        if let Some(count) = usize::try_from(row.integer(0)?).ok().and_then(|rank| counts.get_mut(rank)) {
            *count = row.count(1)?;
        }
    }
    Ok(counts)
}

/// A page of the nodes that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn coverage(
    store: &Store,
    viewer: &Viewer,
    (coverage, filter): &(Coverage, CoverageFilter),
    sort: &Sort,
    page: &Page,
) -> Result<Listed<CoverageRow>, Error> {
    let mut clauses = Clauses::of(viewer);
    if let Some(text) = filter.text.as_deref().filter(|text| !text.is_empty()) {
        let like = "LOWER(n.name) LIKE ? ESCAPE '!' OR LOWER(n.cluster) LIKE ? ESCAPE '!'";
        clauses.and(like, vec![list::containing(text); 2]);
    }
    if let Some(watch) = filter.watch {
        let rank = Watch::ALL.iter().position(|known| *known == watch).unwrap_or_default();
        clauses.and("n.rank = ?", [Value::from(i64::try_from(rank).unwrap_or_default())]);
    }
    clauses.equals("n.cluster", filter.cluster.as_deref());
    let from = nodes(coverage);
    let listing = Listing {
        columns: "n.*",
        from: &from,
        clauses,
        sorts: COVERAGE_SORTS,
        key: "n.id",
        locate: "n.id = ?",
        anchor: list::by_id,
        read,
        key_of: |row: &CoverageRow| row.id.as_bytes().to_vec(),
    };
    listing.page(store, sort, page).await
}

/// The nodes as a table, each with the rank of its watch: 0 heard to 3 nobody.
fn nodes(coverage: &Coverage) -> String {
    let since = coverage.since.timestamp_millis();
    let heard = format!("FROM sensors s WHERE {HEARD_ON_NODE}");
    let present = present(&coverage.sensors);
    format!(
        "(SELECT m.*, CASE WHEN m.last_heard_at >= {since} THEN 0 WHEN m.present = 1 THEN 1 \
         WHEN m.last_heard_at IS NOT NULL THEN 2 ELSE 3 END AS rank FROM (SELECT o.id, o.cluster, o.name, \
         (SELECT COUNT(*) FROM workload_nodes t WHERE t.node_id = o.id) AS workloads, \
         (SELECT MAX(s.last_heard_at) {heard}) AS last_heard_at, \
         (SELECT MIN(s.tool) {heard}) AS first_tool, (SELECT MAX(s.tool) {heard}) AS last_tool, \
         (SELECT COUNT(DISTINCT s.tool) {heard}) AS tool_count, \
         CASE WHEN {present} THEN 1 ELSE 0 END AS present, \
         (SELECT COUNT(*) FROM detections d WHERE d.node_id = o.id AND d.disposition = 'open') AS open \
         FROM nodes o WHERE o.retired_at IS NULL) m) n"
    )
}

/// Whether a container of a sensor runs on node `o`. The names are put into the text, since a list's table takes no values:
/// only such letters as repositories have get that far.
fn present(sensors: &[String]) -> String {
    let plain = |name: &&String| {
        !name.is_empty()
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '/' | '.'))
    };
    let ends: Vec<String> = sensors
        .iter()
        .filter(plain)
        .map(|name| format!("c.repository = '{name}' OR c.repository LIKE '%/{name}'"))
        .collect();
    if ends.is_empty() {
        return "1 = 0".to_owned();
    }
    format!(
        "EXISTS (SELECT 1 FROM workload_nodes t JOIN workloads w ON w.id = t.workload_id AND w.retired_at IS NULL \
         JOIN containers c ON c.workload_id = t.workload_id AND c.running > 0 WHERE t.node_id = o.id AND ({}))",
        ends.join(" OR ")
    )
}

fn read(row: &Row) -> Result<CoverageRow, Error> {
    let first = row.optional_text("first_tool")?.unwrap_or_default();
    let last = row.optional_text("last_tool")?.unwrap_or_default();
    let tools = match row.integer("tool_count")? {
        0 | 1 => first,
        2 => format!("{first}, {last}"),
        more => format!("{first}, {last} and {} more", more - 2),
    };
    let rank = usize::try_from(row.integer("rank")?).unwrap_or(3);
    Ok(CoverageRow {
        id: row.id("id")?,
        cluster: row.text("cluster")?,
        name: row.text("name")?,
        workloads: row.count("workloads")?,
        tools,
        last_heard_at: row.optional_time("last_heard_at")?,
        present: row.integer("present")? == 1,
        watch: Watch::ALL.get(rank).copied().unwrap_or(Watch::Nobody),
        open: row.count("open")?,
    })
}
