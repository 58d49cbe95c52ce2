//! The list of workloads, out of their summary rows. Refuses retired ones unless they are asked for.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::exposure::Reach;
use reports::Cell;
use store::workloads::{self, Filter, WorkloadRow};

use crate::charts::Sliver;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::pages::images::count;
use crate::pages::listing::{
    CLOUDS, NONE, SEVERITIES, Select, Selects, choice, id_of, number, open, pager, severity_of, stated, text,
    text_of, total, worst,
};
use crate::pages::words;
use crate::query::{ListQuery, ListSpec, Pager};
use crate::render;

/// What the list knows.
pub(crate) static SPEC: ListSpec = ListSpec {
    path: "/workloads",
    noun: ("workload", "workloads"),
    text_hint: "name, namespace, cluster, owner or image",
    columns: &[
        text("name", "Workload", ""),
        worst("score", "Score", "0 to 100: how exposed it is, and how much depends on it"),
        text("why", "Why", "The part of the hazard that weighs most"),
        worst("severity", "Findings", "Open findings of its images: critical, high, medium, low, not stated"),
        number("kev", "Exploited", "Vulnerabilities known to be exploited"),
        worst("reach", "Reach", "From where it can be reached"),
        text("owner", "Owner", "And how much depends on it"),
        number("running", "Running", "Running containers"),
        worst("gap", "Gap", "The first stage of the exposure gap that it fails"),
    ],
    default_sort: "score",
    filters: &[
        choice("severity", "Severity", SEVERITIES),
        choice("kev", "Exploited", &[("yes", "Known exploited")]),
        choice(
            "reach",
            "Reach",
            &[
                ("internet", "Internet"),
                ("restricted", "Allow-list"),
                ("internal", "Inside the cluster"),
                ("isolated", "Isolated"),
                ("unknown", "Not known"),
            ],
        ),
        choice(
            "gap",
            "Gap",
            &[
                ("any", "In the gap"),
                ("unknown", "Unknown"),
                ("unassessed", "Not scanned"),
                ("stale", "Stale scan"),
                ("unsanctioned", "Unsanctioned"),
                ("overdue", "Overdue"),
                ("in-order", "In order"),
            ],
        ),
        choice(
            "drift",
            "Drift",
            &[
                ("any", "Differs from its registry"),
                ("mixed", "Several digests"),
                ("moved", "Tag has moved"),
                ("unlisted", "Not in its registry"),
            ],
        ),
        choice(
            "criticality",
            "Criticality",
            &[
                ("critical", "Business critical"),
                ("standard", "Standard"),
                ("low", "Not production"),
                (NONE, "Not stated"),
            ],
        ),
        choice("fixable", "Fix", &[("yes", "With a fix")]),
        choice("running", "Running", &[("yes", "Runs"), ("no", "Does not run")]),
        choice("state", "State", &[("retired", "Retired")]),
        choice("cloud", "Cloud", CLOUDS),
        open("account", "Account"),
        open("cluster", "Cluster"),
        open("namespace", "Namespace"),
        open("owner", "Owner"),
        open("image", "Image"),
        open("vulnerability", "Vulnerability"),
        open("node", "Node"),
    ],
};

/// The filter that an address asks for.
pub(crate) fn filter_of(list: &ListQuery) -> Result<Filter, Error> {
    Ok(Filter {
        text: text_of(list),
        severity: severity_of(list),
        kev: list.filter("kev").is_some(),
        fixable: list.filter("fixable").is_some(),
        running: list.filter("running").map(|word| word == "yes"),
        reach: list.filter("reach").map(Reach::from_word),
        gap_stage: list.filter("gap").map(str::to_owned),
        drift: list.filter("drift").map(str::to_owned),
        criticality: stated(list, "criticality"),
        cloud: stated(list, "cloud"),
        account: list.filter("account").map(str::to_owned),
        cluster: stated(list, "cluster"),
        namespace: stated(list, "namespace"),
        owner: stated(list, "owner"),
        retired: list.filter("state").is_some(),
        image: id_of(list, "image")?,
        vulnerability: list.filter("vulnerability").map(str::to_owned),
        node: id_of(list, "node")?,
    })
}

#[derive(Template)]
#[template(path = "workloads/list.html")]
struct List {
    frame: Frame,
    list: ListQuery,
    selects: Selects,
    pager: Pager,
    rows: Vec<Line>,
    total: String,
}

/// One workload of the list, ready to show.
pub(crate) struct Line {
    pub(crate) row: WorkloadRow,
    pub(crate) href: String,
    pub(crate) sliver: Sliver,
}

impl Line {
    pub(crate) fn of(row: WorkloadRow) -> Self {
        Self { href: format!("/workloads/{}", row.id), sliver: Sliver::new(row.score, 100), row }
    }

    /// Its reach in words, with a tone.
    pub(crate) fn reach(&self) -> (&'static str, &'static str) {
        (words::reach(self.row.reach.as_str()), words::reach_tone(self.row.reach.as_str()))
    }

    /// Its stage of the gap in words, with tone and meaning.
    pub(crate) fn gap(&self) -> (&'static str, &'static str, &'static str) {
        words::gap(&self.row.gap_stage)
    }

    /// Whether its counts would be those of images that nobody has looked at.
    pub(crate) fn is_unseen(&self) -> bool {
        self.row.severities == [0; 5] && matches!(self.row.gap_stage.as_str(), "unknown" | "unassessed")
    }

    /// How much depends on it, short for a list.
    pub(crate) fn criticality(&self) -> (&'static str, &'static str) {
        match self.row.criticality.as_deref() {
            None => ("not stated", "unknown"),
            stated => words::criticality(stated),
        }
    }
}

/// The page.
pub(crate) async fn list(frame: Frame, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let found = asked.page(&list, &filter_of(&list)?, workloads::list).await?;
    let facets = workloads::facets(&asked.state.store, &asked.viewer).await?;
    let selects = vec![
        Select::of(&list, "cluster", "not stated", facets.clusters),
        Select::of(&list, "namespace", "not stated", facets.namespaces),
        Select::of(&list, "owner", "no owner", facets.owners),
    ];
    render::page(&List {
        frame: frame.at(Section::Workloads),
        selects: Selects { selects, first: 4 },
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
    asked.file(("workloads", &extension), (COLUMNS, cells), &list, filter, workloads::list).await
}

const COLUMNS: &[&str] = &[
    "id",
    "cluster",
    "namespace",
    "kind",
    "name",
    "owner",
    "criticality",
    "reach",
    "score",
    "why",
    "loss",
    "critical",
    "high",
    "medium",
    "low",
    "unknown",
    "exploited",
    "fixable",
    "running",
    "images",
    "gap",
    "provider",
    "account",
    "region",
    "first_seen_at",
    "last_seen_at",
    "retired_at",
];

fn cells(row: &WorkloadRow) -> Vec<Cell> {
    let mut cells: Vec<Cell> = vec![
        row.id.to_string().into(),
        row.cluster.as_str().into(),
        row.namespace.as_str().into(),
        row.kind.as_str().into(),
        row.name.as_str().into(),
        row.owner.clone().into(),
        row.criticality.clone().into(),
        row.reach.as_str().into(),
        row.score.into(),
        row.why.as_str().into(),
        row.loss.into(),
    ];
    cells.extend(row.severities.map(count));
    cells.extend([row.kev, row.fixable, row.running, row.image_count].map(count));
    cells.push(row.gap_stage.as_str().into());
    cells.extend([row.provider.as_str(), row.account.as_str()].map(Cell::from));
    cells.push(row.region.clone().into());
    cells.extend(
        [Some(row.first_seen_at), Some(row.last_seen_at), row.retired_at]
            .map(|at| at.map(|at| at.to_rfc3339()).into()),
    );
    cells
}
