//! The list of vulnerabilities, out of their summary rows: what is exploited first. Refuses those that no
//! image has, unless they are asked for.

use actix_web::{HttpResponse, web};
use askama::Template;
use reports::Cell;
use store::vulnerabilities::{self, Filter, Presence, VulnerabilityRow};

use crate::error::Error;
use crate::filters::{self, percentage};
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::pages::images::count;
use crate::pages::listing::{
    SEVERITIES, Selects, choice, id_of, number, open, pager, severity_of, text, text_of, total, worst,
};
use crate::query::{ListQuery, ListSpec, Pager, encoded};
use crate::render;

/// What the list knows.
pub(crate) static SPEC: ListSpec = ListSpec {
    path: "/vulnerabilities",
    noun: ("vulnerability", "vulnerabilities"),
    text_hint: "CVE, alias or title",
    columns: &[
        text("id", "Vulnerability", ""),
        worst("severity", "Severity", "The worst stated of it"),
        worst("threat", "Threat", "Known exploited first, then by EPSS"),
        number("epss", "EPSS", "Probability of exploitation seen somewhere within 30 days"),
        number("cvss", "CVSS", "Base score"),
        number("images", "Images", "Images with it"),
        number("workloads", "Workloads", "Workloads that use such an image"),
        number("running", "Running", "Running containers of such images"),
        number("fixable", "Fixable", "Open findings with a fix, of all open ones"),
        worst("published", "Published", ""),
    ],
    default_sort: "threat",
    filters: &[
        choice("severity", "Severity", SEVERITIES),
        choice("kev", "Exploited", &[("yes", "Known exploited"), ("ransomware", "Used by ransomware")]),
        choice("epss", "EPSS", &[("10", "10 % or more"), ("1", "1 % or more"), ("0.1", "0.1 % or more")]),
        choice("fixable", "Fix", &[("yes", "With a fix"), ("no", "Without a fix")]),
        choice(
            "found",
            "Found",
            &[
                ("running", "In running containers"),
                ("gone", "No longer anywhere"),
                ("any", "Anywhere or nowhere"),
            ],
        ),
        open("image", "Image"),
    ],
};

/// The filter that an address asks for.
pub(crate) fn filter_of(list: &ListQuery) -> Result<Filter, Error> {
    Ok(Filter {
        text: text_of(list),
        severity: severity_of(list),
        kev: list.filter("kev").is_some(),
        ransomware: list.filter("kev") == Some("ransomware"),
        fixable: list.filter("fixable").map(|word| word == "yes"),
        epss_from: list
            .filter("epss")
            .and_then(|percent| percent.parse().ok())
            .map(|percent: f64| percent / 100.0),
        presence: match list.filter("found") {
            Some("running") => Presence::Running,
            Some("gone") => Presence::Gone,
            Some("any") => Presence::Any,
            _ => Presence::Found,
        },
        image: id_of(list, "image")?,
    })
}

#[derive(Template)]
#[template(path = "vulnerabilities/list.html")]
struct List {
    frame: Frame,
    list: ListQuery,
    selects: Selects,
    pager: Pager,
    rows: Vec<Line>,
    total: String,
}

/// One vulnerability of the list, ready to show.
pub(crate) struct Line {
    pub(crate) row: VulnerabilityRow,
    pub(crate) href: String,
}

impl Line {
    pub(crate) fn of(row: VulnerabilityRow) -> Self {
        Self { href: format!("/vulnerabilities/{}", encoded(&row.id)), row }
    }

    /// EPSS as a share.
    pub(crate) fn epss(&self) -> Option<String> {
        self.row.epss.map(percentage)
    }

    /// CVSS with one digit.
    pub(crate) fn cvss(&self) -> Option<String> {
        self.row.cvss_base.map(|base| format!("{base:.1}"))
    }
}

/// The page.
pub(crate) async fn list(frame: Frame, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let found = asked.page(&list, &filter_of(&list)?, vulnerabilities::list).await?;
    render::page(&List {
        frame: frame.at(Section::Vulnerabilities),
        selects: Selects::none(),
        pager: pager(&list, &found),
        total: total(&list, &found),
        rows: found.rows.into_iter().map(Line::of).collect(),
        list,
    })
}

/// The same rows as a file.
pub(crate) async fn export(extension: web::Path<String>, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let filter = filter_of(&list)?;
    asked.file(("vulnerabilities", &extension), (COLUMNS, cells), &list, filter, vulnerabilities::list).await
}

const COLUMNS: &[&str] = &[
    "id",
    "title",
    "severity",
    "cvss",
    "epss",
    "epss_percentile",
    "exploited_since",
    "exploited_due",
    "ransomware",
    "findings",
    "images",
    "workloads",
    "running",
    "fixable",
    "published_at",
    "first_seen_at",
    "epss_source",
    "exploit_source",
    "exploit_seen_at",
];

fn cells(row: &VulnerabilityRow) -> Vec<Cell> {
    let time = |at: Option<chrono::DateTime<chrono::Utc>>| Cell::from(at.map(|at| at.to_rfc3339()));
    let mut cells: Vec<Cell> = vec![
        row.id.as_str().into(),
        row.title.clone().into(),
        row.severity.as_str().into(),
        row.cvss_base.into(),
        row.epss.into(),
        row.epss_percentile.into(),
        time(row.kev_added_at),
        time(row.kev_due_at),
        row.kev_ransomware.map(|used| if used { "yes" } else { "no" }).into(),
    ];
    cells.extend(
        [row.finding_count, row.image_count, row.workload_count, row.running, row.fixable].map(count),
    );
    cells.extend([row.published_at, Some(row.first_seen_at)].map(time));
    cells.extend([row.epss_source.clone(), row.exploit_source.clone()].map(Cell::from));
    cells.push(time(row.exploit_seen_at));
    cells
}
