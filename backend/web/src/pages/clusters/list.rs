//! The list of clusters as their providers describe them: version and its end of support, who reaches the
//! control plane, which logs are kept. Refuses to call what was not told safe: it is shown as not told.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::cluster::NodeGroup;
use reports::Cell;
use store::clusters::{self, ClusterRow, Filter};

use super::line::Line;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::pages::images::count;
use crate::pages::listing::{
    CLOUDS, Selects, choice, number, open, pager, stated, text, text_of, total, worst,
};
use crate::pages::posture;
use crate::query::{ListQuery, ListSpec, Pager};
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
        worst("nodes", "Nodes", "Whether its machines have public addresses"),
        number("unwanted", "Unwanted", "Settings that a benchmark wants otherwise"),
        number("workloads", "Workloads", "Known in it"),
    ],
    default_sort: "support",
    filters: &[
        choice("support", "Support", &[("ended", "Ended")]),
        choice("endpoint", "Control plane", &[("public", "On the internet"), ("private", "Private")]),
        choice("nodes", "Nodes", &[("public", "Public addresses"), ("private", "Private")]),
        choice("settings", "Settings", &[("unwanted", "Unwanted by a benchmark")]),
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
        private_nodes: list.filter("nodes").map(|word| word == "private"),
        unwanted: list.filter("settings").is_some(),
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
    "channel",
    "managed",
    "private_nodes",
    "network_policy",
    "workload_identity",
    "legacy_access",
    "secrets_encryption",
    "settings",
    "unwanted_settings",
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
        row.channel.clone().into(),
        row.managed.clone().into(),
        row.private_nodes.map(word).into(),
        row.network_policy.clone().into(),
        row.workload_identity.map(word).into(),
        posture::phrases(row.legacy_access.as_ref(), "none").into(),
        row.secrets_encryption.clone().into(),
        posture::cell(row.settings.as_ref()).into(),
        row.unwanted().map_or(Cell::Empty, count),
        count(row.workloads),
        row.first_seen_at.to_rfc3339().into(),
    ]
}

/// A group of machines in a cell: its name, its image and the release of that.
fn release(group: &NodeGroup) -> String {
    let told = [Some(&group.name), group.image.as_ref(), group.release.as_ref(), group.version.as_ref()];
    told.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}
