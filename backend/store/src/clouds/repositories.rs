//! Repositories with the settings that their registries tell: the list, and one of them. Refuses to call a setting
//! off that was not told; the list refuses retired ones.

use chrono::{DateTime, Utc};
use domain::id::ObjectId;
use domain::scope::Viewer;
use domain::setting::Setting;

use crate::list::{self, Clauses, Listed, Listing, Page, Sort, SortColumn, Sql};
use crate::row::Row;
use crate::{Error, Store, bulk};

/// Yes over not told over no, as SQL.
macro_rules! told {
    ($column:literal) => {
        concat!("CASE WHEN ", $column, " THEN 2 WHEN ", $column, " IS NULL THEN 1 ELSE 0 END")
    };
}

/// A repository.
#[derive(Clone, Debug)]
pub struct RepositoryRow {
    /// Its id.
    pub id: ObjectId,
    /// Registry host.
    pub registry: String,
    /// Name in it.
    pub name: String,
    /// Cloud provider; may be empty.
    pub provider: String,
    /// Account; may be empty.
    pub account: String,
    /// Region.
    pub region: Option<String>,
    /// Whether anybody may pull.
    pub public: Option<bool>,
    /// Whether a tag stays where it is.
    pub tags_immutable: Option<bool>,
    /// How its images are encrypted at rest.
    pub encryption: Option<String>,
    /// Whether an image is scanned when it is pushed.
    pub scan_on_push: Option<bool>,
    /// The registry's way of scanning.
    pub scanning: Option<String>,
    /// What removes images by itself, a phrase each; absent when not said.
    pub cleanup: Option<Vec<String>>,
    /// What its registry alone can be set to; absent where none was ever told.
    pub settings: Option<Vec<Setting>>,
    /// Images that lie in it.
    pub images: u64,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was first seen.
    pub first_seen_at: DateTime<Utc>,
    /// When what is told of it last changed.
    pub last_changed_at: DateTime<Utc>,
    /// When a complete look no longer found it.
    pub retired_at: Option<DateTime<Utc>>,
}

impl RepositoryRow {
    /// How many settings are not as a benchmark wants them; absent where none was told.
    #[must_use]
    pub fn unwanted(&self) -> Option<u64> {
        let unwanted = |one: &&Setting| one.judged.as_ref().is_some_and(|judged| !judged.safe);
        self.settings.as_ref().map(|settings| settings.iter().filter(unwanted).count() as u64)
    }
}

/// What narrows the list of repositories.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Text in registry, name or account.
    pub text: Option<String>,
    /// Provider; empty for none.
    pub cloud: Option<String>,
    /// Account.
    pub account: Option<String>,
    /// Registry host.
    pub registry: Option<String>,
    /// Whether anybody may pull.
    pub public: Option<bool>,
    /// Whether a tag may be moved.
    pub tags_immutable: Option<bool>,
    /// Whether an image is scanned when it is pushed.
    pub scan_on_push: Option<bool>,
    /// Whether a setting is not as a benchmark wants it.
    pub unwanted: bool,
}

/// Columns by which the list can be sorted.
pub const SORTS: &[SortColumn] = &[
    SortColumn::by("name", &["registry", "name"]),
    SortColumn::by("account", &["provider", "account_id", "COALESCE(region, '')"]),
    SortColumn::by("images", &[IMAGES]),
    SortColumn::by("public", &[told!("public")]),
    SortColumn::by("tags", &[told!("tags_immutable")]),
    SortColumn::by("scan", &[told!("scan_on_push")]),
    SortColumn::by("encryption", &["COALESCE(encryption, '')"]),
    // Each time that a judgement says no, counted by what is shorter without it; less than none where none was told.
    SortColumn::by(
        "unwanted",
        &["CASE WHEN settings IS NULL THEN -1 \
           ELSE (LENGTH(settings) - LENGTH(REPLACE(settings, '\"safe\":false', ''))) / 12 END"],
    ),
    SortColumn::by("seen", &["first_seen_at"]),
];

const IMAGES: &str = "(SELECT COUNT(DISTINCT l.image_id) FROM image_locations l WHERE l.removed_at IS NULL \
    AND l.registry = repositories.registry AND l.repository = repositories.name)";

impl Filter {
    fn clauses(&self, viewer: &Viewer) -> Clauses {
        let mut clauses = Clauses::of(viewer);
        clauses.and("retired_at IS NULL", []);
        if let Some(text) = self.text.as_deref().filter(|text| !text.is_empty()) {
            let columns = ["registry", "name", "account_id"];
            let clause = columns.map(|column| format!("LOWER({column}) LIKE ? ESCAPE '!'")).join(" OR ");
            clauses.and(&clause, vec![list::containing(text); columns.len()]);
        }
        clauses.equals("provider", self.cloud.as_deref());
        clauses.equals("account_id", self.account.as_deref());
        clauses.equals("registry", self.registry.as_deref());
        let told = [
            ("public", self.public),
            ("tags_immutable", self.tags_immutable),
            ("scan_on_push", self.scan_on_push),
        ];
        for (column, wanted) in told {
            clauses.when(wanted == Some(true), column);
            clauses.when(wanted == Some(false), &format!("NOT {column}"));
        }
        clauses.when(self.unwanted, "settings LIKE '%\"safe\":false%'");
        clauses
    }
}

/// A page of the repositories that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn repositories(
    store: &Store,
    viewer: &Viewer,
    filter: &Filter,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<RepositoryRow>, Error> {
    let listing = Listing {
        columns: &columns(),
        from: "repositories",
        clauses: filter.clauses(viewer),
        sorts: SORTS,
        key: "id",
        locate: "id = ?",
        anchor: list::by_id,
        read,
        key_of: |row: &RepositoryRow| row.id.as_bytes().to_vec(),
    };
    listing.page(store, sort, page).await
}

/// One repository, retired or not.
///
/// # Errors
/// When the database does not answer.
pub async fn repository(
    store: &Store,
    viewer: &Viewer,
    id: ObjectId,
) -> Result<Option<RepositoryRow>, Error> {
    let mut clauses = Clauses::of(viewer);
    clauses.and("id = ?", [bulk::id(id)]);
    let mut sql = Sql::new(format!("SELECT {} FROM repositories", columns()));
    sql.clauses(&clauses);
    sql.query(store).await?.first().map(read).transpose()
}

fn columns() -> String {
    format!(
        "id, registry, name, provider, account_id, region, public, tags_immutable, encryption, scan_on_push, \
         scanning, cleanup, settings, created_at, first_seen_at, last_changed_at, retired_at, {IMAGES} AS images"
    )
}

fn read(row: &Row) -> Result<RepositoryRow, Error> {
    Ok(RepositoryRow {
        id: row.id("id")?,
        registry: row.text("registry")?,
        name: row.text("name")?,
        provider: row.text("provider")?,
        account: row.text("account_id")?,
        region: row.optional_text("region")?,
        public: row.optional_boolean("public")?,
        tags_immutable: row.optional_boolean("tags_immutable")?,
        encryption: row.optional_text("encryption")?,
        scan_on_push: row.optional_boolean("scan_on_push")?,
        scanning: row.optional_text("scanning")?,
        cleanup: row.optional_json("cleanup")?,
        settings: row.optional_json("settings")?,
        images: row.count("images")?,
        created_at: row.optional_time("created_at")?,
        first_seen_at: row.time("first_seen_at")?,
        last_changed_at: row.time("last_changed_at")?,
        retired_at: row.optional_time("retired_at")?,
    })
}
