//! The JSON API under `/api/v1`: the pages' lists and details for programs, and the upload of documents.
//! Every route is registered through the service that also describes it, so the OpenAPI document cannot
//! miss one.
//!
//! Refuses a vocabulary of its own: filters and sort columns are those of the pages, errors are those of
//! [`crate::error`].

mod detections;
mod documents;
mod events;
mod findings;
mod images;
mod list;
mod observations;
mod openapi;
mod operations;
mod overview;
mod runs;
mod sources;
mod upload;
mod vulnerabilities;
mod workloads;

use actix_web::web::{self, get};
use utoipa_actix_web::service_config::ServiceConfig;

/// Where the API begins.
const BASE: &str = "/api/v1";

/// Adds the API, its description and the page about it.
pub(crate) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/api", get().to(operations::show));
    cfg.route("/api/openapi.json", get().to(openapi::serve));
    services(&mut ServiceConfig::new(cfg));
}

/// Every operation, in the order in which they are described.
fn services(cfg: &mut ServiceConfig<'_>) {
    cfg.service(
        utoipa_actix_web::scope(BASE)
            .service(upload::upload_documents)
            .service(documents::list_documents)
            .service(documents::get_document)
            .service(documents::get_raw_document)
            .service(images::list_images)
            .service(images::get_image)
            .service(images::list_image_findings)
            .service(workloads::list_workloads)
            .service(workloads::get_workload)
            .service(vulnerabilities::list_vulnerabilities)
            .service(vulnerabilities::get_vulnerability)
            .service(findings::list_findings)
            .service(events::send_events)
            .service(detections::list_detections)
            .service(detections::get_detection)
            .service(detections::decide_detection)
            .service(detections::list_coverage)
            .service(overview::get_overview)
            .service(sources::list_sources)
            .service(sources::get_source)
            .service(sources::list_source_scopes)
            .service(runs::request_run)
            .service(runs::get_run)
            .service(runs::list_run_scopes)
            .service(runs::cancel_run)
            .service(observations::push_part)
            .service(observations::pushed_parts)
            .service(observations::end_push)
            .default_service(web::to(openapi::nowhere)),
    );
}

#[cfg(test)]
mod tests;
