//! Detections over the API: listed, shown with their latest events, decided of; and which nodes sensors watch. Refuses a
//! decision without a reason and a name.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use domain::severity::Severity;
use serde::Serialize;
use store::detections::{self, CoverageRow, DecisionRow, DetectionRow, EventRow, HourRow};
use utoipa::ToSchema;

use super::list::{Asked, Page, answer};
use crate::State;
use crate::error::Error;
use crate::pages::runtime::{COVERAGE, Decided, SPEC, asked_of, filter_of, find};
use crate::viewer::CurrentViewer;

/// One rule of a sensor on one workload.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Detection {
    /// Its id.
    id: String,
    /// This detection in the API.
    href: String,
    /// The page about it.
    page: String,
    /// The sensor.
    #[schema(example = "falco")]
    tool: String,
    /// The sensor's rule.
    #[schema(example = "Terminal shell in container")]
    rule: String,
    /// `threat`, or `drift`: something ran that the image does not hold.
    #[schema(example = "threat")]
    class: String,
    /// The worst severity of its events.
    #[schema(value_type = String, example = "high")]
    severity: Severity,
    /// The sensor's word for it.
    severity_word: String,
    /// One line for people.
    title: Option<String>,
    /// What proves the latest event.
    evidence: Option<String>,
    /// Techniques of MITRE ATT&CK.
    techniques: Vec<String>,
    /// The workload, once it is known.
    workload_id: Option<String>,
    /// Its name.
    workload: Option<String>,
    /// The image, once it is known.
    image_id: Option<String>,
    /// The digest that runs.
    digest: Option<String>,
    /// The node, once it is known.
    node_id: Option<String>,
    /// The place as the sensor names it: `account`, `region`, `cluster`, `namespace`, `kind`, `name`, `node`, `container`,
    /// `container_id`, `image`, as far as it does.
    #[schema(value_type = Object)]
    place: serde_json::Value,
    /// First event.
    first_seen_at: DateTime<Utc>,
    /// Last event.
    last_seen_at: DateTime<Utc>,
    /// Events.
    events: u64,
    /// `open`, `true`, `benign`, `duplicate`, or `archived` by its sensor.
    #[schema(example = "open")]
    state: String,
    /// Why.
    reason: String,
    /// Who said so.
    decided_by: String,
    /// When.
    decided_at: Option<DateTime<Utc>>,
}

impl From<DetectionRow> for Detection {
    fn from(row: DetectionRow) -> Self {
        let id = row.id.to_string();
        let said = row.place;
        Self {
            href: format!("{}/detections/{id}", super::BASE),
            page: format!("/runtime/{id}"),
            id,
            tool: row.tool,
            rule: row.rule,
            class: row.class,
            severity: row.severity,
            severity_word: row.severity_word,
            title: row.title,
            evidence: row.evidence,
            techniques: row.techniques,
            workload_id: row.workload.map(|id| id.to_string()),
            workload: row.workload_name,
            image_id: row.image_id.map(|id| id.to_string()),
            digest: said.digest,
            node_id: row.node_id.map(|id| id.to_string()),
            place: serde_json::json!({
                "account": said.account, "region": said.region, "cluster": said.cluster,
                "namespace": said.namespace, "kind": said.kind, "name": said.name, "node": said.node,
                "container": said.container, "container_id": said.container_id, "image": said.image,
            }),
            first_seen_at: row.first_seen_at,
            last_seen_at: row.last_seen_at,
            events: row.count,
            state: row.disposition,
            reason: row.reason,
            decided_by: row.disposed_by,
            decided_at: row.disposed_at,
        }
    }
}

/// A detection with its latest events, its hours and what was decided of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DetectionWithEvents {
    #[serde(flatten)]
    detection: Detection,
    /// The latest events, newest first.
    latest: Vec<Event>,
    /// Events an hour, newest first.
    hours: Vec<Hour>,
    /// What was decided, newest first.
    decisions: Vec<Decision>,
}

/// One event.
#[derive(Debug, Serialize, ToSchema)]
struct Event {
    /// When.
    at: DateTime<Utc>,
    /// How often its sensor counted it.
    count: u64,
    /// The sensor's word for its severity.
    severity_word: String,
    /// What proves it.
    evidence: Option<String>,
    /// Node, as its sensor names it.
    node: Option<String>,
    /// Workload or pod, as its sensor names it.
    name: Option<String>,
    /// Container.
    container: Option<String>,
    /// The runtime's id of the container.
    container_id: Option<String>,
}

/// Events of an hour.
#[derive(Debug, Serialize, ToSchema)]
struct Hour {
    /// Its beginning.
    at: DateTime<Utc>,
    /// How many.
    events: u64,
}

/// What somebody decided.
#[derive(Debug, Serialize, ToSchema)]
struct Decision {
    /// When.
    at: DateTime<Utc>,
    /// What.
    state: String,
    /// Why.
    reason: String,
    /// Who.
    by: String,
}

/// A node with who watches it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WatchedNode {
    /// Its id.
    id: String,
    /// Name.
    name: String,
    /// Cluster.
    cluster: String,
    /// `heard` of late, a sensor is `present`, `silent` for long, or `nobody` watches.
    #[schema(example = "nobody")]
    watch: String,
    /// Sensors heard from it, as one text.
    sensors: String,
    /// When one was last heard.
    last_heard_at: Option<DateTime<Utc>>,
    /// Workloads seen on it.
    workloads: u64,
    /// Open detections on it.
    open: u64,
}

/// List detections
///
/// Open ones, the worst first, unless filtered and sorted otherwise.
#[utoipa::path(tag = "runtime", responses((status = 200, body = Page<Detection>, description = "One page.")))]
#[get("/detections")]
pub(crate) async fn list_detections(
    request: HttpRequest,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&request, &SPEC)?;
    let filter = filter_of(&asked.query, state.now())?;
    let found = detections::list(&state.store, &viewer, &filter, &asked.sort(), &asked.start).await?;
    Ok(answer(&asked.page(found, Detection::from)))
}

/// Show a detection
#[utoipa::path(
    tag = "runtime",
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = DetectionWithEvents, description = "The detection with its latest events."))
)]
#[get("/detections/{id}")]
pub(crate) async fn get_detection(
    id: Path<String>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let row = find(&state, &viewer, &id).await?;
    let event = |row: EventRow| Event {
        at: row.at,
        count: row.count,
        severity_word: row.severity_word,
        evidence: row.evidence,
        node: row.node,
        name: row.name,
        container: row.container,
        container_id: row.container_id,
    };
    let decision = |row: DecisionRow| Decision {
        at: row.at,
        state: row.disposition,
        reason: row.reason,
        by: row.decided_by,
    };
    let hour = |row: HourRow| Hour { at: row.at, events: row.count };
    let latest = detections::events(&state.store, &viewer, row.id).await?;
    let hours = detections::hours(&state.store, &viewer, row.id).await?;
    let decisions = detections::decisions(&state.store, &viewer, row.id).await?;
    Ok(answer(&DetectionWithEvents {
        detection: row.into(),
        latest: latest.into_iter().map(event).collect(),
        hours: hours.into_iter().map(hour).collect(),
        decisions: decisions.into_iter().map(decision).collect(),
    }))
}

/// Decide of a detection
///
/// Says what it was, with a reason and a name, or opens it again. The score follows soon after.
#[utoipa::path(
    tag = "runtime",
    params(("id" = String, Path, description = "Its id.")),
    request_body = Decided,
    responses((status = 200, body = Detection, description = "The detection as it is now."))
)]
#[post("/detections/{id}/decisions")]
pub(crate) async fn decide_detection(
    id: Path<String>,
    decided: Json<Decided>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let row = find(&state, &viewer, &id).await?;
    decided.keep(&state, row.id).await?;
    Ok(answer(&Detection::from(find(&state, &viewer, &id).await?)))
}

/// List nodes by who watches them
///
/// Those that nobody watches first, unless filtered and sorted otherwise.
#[utoipa::path(tag = "runtime", responses((status = 200, body = Page<WatchedNode>, description = "One page.")))]
#[get("/sensor-coverage")]
pub(crate) async fn list_coverage(
    request: HttpRequest,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&request, &COVERAGE)?;
    let wanted = asked_of(&asked.query, &state);
    let found = detections::coverage(&state.store, &viewer, &wanted, &asked.sort(), &asked.start).await?;
    Ok(answer(&asked.page(found, |row: CoverageRow| WatchedNode {
        id: row.id.to_string(),
        name: row.name,
        cluster: row.cluster,
        watch: row.watch.as_str().to_owned(),
        sensors: row.tools,
        last_heard_at: row.last_heard_at,
        workloads: row.workloads,
        open: row.open,
    })))
}
