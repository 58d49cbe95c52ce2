//! The list of detections, open ones first asked for. Refuses to hide those whose workload is not known.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use reports::Cell;
use store::detections::{self, DetectionRow, Filter, Shown, Summary};

use super::Line;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::pages::images::{count, counted};
use crate::pages::listing::{
    SEVERITIES, Select, Selects, choice, id_of, number, open, pager, severity_of, stated, text, text_of,
    worst,
};
use crate::query::{ListQuery, ListSpec, Pager};
use crate::render;

/// What the list knows.
pub(crate) static SPEC: ListSpec = ListSpec {
    path: "/runtime",
    noun: ("detection", "detections"),
    text_hint: "rule, workload, image, node or evidence",
    columns: &[
        worst("severity", "Severity", "The worst of its events, as the sensor rates them"),
        text("rule", "Detection", "The sensor's rule"),
        text("workload", "Workload", "Where it happened"),
        text("tool", "Sensor", ""),
        number("count", "Events", "How often it was seen"),
        worst("first", "First", "First event"),
        worst("last", "Last", "Last event"),
        text("disposition", "State", "What became of it"),
    ],
    default_sort: "severity",
    filters: &[
        choice("severity", "Severity", SEVERITIES),
        choice("class", "Class", &[("threat", "Threat"), ("drift", "Drift")]),
        choice(
            "state",
            "State",
            &[
                ("put-away", "Put away"),
                ("true", "True, handled"),
                ("benign", "Benign"),
                ("duplicate", "Duplicate"),
                ("archived", "Archived by its sensor"),
                ("any", "Open or not"),
            ],
        ),
        choice("seen", "Seen", &[("1", "In the last day"), ("7", "In 7 days"), ("30", "In 30 days")]),
        choice("attached", "Workload", &[("yes", "Known"), ("no", "Not known")]),
        open("tool", "Sensor"),
        open("rule", "Rule"),
        open("cluster", "Cluster"),
        open("workload", "Workload"),
        open("image", "Image"),
        open("node", "Node"),
    ],
};

/// The filter that an address asks for.
pub(crate) fn filter_of(list: &ListQuery, now: DateTime<Utc>) -> Result<Filter, Error> {
    let days = list.filter("seen").and_then(|days| days.parse().ok());
    Ok(Filter {
        text: text_of(list),
        severity: severity_of(list),
        class: list.filter("class").map(str::to_owned),
        shown: match list.filter("state") {
            None => Shown::Open,
            Some("any") => Shown::Any,
            Some("put-away") => Shown::PutAway,
            Some(word) => Shown::With(word.to_owned()),
        },
        attached: list.filter("attached").map(|word| word == "yes"),
        since: days.map(|days: i64| now - TimeDelta::days(days)),
        tool: list.filter("tool").map(str::to_owned),
        rule: list.filter("rule").map(str::to_owned),
        cluster: stated(list, "cluster"),
        workload: id_of(list, "workload")?,
        image: id_of(list, "image")?,
        node: id_of(list, "node")?,
    })
}

#[derive(Template)]
#[template(path = "runtime/list.html")]
struct List {
    frame: Frame,
    list: ListQuery,
    selects: Selects,
    pager: Pager,
    rows: Vec<Line>,
    summary: Summary,
}

impl List {
    /// Detections in numbers.
    fn sentence(&self) -> String {
        let open: u64 = self.summary.open.iter().sum();
        if open == 0 {
            return "No detection is open".to_owned();
        }
        let mut parts = vec![format!("{} open", counted(open, "detection", "detections"))];
        for (number, words) in
            [(self.summary.drift, "drift"), (self.summary.unattached, "on no known workload")]
        {
            if number > 0 {
                parts.push(format!("{} {words}", filters::grouped(&number.to_string())));
            }
        }
        parts.join(", ")
    }

    /// Whether nothing was ever detected.
    fn is_new(&self) -> bool {
        let summary = &self.summary;
        summary.open.iter().sum::<u64>() + summary.put_away + summary.archived == 0
    }
}

/// The page.
pub(crate) async fn list(frame: Frame, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let filter = filter_of(&list, asked.state.now())?;
    let found = asked.page(&list, &filter, detections::list).await?;
    let facets = detections::facets(&asked.state.store, &asked.viewer).await?;
    let selects = vec![
        Select::of(&list, "tool", "", facets.tools),
        Select::of(&list, "rule", "", facets.rules),
        Select::of(&list, "cluster", "none named", facets.clusters),
    ];
    render::page(&List {
        frame: frame.at(Section::Runtime),
        summary: detections::summary(&asked.state.store, &asked.viewer).await?,
        selects: Selects { selects, first: 4 },
        pager: pager(&list, &found),
        rows: found.rows.into_iter().map(Line::of).collect(),
        list,
    })
}

/// The same rows as a file.
pub(crate) async fn export(extension: web::Path<String>, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let filter = filter_of(&list, asked.state.now())?;
    asked.file(("detections", &extension), (COLUMNS, cells), &list, filter, detections::list).await
}

const COLUMNS: &[&str] = &[
    "id",
    "severity",
    "severity_word",
    "class",
    "tool",
    "rule",
    "title",
    "state",
    "reason",
    "decided_by",
    "decided_at",
    "events",
    "first_seen_at",
    "last_seen_at",
    "workload_id",
    "workload",
    "account",
    "region",
    "cluster",
    "namespace",
    "kind",
    "name",
    "node",
    "container",
    "container_id",
    "image",
    "digest",
    "techniques",
    "evidence",
];

fn cells(row: &DetectionRow) -> Vec<Cell> {
    let place = &row.place;
    let mut cells: Vec<Cell> = vec![
        row.id.to_string().into(),
        row.severity.as_str().into(),
        row.severity_word.as_str().into(),
        row.class.as_str().into(),
        row.tool.as_str().into(),
        row.rule.as_str().into(),
        row.title.clone().into(),
        row.disposition.as_str().into(),
        row.reason.as_str().into(),
        row.disposed_by.as_str().into(),
        row.disposed_at.map(|at| at.to_rfc3339()).into(),
        count(row.count),
        row.first_seen_at.to_rfc3339().into(),
        row.last_seen_at.to_rfc3339().into(),
        row.workload.map(|id| id.to_string()).into(),
        row.workload_name.clone().into(),
    ];
    let said = [
        &place.account,
        &place.region,
        &place.cluster,
        &place.namespace,
        &place.kind,
        &place.name,
        &place.node,
        &place.container,
        &place.container_id,
        &place.image,
        &place.digest,
    ];
    cells.extend(said.map(|text| Cell::from(text.clone())));
    cells.push(row.techniques.join(" ").into());
    cells.push(row.evidence.clone().into());
    cells
}
