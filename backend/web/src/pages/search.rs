//! The search field of the top bar: what a text finds among images, workloads and vulnerabilities, side by
//! side. A text that means one thing leads straight to it. Refuses to rank across kinds.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use store::search::Found;

use crate::charts::Sliver;
use crate::error::Error;
use crate::frame::Frame;
use crate::query::{encoded, href};
use crate::viewer::CurrentViewer;
use crate::{State, filters, render};

/// Rows shown of each kind.
const SHORT: u32 = 8;

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
    groups: Vec<Group>,
}

/// What was found of one kind.
struct Group {
    title: &'static str,
    nouns: (&'static str, &'static str),
    all: String,
    total: u64,
    hits: Vec<Hit>,
}

struct Hit {
    name: String,
    detail: String,
    href: String,
    exploited: bool,
    sliver: Option<Sliver>,
}

/// The page at `/search`.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    search: web::Query<Search>,
) -> Result<HttpResponse, Error> {
    let text = search.q.trim().to_owned();
    if text.is_empty() {
        return Ok(render::see_other("/"));
    }
    let found = store::search::search(&state.store, &viewer, &text, SHORT).await?;
    let groups = groups(&text, found);
    if let Some(only) = only_hit(&groups) {
        return Ok(render::see_other(only));
    }
    render::page(&Page { frame: Frame { search: text.clone(), ..frame }, text, groups })
}

/// The address of the single hit, if there is just one.
fn only_hit(groups: &[Group]) -> Option<&str> {
    let total: u64 = groups.iter().map(|group| group.total).sum();
    groups.iter().flat_map(|group| &group.hits).next().filter(|_| total == 1).map(|hit| hit.href.as_str())
}

fn groups(text: &str, found: Found) -> Vec<Group> {
    let components = found.components.len() as u64;
    let mut groups = vec![
        Group {
            title: "Workloads",
            nouns: ("workload", "workloads"),
            all: href("/workloads", &[("q", text)]),
            total: found.workload_total,
            hits: found.workloads.into_iter().map(workload).collect(),
        },
        Group {
            title: "Images",
            nouns: ("image", "images"),
            all: href("/images", &[("q", text)]),
            total: found.image_total,
            hits: found.images.into_iter().map(image).collect(),
        },
        Group {
            title: "Vulnerabilities",
            nouns: ("vulnerability", "vulnerabilities"),
            all: href("/vulnerabilities", &[("q", text)]),
            total: found.vulnerability_total,
            hits: found.vulnerabilities.into_iter().map(vulnerability).collect(),
        },
        Group {
            title: "Components",
            nouns: ("component", "components"),
            all: String::new(),
            total: components,
            hits: found.components.into_iter().map(component).collect(),
        },
    ];
    groups.retain(|group| group.total > 0);
    groups
}

fn workload(row: store::workloads::WorkloadRow) -> Hit {
    Hit {
        detail: format!("{} · {}", row.namespace, row.cluster).trim_end_matches(" · ").to_owned(),
        href: format!("/workloads/{}", row.id),
        exploited: row.kev > 0,
        sliver: Some(Sliver::new(row.score, 100)),
        name: row.name,
    }
}

fn image(row: store::images::ImageRow) -> Hit {
    Hit {
        detail: row.digest.chars().take(19).collect(),
        href: format!("/images/{}", row.id),
        exploited: row.kev > 0,
        sliver: Some(Sliver::new(row.score, 100)),
        name: row.name,
    }
}

fn vulnerability(row: store::vulnerabilities::VulnerabilityRow) -> Hit {
    Hit {
        detail: row.title.unwrap_or_default(),
        href: format!("/vulnerabilities/{}", encoded(&row.id)),
        exploited: row.kev_added_at.is_some(),
        sliver: None,
        name: row.id,
    }
}

fn component(row: store::search::FoundComponent) -> Hit {
    let noun = if row.images == 1 { "image" } else { "images" };
    Hit {
        detail: format!("{} · in {} {noun}", row.kind, row.images),
        href: href("/images", &[("q", &row.name)]),
        exploited: false,
        sliver: None,
        name: format!("{} {}", row.name, row.version).trim_end().to_owned(),
    }
}
