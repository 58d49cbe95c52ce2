//! The search of the top bar: straight to what a text names exactly, otherwise the best matches of every
//! kind side by side. Refuses to rank an image against a vulnerability.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::scope::Viewer;
use domain::vulnerability::VulnerabilityId;
use serde::Deserialize;
use store::images::{self, Resolved};
use store::search::{Found, FoundComponent, FoundSource, search};
use store::vulnerabilities;

use super::{
    clusters as cluster_pages, images as image_pages, vulnerabilities as vulnerability_pages,
    workloads as workload_pages,
};
use crate::State;
use crate::error::Error;
use crate::filters;
use crate::frame::Frame;
use crate::query::{encoded, href};
use crate::render;
use crate::viewer::CurrentViewer;

/// Matches of each kind shown.
const SHOWN: u32 = 8;
/// Letters of a text that are looked for.
const LONGEST: usize = 200;

/// The form of the search field.
#[derive(Debug, Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "search/show.html")]
struct Page {
    frame: Frame,
    text: String,
    images: Vec<image_pages::Line>,
    workloads: Vec<workload_pages::Line>,
    vulnerabilities: Vec<vulnerability_pages::Line>,
    components: Vec<FoundComponent>,
    clusters: Vec<cluster_pages::Line>,
    sources: Vec<FoundSource>,
}

impl Page {
    fn is_empty(&self) -> bool {
        self.images.is_empty()
            && self.workloads.is_empty()
            && self.vulnerabilities.is_empty()
            && self.components.is_empty()
            && self.clusters.is_empty()
            && self.sources.is_empty()
    }

    fn list(&self, path: &str) -> String {
        href(path, &[("q", &self.text)])
    }

    fn all_vulnerabilities(&self) -> String {
        href("/vulnerabilities", &[("q", &self.text), ("found", "any")])
    }
}

/// The page, or the way to what the text names.
pub(crate) async fn show(
    mut frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    asked: web::Query<Search>,
) -> Result<HttpResponse, Error> {
    let text: String = asked.q.trim().chars().take(LONGEST).collect();
    if text.is_empty() {
        return Ok(render::see_other("/"));
    }
    if let Some(there) = named(&state, &viewer, &text).await? {
        return Ok(render::see_other(&there));
    }
    let found = search(&state.store, &viewer, &text, SHOWN).await?;
    if let Some(there) = only(&found, &text) {
        return Ok(render::see_other(&there));
    }
    let stale_before = state.stale_before();
    frame.search.clone_from(&text);
    render::page(&Page {
        frame,
        text,
        images: found.images.into_iter().map(|row| image_pages::Line::of(row, stale_before)).collect(),
        workloads: found.workloads.into_iter().map(workload_pages::Line::of).collect(),
        vulnerabilities: found.vulnerabilities.into_iter().map(vulnerability_pages::Line::of).collect(),
        components: found.components,
        clusters: found.clusters.into_iter().map(cluster_pages::Line::of).collect(),
        sources: found.sources,
    })
}

/// The page of a vulnerability id or alias, or of a digest.
async fn named(state: &State, viewer: &Viewer, text: &str) -> Result<Option<String>, Error> {
    if let Ok(id) = text.parse::<VulnerabilityId>()
        && let Some(found) = vulnerabilities::resolve(&state.store, viewer, id.as_str()).await?
    {
        return Ok(Some(format!("/vulnerabilities/{}", encoded(&found))));
    }
    Ok(match images::resolve(&state.store, viewer, text).await? {
        Resolved::One(image) => Some(format!("/images/{}", image.id)),
        Resolved::Several(_) => Some(format!("/images/{}", encoded(text))),
        Resolved::Nothing => None,
    })
}

/// The page of the one image, workload or source of exactly this name.
fn only(found: &Found, text: &str) -> Option<String> {
    let images: Vec<_> = found.images.iter().filter(|row| row.name == text).collect();
    let workloads: Vec<_> = found.workloads.iter().filter(|row| row.name == text).collect();
    let source = found.sources.iter().find(|source| source.name == text);
    match (images.as_slice(), workloads.as_slice(), source) {
        ([image], [], None) => Some(format!("/images/{}", image.id)),
        ([], [workload], None) => Some(format!("/workloads/{}", workload.id)),
        ([], [], Some(source)) => Some(format!("/sources/{}", encoded(&source.name))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use store::seed;
    use store::test_support::on_each_database;

    use crate::test_app::TestApp;

    #[actix_web::test]
    async fn what_is_named_exactly_is_opened() {
        on_each_database(async |store| {
            seed::estate(&store).await.unwrap();
            let app = TestApp::new(store);
            let api = format!("/images/{}", seed::image(seed::API));
            let workload = format!("/workloads/{}", seed::workload("batch"));
            for (text, expected) in [
                ("cve-2021-44228", "/vulnerabilities/CVE-2021-44228"),
                ("GHSA-jfh8-c2jp-5v3q", "/vulnerabilities/CVE-2021-44228"),
                (seed::API_CONFIG, api.as_str()),
                ("aaaaaaaaaaaa", api.as_str()),
                ("shop/api:1.9", api.as_str()),
                ("batch", workload.as_str()),
                ("", "/"),
            ] {
                let answer = app.get(&crate::query::href("/search", &[("q", text)])).await;
                assert_eq!((answer.status.as_u16(), answer.header("location")), (303, expected), "{text}");
            }
        })
        .await;
    }

    #[actix_web::test]
    async fn the_rest_is_shown_side_by_side() {
        on_each_database(async |store| {
            seed::estate(&store).await.unwrap();
            let app = TestApp::new(store);
            let before = app.state.store.queries();
            let answer = app.get("/search?q=log4j").await;
            assert!(app.state.store.queries() - before <= 12);
            assert_eq!(answer.texts("tbody th a").len(), 2, "{}", answer.text());
            assert_eq!(answer.attribute("#search", "value"), "log4j");
            let nothing = app.get("/search?q=%3Cb%3Enothing").await;
            assert_eq!(nothing.texts(".empty .lead"), ["Nothing matches"]);
        })
        .await;
    }
    #[actix_web::test]
    async fn clusters_and_sources_are_found_by_name() {
        on_each_database(async |store| {
            seed::estate(&store).await.unwrap();
            seed::source(&store, "prod-aws", "fake", 1).await.unwrap();
            let app = TestApp::new(store);
            let found = app.get("/search?q=PROD").await;
            assert!(found.texts("tbody th a").ends_with(&["prod".to_owned(), "prod-aws".to_owned()]));
            let answer = app.get("/search?q=prod-aws").await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/sources/prod-aws"));
        })
        .await;
    }
}
