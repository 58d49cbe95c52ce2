//! Sources, their runs and scopes, as pages and the command line show them. Refuses to hand out a secret
//! or a token: only which secrets are set.

mod detail;
mod list;
mod not_observed;
mod row;
mod scopes;
#[cfg(test)]
mod tests;

pub use detail::{Detail, RunDetail, Standing, detail, run, standing};
pub use list::{Health, Summary, list};
pub(crate) use not_observed::LAST_RUNS;
pub use not_observed::{NotObserved, not_observed, not_observed_count};
pub use row::{Origin, Run, RunScope, ScopeRow, Source};
pub(crate) use row::{RUN, RUN_SCOPE, SHOWN_BY, SOURCE, scope};
pub use scopes::{RUN_SCOPE_SORTS, SCOPE_SORTS, ScopeFilter, Seen, run_scopes, scopes};
