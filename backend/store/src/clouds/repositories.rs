//! The list of repositories with the settings that their registries tell. Refuses retired ones, and to call a
//! setting off that was not told.

use chrono::{DateTime, Utc};
use domain::id::ObjectId;
use domain::scope::Viewer;

use crate::list::{self, Clauses, Listed, Listing, Page, Sort, SortColumn};
use crate::row::Row;
use crate::{Error, Store};

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
    /// Images that lie in it.
    pub images: u64,
    /// When it was first seen.
    pub first_seen_at: DateTime<Utc>,
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
        columns: &format!(
            "id, registry, name, provider, account_id, region, public, tags_immutable, encryption, scan_on_push, \
             scanning, first_seen_at, {IMAGES} AS images"
        ),
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
        images: row.count("images")?,
        first_seen_at: row.time("first_seen_at")?,
    })
}
