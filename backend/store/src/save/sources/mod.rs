//! Writing sources: their definitions, their runs, what their scopes came to and what they saw.
//! Refuses to decide what is gone: the engine in `pipeline` says so.

mod definitions;
mod follows;
mod objects;
mod pushes;
mod runs;
mod schedule;
mod scopes;

pub use definitions::{
    Definition, Secrets, create, load, put_from_file, remove, set_enabled, set_push_token, update,
};
pub use follows::{Followed, followable, followed, request_follow};
pub use objects::{Known, Seen, elsewhere, forget, keys, known, put_seen, suspect};
pub use pushes::{Part, end_push, parts, plan_of, push_ended, pushed_to, put_part};
pub use runs::{
    Beat, Claim, Progress, UnderWay, beat, cancel, claim, finish, put_trials, release, request, startable,
    try_again, under_way,
};
pub use schedule::{Due, due, reschedule};
pub use scopes::{Ended, begin_scope, end_scope, planned, put_plan};

use domain::id::Id;

/// A fresh id that sorts by time.
fn new_id<T>() -> Id<T> {
    Id::from_bytes(*uuid::Uuid::now_v7().as_bytes())
}

/// A count as a bound value.
fn number(count: u64) -> crate::connection::Value {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}
