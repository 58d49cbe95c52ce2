//! Which nodes a sensor watches, those first that nobody does. Refuses to count a sensor that fell silent as one that
//! watches.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::TimeDelta;
use reports::Cell;
use store::detections::{self, Coverage, CoverageFilter, CoverageRow, Watch};

use crate::error::Error;
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::pages::images::count;
use crate::pages::listing::{Selects, choice, number, open, pager, stated, text, text_of, total, worst};
use crate::query::{ListQuery, ListSpec, Pager};
use crate::{State, filters, render};

/// What the list knows.
pub(crate) static SPEC: ListSpec = ListSpec {
    path: "/runtime/nodes",
    noun: ("node", "nodes"),
    text_hint: "node or cluster",
    columns: &[
        text("name", "Node", ""),
        text("cluster", "Cluster", ""),
        worst("watch", "Watched", "Whether a sensor was heard from it or runs on it"),
        worst("heard", "Last heard", "The last event of a sensor on it"),
        number("workloads", "Workloads", "Seen on it"),
        number("open", "Open", "Open detections on it"),
    ],
    default_sort: "watch",
    filters: &[
        choice(
            "watch",
            "Watched",
            &[
                ("nobody", "By nobody"),
                ("silent", "By a sensor that fell silent"),
                ("present", "A sensor runs on it"),
                ("heard", "A sensor was heard"),
            ],
        ),
        open("cluster", "Cluster"),
    ],
};

/// What an address asks for, and what counts as watching.
pub(crate) fn asked_of(list: &ListQuery, state: &State) -> (Coverage, CoverageFilter) {
    let filter = CoverageFilter {
        text: text_of(list),
        watch: list.filter("watch").and_then(Watch::from_word),
        cluster: stated(list, "cluster"),
    };
    let coverage = Coverage {
        since: state.now() - TimeDelta::hours(i64::from(state.settings.silent_after_hours)),
        sensors: state.settings.sensors.clone(),
    };
    (coverage, filter)
}

#[derive(Template)]
#[template(path = "runtime/nodes.html")]
struct List {
    frame: Frame,
    list: ListQuery,
    selects: Selects,
    pager: Pager,
    rows: Vec<Node>,
    total: String,
    watched: Vec<(&'static str, String, u64)>,
    silent_after_hours: u32,
}

/// A node, ready to show.
struct Node {
    row: CoverageRow,
}

impl Node {
    fn watch(&self) -> (&'static str, &'static str, &'static str) {
        words(self.row.watch)
    }
}

/// Whether a node is watched: words, tone and meaning.
fn words(watch: Watch) -> (&'static str, &'static str, &'static str) {
    match watch {
        Watch::Heard => ("heard", "good", "A sensor on it sent an event of late"),
        Watch::Present => {
            ("runs a sensor", "info", "Containers of a sensor run on it; no event of it came of late")
        }
        Watch::Silent => {
            ("silent", "warn", "A sensor was heard from it, but not of late, and none is seen running")
        }
        Watch::Nobody => ("nobody", "unknown", "No sensor was heard from it, and none is seen running"),
    }
}

/// The page.
pub(crate) async fn list(frame: Frame, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let wanted = asked_of(&list, &asked.state);
    let found = asked.page(&list, &wanted, detections::coverage).await?;
    let counts = detections::watched(&asked.state.store, &asked.viewer, &wanted.0).await?;
    let link = |(watch, count): (&Watch, u64)| {
        (words(*watch).0, format!("/runtime/nodes?watch={}", watch.as_str()), count)
    };
    render::page(&List {
        frame: frame.at(Section::Runtime),
        selects: Selects::none(),
        pager: pager(&list, &found),
        total: total(&list, &found),
        rows: found.rows.into_iter().map(|row| Node { row }).collect(),
        watched: Watch::ALL.iter().zip(counts).map(link).collect(),
        silent_after_hours: asked.state.settings.silent_after_hours,
        list,
    })
}

/// The same rows as a file.
pub(crate) async fn export(extension: web::Path<String>, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let wanted = asked_of(&list, &asked.state);
    asked.file(("nodes", &extension), (COLUMNS, cells), &list, wanted, detections::coverage).await
}

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "cluster",
    "watch",
    "sensors",
    "sensor_runs",
    "last_heard_at",
    "workloads",
    "open_detections",
];

fn cells(row: &CoverageRow) -> Vec<Cell> {
    vec![
        row.id.to_string().into(),
        row.name.as_str().into(),
        row.cluster.as_str().into(),
        row.watch.as_str().into(),
        row.tools.as_str().into(),
        if row.present { "yes" } else { "no" }.into(),
        row.last_heard_at.map(|at| at.to_rfc3339()).into(),
        count(row.workloads),
        count(row.open),
    ]
}
