//! Runtime events taken in over the API, as sensors send them: durable before the answer, read soon after. Refuses to look
//! into them, and to take more than can be read.

use actix_web::web::{Bytes, Data, Payload, Query};
use actix_web::{HttpRequest, HttpResponse, post};
use futures_util::StreamExt;
use serde::Deserialize;
use store::save::inbox::Incoming;
use utoipa::IntoParams;

use super::upload::{Body, body_of};
use crate::State;
use crate::error::Error;
use crate::filters;
use crate::inbox::Refusal;
use crate::pages::documents::intake;

/// What accompanies events.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// Who sends them, for people.
    #[serde(default)]
    #[param(example = "falco in prod-eu")]
    name: String,
    /// The cluster they happened in, if they name none.
    #[serde(default)]
    #[param(example = "prod-eu")]
    cluster: String,
}

/// Send runtime events
///
/// The body is what a sensor's webhook sends, or several of them one a line, plain or packed with gzip or zstd. An event
/// that was sent before is not counted again. Many events in one request cost little more than one.
#[utoipa::path(
    tag = "runtime",
    params(EventsQuery),
    request_body(content((Vec<u8> = "application/json"))),
    responses(
        (status = 202, description = "They are kept, and read soon after."),
        (status = 429, description = "Too much waits: nothing was taken. Send it again after `Retry-After` seconds.",
            headers(("retry-after" = u64, description = "Seconds.")))
    )
)]
#[post("/events")]
pub(crate) async fn send_events(
    request: HttpRequest,
    query: Query<EventsQuery>,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    if matches!(body_of(&request)?, Body::Multipart) {
        return Err(Error::Unsupported("Events are sent as the body itself, not as a form.".to_owned()));
    }
    let EventsQuery { name, cluster } = query.into_inner();
    let mut said = intake::Accompanying::default();
    said.read("cluster", &cluster, state.now())?;
    let body = body(payload, state.settings.inbox.body).await?;
    if body.trim_ascii().is_empty() {
        return Err(Error::Invalid("The body is empty; send what the sensor sends.".to_owned()));
    }
    let name = if name.trim().is_empty() { "events" } else { name.as_str() };
    let incoming = Incoming {
        name: intake::file_name(name),
        cluster: said.cluster,
        received_at: state.now().timestamp_millis(),
        body,
    };
    let taken = state.inbox.take(&state.store, &state.settings.inbox, incoming).await;
    taken.map_err(|refusal| match refusal {
        Refusal::Busy(seconds) => Error::Busy(seconds),
        Refusal::Store(error) => Error::Store(error),
        Refusal::NotTaken => Error::Refused(actix_web::http::StatusCode::SERVICE_UNAVAILABLE),
    })?;
    (state.wake)();
    Ok(HttpResponse::Accepted().finish())
}

/// The whole body, up to a number of bytes.
async fn body(mut payload: Payload, most: usize) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(part) = payload.next().await {
        let part: Bytes = part.map_err(|_| Error::Unreadable("The body".to_owned()))?;
        if body.len() + part.len() > most {
            return Err(Error::TooLarge(format!("{} a body of events", filters::size(most as f64))));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}
