//! Lists of scopes: of a source over all its runs, and of one run as its journal. What was not seen whole
//! comes first. Refuses to show all at once: an organisation has thousands.

use domain::id::{RunId, SourceId};
use domain::scope::Viewer;
use domain::source::Scope;

use super::row::{RUN_SCOPE, SCOPE};
use super::{RunScope, ScopeRow};
use crate::connection::Value;
use crate::list::{Clauses, Listed, Listing, Page, Sort, SortColumn, containing};
use crate::{Error, Store, bulk};

/// Which scopes by what was seen of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Those not seen whole, asked or not.
    NotWhole,
    /// Those seen whole.
    Whole,
    /// Those that the source no longer shows; a run has none of them.
    Unlisted,
}

/// Which scopes of a source or of a run.
#[derive(Clone, Debug)]
pub struct ScopeFilter<T> {
    /// The source or the run.
    pub of: T,
    /// Text in account, region, service or reason.
    pub text: Option<String>,
    /// What was seen of them.
    pub seen: Option<Seen>,
}

impl<T> ScopeFilter<T> {
    /// All scopes.
    #[must_use]
    pub fn all(of: T) -> Self {
        Self { of, text: None, seen: None }
    }
}

/// The scope's name for people, which is also the end of every order.
const NAME: &str = "account || ' / ' || region || ' / ' || service";

/// Columns by which the scopes of a source can be sorted; `state` puts first what needs attention.
pub const SCOPE_SORTS: &[SortColumn] = &[
    SortColumn::by(
        "state",
        &["CASE WHEN last_state = 'failed' AND listed THEN 0 WHEN last_state = 'partial' AND listed THEN 1 \
             WHEN last_state = 'cancelled' AND listed THEN 2 WHEN NOT listed THEN 3 \
             WHEN last_state = 'waiting' THEN 4 ELSE 5 END"],
    ),
    SortColumn::by("scope", &[]),
    SortColumn::by("whole", &["COALESCE(last_complete_at, 0)"]),
    SortColumn::by("objects", &["objects"]),
];

/// Columns by which the scopes of a run can be sorted; `state` puts first what needs attention.
pub const RUN_SCOPE_SORTS: &[SortColumn] = &[
    SortColumn::by(
        "state",
        &["CASE state WHEN 'failed' THEN 0 WHEN 'partial' THEN 1 WHEN 'cancelled' THEN 2 \
             WHEN 'running' THEN 3 WHEN 'waiting' THEN 4 ELSE 5 END"],
    ),
    SortColumn::by("scope", &[]),
    SortColumn::by("seen", &["seen"]),
    SortColumn::by("changed", &["added + changed + retired"]),
    SortColumn::by("calls", &["calls"]),
    SortColumn::by("time", &["COALESCE(ended_at, started_at, 0) - COALESCE(started_at, 0)"]),
];

/// A page of the scopes of a source.
///
/// # Errors
/// When the database does not answer.
pub async fn scopes(
    store: &Store,
    viewer: &Viewer,
    filter: &ScopeFilter<SourceId>,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<ScopeRow>, Error> {
    let mut clauses = Clauses::of(viewer);
    clauses.and("source_id = ?", [bulk::id(filter.of)]);
    contains(&mut clauses, filter.text.as_deref(), "last_reason");
    match filter.seen {
        Some(Seen::NotWhole) => clauses.and("listed AND last_state <> 'complete'", []),
        Some(Seen::Whole) => clauses.and("listed AND last_state = 'complete'", []),
        Some(Seen::Unlisted) => clauses.and("NOT listed", []),
        None => {}
    }
    let listing = Listing {
        columns: SCOPE,
        from: "source_scopes",
        clauses,
        sorts: SCOPE_SORTS,
        key: NAME,
        locate: "source_id = ? AND account || ' / ' || region || ' / ' || service = ?",
        anchor,
        read: ScopeRow::read,
        key_of: |row: &ScopeRow| key(row.source.as_bytes(), &row.scope),
    };
    listing.page(store, sort, page).await
}

/// A page of the scopes of a run.
///
/// # Errors
/// When the database does not answer.
pub async fn run_scopes(
    store: &Store,
    viewer: &Viewer,
    filter: &ScopeFilter<RunId>,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<RunScope>, Error> {
    let mut clauses = Clauses::of(viewer);
    clauses.and("run_id = ?", [bulk::id(filter.of)]);
    contains(&mut clauses, filter.text.as_deref(), "reason");
    match filter.seen {
        Some(Seen::NotWhole) => clauses.and("state <> 'complete'", []),
        Some(Seen::Whole) => clauses.and("state = 'complete'", []),
        Some(Seen::Unlisted) => clauses.and("1 = 0", []),
        None => {}
    }
    let listing = Listing {
        columns: RUN_SCOPE,
        from: "source_run_scopes",
        clauses,
        sorts: RUN_SCOPE_SORTS,
        key: NAME,
        locate: "run_id = ? AND account || ' / ' || region || ' / ' || service = ?",
        anchor,
        read: RunScope::read,
        key_of: |row: &RunScope| key(row.run.as_bytes(), &row.scope),
    };
    listing.page(store, sort, page).await
}

fn contains(clauses: &mut Clauses, text: Option<&str>, reason: &str) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        let pattern = containing(text);
        let clause = format!("LOWER({NAME}) LIKE ? ESCAPE '!' OR LOWER({reason}) LIKE ? ESCAPE '!'");
        clauses.and(&clause, [pattern.clone(), pattern]);
    }
}

/// The cursor's key of a scope: whose it is, and its name.
fn key(of: &[u8; 16], scope: &Scope) -> Vec<u8> {
    let Scope { account, region, service } = scope;
    let mut key = of.to_vec();
    key.extend(format!("{account} / {region} / {service}").into_bytes());
    key
}

fn anchor(key: &[u8]) -> Option<Vec<Value>> {
    let (of, name) = key.split_at_checked(16)?;
    Some(vec![of.to_vec().into(), std::str::from_utf8(name).ok()?.into()])
}
