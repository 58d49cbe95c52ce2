//! The list of images, out of their summary rows. Refuses to call an image clean that nobody scanned.

use actix_web::HttpResponse;
use askama::Template;
use chrono::{DateTime, Utc};
use domain::id::ComponentId;
use store::images::{self, Filter, ImageRow, Package, ScanState, Standing};

use crate::charts::Sliver;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::pages::listing::{
    CLOUDS, SEVERITIES, Select, Selects, choice, id_of, number, open, pager, severity_of, stated, text,
    text_of, total, worst,
};
use crate::query::{ListQuery, ListSpec, Pager, href};
use crate::render;

/// What the list knows.
pub(crate) static SPEC: ListSpec = ListSpec {
    path: "/images",
    noun: ("image", "images"),
    text_hint: "name, repository, tag or digest",
    columns: &[
        text("name", "Image", ""),
        worst("score", "Score", "0 to 100: how exposed its worst workload is through it"),
        worst("severity", "Findings", "Open findings: critical, high, medium, low, not stated"),
        number("kev", "Exploited", "Vulnerabilities known to be exploited"),
        number("fixable", "Fixable", "Open findings with a fix"),
        number("running", "Running", "Running containers"),
        number("workloads", "Workloads", "Workloads that use it"),
        worst("scanned", "Scanned", "When a tool last looked at it"),
        text("distribution", "Distribution", ""),
    ],
    default_sort: "score",
    filters: &[
        choice("severity", "Severity", SEVERITIES),
        choice("kev", "Exploited", &[("yes", "Known exploited")]),
        choice("running", "Running", &[("yes", "Runs"), ("no", "Does not run")]),
        choice(
            "scan",
            "Scan",
            &[("none", "Never scanned"), ("stale", "Stale scan"), ("current", "Current scan")],
        ),
        choice("fixable", "Fix", &[("yes", "With a fix")]),
        choice("support", "Support", &[("ended", "Distribution past its end of life")]),
        choice(
            "signing",
            "Signature",
            &[
                ("verified", "Verified"),
                ("unverified", "Unverified"),
                ("invalid", "Invalid"),
                ("unsigned", "Not signed"),
                ("unknown", "Nobody looked"),
            ],
        ),
        choice("secrets", "Secrets", &[("yes", "With a secret")]),
        choice("cloud", "Registry of", CLOUDS),
        choice("runs", "Runs in", CLOUDS),
        open("distribution", "Distribution"),
        open("registry", "Registry"),
        open("vulnerability", "Vulnerability"),
        open("component", "Component"),
        open("workload", "Workload"),
        open("package", "Package"),
    ],
};

/// The filter that an address asks for; what was scanned before `stale_before` is stale.
pub(crate) fn filter_of(list: &ListQuery, stale_before: DateTime<Utc>) -> Result<Filter, Error> {
    let component: Option<ComponentId> = id_of(list, "component")?;
    let state = list.filter("scan").map(|word| match word {
        "none" => ScanState::Never,
        "stale" => ScanState::Stale,
        _ => ScanState::Current,
    });
    Ok(Filter {
        text: text_of(list),
        severity: severity_of(list),
        kev: list.filter("kev").is_some(),
        fixable: list.filter("fixable").is_some(),
        secrets: list.filter("secrets").is_some(),
        running: list.filter("running").map(|word| word == "yes"),
        scan: state.map(|state| (state, stale_before)),
        distribution: stated(list, "distribution"),
        registry: stated(list, "registry"),
        cloud: stated(list, "cloud"),
        runs_in: stated(list, "runs"),
        end_of_life: list.filter("support").is_some(),
        signing: list.filter("signing").map(|word| Standing::of(Some(word))),
        vulnerability: list.filter("vulnerability").map(str::to_owned),
        component,
        workload: id_of(list, "workload")?,
        package: list.filter("package").map(package_of),
    })
}

/// The images that hold a package in a version.
pub(crate) fn with_package(name: &str, version: &str) -> String {
    let package = if version.is_empty() { name.to_owned() } else { format!("{name}@{version}") };
    href(SPEC.path, &[("package", &package)])
}

/// `openssl`, `openssl@3.0.11-1`, `@babel/core@7.0.0`.
fn package_of(text: &str) -> Package {
    match text.rsplit_once('@') {
        Some((name, version)) if !name.is_empty() => {
            Package { name: name.to_owned(), version: Some(version.to_owned()) }
        }
        _ => Package { name: text.to_owned(), version: None },
    }
}

#[derive(Template)]
#[template(path = "images/list.html")]
struct List {
    frame: Frame,
    list: ListQuery,
    selects: Selects,
    pager: Pager,
    rows: Vec<Line>,
    total: String,
    stale_after_days: u32,
}

/// One image of the list, ready to show.
pub(crate) struct Line {
    pub(crate) row: ImageRow,
    pub(crate) href: String,
    pub(crate) sliver: Sliver,
    stale: bool,
}

impl Line {
    pub(crate) fn of(row: ImageRow, stale_before: DateTime<Utc>) -> Self {
        Self {
            href: format!("/images/{}", row.id),
            sliver: Sliver::new(row.score, 100),
            stale: row.last_scanned_at.is_some_and(|at| at < stale_before),
            row,
        }
    }

    /// `debian 12.9`, or nothing.
    pub(crate) fn distribution(&self) -> Option<String> {
        let family = self.row.distribution.as_ref()?;
        Some(
            self.row
                .distribution_version
                .as_ref()
                .map_or(family.clone(), |version| format!("{family} {version}")),
        )
    }

    /// Whether its last scan is too old to rely on.
    pub(super) fn is_stale(&self) -> bool {
        self.stale
    }

    /// The tone of the scan's date.
    pub(crate) fn tone(&self) -> &'static str {
        if self.stale { "warn" } else { "plain" }
    }
}

/// The page.
pub(crate) async fn list(frame: Frame, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let stale_before = asked.state.stale_before();
    let found = asked.page(&list, &filter_of(&list, stale_before)?, images::list).await?;
    let facets = images::facets(&asked.state.store, &asked.viewer).await?;
    let selects = vec![
        Select::of(&list, "distribution", "not known", facets.distributions),
        Select::of(&list, "registry", "not stated", facets.registries),
    ];
    render::page(&List {
        frame: frame.at(Section::Images),
        selects: Selects { selects, first: 4 },
        pager: pager(&list, &found),
        total: total(&list, &found),
        stale_after_days: asked.state.settings.stale_after_days,
        rows: found.rows.into_iter().map(|row| Line::of(row, stale_before)).collect(),
        list,
    })
}
