//! The list of accounts, subscriptions and projects, each with what is known in it. Refuses to call them all
//! accounts: every cloud has its own word.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::cloud::cloud;
use reports::Cell;
use store::clouds::{self, AccountFilter, AccountRow};

use super::title;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::pages::images::count;
use crate::pages::listing::{CLOUDS, Selects, choice, number, pager, stated, text, text_of, total, worst};
use crate::query::{ListQuery, ListSpec, Pager, href};
use crate::render;

/// What the list knows.
static SPEC: ListSpec = ListSpec {
    path: "/accounts",
    noun: ("account", "accounts"),
    text_hint: "name or number",
    columns: &[
        text("name", "Account", "Account, subscription or project"),
        text("cloud", "Cloud", ""),
        worst("exposure", "Exposure", "Expected loss of its workloads, in critical-asset equivalents"),
        number("workloads", "Workloads", "Known in it"),
        number("running", "Running", "Workloads that run"),
        number("clusters", "Clusters", "Described in it"),
        number("repositories", "Repositories", "Described in it"),
    ],
    default_sort: "exposure",
    filters: &[choice("cloud", "Cloud", CLOUDS)],
};

fn filter_of(list: &ListQuery) -> AccountFilter {
    AccountFilter { text: text_of(list), cloud: stated(list, "cloud") }
}

#[derive(Template)]
#[template(path = "clouds/accounts.html")]
struct List {
    frame: Frame,
    list: ListQuery,
    selects: Selects,
    pager: Pager,
    rows: Vec<AccountRow>,
    total: String,
}

impl List {
    fn cloud<'a>(&self, row: &'a AccountRow) -> &'a str {
        title(&row.provider)
    }

    /// What the provider calls it.
    fn noun(&self, row: &AccountRow) -> &'static str {
        cloud(&row.provider).map_or("account", |cloud| cloud.account)
    }

    fn within(&self, path: &str, row: &AccountRow) -> String {
        href(path, &[("cloud", &row.provider), ("account", &row.id)])
    }
}

/// The page.
pub(crate) async fn list(frame: Frame, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let found = asked.page(&list, &filter_of(&list), clouds::accounts).await?;
    render::page(&List {
        frame: frame.at(Section::Exposure),
        selects: Selects::none(),
        pager: pager(&list, &found),
        total: total(&list, &found),
        rows: found.rows,
        list,
    })
}

/// The same rows as a file.
pub(crate) async fn export(extension: web::Path<String>, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let filter = filter_of(&list);
    asked.file(("accounts", &extension), (COLUMNS, cells), &list, filter, clouds::accounts).await
}

const COLUMNS: &[&str] =
    &["cloud", "id", "name", "exposure", "workloads", "running", "clusters", "repositories", "first_seen_at"];

fn cells(row: &AccountRow) -> Vec<Cell> {
    vec![
        row.provider.as_str().into(),
        row.id.as_str().into(),
        row.name.clone().into(),
        row.exposure.into(),
        count(row.workloads),
        count(row.running),
        count(row.clusters),
        count(row.repositories),
        row.first_seen_at.to_rfc3339().into(),
    ]
}
