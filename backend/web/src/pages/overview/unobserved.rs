//! What sources could not observe, as the Overview shows it: hatched, with its reason, never as zero.
//! Refuses to drop what does not fit: it is counted.

use domain::scope::Viewer;
use domain::source::RunState;
use store::Store;
use store::sources::{NotObserved, not_observed, not_observed_count};

use crate::error::Error;
use crate::filters::grouped;
use crate::pages::sources::words::{self, Word};

/// Rows shown; the sources' own pages have all.
const SHOWN: u32 = 6;
/// Letters of a reason.
const REASON: usize = 200;

/// What was not observed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unobserved {
    /// The first rows, sources as a whole before scopes.
    pub(super) rows: Vec<UnobservedRow>,
    /// Sources as a whole.
    sources: u64,
    /// Scopes.
    scopes: u64,
}

/// A source or a scope that was not seen whole.
#[derive(Clone, Debug)]
pub(super) struct UnobservedRow {
    pub(super) found: NotObserved,
    pub(super) href: String,
    /// What it is, as people say it.
    pub(super) what: String,
    pub(super) state: Word,
    pub(super) reason: String,
}

impl Unobserved {
    /// Reads it, in three queries.
    pub(super) async fn read(store: &Store, viewer: &Viewer) -> Result<Self, Error> {
        let found = not_observed(store, viewer, SHOWN).await?;
        let (sources, scopes) = not_observed_count(store, viewer).await?;
        let rows = found.into_iter().take(SHOWN as usize).map(UnobservedRow::of).collect();
        Ok(Self { rows, sources, scopes })
    }

    /// Whether there is anything to say.
    pub(super) fn is_nothing(&self) -> bool {
        self.sources + self.scopes == 0
    }

    /// `2 sources and 14 scopes`.
    pub(super) fn count(&self) -> String {
        let told = |count: u64, one: &str, many: &str| {
            let noun = if count == 1 { one } else { many };
            (count > 0).then(|| format!("{} {noun}", grouped(&count.to_string())))
        };
        let parts = [told(self.sources, "source", "sources"), told(self.scopes, "scope", "scopes")];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }

    /// `were` or `was`.
    pub(super) fn verb(&self) -> &'static str {
        if self.sources + self.scopes == 1 { "was" } else { "were" }
    }

    /// Rows that are not shown.
    pub(super) fn more(&self) -> u64 {
        (self.sources + self.scopes).saturating_sub(self.rows.len() as u64)
    }
}

impl UnobservedRow {
    fn of(found: NotObserved) -> Self {
        let (what, href) = match &found.scope {
            Some(scope) => {
                let seen = if found.listed { "part" } else { "unlisted" };
                (scope.to_string(), format!("/sources/{}?tab=scopes&seen={seen}", found.source))
            }
            None => ("the source as a whole".to_owned(), format!("/sources/{}", found.source)),
        };
        let reason = match found.state {
            RunState::Waiting if found.reason.is_empty() => "No run of it is over yet.".to_owned(),
            _ if !found.listed => {
                "Its source does not show it any more; what it held stays on record.".to_owned()
            }
            _ => words::cut_to(&found.reason, REASON),
        };
        Self { what, href, state: words::scope_state(found.state, found.listed), reason, found }
    }
}
