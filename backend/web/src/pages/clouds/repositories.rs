//! The list of repositories as their registries describe them: who may pull, whether tags stay, whether what is
//! pushed is scanned. Refuses to call what was not told safe: it is shown as not told.

use actix_web::{HttpResponse, web};
use askama::Template;
use reports::Cell;
use store::clouds::{self, RepositoryFilter, RepositoryRow};

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
    path: "/repositories",
    noun: ("repository", "repositories"),
    text_hint: "name, registry or account",
    columns: &[
        text("name", "Repository", "And its registry"),
        text("account", "Account", "And region"),
        number("images", "Images", "That lie in it"),
        worst("public", "Pulled by", "Who may pull"),
        text("tags", "Tags", "Whether a tag can be moved to another image"),
        text("scan", "On push", "Whether an image is scanned when it is pushed"),
        text("encryption", "Encryption", "At rest"),
        number("unwanted", "Unwanted", "Settings that a benchmark wants otherwise"),
    ],
    default_sort: "name",
    filters: &[
        choice("public", "Pulled by", &[("yes", "Anybody"), ("no", "Members only")]),
        choice("tags", "Tags", &[("move", "Can be moved"), ("stay", "Stay")]),
        choice("scan", "On push", &[("yes", "Scanned"), ("no", "Not scanned")]),
        choice("settings", "Settings", &[("unwanted", "Unwanted by a benchmark")]),
        choice("cloud", "Cloud", CLOUDS),
        open("account", "Account"),
        open("registry", "Registry"),
    ],
};

fn filter_of(list: &ListQuery) -> RepositoryFilter {
    RepositoryFilter {
        text: text_of(list),
        cloud: stated(list, "cloud"),
        account: list.filter("account").map(str::to_owned),
        registry: list.filter("registry").map(str::to_owned),
        public: list.filter("public").map(|word| word == "yes"),
        tags_immutable: list.filter("tags").map(|word| word == "stay"),
        scan_on_push: list.filter("scan").map(|word| word == "yes"),
        unwanted: list.filter("settings").is_some(),
    }
}

#[derive(Template)]
#[template(path = "clouds/repositories.html")]
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
    let found = asked.page(&list, &filter_of(&list), clouds::repositories).await?;
    render::page(&List {
        frame: frame.at(Section::Images),
        selects: Selects { first: 4, ..Selects::none() },
        pager: pager(&list, &found),
        total: total(&list, &found),
        rows: found.rows.into_iter().map(Line::of).collect(),
        list,
    })
}

/// The same rows as a file.
pub(crate) async fn export(extension: web::Path<String>, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let filter = filter_of(&list);
    asked.file(("repositories", &extension), (COLUMNS, cells), &list, filter, clouds::repositories).await
}

const COLUMNS: &[&str] = &[
    "id",
    "registry",
    "name",
    "cloud",
    "account",
    "region",
    "images",
    "public",
    "tags_immutable",
    "scan_on_push",
    "scanning",
    "encryption",
    "cleanup",
    "settings",
    "unwanted_settings",
    "first_seen_at",
];

fn cells(row: &RepositoryRow) -> Vec<Cell> {
    let told = |setting: Option<bool>| setting.map(|on| if on { "yes" } else { "no" }.to_owned());
    vec![
        row.id.to_string().into(),
        row.registry.as_str().into(),
        row.name.as_str().into(),
        row.provider.as_str().into(),
        row.account.as_str().into(),
        row.region.clone().into(),
        count(row.images),
        told(row.public).into(),
        told(row.tags_immutable).into(),
        told(row.scan_on_push).into(),
        row.scanning.clone().into(),
        row.encryption.clone().into(),
        posture::phrases(row.cleanup.as_ref(), "nothing").into(),
        posture::cell(row.settings.as_ref()).into(),
        row.unwanted().map_or(Cell::Empty, count),
        row.first_seen_at.to_rfc3339().into(),
    ]
}
