//! One workload: how it is reached and isolated, its containers with their images, its nodes, and who
//! shares them. Refuses to interpret isolation: the page puts it into words.

use std::collections::BTreeMap;

use domain::exposure::Reach;
use domain::id::{ImageId, NodeId, WorkloadId};
use domain::image::Config;
use domain::scope::Viewer;
use domain::workload::{ContainerSecurity, Isolation};

use super::WorkloadRow;
use super::list::{COLUMNS, read};
use crate::bulk;
use crate::connection::Conn;
use crate::images::severities;
use crate::list::{Clauses, Sql};
use crate::row::Row;
use crate::{Error, Store};

/// The most neighbours shown; the list of a node's workloads has the rest.
const NEIGHBOURS: u32 = 25;

/// A workload with what its page leads with.
#[derive(Clone, Debug)]
pub struct WorkloadDetail {
    /// What the list shows.
    pub workload: WorkloadRow,
    /// Replicas wanted.
    pub replicas: Option<u64>,
    /// Environment it belongs to, as its labels or tags write it.
    pub environment: Option<String>,
    /// Labels of its pods.
    pub labels: BTreeMap<String, String>,
    /// Isolation of the pod.
    pub isolation: Isolation,
    /// Why this reach; may be empty.
    pub reach_evidence: String,
    /// How easily a container is left for the node, 0 to 1.
    pub escape_ease: f64,
    /// Why, one phrase a reason.
    pub escape_evidence: Vec<String>,
    /// What the sandbox lets through of the kernel's weakness, 0 to 1.
    pub sandbox: f64,
    /// Where the hazard comes from.
    pub hazards: Hazards,
    /// How the score came about, as the scorer wrote it (JSON); `{}` until scored.
    pub explanation: String,
}

/// The hazard of a workload by part, in nano-units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hazards {
    /// Known vulnerabilities.
    pub known: u64,
    /// Configuration and secrets.
    pub config: u64,
    /// Runtime alerts.
    pub runtime: u64,
    /// What nobody has looked at.
    pub gap: u64,
    /// The neighbours on its nodes.
    pub kernel: u64,
    /// All of it.
    pub total: u64,
}

/// One workload.
///
/// # Errors
/// When the database does not answer.
pub async fn detail(store: &Store, viewer: &Viewer, id: WorkloadId) -> Result<Option<WorkloadDetail>, Error> {
    let mut clauses = Clauses::of(viewer);
    clauses.and("id = ?", [bulk::id(id)]);
    let mut sql = Sql::new(format!(
        "SELECT {}, replicas, environment, labels, isolation, reach_evidence, escape_ease, escape_evidence, sandbox, \
         hazard_known, hazard_config, hazard_runtime, hazard_gap, hazard_kernel, total_hazard, explanation FROM workloads",
        *COLUMNS
    ));
    sql.clauses(&clauses);
    sql.query(store).await?.first().map(read_detail).transpose()
}

fn read_detail(row: &Row) -> Result<WorkloadDetail, Error> {
    Ok(WorkloadDetail {
        workload: read(row)?,
        replicas: row.optional_integer("replicas")?.and_then(|count| u64::try_from(count).ok()),
        environment: row.optional_text("environment")?,
        labels: serde_json::from_str(&row.text("labels")?).unwrap_or_default(),
        isolation: serde_json::from_str(&row.text("isolation")?).unwrap_or_default(),
        reach_evidence: row.text("reach_evidence")?,
        escape_ease: row.real("escape_ease")?,
        escape_evidence: phrases(&row.text("escape_evidence")?),
        sandbox: row.real("sandbox")?,
        hazards: Hazards {
            known: row.count("hazard_known")?,
            config: row.count("hazard_config")?,
            runtime: row.count("hazard_runtime")?,
            gap: row.count("hazard_gap")?,
            kernel: row.count("hazard_kernel")?,
            total: row.count("total_hazard")?,
        },
        explanation: row.text("explanation")?,
    })
}

/// The texts of a JSON list, of objects by their `reason`.
fn phrases(json: &str) -> Vec<String> {
    let items: Vec<serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let phrase = |item: &serde_json::Value| {
        item.as_str().or_else(|| item.get("reason").and_then(serde_json::Value::as_str)).map(str::to_owned)
    };
    items.iter().filter_map(phrase).collect()
}

/// A container of a workload, with its image as far as it is known.
#[derive(Clone, Debug)]
pub struct ContainerRow {
    /// Its name.
    pub name: String,
    /// The image as the specification writes it.
    pub image: String,
    /// The digest that runs, if the runtime told.
    pub digest: Option<String>,
    /// The image, if it is in the inventory.
    pub image_id: Option<ImageId>,
    /// The image's name.
    pub image_name: Option<String>,
    /// Whether the image runs as root unless told otherwise, where its configuration was read.
    pub image_root: Option<bool>,
    /// The image's score.
    pub score: Option<f64>,
    /// Open findings of the image by severity; absent where no tool has looked.
    pub severities: Option<[u64; 5]>,
    /// Running instances.
    pub running: u64,
    /// Whether it runs before the others and ends.
    pub init: bool,
    /// What it may do.
    pub security: ContainerSecurity,
    /// The first stage of the gap that it fails.
    pub gap_stage: String,
    /// How it differs from what its registry holds: `mixed`, `moved`, `unlisted`; empty where it does not.
    pub drift: String,
}

/// The containers of a workload, in their order.
///
/// # Errors
/// When the database does not answer.
pub async fn containers(store: &Store, _: &Viewer, id: WorkloadId) -> Result<Vec<ContainerRow>, Error> {
    let sql = "SELECT c.name, c.image, c.digest, c.image_id, c.running, c.init, c.security, c.gap_stage, c.drift, \
         i.name AS image_name, i.score, i.critical, i.high, i.medium, i.low, i.unknown, i.last_scanned_at, \
         (SELECT m.config FROM image_metadata m WHERE m.image_id = c.image_id) AS config \
         FROM containers c LEFT JOIN images i ON i.id = c.image_id WHERE c.workload_id = $1 ORDER BY c.position LIMIT 200";
    let rows = store.query(sql, vec![bulk::id(id)]).await?;
    rows.iter()
        .map(|row| {
            let scanned = row.optional_integer("last_scanned_at")?.is_some();
            Ok(ContainerRow {
                name: row.text("name")?,
                image: row.text("image")?,
                digest: row.optional_text("digest")?,
                image_id: row.optional_id("image_id")?,
                image_name: row.optional_text("image_name")?,
                image_root: runs_as_root(row.optional_text("config")?.as_deref()),
                score: row.optional_real("score")?,
                severities: if scanned { Some(severities(row)?) } else { None },
                running: row.count("running")?,
                init: row.boolean("init")?,
                security: serde_json::from_str(&row.text("security")?).unwrap_or_default(),
                gap_stage: row.text("gap_stage")?,
                drift: row.text("drift")?,
            })
        })
        .collect()
}

/// What the configuration of an image (JSON) says of its user.
fn runs_as_root(config: Option<&str>) -> Option<bool> {
    serde_json::from_str::<Config>(config?).ok().map(|config| config.is_root())
}

/// A node that a workload runs on.
#[derive(Clone, Debug)]
pub struct NodeRow {
    /// Its id.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// Its distribution.
    pub os_image: Option<String>,
    /// Its kernel.
    pub kernel: Option<String>,
    /// Its container runtime.
    pub runtime: Option<String>,
    /// Whether it has an address on the internet.
    pub public_address: bool,
    /// Workloads on it, this one included.
    pub workloads: u64,
}

/// The nodes that a workload runs on.
///
/// # Errors
/// When the database does not answer.
pub async fn nodes(store: &Store, _: &Viewer, id: WorkloadId) -> Result<Vec<NodeRow>, Error> {
    let sql = "SELECT n.id, n.name, n.os_image, n.kernel, n.runtime, n.public_address, \
         (SELECT COUNT(*) FROM workload_nodes t WHERE t.node_id = n.id) AS workloads \
         FROM workload_nodes m JOIN nodes n ON n.id = m.node_id WHERE m.workload_id = $1 ORDER BY n.name LIMIT 100";
    let rows = store.query(sql, vec![bulk::id(id)]).await?;
    rows.iter()
        .map(|row| {
            Ok(NodeRow {
                id: row.id("id")?,
                name: row.text("name")?,
                os_image: row.optional_text("os_image")?,
                kernel: row.optional_text("kernel")?,
                runtime: row.optional_text("runtime")?,
                public_address: row.boolean("public_address")?,
                workloads: row.count("workloads")?,
            })
        })
        .collect()
}

/// A workload on the same kernel.
#[derive(Clone, Debug)]
pub struct Neighbour {
    /// Its id.
    pub id: WorkloadId,
    /// Its namespace.
    pub namespace: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// From where it can be reached.
    pub reach: Reach,
    /// How easily it is left for the node.
    pub escape_ease: f64,
    /// Its score.
    pub score: Option<f64>,
    /// Nodes shared.
    pub nodes: u64,
}

/// The workloads that share a node with this one, those that are left most easily first.
///
/// # Errors
/// When the database does not answer.
pub async fn neighbours(store: &Store, _: &Viewer, id: WorkloadId) -> Result<Vec<Neighbour>, Error> {
    let sql = format!(
        "SELECT w.id, w.namespace, w.kind, w.name, w.reach, w.escape_ease, w.score, COUNT(*) AS nodes \
         FROM workload_nodes m JOIN workload_nodes t ON t.node_id = m.node_id AND t.workload_id <> m.workload_id \
         JOIN workloads w ON w.id = t.workload_id WHERE m.workload_id = $1 AND w.retired_at IS NULL \
         GROUP BY w.id, w.namespace, w.kind, w.name, w.reach, w.escape_ease, w.score \
         ORDER BY w.escape_ease DESC, COALESCE(w.score, -1) DESC, w.id LIMIT {NEIGHBOURS}"
    );
    let rows = store.query(&sql, vec![bulk::id(id)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Neighbour {
                id: row.id("id")?,
                namespace: row.text("namespace")?,
                kind: row.text("kind")?,
                name: row.text("name")?,
                reach: Reach::from_word(&row.text("reach")?),
                escape_ease: row.real("escape_ease")?,
                score: row.optional_real("score")?,
                nodes: row.count("nodes")?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_read_as_texts_or_objects() {
        assert_eq!(
            phrases(r#"["privileged", {"reason": "host network"}, 7]"#),
            ["privileged", "host network"]
        );
        assert!(phrases("not json").is_empty());
    }

    #[test]
    fn what_no_configuration_says_is_not_known() {
        let config = |user: &str| {
            serde_json::to_string(&Config { user: user.to_owned(), ..Config::default() }).unwrap()
        };
        assert_eq!(runs_as_root(Some(&config("10001"))), Some(false));
        assert_eq!(runs_as_root(Some(&config(""))), Some(true));
        assert_eq!(runs_as_root(Some("{}")), None, "nothing was read");
        assert_eq!(runs_as_root(None), None);
    }
}
