//! Every address of the product, one line a page, and the order of what wraps them.
//! Refuses logic: a handler lives beside its page.

use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, ServiceConfig, get, post};
use tracing_actix_web::TracingLogger;

use crate::{api, assets, csrf, error, health, pages, security, theme};

/// All routes in one scope. The last `wrap` is the outermost: a request id first, then compression,
/// measurement and headers, so that even an error page is traced, packed, counted and guarded.
pub(crate) fn all() -> impl HttpServiceFactory {
    web::scope("")
        .app_data(error::path_config())
        .app_data(error::query_config())
        .app_data(error::form_config())
        .app_data(error::json_config())
        .configure(pages)
        .configure(plumbing)
        .configure(api::configure)
        .default_service(web::to(error::nowhere))
        .wrap(from_fn(csrf::guard))
        .wrap(from_fn(error::present))
        .wrap(from_fn(security::guard))
        .wrap(from_fn(health::measure))
        .wrap(from_fn(security::head_as_get))
        .wrap(Compress::default())
        .wrap(TracingLogger::default())
}

/// Documents: uploads, what became of them, and what their columns mean.
fn documents(cfg: &mut ServiceConfig) {
    cfg.route("/documents", get().to(pages::documents::list));
    cfg.route("/documents", post().to(pages::documents::upload));
    cfg.route("/documents.{extension}", get().to(pages::documents::export));
    cfg.route("/documents/{id}", get().to(pages::documents::show));
    cfg.route("/documents/{id}/raw", get().to(pages::documents::bytes));
    cfg.route("/documents/{id}/replay", post().to(pages::documents::replay));
    cfg.route("/documents/{id}/image", post().to(pages::documents::name_image));
    cfg.route("/documents/{id}/mapping", get().to(pages::documents::mapping::show));
    cfg.route("/documents/{id}/mapping", post().to(pages::documents::mapping::tell));
    cfg.route("/documents/{id}/mapping/remove", post().to(pages::documents::mapping::take_back));
    cfg.route("/documents/{id}/mapping/forget", post().to(pages::documents::mapping::forget));
}

/// Pages for people.
fn pages(cfg: &mut ServiceConfig) {
    cfg.route("/", get().to(pages::overview::show));
    cfg.route("/accounts", get().to(pages::clouds::accounts));
    cfg.route("/accounts.{extension}", get().to(pages::clouds::export_accounts));
    cfg.route("/clouds", get().to(pages::clouds::show));
    cfg.route("/clouds.{extension}", get().to(pages::clouds::export));
    cfg.route("/clusters", get().to(pages::clusters::list));
    cfg.route("/clusters.{extension}", get().to(pages::clusters::export));
    cfg.route("/clusters/{id}", get().to(pages::clusters::show));
    documents(cfg);
    cfg.route("/images", get().to(pages::images::list));
    cfg.route("/images.{extension}", get().to(pages::images::export));
    cfg.route("/images/{key}", get().to(pages::images::show));
    cfg.route("/images/{key}/{part}.{extension}", get().to(pages::images::export_part));
    cfg.route("/repositories", get().to(pages::clouds::repositories));
    cfg.route("/repositories.{extension}", get().to(pages::clouds::export_repositories));
    cfg.route("/repositories/{id}", get().to(pages::clouds::repository));
    cfg.route("/workloads", get().to(pages::workloads::list));
    cfg.route("/workloads.{extension}", get().to(pages::workloads::export));
    cfg.route("/workloads/{id}", get().to(pages::workloads::show));
    cfg.route("/workloads/{id}/findings.{extension}", get().to(pages::workloads::export_findings));
    cfg.route("/vulnerabilities", get().to(pages::vulnerabilities::list));
    cfg.route("/vulnerabilities.{extension}", get().to(pages::vulnerabilities::export));
    cfg.route("/vulnerabilities/{id}", get().to(pages::vulnerabilities::show));
    cfg.route("/runtime", get().to(pages::runtime::list));
    cfg.route("/runtime.{extension}", get().to(pages::runtime::export));
    cfg.route("/runtime/nodes", get().to(pages::runtime::nodes));
    cfg.route("/runtime/nodes.{extension}", get().to(pages::runtime::export_nodes));
    cfg.route("/runtime/{id}", get().to(pages::runtime::show));
    cfg.route("/runtime/{id}/decision", post().to(pages::runtime::decide));
    cfg.route("/sources", get().to(pages::sources::list));
    cfg.route("/sources.{extension}", get().to(pages::sources::export));
    cfg.route("/add-source", get().to(pages::sources::choose));
    cfg.route("/add-source/{kind}", get().to(pages::sources::add));
    cfg.route("/add-source/{kind}", post().to(pages::sources::create));
    cfg.route("/sources/{name}", get().to(pages::sources::show));
    cfg.route("/sources/{name}/scopes.{extension}", get().to(pages::sources::export_scopes));
    cfg.route("/sources/{name}/edit", get().to(pages::sources::edit));
    cfg.route("/sources/{name}/edit", post().to(pages::sources::change));
    cfg.route("/sources/{name}/remove", get().to(pages::sources::confirm_removal));
    cfg.route("/sources/{name}/remove", post().to(pages::sources::remove));
    cfg.route("/sources/{name}/enabled", post().to(pages::sources::set_enabled));
    cfg.route("/sources/{name}/token", post().to(pages::sources::set_token));
    cfg.route("/sources/{name}/runs", post().to(pages::sources::request));
    cfg.route("/sources/{name}/runs/{id}", get().to(pages::sources::run));
    cfg.route("/sources/{name}/runs/{id}/cancel", post().to(pages::sources::cancel));
    cfg.route("/sources/{name}/runs/{id}/events", get().to(pages::sources::events));
    cfg.route("/sources/{name}/runs/{id}/scopes.{extension}", get().to(pages::sources::export_run_scopes));
    cfg.route("/search", get().to(pages::search::show));
    cfg.route("/help/score", get().to(pages::help::score));
    cfg.route("/help/sources/{kind}", get().to(pages::help::source));
    cfg.route("/display", post().to(theme::choose));
}

/// What machines ask.
fn plumbing(cfg: &mut ServiceConfig) {
    cfg.route("/healthz", get().to(health::alive));
    cfg.route("/readyz", get().to(health::ready));
    cfg.route("/metrics", get().to(health::metrics));
    cfg.route("/favicon.ico", get().to(assets::favicon));
    cfg.route("/static/{fingerprint}/{path:.*}", get().to(assets::serve));
}
