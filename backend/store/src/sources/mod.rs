//! Sources, their runs and scopes, as pages and the command line show them. Refuses to hand out a secret
//! or a token: only which secrets are set.

mod detail;
mod list;
mod row;
#[cfg(test)]
mod tests;

pub use detail::{Detail, RunDetail, detail, run};
pub use list::{Health, NotObserved, Summary, list, not_observed};
pub use row::{Origin, Run, RunScope, ScopeRow, Source};
pub(crate) use row::{RUN, RUN_SCOPE, SOURCE};
