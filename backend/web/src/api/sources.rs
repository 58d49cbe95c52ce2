//! Sources over the API: which there are and how they are, one with what it is told, and its scopes. Refuses
//! to give out a secret: which are stored is all that is told of them.

use std::collections::BTreeMap;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::Serialize;
use store::sources::{ScopeRow, Summary};
use utoipa::ToSchema;

use super::list::{Asked, Page, answer};
use super::runs::Run;
use crate::State;
use crate::error::Error;
use crate::pages::sources::{SPEC, filter_of, find, shown_values};
use crate::viewer::CurrentViewer;

/// A source, and what is known of its runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceSummary {
    /// Its id.
    #[schema(example = "0193590e5a7c7d1ab0c1d2e3f4a5b6c7", pattern = "^[0-9a-f]{32}$")]
    id: String,
    /// This source in the API.
    #[schema(example = "/api/v1/sources/prod-aws")]
    href: String,
    /// The page about it.
    #[schema(example = "/sources/prod-aws")]
    page: String,
    /// The name that its owner chose.
    #[schema(example = "prod-aws")]
    name: String,
    /// The connector's kind.
    #[schema(example = "aws")]
    kind: String,
    /// Where it was written down: on a `page` or in the settings `file`.
    #[schema(example = "page")]
    origin: &'static str,
    /// Whether it is asked at all.
    enabled: bool,
    /// `every 6h` or a cron expression in UTC; empty when it is asked on request alone.
    #[schema(example = "every 6h")]
    schedule: String,
    /// When the schedule asks it next.
    next_run_at: Option<DateTime<Utc>>,
    /// How it is: `off`, `never` (no run is over), `complete` (every scope was seen whole), `partial`, or
    /// `failed`.
    #[schema(example = "partial")]
    health: &'static str,
    /// Scopes that it shows.
    scopes: u64,
    /// Of these, how many were last seen whole.
    complete: u64,
    /// Scopes on record that it does not show any more.
    unlisted: u64,
    /// Objects on record.
    objects: u64,
    /// When the scope that was longest not seen whole was; null when one never was.
    oldest_complete_at: Option<DateTime<Utc>>,
    /// The last run that is over, checks and dry runs apart.
    last_run: Option<Run>,
    /// The run that waits or is under way.
    current_run: Option<Run>,
}

impl From<Summary> for SourceSummary {
    fn from(summary: Summary) -> Self {
        let health = summary.health().as_str();
        let Summary { source, last_run, current_run, scopes, complete, unlisted, objects, .. } = summary;
        let run = |run: store::sources::Run| Run::of(&source.name, run);
        Self {
            last_run: last_run.map(run),
            current_run: current_run.map(run),
            id: source.id.to_string(),
            href: format!("{}/sources/{}", super::BASE, source.name),
            page: format!("/sources/{}", source.name),
            kind: source.kind,
            origin: source.origin.as_str(),
            enabled: source.enabled,
            schedule: source.schedule,
            next_run_at: source.next_run_at,
            health,
            scopes,
            complete,
            unlisted,
            objects,
            oldest_complete_at: summary.oldest_complete_at,
            name: source.name,
        }
    }
}

/// A source with what it is told and its last runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceDetail {
    #[serde(flatten)]
    source: SourceSummary,
    /// What it is told, by field, secrets apart.
    #[schema(example = json!({ "regions": ["eu-central-1"] }))]
    settings: BTreeMap<String, Vec<String>>,
    /// Names of the secrets that are stored.
    secrets: Vec<String>,
    /// Whether a collector elsewhere may push to it.
    takes_pushes: bool,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
    /// Its last runs, newest first.
    runs: Vec<Run>,
}

/// A scope of a source over all its runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceScope {
    /// Account, subscription or project; empty where there is none.
    #[schema(example = "111122223333")]
    account: String,
    /// Region; empty where the service has none.
    #[schema(example = "eu-central-1")]
    region: String,
    /// Service, in the connector's word.
    #[schema(example = "ecr")]
    service: String,
    /// What its last run came to: `waiting` (none yet), `complete`, `partial`, `failed`, `cancelled`.
    #[schema(example = "complete")]
    state: &'static str,
    /// Why it is not complete, or what was held back.
    reason: String,
    /// When it was last asked.
    last_run_at: Option<DateTime<Utc>>,
    /// When it was last seen whole.
    last_complete_at: Option<DateTime<Utc>>,
    /// Objects on record.
    objects: u64,
    /// Whether the source still shows it.
    listed: bool,
    /// Objects that the last complete run missed and that wait for a second one to be believed gone.
    suspect_missing: u64,
}

impl From<ScopeRow> for SourceScope {
    fn from(row: ScopeRow) -> Self {
        Self {
            account: row.scope.account,
            region: row.scope.region,
            service: row.scope.service,
            state: row.last_state.as_str(),
            reason: row.last_reason,
            last_run_at: row.last_run_at,
            last_complete_at: row.last_complete_at,
            objects: row.objects,
            listed: row.listed,
            suspect_missing: row.suspect_missing,
        }
    }
}

/// List sources
///
/// All of them by name, on one page.
#[utoipa::path(tag = "sources", responses((status = 200, body = Page<SourceSummary>, description = "Every source.")))]
#[get("/sources")]
pub(crate) async fn list_sources(viewer: CurrentViewer, state: Data<State>) -> Result<HttpResponse, Error> {
    let found = store::sources::list(&state.store, &viewer).await?;
    Ok(answer(&Page { items: found.into_iter().map(SourceSummary::from).collect(), next: None }))
}

/// Show a source
#[utoipa::path(
    tag = "sources",
    params(("name" = String, Path, description = "The source's name.", example = "prod-aws")),
    responses((status = 200, body = SourceDetail, description = "The source with its settings and last runs."))
)]
#[get("/sources/{name}")]
pub(crate) async fn get_source(
    name: Path<String>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let detail = find(&state, &viewer, &name).await?;
    let source = &detail.summary.source;
    let told = shown_values(source, state.sources.kind(&source.kind));
    Ok(answer(&SourceDetail {
        settings: told.map(|(field, values)| (field.clone(), values.clone())).collect(),
        secrets: source.secret_fields.clone(),
        takes_pushes: source.takes_pushes,
        created_at: source.created_at,
        updated_at: source.updated_at,
        runs: detail.runs.into_iter().map(|run| Run::of(&source.name, run)).collect(),
        source: SourceSummary::from(detail.summary),
    }))
}

/// List the scopes of a source
///
/// What was not seen whole comes first unless sorted otherwise.
#[utoipa::path(
    tag = "sources",
    params(("name" = String, Path, description = "The source's name.", example = "prod-aws")),
    responses((status = 200, body = Page<SourceScope>, description = "One page."))
)]
#[get("/sources/{name}/scopes")]
pub(crate) async fn list_source_scopes(
    request: HttpRequest,
    name: Path<String>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&request, &SPEC)?;
    let id = find(&state, &viewer, &name).await?.summary.source.id;
    let filter = filter_of(&asked.query, id);
    let found = store::sources::scopes(&state.store, &viewer, &filter, &asked.sort(), &asked.start).await?;
    Ok(answer(&asked.page(found, SourceScope::from)))
}
