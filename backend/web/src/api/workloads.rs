//! Workloads over the API, with their containers, nodes and why they score as they do. Refuses to score.

use std::collections::BTreeMap;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::id::WorkloadId;
use serde::Serialize;
use serde_json::Value;
use store::workloads::{self, ContainerRow, Hazards, NodeRow, WorkloadRow};
use utoipa::ToSchema;

use super::list::{Asked, Page, SeverityCounts, answer, explained};
use crate::State;
use crate::error::Error;
use crate::pages::workloads::{SPEC, filter_of};
use crate::viewer::CurrentViewer;

/// A workload.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Workload {
    /// Its id.
    #[schema(example = "fcde2b2edba56bf408601fb721fe9b5c", pattern = "^[0-9a-f]{32}$")]
    id: String,
    /// This workload in the API.
    href: String,
    /// The page about it.
    page: String,
    /// Cluster; empty if not known.
    #[schema(example = "prod-eu-1")]
    cluster: String,
    /// Namespace.
    #[schema(example = "shop")]
    namespace: String,
    /// Controller kind.
    #[schema(example = "Deployment")]
    kind: String,
    /// Name.
    #[schema(example = "api")]
    name: String,
    /// Cloud provider; empty if not known.
    #[schema(example = "aws")]
    provider: String,
    /// Account; empty if not known.
    account: String,
    /// Region.
    region: Option<String>,
    /// Owner or team.
    owner: Option<String>,
    /// `low`, `standard`, `critical`; null if not stated.
    criticality: Option<String>,
    /// From where it can be reached: `internet`, `restricted`, `internal`, `isolated`, `unknown`.
    #[schema(example = "internet")]
    reach: String,
    /// Running containers.
    running: u64,
    /// Images it uses.
    image_count: u64,
    /// Open findings by severity.
    findings: SeverityCounts,
    /// Open findings with a fix.
    fixable: u64,
    /// Vulnerabilities known to be exploited.
    kev: u64,
    /// Its part of the exposure, in critical-asset equivalents.
    loss: f64,
    /// Score, 0 to 100; null until scored.
    score: Option<f64>,
    /// The first stage of the exposure gap that one of its containers fails.
    #[schema(example = "overdue")]
    gap_stage: String,
    /// Why it scores as it does, in a few words.
    why: String,
    /// First observation.
    first_seen_at: DateTime<Utc>,
    /// Last observation.
    last_seen_at: DateTime<Utc>,
    /// When a complete look no longer found it.
    retired_at: Option<DateTime<Utc>>,
}

impl From<WorkloadRow> for Workload {
    fn from(row: WorkloadRow) -> Self {
        let id = row.id.to_string();
        Self {
            href: format!("{}/workloads/{id}", super::BASE),
            page: format!("/workloads/{id}"),
            id,
            cluster: row.cluster,
            namespace: row.namespace,
            kind: row.kind,
            name: row.name,
            provider: row.provider,
            account: row.account,
            region: row.region,
            owner: row.owner,
            criticality: row.criticality,
            reach: row.reach.as_str().to_owned(),
            running: row.running,
            image_count: row.image_count,
            findings: row.severities.into(),
            fixable: row.fixable,
            kev: row.kev,
            loss: row.loss,
            score: row.score,
            gap_stage: row.gap_stage,
            why: row.why,
            first_seen_at: row.first_seen_at,
            last_seen_at: row.last_seen_at,
            retired_at: row.retired_at,
        }
    }
}

/// A workload with its containers, its nodes and its score explained.
#[derive(Debug, Serialize, ToSchema)]
struct WorkloadWithEvidence {
    #[serde(flatten)]
    workload: Workload,
    /// Replicas wanted.
    replicas: Option<u64>,
    /// Labels of its pods.
    labels: BTreeMap<String, String>,
    /// Why this reach; may be empty.
    reach_evidence: String,
    /// How easily a container is left for the node, 0 to 1.
    escape_ease: f64,
    /// Why, one phrase a reason.
    escape_evidence: Vec<String>,
    /// Where the hazard comes from, in nano-units.
    hazards: HazardParts,
    /// How the score came about; null until scored. The reason of its factor `in_use` tells what shows the worst finding's
    /// package in use: the program that was executed or the library that was loaded, the sensor and the day, or a tool's word.
    #[schema(value_type = Option<Object>)]
    explanation: Option<Value>,
    /// Its containers, in their order.
    containers: Vec<Container>,
    /// The nodes it was seen on.
    nodes: Vec<Node>,
}

/// The hazard of a workload by part, in nano-units.
#[derive(Debug, Serialize, ToSchema)]
struct HazardParts {
    /// Known vulnerabilities.
    known: u64,
    /// Configuration and secrets.
    config: u64,
    /// Runtime alerts.
    runtime: u64,
    /// What nobody has looked at.
    gap: u64,
    /// The neighbours on its nodes.
    kernel: u64,
    /// All of it.
    total: u64,
}

/// A container of a workload.
#[derive(Debug, Serialize, ToSchema)]
struct Container {
    /// Its name.
    name: String,
    /// The image as the specification writes it.
    image: String,
    /// The digest that runs, if the runtime told.
    digest: Option<String>,
    /// The id of the image, if it is in the inventory.
    image_id: Option<String>,
    /// The image's score.
    score: Option<f64>,
    /// Open findings of the image; null where no tool has looked.
    findings: Option<SeverityCounts>,
    /// Running instances.
    running: u64,
    /// Whether it runs before the others and ends.
    init: bool,
    /// Whether it runs privileged.
    privileged: bool,
    /// The first stage of the exposure gap that it fails.
    gap_stage: String,
}

/// A node that a workload runs on.
#[derive(Debug, Serialize, ToSchema)]
struct Node {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Its distribution.
    os_image: Option<String>,
    /// Its kernel.
    kernel: Option<String>,
    /// Its container runtime.
    runtime: Option<String>,
    /// Whether it has an address on the internet.
    public_address: bool,
}

/// List workloads
#[utoipa::path(tag = "workloads", responses((status = 200, body = Page<Workload>, description = "One page.")))]
#[get("/workloads")]
pub(crate) async fn list_workloads(
    request: HttpRequest,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&request, &SPEC)?;
    let filter = filter_of(&asked.query)?;
    let found = workloads::list(&state.store, &viewer, &filter, &asked.sort(), &asked.start).await?;
    Ok(answer(&asked.page(found, Workload::from)))
}

/// Show a workload
#[utoipa::path(
    tag = "workloads",
    params(("id" = String, Path, description = "The workload's id.", example = "fcde2b2edba56bf408601fb721fe9b5c")),
    responses((status = 200, body = WorkloadWithEvidence, description = "The workload with its evidence."))
)]
#[get("/workloads/{id}")]
pub(crate) async fn get_workload(
    text: Path<String>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let unknown = || Error::NotFound(format!("workload {}", text.chars().take(64).collect::<String>()));
    let id: WorkloadId = text.parse().map_err(|_| unknown())?;
    let found = workloads::detail(&state.store, &viewer, id).await?.ok_or_else(unknown)?;
    let containers = workloads::containers(&state.store, &viewer, id).await?;
    let nodes = workloads::nodes(&state.store, &viewer, id).await?;
    Ok(answer(&WorkloadWithEvidence {
        workload: found.workload.into(),
        replicas: found.replicas,
        labels: found.labels,
        reach_evidence: found.reach_evidence,
        escape_ease: found.escape_ease,
        escape_evidence: found.escape_evidence,
        hazards: found.hazards.into(),
        explanation: explained(&found.explanation),
        containers: containers.into_iter().map(Container::from).collect(),
        nodes: nodes.into_iter().map(Node::from).collect(),
    }))
}

impl From<Hazards> for HazardParts {
    fn from(parts: Hazards) -> Self {
        let Hazards { known, config, runtime, gap, kernel, total } = parts;
        Self { known, config, runtime, gap, kernel, total }
    }
}

impl From<ContainerRow> for Container {
    fn from(row: ContainerRow) -> Self {
        Self {
            name: row.name,
            image: row.image,
            digest: row.digest,
            image_id: row.image_id.map(|id| id.to_string()),
            score: row.score,
            findings: row.severities.map(SeverityCounts::from),
            running: row.running,
            init: row.init,
            privileged: row.security.privileged,
            gap_stage: row.gap_stage,
        }
    }
}

impl From<NodeRow> for Node {
    fn from(row: NodeRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            os_image: row.os_image,
            kernel: row.kernel,
            runtime: row.runtime,
            public_address: row.public_address,
        }
    }
}
