//! What a connector saw where its credentials are, pushed part by part: taken in under a token of its source,
//! kept as it is, and handed to the pipeline once the run is whole.
//!
//! Refuses to read a part, and a token in an address.

use std::collections::BTreeMap;

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, Json, Path, Payload, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use domain::document::Provenance;
use domain::id::{RunId, SourceId};
use domain::source::{OBSERVATIONS_KIND, Scope};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::save::sources as rows;
use utoipa::{IntoParams, ToSchema};

use crate::State;
use crate::error::Error;
use crate::pages::documents::intake;

/// Which part of what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PartQuery {
    /// The run's id: 32 hexadecimal digits that its sender made.
    run: String,
    /// Account of the scope.
    #[serde(default)]
    account: String,
    /// Region of the scope.
    #[serde(default)]
    region: String,
    /// Service of the scope.
    service: String,
    /// The part's number, from 1.
    part: u32,
    /// Whether it ends the scope.
    #[serde(default)]
    last: bool,
}

/// What is here of a run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Here {
    /// The scopes of which there is something.
    scopes: Vec<HereScope>,
    /// Whether the run was ended: then it takes no further part.
    ended: bool,
}

/// What is here of a scope.
#[derive(Debug, Serialize, ToSchema)]
struct HereScope {
    /// Account.
    account: String,
    /// Region.
    region: String,
    /// Service.
    service: String,
    /// Numbers of the parts that are here.
    parts: Vec<u32>,
    /// Whether its end is among them.
    ended: bool,
}

/// Push a part of what a connector saw
///
/// The body is in the form `plimsoll-observations`, plain or packed with zstd or gzip. Sending a part again
/// replaces it.
#[utoipa::path(
    tag = "observations",
    params(PartQuery),
    request_body(content((Vec<u8> = "application/octet-stream"))),
    responses((status = 204, description = "The part is kept."))
)]
#[post("/observations")]
pub(crate) async fn push_part(
    request: HttpRequest,
    query: Query<PartQuery>,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let (source, name) = bearer(&request, &state).await?;
    let PartQuery { run, account, region, service, part, last } = query.into_inner();
    let run = run_of(&run)?;
    let scope = Scope { account, region, service };
    let provenance = Provenance {
        name: format!("{name}: {scope}, part {part} of run {run}"),
        source: "push".to_owned(),
        image: None,
        cluster: None,
        as_of: state.now(),
    };
    let received = intake::take(&state, &provenance, None, payload).await?;
    let part = rows::Part { scope, part, document: received.id, last };
    let tx = state.store.begin().await?;
    rows::put_part(&tx, source, run, &part, OBSERVATIONS_KIND, state.now()).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What is here of a pushed run
///
/// A sender that was interrupted goes on with what is not here.
#[utoipa::path(tag = "observations", params(("run" = String, Path, description = "The run's id, as its collector chose it.")), responses((status = 200, body = Here, description = "The parts that are here.")))]
#[get("/observations/{run}")]
pub(crate) async fn pushed_parts(
    request: HttpRequest,
    run: Path<String>,
    state: Data<State>,
) -> Result<Json<Here>, Error> {
    let (source, _) = bearer(&request, &state).await?;
    let run = run_of(&run)?;
    let mut scopes: BTreeMap<Scope, HereScope> = BTreeMap::new();
    for part in rows::parts(&state.store, source, run).await? {
        let Scope { account, region, service } = part.scope.clone();
        let here = scopes.entry(part.scope).or_insert(HereScope {
            account,
            region,
            service,
            parts: Vec::new(),
            ended: false,
        });
        here.parts.push(part.part);
        here.ended |= part.last;
    }
    let ended = rows::push_ended(&state.store, source, run).await?;
    Ok(Json(Here { scopes: scopes.into_values().collect(), ended }))
}

/// End a pushed run
///
/// The body is what the sender planned, as JSON: `scopes`, `accounts`, `completeness`, or a `refusal` where its
/// source told no scopes. The run is then saved like one of our own.
#[utoipa::path(
    tag = "observations",
    params(("run" = String, Path, description = "The run's id, as its collector chose it.")),
    request_body(content((String = "application/json"))),
    responses(
        (status = 202, description = "The run waits to be saved."),
        (status = 409, description = "The last run pushed to the source still waits: ask again in a moment.")
    )
)]
#[post("/observations/{run}/end")]
pub(crate) async fn end_push(
    request: HttpRequest,
    run: Path<String>,
    plan: web::Json<serde_json::Value>,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let (source, _) = bearer(&request, &state).await?;
    let tx = state.store.begin().await?;
    let ended = rows::end_push(&tx, source, run_of(&run)?, &plan.to_string(), state.now()).await;
    ended.map_err(|error| match error {
        store::Error::Duplicate(_) => Error::Refused(StatusCode::CONFLICT),
        other => other.into(),
    })?;
    tx.commit().await?;
    (state.wake)();
    Ok(HttpResponse::Accepted().finish())
}

/// The source that the bearer of a token may push to.
async fn bearer(request: &HttpRequest, state: &State) -> Result<(SourceId, String), Error> {
    let stated = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = stated.and_then(|text| text.strip_prefix("Bearer ")).map(str::trim).unwrap_or_default();
    let known = match token {
        "" => None,
        token => rows::pushed_to(&state.store, Sha256::digest(token.as_bytes()).into()).await?,
    };
    known.ok_or(Error::Refused(StatusCode::UNAUTHORIZED))
}

fn run_of(text: &str) -> Result<RunId, Error> {
    text.parse().map_err(|_| Error::Invalid("A run's id has 32 hexadecimal digits.".to_owned()))
}
