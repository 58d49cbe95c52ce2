//! The evidence about a workload, one tab at a time. Refuses to read what is not shown.

use actix_web::HttpRequest;
use store::detections::{self, Shown};
use store::findings::{Filter, FindingRow};
use store::list::{Page, Sort};
use store::workloads::{self, ContainerRow, Neighbour, NodeRow, WorkloadDetail};

use super::pods;
use crate::State;
use crate::charts::Sliver;
use crate::error::Error;
use crate::filters::percentage;
use crate::pages::listing::{Selects, page_of, pager, sort_of};
use crate::pages::posture::Posture;
use crate::pages::words;
use crate::pages::{clusters, findings, runtime};
use crate::query::{ListQuery, Pager, Place};
use crate::viewer::CurrentViewer;

/// The tabs in the order shown, by their word in the address.
const TABS: [(&str, &str); 5] = [
    ("containers", "Containers"),
    ("findings", "Findings"),
    ("detections", "Detections"),
    ("nodes", "Nodes and neighbours"),
    ("about", "About"),
];

/// Detections in the tab; their own list has all.
const DETECTIONS: u32 = 50;

/// The open tab.
pub(super) enum Tab {
    Containers { rows: Vec<Held>, pods: Vec<Posture> },
    Findings(Box<Found>),
    Detections(Vec<runtime::Line>),
    Nodes { nodes: Vec<NodeRow>, neighbours: Vec<Beside> },
    About { cluster: Option<Box<clusters::Line>> },
}

/// A container, ready to show.
pub(super) struct Held {
    pub(super) row: ContainerRow,
    pub(super) sliver: Sliver,
}

/// The findings of all its images.
pub(super) struct Found {
    pub(super) list: ListQuery,
    pub(super) selects: Selects,
    pub(super) pager: Pager,
    pub(super) rows: Vec<findings::Line>,
}

/// A neighbour, ready to show.
pub(super) struct Beside {
    pub(super) row: Neighbour,
    pub(super) sliver: Sliver,
}

/// A tab as a link: label, address, how much it holds, whether it is open.
pub(super) type Link = (&'static str, String, Option<u64>, bool);

impl Held {
    /// What it may do, and whether that weakens isolation.
    pub(super) fn privileges(&self) -> Vec<(String, bool)> {
        words::privileges(&self.row.security)
    }

    /// How it differs from what its registry holds, with tone and meaning.
    pub(super) fn drift(&self) -> Option<(&'static str, &'static str, &'static str)> {
        words::drift(&self.row.drift)
    }

    /// Its stage of the gap; one that does not run is at none.
    pub(super) fn gap(&self) -> (&'static str, &'static str, &'static str) {
        words::gap(if self.row.running > 0 { &self.row.gap_stage } else { "not_running" })
    }
}

impl Beside {
    /// How easily it is left for the node.
    pub(super) fn ease(&self) -> String {
        percentage(self.row.escape_ease)
    }

    /// Its reach in words.
    pub(super) fn reach(&self) -> &'static str {
        words::reach(self.row.reach.as_str())
    }
}

/// The tab that an address asks for; an unknown one is the first.
pub(super) fn word(request: &HttpRequest) -> &'static str {
    let asked = request.query_string().split('&').find_map(|pair| pair.strip_prefix("tab="));
    TABS.iter().find(|(known, _)| asked == Some(known)).map_or("containers", |(known, _)| known)
}

/// The tabs as links.
pub(super) fn links(detail: &WorkloadDetail, open: &str) -> Vec<Link> {
    let link = |(word, label): &(&'static str, &'static str)| {
        let count = (*word == "findings").then(|| detail.workload.severities.iter().sum());
        (*label, format!("/workloads/{}?tab={word}", detail.workload.id), count, *word == open)
    };
    TABS.iter().map(link).collect()
}

/// Reads what the open tab shows.
pub(super) async fn read(
    state: &State,
    viewer: &CurrentViewer,
    detail: &WorkloadDetail,
    word: &'static str,
    request: &HttpRequest,
) -> Result<Tab, Error> {
    let (store, id) = (&state.store, detail.workload.id);
    Ok(match word {
        "findings" => found(state, viewer, detail, request).await?,
        "detections" => {
            let filter = detections::Filter { workload: Some(id), shown: Shown::Any, ..Default::default() };
            let (sort, page) = (Sort::descending("last"), Page::first(DETECTIONS).uncounted());
            let listed = detections::list(store, viewer, &filter, &sort, &page).await?;
            Tab::Detections(listed.rows.into_iter().map(runtime::Line::of).collect())
        }
        "nodes" => {
            let beside = |row: Neighbour| Beside { sliver: Sliver::new(row.score, 100), row };
            let neighbours =
                workloads::neighbours(store, viewer, id).await?.into_iter().map(beside).collect();
            Tab::Nodes { nodes: workloads::nodes(store, viewer, id).await?, neighbours }
        }
        "about" => {
            let found = store::clusters::called(store, viewer, &detail.workload.cluster).await?;
            Tab::About { cluster: found.map(|row| Box::new(clusters::Line::of(row))) }
        }
        _ => {
            let held = |row: ContainerRow| Held { sliver: Sliver::new(row.score, 100), row };
            let rows = workloads::containers(store, viewer, id).await?;
            let pods = pods::lines(detail, &rows);
            Tab::Containers { rows: rows.into_iter().map(held).collect(), pods }
        }
    })
}

async fn found(
    state: &State,
    viewer: &CurrentViewer,
    detail: &WorkloadDetail,
    request: &HttpRequest,
) -> Result<Tab, Error> {
    let id = detail.workload.id;
    let place = Place {
        path: format!("/workloads/{id}"),
        export: format!("/workloads/{id}/findings"),
        fixed: vec![("tab", "findings")],
        size: findings::SIZE,
    };
    let list = ListQuery::parse_at(&findings::SPEC, place, request.query_string())?;
    let filter = Filter { workload: Some(id), ..findings::filter_of(&list)? };
    let listed =
        store::findings::list(&state.store, viewer, &filter, &sort_of(&list), &page_of(&list)?).await?;
    let line = |row: FindingRow| {
        let tools = findings::tools(&[], std::slice::from_ref(&row));
        findings::Line::of(row, &tools, &[])
    };
    let pager = pager(&list, &listed);
    let rows = listed.rows.into_iter().map(line).collect();
    Ok(Tab::Findings(Box::new(Found { list, selects: Selects::none(), pager, rows })))
}
