//! The list of accounts, subscriptions and projects, with what is known in each. Refuses an account that only a
//! workload's label names: the ones listed were shown by their provider or by their nodes.

use chrono::{DateTime, Utc};
use domain::scope::Viewer;

use crate::list::{self, Clauses, Listed, Listing, Page, Sort, SortColumn};
use crate::row::Row;
use crate::{Error, Store};

/// An account.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// The provider: `aws`, `azure`, `gcp`.
    pub provider: String,
    /// The provider's number or name for it.
    pub id: String,
    /// Its name for people, if the provider told it.
    pub name: Option<String>,
    /// Repositories in it.
    pub repositories: u64,
    /// Clusters in it.
    pub clusters: u64,
    /// Workloads in it.
    pub workloads: u64,
    /// Of these, how many run.
    pub running: u64,
    /// Its part of the exposure, in critical-asset equivalents.
    pub exposure: f64,
    /// When it was first seen.
    pub first_seen_at: DateTime<Utc>,
}

/// What narrows the list of accounts.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Text in id or name.
    pub text: Option<String>,
    /// Provider.
    pub cloud: Option<String>,
}

/// Columns by which the list can be sorted.
pub const SORTS: &[SortColumn] = &[
    SortColumn::by("exposure", &["exposure"]),
    SortColumn::by("name", &["COALESCE(name, id)"]),
    SortColumn::by("cloud", &["provider"]),
    SortColumn::by("repositories", &["repositories"]),
    SortColumn::by("clusters", &["clusters"]),
    SortColumn::by("workloads", &["workloads"]),
    SortColumn::by("running", &["running"]),
    SortColumn::by("seen", &["first_seen_at"]),
];

const FROM: &str = "(SELECT a.provider || '/' || a.id AS place, a.provider, a.id, a.name, a.first_seen_at, \
    COALESCE(w.workloads, 0) AS workloads, COALESCE(w.running, 0) AS running, COALESCE(w.exposure, 0.0) AS exposure, \
    COALESCE(c.clusters, 0) AS clusters, COALESCE(r.repositories, 0) AS repositories FROM accounts a \
    LEFT JOIN (SELECT provider, account_id, COUNT(*) AS workloads, COUNT(CASE WHEN running > 0 THEN 1 END) AS running, \
    SUM(loss) AS exposure FROM workloads WHERE retired_at IS NULL GROUP BY provider, account_id) w \
    ON w.provider = a.provider AND w.account_id = a.id \
    LEFT JOIN (SELECT provider, account_id, COUNT(*) AS clusters FROM clusters WHERE retired_at IS NULL \
    GROUP BY provider, account_id) c ON c.provider = a.provider AND c.account_id = a.id \
    LEFT JOIN (SELECT provider, account_id, COUNT(*) AS repositories FROM repositories WHERE retired_at IS NULL \
    GROUP BY provider, account_id) r ON r.provider = a.provider AND r.account_id = a.id) AS known";

impl Filter {
    fn clauses(&self, viewer: &Viewer) -> Clauses {
        let mut clauses = Clauses::of(viewer);
        if let Some(text) = self.text.as_deref().filter(|text| !text.is_empty()) {
            clauses.and(
                "LOWER(id) LIKE ? ESCAPE '!' OR LOWER(COALESCE(name, '')) LIKE ? ESCAPE '!'",
                [list::containing(text), list::containing(text)],
            );
        }
        clauses.equals("provider", self.cloud.as_deref());
        clauses
    }
}

/// A page of the accounts that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn accounts(
    store: &Store,
    viewer: &Viewer,
    filter: &Filter,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<AccountRow>, Error> {
    let listing = Listing {
        columns: "*",
        from: FROM,
        clauses: filter.clauses(viewer),
        sorts: SORTS,
        key: "place",
        locate: "place = ?",
        anchor: list::by_text,
        read,
        key_of: |row: &AccountRow| format!("{}/{}", row.provider, row.id).into_bytes(),
    };
    listing.page(store, sort, page).await
}

fn read(row: &Row) -> Result<AccountRow, Error> {
    Ok(AccountRow {
        provider: row.text("provider")?,
        id: row.text("id")?,
        name: row.optional_text("name")?,
        repositories: row.count("repositories")?,
        clusters: row.count("clusters")?,
        workloads: row.count("workloads")?,
        running: row.count("running")?,
        exposure: row.real("exposure")?,
        first_seen_at: row.time("first_seen_at")?,
    })
}
