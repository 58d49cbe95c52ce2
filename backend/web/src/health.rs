//! What a load balancer and a metrics collector ask. Refuses detail: an outsider learns yes or no.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::State;

/// The process answers.
pub(crate) async fn alive() -> HttpResponse {
    text("ok\n")
}

/// The process can do its work: the database answers.
pub(crate) async fn ready(state: web::Data<State>) -> HttpResponse {
    match state.store.ping().await {
        Ok(()) => text("ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            HttpResponse::ServiceUnavailable()
                .content_type("text/plain; charset=utf-8")
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .body("the database does not answer\n")
        }
    }
}

/// Metrics in the text format of Prometheus.
pub(crate) async fn metrics(state: web::Data<State>) -> HttpResponse {
    match &state.metrics {
        Some(handle) => HttpResponse::Ok()
            .content_type("text/plain; version=0.0.4; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(handle.render()),
        None => text("# metrics are not recorded by this process\n"),
    }
}

fn text(body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}
