//! One page, a row a cloud: what it holds, what runs there, how much of that is scanned, its part of the
//! exposure, how fresh that is. Refuses zero for a cloud that nobody asked.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::cloud::CLOUDS;
use domain::scope::Viewer;
use reports::Cell;
use store::Store;
use store::clouds::{Cloud, Freshness, clouds};
use store::list::{Listed, Page as StorePage, Sort};

use super::{title, word};
use crate::State;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::pages::images::count;
use crate::query::{ListSpec, href};
use crate::render;
use crate::viewer::CurrentViewer;

/// Clouds are few: one order, no filter.
static SPEC: ListSpec = ListSpec {
    path: "/clouds",
    noun: ("cloud", "clouds"),
    text_hint: "name",
    columns: &[],
    default_sort: "",
    filters: &[],
};

#[derive(Template)]
#[template(path = "clouds/show.html")]
struct Page {
    frame: Frame,
    rows: Vec<Line>,
}

/// One cloud, ready to show.
struct Line {
    cloud: Cloud,
    /// Its share of the exposure, in words; empty where there is no exposure at all.
    share: String,
    /// Whether anything at all is known of it.
    known: bool,
}

impl Line {
    fn title(&self) -> &str {
        title(&self.cloud.provider)
    }

    /// A list of what is counted, narrowed to this cloud.
    fn list(&self, path: &str) -> String {
        href(path, &[("cloud", word(&self.cloud.provider))])
    }

    /// The same, narrowed once more.
    fn narrowed(&self, path: &str, key: &str, value: &str) -> String {
        href(path, &[("cloud", word(&self.cloud.provider)), (key, value)])
    }

    /// The images that run in it and are at this state of scanning.
    fn scans(&self, state: &str) -> String {
        href("/images", &[("runs", word(&self.cloud.provider)), ("scan", state)])
    }

    /// The images that run in it.
    fn runs(&self) -> String {
        href("/images", &[("runs", word(&self.cloud.provider))])
    }

    /// The share of its running images that were scanned lately.
    fn covered(&self) -> String {
        filters::percentage(self.cloud.scanned as f64 / self.cloud.running_images.max(1) as f64)
    }

    fn exposure(&self) -> String {
        format!("{:.2}", self.cloud.exposure)
    }

    /// Whether every scope was seen whole, as a tone.
    fn tone(freshness: &Freshness) -> &'static str {
        match (freshness.scopes, freshness.complete) {
            (0, _) => "unknown",
            (scopes, complete) if scopes == complete => "good",
            _ => "warn",
        }
    }
}

/// Every cloud there is a word for, the known ones first, what names none last.
async fn read(
    store: &Store,
    viewer: &Viewer,
    stale_before: DateTime<Utc>,
) -> Result<Vec<Cloud>, store::Error> {
    let mut all = clouds(store, viewer, stale_before).await?;
    for known in CLOUDS {
        if !all.iter().any(|cloud| cloud.provider == known.provider) {
            all.push(Cloud { provider: known.provider.to_owned(), ..Cloud::default() });
        }
    }
    all.sort_by_key(|cloud| (cloud.provider.is_empty(), title(&cloud.provider).to_owned()));
    Ok(all)
}

/// The page.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let all = read(&state.store, &viewer, state.stale_before()).await?;
    let whole: f64 = all.iter().map(|cloud| cloud.exposure).sum();
    let line = |cloud: Cloud| {
        let nothing = Cloud { provider: cloud.provider.clone(), ..Cloud::default() };
        let share = if whole > 0.0 { filters::percentage(cloud.exposure / whole) } else { String::new() };
        Line { known: cloud != nothing, share, cloud }
    };
    render::page(&Page { frame: frame.at(Section::Exposure), rows: all.into_iter().map(line).collect() })
}

/// The same rows as a file.
pub(crate) async fn export(extension: web::Path<String>, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let stale_before = asked.state.stale_before();
    let all = async |store: &Store, viewer: &Viewer, at: &DateTime<Utc>, _: &Sort, _: &StorePage| {
        let rows = read(store, viewer, *at).await?;
        Ok(Listed { rows, position: 0, total: None, previous: None, next: None })
    };
    asked.file(("clouds", &extension), (COLUMNS, cells), &list, stale_before, all).await
}

const COLUMNS: &[&str] = &[
    "cloud",
    "accounts",
    "registries",
    "repositories",
    "images",
    "clusters",
    "workloads",
    "running",
    "internet",
    "exploited",
    "running_images",
    "scanned",
    "stale",
    "unscanned",
    "unresolved",
    "exposure",
    "last_seen_at",
    "scopes",
    "scopes_complete",
    "oldest_complete_at",
];

fn cells(cloud: &Cloud) -> Vec<Cell> {
    let mut cells: Vec<Cell> = vec![word(&cloud.provider).into()];
    cells.extend(
        [
            cloud.accounts,
            cloud.registries,
            cloud.repositories,
            cloud.images,
            cloud.clusters,
            cloud.workloads,
            cloud.running,
            cloud.internet,
            cloud.exploited,
            cloud.running_images,
            cloud.scanned,
            cloud.stale,
            cloud.unscanned,
            cloud.unresolved,
        ]
        .map(count),
    );
    let fresh = cloud.freshness.as_ref();
    cells.extend([
        cloud.exposure.into(),
        cloud.last_seen_at.map(|at| at.to_rfc3339()).into(),
        fresh.map_or(Cell::Empty, |fresh| count(fresh.scopes)),
        fresh.map_or(Cell::Empty, |fresh| count(fresh.complete)),
        fresh.and_then(|fresh| fresh.oldest_complete_at).map(|at| at.to_rfc3339()).into(),
    ]);
    cells
}
