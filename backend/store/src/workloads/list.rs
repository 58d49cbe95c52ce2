//! The list of workloads, out of their summary rows. Refuses findings, but where one vulnerability
//! narrows the list, and then by its key.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use domain::exposure::Reach;
use domain::id::{ImageId, NodeId, WorkloadId};
use domain::scope::Viewer;
use domain::severity::Severity;

use crate::bulk;
use crate::images::severities;
use crate::list::{self, Clauses, Facet, Listed, Listing, Page, Sort, SortColumn};
use crate::row::Row;
use crate::sources::SHOWN_BY;
use crate::{Error, Store};

/// A workload as the list shows it.
#[derive(Clone, Debug)]
pub struct WorkloadRow {
    /// Its id.
    pub id: WorkloadId,
    /// Cluster; may be empty.
    pub cluster: String,
    /// Namespace.
    pub namespace: String,
    /// Controller kind: `Deployment`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Cloud provider; may be empty.
    pub provider: String,
    /// Account; may be empty.
    pub account: String,
    /// Region.
    pub region: Option<String>,
    /// Owner or team.
    pub owner: Option<String>,
    /// `low`, `standard`, `critical`; not stated if absent.
    pub criticality: Option<String>,
    /// From where it can be reached.
    pub reach: Reach,
    /// Running containers.
    pub running: u64,
    /// Images it uses.
    pub image_count: u64,
    /// Open findings by severity: critical, high, medium, low, unknown.
    pub severities: [u64; 5],
    /// Open findings with a fix.
    pub fixable: u64,
    /// Vulnerabilities known to be exploited.
    pub kev: u64,
    /// Its part of the exposure, in critical-asset equivalents.
    pub loss: f64,
    /// Score, 0 to 100; absent until scored.
    pub score: Option<f64>,
    /// The first stage of the gap that one of its containers fails: `unknown`, `unassessed`, `stale`,
    /// `unsanctioned`, `overdue`, `in-order`, or `not_running`.
    pub gap_stage: String,
    /// Why the score, in a few words.
    pub why: String,
    /// First and last observation: the latter is when the last complete look that showed it ended, or a document's.
    pub first_seen_at: DateTime<Utc>,
    /// See [`WorkloadRow::first_seen_at`].
    pub last_seen_at: DateTime<Utc>,
    /// When a complete look no longer found it.
    pub retired_at: Option<DateTime<Utc>>,
}

/// What narrows the list of workloads. The default lets every one through that is not retired.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Text in name, namespace, cluster, owner, kind or image.
    pub text: Option<String>,
    /// At least one open finding of this severity.
    pub severity: Option<Severity>,
    /// At least one vulnerability known to be exploited.
    pub kev: bool,
    /// At least one open finding with a fix.
    pub fixable: bool,
    /// Whether it runs.
    pub running: Option<bool>,
    /// From where it can be reached.
    pub reach: Option<Reach>,
    /// A running container is at this stage of the gap; `any` is every stage but `in-order`.
    pub gap_stage: Option<String>,
    /// What runs differs from what its registry holds: `mixed`, `moved`, `unlisted`, or `any` of them.
    pub drift: Option<String>,
    /// How much depends on it; empty means not stated.
    pub criticality: Option<String>,
    /// Cloud provider; empty means that none is known.
    pub cloud: Option<String>,
    /// Account, subscription or project.
    pub account: Option<String>,
    /// Cluster.
    pub cluster: Option<String>,
    /// Namespace.
    pub namespace: Option<String>,
    /// Owner; empty means that none is known.
    pub owner: Option<String>,
    /// Retired ones rather than present ones.
    pub retired: bool,
    /// Uses this image.
    pub image: Option<ImageId>,
    /// Uses an image with open findings of this vulnerability.
    pub vulnerability: Option<String>,
    /// Runs on this node.
    pub node: Option<NodeId>,
}

/// Columns by which the list can be sorted.
pub const SORTS: &[SortColumn] = &[
    SortColumn::by("score", &["COALESCE(score, -1)"]),
    SortColumn::by("name", &["name"]),
    SortColumn::by("place", &["cluster", "namespace", "name"]),
    SortColumn::by("severity", &["critical", "high", "medium", "low"]),
    SortColumn::by("fixable", &["fixable"]),
    SortColumn::by("kev", &["kev"]),
    SortColumn::by("running", &["running"]),
    SortColumn::by("images", &["image_count"]),
    SortColumn::inverted(
        "reach",
        &[
            "CASE reach WHEN 'internet' THEN 0 WHEN 'unknown' THEN 1 WHEN 'restricted' THEN 2 WHEN 'internal' THEN 3 ELSE 4 END",
        ],
    ),
    SortColumn::by(
        "criticality",
        &[
            "CASE COALESCE(criticality, '') WHEN 'critical' THEN 3 WHEN 'standard' THEN 2 WHEN 'low' THEN 1 ELSE 0 END",
        ],
    ),
    SortColumn::by("owner", &["COALESCE(owner, '')"]),
    SortColumn::inverted(
        "gap",
        &[
            "CASE gap_stage WHEN 'unknown' THEN 0 WHEN 'unassessed' THEN 1 WHEN 'stale' THEN 2 WHEN 'unsanctioned' THEN 3 WHEN 'overdue' THEN 4 WHEN 'in-order' THEN 5 ELSE 6 END",
        ],
    ),
    SortColumn::by("loss", &["loss"]),
    SortColumn::by("why", &["why"]),
];

pub(crate) static COLUMNS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "id, cluster, namespace, kind, name, provider, account_id, region, owner, criticality, reach, \
     running, image_count, critical, high, medium, low, unknown, fixable, kev, loss, score, gap_stage, why, \
     first_seen_at, (SELECT MAX(s.last_complete_at) FROM {SHOWN_BY} WHERE o.object = workloads.id AND NOT o.suspect) \
     AS shown_at, last_seen_at, retired_at"
    )
});

impl Filter {
    fn clauses(&self, viewer: &Viewer) -> Clauses {
        let mut clauses = Clauses::of(viewer);
        clauses.and(if self.retired { "retired_at IS NOT NULL" } else { "retired_at IS NULL" }, []);
        if let Some(text) = self.text.as_deref().filter(|text| !text.is_empty()) {
            let columns = ["name", "namespace", "cluster", "COALESCE(owner, '')", "kind"];
            let mut clause = columns.map(|column| format!("LOWER({column}) LIKE ? ESCAPE '!'")).join(" OR ");
            clause.push_str(
                " OR id IN (SELECT workload_id FROM containers WHERE LOWER(image) LIKE ? ESCAPE '!')",
            );
            clauses.and(&clause, vec![list::containing(text); columns.len() + 1]);
        }
        if let Some(severity) = self.severity {
            clauses.and(&format!("{} > 0", severity.as_str()), []);
        }
        clauses.when(self.kev, "kev > 0");
        clauses.when(self.fixable, "fixable > 0");
        clauses.when(self.running == Some(true), "running > 0");
        clauses.when(self.running == Some(false), "running = 0");
        clauses.equals("reach", self.reach.map(Reach::as_str));
        self.gap_clause(&mut clauses);
        self.drift_clause(&mut clauses);
        clauses.equals("COALESCE(criticality, '')", self.criticality.as_deref());
        clauses.equals("provider", self.cloud.as_deref());
        clauses.equals("account_id", self.account.as_deref());
        clauses.equals("cluster", self.cluster.as_deref());
        clauses.equals("namespace", self.namespace.as_deref());
        clauses.equals("COALESCE(owner, '')", self.owner.as_deref());
        self.key_clauses(&mut clauses);
        clauses
    }

    fn gap_clause(&self, clauses: &mut Clauses) {
        let at = |stage: &str| {
            format!("id IN (SELECT workload_id FROM containers WHERE gap_stage {stage} AND running > 0)")
        };
        match self.gap_stage.as_deref() {
            None => {}
            Some("any") => clauses.and(&at("<> 'in-order'"), []),
            Some(stage) => clauses.and(&at("= ?"), [stage.into()]),
        }
    }

    fn drift_clause(&self, clauses: &mut Clauses) {
        let differing = "id IN (SELECT workload_id FROM containers WHERE drift <> ''";
        match self.drift.as_deref() {
            None => {}
            Some("any") => clauses.and(&format!("{differing})"), []),
            Some(how) => clauses.and(&format!("{differing} AND drift = ?)"), [how.into()]),
        }
    }

    /// What is looked up by key in other tables.
    fn key_clauses(&self, clauses: &mut Clauses) {
        if let Some(image) = self.image {
            clauses.and("id IN (SELECT workload_id FROM containers WHERE image_id = ?)", [bulk::id(image)]);
        }
        if let Some(vulnerability) = &self.vulnerability {
            clauses.and(
                "id IN (SELECT c.workload_id FROM containers c WHERE c.image_id IN \
                 (SELECT image_id FROM findings WHERE vulnerability_id = ? AND closed_at IS NULL))",
                [vulnerability.as_str().into()],
            );
        }
        if let Some(node) = self.node {
            clauses.and("id IN (SELECT workload_id FROM workload_nodes WHERE node_id = ?)", [bulk::id(node)]);
        }
    }
}

/// A page of the workloads that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    store: &Store,
    viewer: &Viewer,
    filter: &Filter,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<WorkloadRow>, Error> {
    let listing = Listing {
        columns: &COLUMNS,
        from: "workloads",
        clauses: filter.clauses(viewer),
        sorts: SORTS,
        key: "id",
        locate: "id = ?",
        anchor: list::by_id,
        read,
        key_of: |row: &WorkloadRow| row.id.as_bytes().to_vec(),
    };
    listing.page(store, sort, page).await
}

/// The values that the filters of the list offer.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// Clusters.
    pub clusters: Vec<Facet>,
    /// Namespaces.
    pub namespaces: Vec<Facet>,
    /// Owners; an empty value stands for none.
    pub owners: Vec<Facet>,
}

/// The values that the filters of the list offer, in one query.
///
/// # Errors
/// When the database does not answer.
pub async fn facets(store: &Store, viewer: &Viewer) -> Result<Facets, Error> {
    let mut clauses = Clauses::of(viewer);
    clauses.and("retired_at IS NULL", []);
    let columns = ["cluster", "namespace", "owner"];
    let [clusters, namespaces, owners] = list::facets(store, "workloads", &clauses, columns).await?;
    Ok(Facets { clusters, namespaces, owners })
}

pub(crate) fn read(row: &Row) -> Result<WorkloadRow, Error> {
    Ok(WorkloadRow {
        id: row.id("id")?,
        cluster: row.text("cluster")?,
        namespace: row.text("namespace")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        provider: row.text("provider")?,
        account: row.text("account_id")?,
        region: row.optional_text("region")?,
        owner: row.optional_text("owner")?.filter(|owner| !owner.is_empty()),
        criticality: row.optional_text("criticality")?,
        reach: Reach::from_word(&row.text("reach")?),
        running: row.count("running")?,
        image_count: row.count("image_count")?,
        severities: severities(row)?,
        fixable: row.count("fixable")?,
        kev: row.count("kev")?,
        loss: row.real("loss")?,
        score: row.optional_real("score")?,
        gap_stage: row.text("gap_stage")?,
        why: row.text("why")?,
        first_seen_at: row.time("first_seen_at")?,
        last_seen_at: row.time("last_seen_at")?.max(row.optional_time("shown_at")?.unwrap_or_default()),
        retired_at: row.optional_time("retired_at")?,
    })
}
