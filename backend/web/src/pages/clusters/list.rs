//! The list of clusters as their providers describe them: version and its end of support, who reaches the
//! control plane, which logs are kept. Refuses to call what was not told safe: it is shown as not told.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::cluster::NodeGroup;
use reports::Cell;
use store::clusters::{self, ClusterRow, Filter};

use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::pages::images::{count, counted};
use crate::pages::listing::{
    CLOUDS, Selects, choice, number, open, pager, stated, text, text_of, total, worst,
};
use crate::query::{ListQuery, ListSpec, Pager, href};
use crate::render;

/// What the list knows.
static SPEC: ListSpec = ListSpec {
    path: "/clusters",
    noun: ("cluster", "clusters"),
    text_hint: "name, account, region or version",
    columns: &[
        text("name", "Cluster", ""),
        text("kind", "Product", "The provider's product"),
        text("account", "Account", "And region"),
        text("version", "Version", "Of its control plane"),
        text("support", "Supported until", "When the provider ends its support for that version"),
        worst("endpoint", "Control plane", "Who reaches it"),
        number("workloads", "Workloads", "Known in it"),
    ],
    default_sort: "support",
    filters: &[
        choice("support", "Support", &[("ended", "Ended")]),
        choice("endpoint", "Control plane", &[("public", "On the internet"), ("private", "Private")]),
        choice("cloud", "Cloud", CLOUDS),
        open("account", "Account"),
        open("kind", "Product"),
    ],
};

fn filter_of(list: &ListQuery, now: DateTime<Utc>) -> Filter {
    Filter {
        text: text_of(list),
        kind: list.filter("kind").map(str::to_owned),
        cloud: stated(list, "cloud"),
        account: list.filter("account").map(str::to_owned),
        public: list.filter("endpoint").map(|word| word == "public"),
        unsupported_at: list.filter("support").map(|_| now.timestamp_millis()),
    }
}

#[derive(Template)]
#[template(path = "clusters/list.html")]
struct List {
    frame: Frame,
    list: ListQuery,
    selects: Selects,
    pager: Pager,
    rows: Vec<Line>,
    total: String,
}

/// One cluster, ready to show.
pub(crate) struct Line {
    pub(crate) row: ClusterRow,
    /// The workloads in it.
    pub(crate) href: String,
}

impl Line {
    pub(crate) fn of(row: ClusterRow) -> Self {
        Self { href: href("/workloads", &[("cluster", &row.name)]), row }
    }

    /// Who reaches its control plane: words, tone, meaning.
    pub(crate) fn endpoint(&self) -> (&'static str, &'static str, String) {
        let networks = || format!("Open to {}", self.row.allowed_networks.join(", "));
        match self.row.public_endpoint {
            None => {
                ("not told", "unknown", "No control plane of its own, or the provider did not say".to_owned())
            }
            Some(false) => ("private", "good", "Answers inside its network only".to_owned()),
            Some(true) if self.row.is_open() => {
                ("on the internet", "bad", "Answers to anybody on the internet".to_owned())
            }
            Some(true) => ("allow-list", "warn", networks()),
        }
    }

    /// The tone of the end of its support: past, within ninety days, later.
    pub(crate) fn support(&self, now: &DateTime<Utc>) -> &'static str {
        match self.row.support_ends_at.map(|at| (at - *now).num_days()) {
            None => "unknown",
            Some(days) if days < 0 => "bad",
            Some(days) if days < 90 => "warn",
            Some(_) => "",
        }
    }

    /// How many groups of machines it has, in words.
    pub(crate) fn groups(&self) -> Option<String> {
        let groups = self.row.node_groups.as_ref()?;
        let ill = groups.iter().filter(|group| !group.issues.is_empty()).count() as u64;
        let told = match groups.len() as u64 {
            0 => "no node group".to_owned(),
            groups => counted(groups, "node group", "node groups"),
        };
        Some(if ill == 0 { told } else { format!("{told}, {ill} with a fault") })
    }

    /// A group of machines in one line: image and its release, version, machines, how many.
    pub(crate) fn group(&self, group: &NodeGroup) -> String {
        let version = group.version.as_deref().map(|version| match &self.row.version {
            Some(own) if own != version => {
                format!("Kubernetes {version}, not the {own} of its control plane")
            }
            _ => format!("Kubernetes {version}"),
        });
        let image = group.image.as_deref().map(|image| match &group.release {
            Some(release) => format!("{image} {release}"),
            None => image.to_owned(),
        });
        let wanted = group.wanted.map(|wanted| match (group.least, group.most) {
            (Some(least), Some(most)) => format!("{wanted} of {least} to {most} nodes"),
            _ => format!("{wanted} nodes"),
        });
        let machines = Some(group.machines.join(", ")).filter(|machines| !machines.is_empty());
        let told: Vec<String> = [image, version, machines, wanted].into_iter().flatten().collect();
        if told.is_empty() { "nothing told of it".to_owned() } else { told.join("; ") }
    }

    /// The control plane logs that are kept, in words.
    pub(crate) fn logging(&self) -> String {
        match &self.row.logging {
            None => "logs not told".to_owned(),
            Some(kinds) if kinds.is_empty() => "no control plane logs are kept".to_owned(),
            Some(kinds) => format!("keeps logs: {}", kinds.join(", ")),
        }
    }
}

/// The page.
pub(crate) async fn list(frame: Frame, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let filter = filter_of(&list, asked.state.now());
    let found = asked.page(&list, &filter, clusters::list).await?;
    render::page(&List {
        frame: frame.at(Section::Workloads),
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
    let filter = filter_of(&list, asked.state.now());
    asked.file(("clusters", &extension), (COLUMNS, cells), &list, filter, clusters::list).await
}

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "product",
    "provider",
    "account",
    "region",
    "version",
    "support_ends_at",
    "public_endpoint",
    "allowed_networks",
    "logging",
    "node_groups",
    "workloads",
    "first_seen_at",
];

fn cells(row: &ClusterRow) -> Vec<Cell> {
    let word = |told: bool| if told { "yes" } else { "no" }.to_owned();
    vec![
        row.id.to_string().into(),
        row.name.as_str().into(),
        row.kind.as_str().into(),
        row.provider.as_str().into(),
        row.account.as_str().into(),
        row.region.clone().into(),
        row.version.clone().into(),
        row.support_ends_at.map(|at| at.to_rfc3339()).into(),
        row.public_endpoint.map(word).into(),
        row.allowed_networks.join(" ").into(),
        row.logging.as_ref().map(|kinds| kinds.join(" ")).into(),
        row.node_groups
            .as_ref()
            .map(|groups| groups.iter().map(release).collect::<Vec<_>>().join("; "))
            .into(),
        count(row.workloads),
        row.first_seen_at.to_rfc3339().into(),
    ]
}

/// A group of machines in a cell: its name, its image and the release of that.
fn release(group: &NodeGroup) -> String {
    let told = [Some(&group.name), group.image.as_ref(), group.release.as_ref(), group.version.as_ref()];
    told.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}
