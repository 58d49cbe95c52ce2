//! The list of clusters, and one of them. The list refuses retired ones.

use chrono::{DateTime, Utc};
use domain::cluster::NodeGroup;
use domain::id::ObjectId;
use domain::scope::Viewer;
use domain::setting::Setting;

use crate::list::{self, Clauses, Listed, Listing, Page, Sort, SortColumn, Sql};
use crate::row::Row;
use crate::{Error, Store, bulk};

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
    /// The channel by which its version is raised; `none` where it follows none.
    pub channel: Option<String>,
    /// Who keeps its machines, in the provider's word.
    pub managed: Option<String>,
    /// Whether its machines have no public address.
    pub private_nodes: Option<bool>,
    /// What enforces network policies; `none` where nothing does.
    pub network_policy: Option<String>,
    /// Whether workloads have identities of their own in the provider's directory.
    pub workload_identity: Option<bool>,
    /// Ways in that pass by the provider's directory; absent when not said.
    pub legacy_access: Option<Vec<String>>,
    /// With whose key secrets are encrypted besides the disk; `none` where they are not.
    pub secrets_encryption: Option<String>,
    /// What its product alone can be set to; absent where none was ever told.
    pub settings: Option<Vec<Setting>>,
    /// Workloads in it that are not retired.
    pub workloads: u64,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// First observation.
    pub first_seen_at: DateTime<Utc>,
    /// When what is told of it last changed.
    pub last_changed_at: DateTime<Utc>,
    /// When a complete look no longer found it.
    pub retired_at: Option<DateTime<Utc>>,
}

impl ClusterRow {
    /// Whether anybody on the internet reaches its control plane.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let everywhere = |network: &String| matches!(network.as_str(), "0.0.0.0/0" | "::/0");
        self.public_endpoint == Some(true)
            && (self.allowed_networks.is_empty() || self.allowed_networks.iter().any(everywhere))
    }

    /// How many settings of its own and of its machines are not as a benchmark wants them; absent where none was told.
    #[must_use]
    pub fn unwanted(&self) -> Option<u64> {
        let groups = self.node_groups.iter().flatten().flat_map(|group| &group.settings);
        let told: Vec<&Setting> = self.settings.iter().flatten().chain(groups).collect();
        let unwanted = told.iter().filter(|one| one.judged.as_ref().is_some_and(|judged| !judged.safe));
        (!told.is_empty()).then(|| unwanted.count() as u64)
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
    /// Whether its machines have no public address.
    pub private_nodes: Option<bool>,
    /// Whether a setting is not as a benchmark wants it.
    pub unwanted: bool,
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
    SortColumn::by("nodes", &["CASE WHEN private_nodes THEN 0 WHEN private_nodes IS NULL THEN 1 ELSE 2 END"]),
    // Each time that a judgement says no, counted by what is shorter without it; less than none where none was told.
    SortColumn::by(
        "unwanted",
        &["CASE WHEN settings IS NULL THEN -1 ELSE (LENGTH(settings || COALESCE(node_groups, '')) \
           - LENGTH(REPLACE(settings || COALESCE(node_groups, ''), '\"safe\":false', ''))) / 12 END"],
    ),
    SortColumn::by("workloads", &[WORKLOADS]),
];

const WORKLOADS: &str =
    "(SELECT COUNT(*) FROM workloads w WHERE w.cluster = clusters.name AND w.retired_at IS NULL)";

const UNWANTED: &str = "settings LIKE '%\"safe\":false%' OR node_groups LIKE '%\"safe\":false%'";

fn columns() -> String {
    format!(
        "id, name, kind, provider, account_id, region, version, support_ends_at, public_endpoint, allowed_networks, \
         logging, node_groups, channel, managed, private_nodes, network_policy, workload_identity, legacy_access, \
         secrets_encryption, settings, created_at, first_seen_at, last_changed_at, retired_at, \
         {WORKLOADS} AS workloads"
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
        clauses.when(self.private_nodes == Some(true), "private_nodes");
        clauses.when(self.private_nodes == Some(false), "NOT private_nodes");
        clauses.when(self.unwanted, UNWANTED);
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

/// One cluster, retired or not.
///
/// # Errors
/// When the database does not answer.
pub async fn detail(store: &Store, viewer: &Viewer, id: ObjectId) -> Result<Option<ClusterRow>, Error> {
    let mut clauses = Clauses::of(viewer);
    clauses.and("id = ?", [bulk::id(id)]);
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
        logging: row.optional_json("logging")?,
        node_groups: row.optional_json("node_groups")?,
        channel: row.optional_text("channel")?,
        managed: row.optional_text("managed")?,
        private_nodes: row.optional_boolean("private_nodes")?,
        network_policy: row.optional_text("network_policy")?,
        workload_identity: row.optional_boolean("workload_identity")?,
        legacy_access: row.optional_json("legacy_access")?,
        secrets_encryption: row.optional_text("secrets_encryption")?,
        settings: row.optional_json("settings")?,
        workloads: row.count("workloads")?,
        created_at: row.optional_time("created_at")?,
        first_seen_at: row.time("first_seen_at")?,
        last_changed_at: row.time("last_changed_at")?,
        retired_at: row.optional_time("retired_at")?,
    })
}
