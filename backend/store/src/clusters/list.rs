//! The list of clusters. Refuses retired ones.

use chrono::{DateTime, Utc};
use domain::cluster::NodeGroup;
use domain::id::ObjectId;
use domain::scope::Viewer;

use crate::list::{self, Clauses, Listed, Listing, Page, Sort, SortColumn, Sql};
use crate::row::Row;
use crate::{Error, Store};

/// A cluster.
#[derive(Clone, Debug)]
pub struct ClusterRow {
    /// Its id.
    pub id: ObjectId,
    /// Name by which its workloads call it.
    pub name: String,
    /// The provider's product: `eks`, `ecs`.
    pub kind: String,
    /// Cloud provider; may be empty.
    pub provider: String,
    /// Account; may be empty.
    pub account: String,
    /// Region.
    pub region: Option<String>,
    /// Version of its control plane.
    pub version: Option<String>,
    /// When the provider ends its support for that version.
    pub support_ends_at: Option<DateTime<Utc>>,
    /// Whether its control plane answers on the internet; absent where it has none or it was not told.
    pub public_endpoint: Option<bool>,
    /// Networks that may reach a public control plane; empty when not said.
    pub allowed_networks: Vec<String>,
    /// Kinds of control plane logs that are kept; absent when not said.
    pub logging: Option<Vec<String>>,
    /// The groups of machines it runs on; absent when not said.
    pub node_groups: Option<Vec<NodeGroup>>,
    /// Workloads in it that are not retired.
    pub workloads: u64,
    /// First observation.
    pub first_seen_at: DateTime<Utc>,
}

impl ClusterRow {
    /// Whether anybody on the internet reaches its control plane.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let everywhere = |network: &String| matches!(network.as_str(), "0.0.0.0/0" | "::/0");
        self.public_endpoint == Some(true)
            && (self.allowed_networks.is_empty() || self.allowed_networks.iter().any(everywhere))
    }
}

/// What narrows the list of clusters.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Text in name, account, region or version.
    pub text: Option<String>,
    /// The provider's product.
    pub kind: Option<String>,
    /// Cloud provider; empty means that none is known.
    pub cloud: Option<String>,
    /// Account, subscription or project.
    pub account: Option<String>,
    /// Whether its control plane answers on the internet.
    pub public: Option<bool>,
    /// Whether support for its version has ended by this moment, in milliseconds.
    pub unsupported_at: Option<i64>,
}

/// Columns by which the list can be sorted.
pub const SORTS: &[SortColumn] = &[
    SortColumn::by("name", &["name"]),
    SortColumn::by("kind", &["kind"]),
    SortColumn::by("account", &["account_id", "COALESCE(region, '')"]),
    SortColumn::by("version", &["COALESCE(version, '')"]),
    SortColumn::by("support", &["COALESCE(support_ends_at, 9223372036854775807)"]),
    SortColumn::by(
        "endpoint",
        &["CASE WHEN public_endpoint THEN 2 WHEN public_endpoint IS NULL THEN 1 ELSE 0 END"],
    ),
    SortColumn::by("workloads", &[WORKLOADS]),
];

const WORKLOADS: &str =
    "(SELECT COUNT(*) FROM workloads w WHERE w.cluster = clusters.name AND w.retired_at IS NULL)";

fn columns() -> String {
    format!(
        "id, name, kind, provider, account_id, region, version, support_ends_at, public_endpoint, allowed_networks, \
         logging, node_groups, first_seen_at, {WORKLOADS} AS workloads"
    )
}

impl Filter {
    fn clauses(&self, viewer: &Viewer) -> Clauses {
        let mut clauses = Clauses::of(viewer);
        clauses.and("retired_at IS NULL", []);
        if let Some(text) = self.text.as_deref().filter(|text| !text.is_empty()) {
            let columns = ["name", "account_id", "COALESCE(region, '')", "COALESCE(version, '')"];
            let clause = columns.map(|column| format!("LOWER({column}) LIKE ? ESCAPE '!'")).join(" OR ");
            clauses.and(&clause, vec![list::containing(text); columns.len()]);
        }
        clauses.equals("kind", self.kind.as_deref());
        clauses.equals("provider", self.cloud.as_deref());
        clauses.equals("account_id", self.account.as_deref());
        clauses.when(self.public == Some(true), "public_endpoint");
        clauses.when(self.public == Some(false), "NOT public_endpoint");
        if let Some(at) = self.unsupported_at {
            clauses.and("support_ends_at < ?", [at.into()]);
        }
        clauses
    }
}

/// A page of the clusters that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    store: &Store,
    viewer: &Viewer,
    filter: &Filter,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<ClusterRow>, Error> {
    let listing = Listing {
        columns: &columns(),
        from: "clusters",
        clauses: filter.clauses(viewer),
        sorts: SORTS,
        key: "id",
        locate: "id = ?",
        anchor: list::by_id,
        read,
        key_of: |row: &ClusterRow| row.id.as_bytes().to_vec(),
    };
    listing.page(store, sort, page).await
}

/// The cluster that workloads call by this name, if its provider describes it.
///
/// # Errors
/// When the database does not answer.
pub async fn called(store: &Store, viewer: &Viewer, name: &str) -> Result<Option<ClusterRow>, Error> {
    let mut clauses = Clauses::of(viewer);
    clauses.and("name = ?", [name.into()]);
    clauses.and("retired_at IS NULL", []);
    let mut sql = Sql::new(format!("SELECT {} FROM clusters", columns()));
    sql.clauses(&clauses);
    sql.query(store).await?.first().map(read).transpose()
}

fn read(row: &Row) -> Result<ClusterRow, Error> {
    Ok(ClusterRow {
        id: row.id("id")?,
        name: row.text("name")?,
        kind: row.text("kind")?,
        provider: row.text("provider")?,
        account: row.text("account_id")?,
        region: row.optional_text("region")?,
        version: row.optional_text("version")?,
        support_ends_at: row.optional_time("support_ends_at")?,
        public_endpoint: row.optional_boolean("public_endpoint")?,
        allowed_networks: serde_json::from_str(&row.text("allowed_networks")?).unwrap_or_default(),
        logging: row.optional_text("logging")?.and_then(|text| serde_json::from_str(&text).ok()),
        node_groups: row.optional_text("node_groups")?.and_then(|text| serde_json::from_str(&text).ok()),
        workloads: row.count("workloads")?,
        first_seen_at: row.time("first_seen_at")?,
    })
}
