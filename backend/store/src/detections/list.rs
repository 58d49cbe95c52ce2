//! The list of detections. Refuses their events, which the page of each has.

use chrono::{DateTime, Utc};
use domain::id::{DetectionId, ImageId, NodeId, WorkloadId};
use domain::scope::Viewer;
use domain::severity::Severity;

use crate::bulk;
use crate::connection::Conn;
use crate::list::{self, Clauses, Facet, Listed, Listing, Page, Sort, SortColumn, Sql};
use crate::row::Row;
use crate::save::detections::{ARCHIVED, OPEN, SaidPlace, read_place};
use crate::{Error, Store};

/// A detection as the list shows it.
#[derive(Clone, Debug)]
pub struct DetectionRow {
    /// Its id.
    pub id: DetectionId,
    /// The sensor.
    pub tool: String,
    /// The sensor's rule.
    pub rule: String,
    /// `threat` or `drift`.
    pub class: String,
    /// The worst severity of its events.
    pub severity: Severity,
    /// The sensor's word for that.
    pub severity_word: String,
    /// One line for people.
    pub title: Option<String>,
    /// What proves the latest event.
    pub evidence: Option<String>,
    /// Techniques of MITRE ATT&CK.
    pub techniques: Vec<String>,
    /// The workload, once it is known.
    pub workload: Option<WorkloadId>,
    /// Its name, as the inventory has it.
    pub workload_name: Option<String>,
    /// Its cluster and namespace, as the inventory has them.
    pub workload_place: Option<(String, String)>,
    /// The image, once it is known.
    pub image_id: Option<ImageId>,
    /// Its name.
    pub image_name: Option<String>,
    /// The node of the latest event, where it is known.
    pub node_id: Option<NodeId>,
    /// The place of the latest event, as its sensor names it.
    pub place: SaidPlace,
    /// First event.
    pub first_seen_at: DateTime<Utc>,
    /// Last event.
    pub last_seen_at: DateTime<Utc>,
    /// Events.
    pub count: u64,
    /// `open`, `archived`, `true`, `benign`, `duplicate`.
    pub disposition: String,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub disposed_by: String,
    /// When.
    pub disposed_at: Option<DateTime<Utc>>,
}

/// Which detections by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Open.
    #[default]
    Open,
    /// Put away, by whomever.
    PutAway,
    /// With this disposition.
    With(String),
    /// All.
    Any,
}

/// What narrows the list. The default lets every open one through.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Text in rule, title, evidence, workload or place.
    pub text: Option<String>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// `threat` or `drift`.
    pub class: Option<String>,
    /// What became of them.
    pub shown: Shown,
    /// Whether the workload is known.
    pub attached: Option<bool>,
    /// With an event since then.
    pub since: Option<DateTime<Utc>>,
    /// Of this sensor.
    pub tool: Option<String>,
    /// Of this rule.
    pub rule: Option<String>,
    /// In this cluster; empty means that none is named.
    pub cluster: Option<String>,
    /// On this workload.
    pub workload: Option<WorkloadId>,
    /// On this image.
    pub image: Option<ImageId>,
    /// On this node.
    pub node: Option<NodeId>,
}

/// Columns by which the list can be sorted.
pub const SORTS: &[SortColumn] = &[
    SortColumn::by("severity", &["(4 - d.severity)", "d.last_seen_at"]),
    SortColumn::by("rule", &["d.rule", "d.tool"]),
    SortColumn::by("workload", &["COALESCE(w.name, d.name, d.container, '')"]),
    SortColumn::by("tool", &["d.tool", "d.rule"]),
    SortColumn::by("count", &["d.count"]),
    SortColumn::by("first", &["d.first_seen_at"]),
    SortColumn::by("last", &["d.last_seen_at"]),
    SortColumn::by("disposition", &["d.disposition", "d.last_seen_at"]),
];

pub(super) const COLUMNS: &str = "d.*, w.name AS workload_name, w.cluster AS workload_cluster, \
     w.namespace AS workload_namespace, i.name AS image_name";

pub(super) const FROM: &str =
    "detections d LEFT JOIN workloads w ON w.id = d.workload_id LEFT JOIN images i ON i.id = d.image_id";

impl Filter {
    fn clauses(&self, viewer: &Viewer) -> Clauses {
        let mut clauses = Clauses::of(viewer);
        match &self.shown {
            Shown::Open => clauses.and("d.disposition = ?", [OPEN.into()]),
            Shown::PutAway => clauses.and("d.disposition <> ?", [OPEN.into()]),
            Shown::With(word) => clauses.and("d.disposition = ?", [word.as_str().into()]),
            Shown::Any => {}
        }
        if let Some(severity) = self.severity {
            clauses.and("d.severity = ?", [severity.rank().into()]);
        }
        clauses.equals("d.class", self.class.as_deref());
        clauses.when(self.attached == Some(true), "d.workload_id IS NOT NULL");
        clauses.when(self.attached == Some(false), "d.workload_id IS NULL");
        if let Some(since) = self.since {
            clauses.and("d.last_seen_at >= ?", [bulk::time(since)]);
        }
        clauses.equals("d.tool", self.tool.as_deref());
        clauses.equals("d.rule", self.rule.as_deref());
        clauses.equals("COALESCE(w.cluster, d.cluster, '')", self.cluster.as_deref());
        if let Some(workload) = self.workload {
            clauses.and("d.workload_id = ?", [bulk::id(workload)]);
        }
        if let Some(image) = self.image {
            clauses.and("d.image_id = ?", [bulk::id(image)]);
        }
        if let Some(node) = self.node {
            clauses.and("d.node_id = ?", [bulk::id(node)]);
        }
        self.text_clause(&mut clauses);
        clauses
    }

    fn text_clause(&self, clauses: &mut Clauses) {
        let Some(text) = self.text.as_deref().filter(|text| !text.is_empty()) else { return };
        let columns = [
            "d.rule",
            "d.title",
            "d.evidence",
            "d.name",
            "d.namespace",
            "d.container",
            "d.container_id",
            "d.image",
            "d.node",
            "w.name",
        ];
        let clause =
            columns.map(|column| format!("LOWER(COALESCE({column}, '')) LIKE ? ESCAPE '!'")).join(" OR ");
        clauses.and(&clause, vec![list::containing(text); columns.len()]);
    }
}

/// A page of the detections that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    store: &Store,
    viewer: &Viewer,
    filter: &Filter,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<DetectionRow>, Error> {
    let listing = Listing {
        columns: COLUMNS,
        from: FROM,
        clauses: filter.clauses(viewer),
        sorts: SORTS,
        key: "d.id",
        locate: "d.id = ?",
        anchor: list::by_id,
        read,
        key_of: |row: &DetectionRow| row.id.as_bytes().to_vec(),
    };
    listing.page(store, sort, page).await
}

/// The values that the filters of the list offer.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// Sensors.
    pub tools: Vec<Facet>,
    /// Rules.
    pub rules: Vec<Facet>,
    /// Clusters; an empty value stands for none.
    pub clusters: Vec<Facet>,
}

/// The values that the filters of the list offer, in one query.
///
/// # Errors
/// When the database does not answer.
pub async fn facets(store: &Store, viewer: &Viewer) -> Result<Facets, Error> {
    let columns = ["d.tool", "d.rule", "COALESCE(w.cluster, d.cluster)"];
    let [tools, rules, clusters] = list::facets(store, FROM, &Clauses::of(viewer), columns).await?;
    Ok(Facets { tools, rules, clusters })
}

/// Detections in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Open ones by severity: critical, high, medium, low, unknown.
    pub open: [u64; 5],
    /// Open ones that are drift.
    pub drift: u64,
    /// Open ones whose workload is not known.
    pub unattached: u64,
    /// Those that somebody put away.
    pub put_away: u64,
    /// Those that their sensor put away.
    pub archived: u64,
}

/// All detections in numbers, in one query.
///
/// # Errors
/// When the database does not answer.
pub async fn summary(store: &Store, viewer: &Viewer) -> Result<Summary, Error> {
    let mut sql = Sql::new(
        "SELECT d.severity, d.disposition, COUNT(*) AS count, \
         SUM(CASE WHEN d.class = 'drift' THEN 1 ELSE 0 END) AS drift, \
         SUM(CASE WHEN d.workload_id IS NULL THEN 1 ELSE 0 END) AS unattached FROM detections d",
    );
    sql.clauses(&Clauses::of(viewer)).push(" GROUP BY d.severity, d.disposition", []);
    let mut summary = Summary::default();
    for row in sql.query(store).await? {
        let count = row.count("count")?;
        match row.text("disposition")?.as_str() {
            OPEN => {
                let rank = usize::try_from(row.small("severity")?).unwrap_or(4);
                if let Some(open) = summary.open.get_mut(rank) {
                    *open += count;
                }
                summary.drift += row.count("drift")?;
                summary.unattached += row.count("unattached")?;
            }
            ARCHIVED => summary.archived += count,
            _ => summary.put_away += count,
        }
    }
    Ok(summary)
}

pub(super) fn read(row: &Row) -> Result<DetectionRow, Error> {
    let place = (row.optional_text("workload_cluster")?, row.optional_text("workload_namespace")?);
    Ok(DetectionRow {
        id: row.id("id")?,
        tool: row.text("tool")?,
        rule: row.text("rule")?,
        class: row.text("class")?,
        severity: Severity::from_rank(row.small("severity")?),
        severity_word: row.text("severity_word")?,
        title: row.optional_text("title")?,
        evidence: row.optional_text("evidence")?,
        techniques: row.json("techniques")?,
        workload: row.optional_id("workload_id")?,
        workload_name: row.optional_text("workload_name")?,
        workload_place: place.0.zip(place.1),
        image_id: row.optional_id("image_id")?,
        image_name: row.optional_text("image_name")?,
        node_id: row.optional_id("node_id")?,
        place: read_place(row)?,
        first_seen_at: row.time("first_seen_at")?,
        last_seen_at: row.time("last_seen_at")?,
        count: row.count("count")?,
        disposition: row.text("disposition")?,
        reason: row.text("reason")?,
        disposed_by: row.text("disposed_by")?,
        disposed_at: row.optional_time("disposed_at")?,
    })
}

/// One detection.
pub(super) async fn one(store: &Store, id: DetectionId) -> Result<Option<DetectionRow>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE d.id = $1");
    store.query_one(&sql, vec![bulk::id(id)]).await?.as_ref().map(read).transpose()
}
