//! Runs of sources over the API: asked for, looked at, stopped; with their journal. Refuses to ask a source
//! itself: a request is a row and a wake-up.

use actix_web::http::header;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use domain::source::RunCounts;
use serde::{Deserialize, Serialize};
use store::save::sources as rows;
use store::sources::RunScope;
use utoipa::ToSchema;

use super::list::{Asked, Page, answer};
use crate::State;
use crate::error::Error;
use crate::pages::sources::{RUN_SPEC, filter_of, find, find_run, kind_of};
use crate::viewer::CurrentViewer;

/// A run of a source.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Run {
    /// Its id.
    #[schema(example = "0193590e5a7c7d1ab0c1d2e3f4a5b6c7", pattern = "^[0-9a-f]{32}$")]
    id: String,
    /// This run in the API.
    #[schema(example = "/api/v1/sources/prod-aws/runs/0193590e5a7c7d1ab0c1d2e3f4a5b6c7")]
    href: String,
    /// The page about it.
    #[schema(example = "/sources/prod-aws/runs/0193590e5a7c7d1ab0c1d2e3f4a5b6c7")]
    page: String,
    /// What it is for: `sync`, `dry-run`, `check`, `push`, `follow`.
    #[schema(example = "sync")]
    kind: &'static str,
    /// How it stands: `waiting`, `running`, `complete`, `partial`, `failed`, `cancelled`.
    #[schema(example = "complete")]
    state: &'static str,
    /// What came of it, in one sentence; empty until then.
    message: String,
    /// When it was asked for.
    requested_at: DateTime<Utc>,
    /// When it was begun.
    started_at: Option<DateTime<Utc>>,
    /// When it was over.
    ended_at: Option<DateTime<Utc>>,
    /// Whether somebody asked to stop it.
    cancel_requested: bool,
    /// How often a worker began it.
    attempts: u64,
    /// Scopes to ask; 0 until they are known.
    scopes_total: u64,
    /// Scopes that are over.
    scopes_done: u64,
    /// What it counted so far.
    counts: RunTotals,
}

/// What a run counted.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct RunTotals {
    /// Distinct objects seen.
    seen: u64,
    /// Not known before.
    added: u64,
    /// Known, and described differently.
    changed: u64,
    /// Believed gone.
    retired: u64,
    /// Calls sent, repeated ones included.
    calls: u64,
    /// Calls that repeated an earlier one.
    retries: u64,
    /// Answers that asked for fewer calls.
    throttled: u64,
    /// Milliseconds spent waiting for leave to go on.
    waited_milliseconds: u64,
}

impl From<RunCounts> for RunTotals {
    fn from(counts: RunCounts) -> Self {
        let RunCounts { seen, added, changed, retired, calls, retries, throttled, waited_milliseconds } =
            counts;
        Self { seen, added, changed, retired, calls, retries, throttled, waited_milliseconds }
    }
}

impl Run {
    pub(super) fn of(source: &str, run: store::sources::Run) -> Self {
        let page = format!("/sources/{source}/runs/{}", run.id);
        Self {
            id: run.id.to_string(),
            href: format!("{}{page}", super::BASE),
            page,
            kind: run.kind.as_str(),
            state: run.state.as_str(),
            message: run.message,
            requested_at: run.requested_at,
            started_at: run.started_at,
            ended_at: run.ended_at,
            cancel_requested: run.cancel_requested,
            attempts: run.attempts,
            scopes_total: run.scopes_total,
            scopes_done: run.scopes_done,
            counts: run.counts.into(),
        }
    }
}

/// A run with what a check found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunDetail {
    #[serde(flatten)]
    run: Run,
    /// For a check, what became of each permission in each place.
    trials: Vec<PermissionTrial>,
}

/// What a trial of one permission came to.
#[derive(Debug, Serialize, ToSchema)]
struct PermissionTrial {
    /// The permission.
    #[schema(example = "ecr:DescribeImages")]
    action: String,
    /// Account, subscription or project; empty where there is none.
    account: String,
    /// Region; empty where the service has none.
    region: String,
    /// Service, in the connector's word.
    service: String,
    /// Null when it is granted; otherwise what was refused, where, and how to grant it.
    refusal: Option<String>,
}

impl From<domain::source::Trial> for PermissionTrial {
    fn from(trial: domain::source::Trial) -> Self {
        let domain::source::Scope { account, region, service } = trial.scope;
        Self { action: trial.action, account, region, service, refusal: trial.refusal }
    }
}

/// One scope in one run: a line of its journal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunScopeLine {
    /// Account, subscription or project; empty where there is none.
    account: String,
    /// Region; empty where the service has none.
    region: String,
    /// Service, in the connector's word.
    service: String,
    /// How it stands: `waiting`, `running`, `complete`, `partial`, `failed`, `cancelled`.
    #[schema(example = "complete")]
    state: &'static str,
    /// Why it is not complete, or what was held back.
    reason: String,
    /// What it counted; null until it is over.
    counts: Option<RunTotals>,
    /// When it was begun.
    started_at: Option<DateTime<Utc>>,
    /// When it was over.
    ended_at: Option<DateTime<Utc>>,
    /// Whether a worker went on with it after another had begun.
    resumed: bool,
}

impl From<RunScope> for RunScopeLine {
    fn from(row: RunScope) -> Self {
        Self {
            account: row.scope.account,
            region: row.scope.region,
            service: row.scope.service,
            state: row.state.as_str(),
            reason: row.reason,
            counts: row.state.is_over().then(|| row.counts.into()),
            started_at: row.started_at,
            ended_at: row.ended_at,
            resumed: row.resumed,
        }
    }
}

/// What is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunRequest {
    /// `sync` saves what the source shows, `dry-run` counts what would change, `check` tries its permissions.
    #[schema(example = "sync")]
    kind: String,
}

/// Ask a source now
///
/// One that waits already is given instead of a second one. Follow `href` until `state` is none of `waiting`
/// and `running`.
#[utoipa::path(
    tag = "sources",
    params(("name" = String, Path, description = "The source's name.", example = "prod-aws")),
    request_body = RunRequest,
    responses((status = 202, body = RunDetail, description = "The run waits for a worker."))
)]
#[post("/sources/{name}/runs")]
pub(crate) async fn request_run(
    name: Path<String>,
    asked: Json<RunRequest>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let kind = kind_of(&asked.kind)?;
    let source = find(&state, &viewer, &name).await?.summary.source;
    let tx = state.store.begin().await?;
    let run = rows::request(&tx, source.id, kind, None, state.now()).await?;
    tx.commit().await?;
    (state.wake)();
    accepted(&state, &viewer, &source.name, &run.to_string()).await
}

/// Show a run
#[utoipa::path(
    tag = "sources",
    params(
        ("name" = String, Path, description = "The source's name.", example = "prod-aws"),
        ("id" = String, Path, description = "The run's id.", example = "0193590e5a7c7d1ab0c1d2e3f4a5b6c7")
    ),
    responses((status = 200, body = RunDetail, description = "The run, as far as it is."))
)]
#[get("/sources/{name}/runs/{id}")]
pub(crate) async fn get_run(
    at: Path<(String, String)>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let (name, id) = at.into_inner();
    Ok(answer(&detail(&state, &viewer, &name, &id).await?))
}

/// Stop a run
///
/// One that waits is over at once, one that is under way soon; what it saw of whole scopes stays. Stopping one
/// that is over changes nothing.
#[utoipa::path(
    tag = "sources",
    params(
        ("name" = String, Path, description = "The source's name.", example = "prod-aws"),
        ("id" = String, Path, description = "The run's id.", example = "0193590e5a7c7d1ab0c1d2e3f4a5b6c7")
    ),
    responses((status = 202, body = RunDetail, description = "It ends soon, or has ended."))
)]
#[post("/sources/{name}/runs/{id}/cancel")]
pub(crate) async fn cancel_run(
    at: Path<(String, String)>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let (name, id) = at.into_inner();
    let run = find_run(&state, &viewer, &name, &id).await?.run;
    let tx = state.store.begin().await?;
    rows::cancel(&tx, run.id, state.now()).await?;
    tx.commit().await?;
    accepted(&state, &viewer, &name, &id).await
}

/// List the scopes of a run
///
/// Its journal: what was not seen whole comes first unless sorted otherwise.
#[utoipa::path(
    tag = "sources",
    params(
        ("name" = String, Path, description = "The source's name.", example = "prod-aws"),
        ("id" = String, Path, description = "The run's id.", example = "0193590e5a7c7d1ab0c1d2e3f4a5b6c7")
    ),
    responses((status = 200, body = Page<RunScopeLine>, description = "One page."))
)]
#[get("/sources/{name}/runs/{id}/scopes")]
pub(crate) async fn list_run_scopes(
    request: HttpRequest,
    at: Path<(String, String)>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let (name, id) = at.into_inner();
    let asked = Asked::of(&request, &RUN_SPEC)?;
    let run = find_run(&state, &viewer, &name, &id).await?.run.id;
    let filter = filter_of(&asked.query, run);
    let found =
        store::sources::run_scopes(&state.store, &viewer, &filter, &asked.sort(), &asked.start).await?;
    Ok(answer(&asked.page(found, RunScopeLine::from)))
}

async fn detail(state: &State, viewer: &CurrentViewer, name: &str, id: &str) -> Result<RunDetail, Error> {
    let mut run = find_run(state, viewer, name, id).await?.run;
    let trials = std::mem::take(&mut run.trials).into_iter().map(PermissionTrial::from).collect();
    Ok(RunDetail { run: Run::of(name, run), trials })
}

/// The run, to be looked at again where it is.
async fn accepted(
    state: &State,
    viewer: &CurrentViewer,
    name: &str,
    id: &str,
) -> Result<HttpResponse, Error> {
    let detail = detail(state, viewer, name, id).await?;
    Ok(HttpResponse::Accepted()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::LOCATION, detail.run.href.clone()))
        .json(&detail))
}
