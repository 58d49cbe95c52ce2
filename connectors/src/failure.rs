//! Why something could not be had from a vendor, in words that say what to do. Refuses to let a denied
//! call look like an empty answer.

use std::time::Duration;

use domain::source::Scope;

/// Why a call or a scope failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The vendor refused for want of a permission.
    #[error("`{action}` was denied in {scope}: {remedy}")]
    Denied {
        /// The permission as the vendor names it.
        action: String,
        /// Where.
        scope: Scope,
        /// How to grant it.
        remedy: String,
    },
    /// The credentials are absent, wrong or expired.
    #[error("no credentials that {scope} accepts: {remedy}")]
    Unauthenticated {
        /// Where.
        scope: Scope,
        /// What to do.
        remedy: String,
    },
    /// The vendor asks for fewer calls, and went on asking until the deadline.
    #[error("`{action}` was throttled in {scope} until the deadline: the next run goes on from here")]
    Throttled {
        /// The call.
        action: String,
        /// Where.
        scope: Scope,
        /// How long the vendor asks to wait, if it says.
        retry_after: Option<Duration>,
    },
    /// No answer within the deadline.
    #[error("`{action}` in {scope} did not answer within {} s", .after.as_secs())]
    TimedOut {
        /// The call.
        action: String,
        /// Where.
        scope: Scope,
        /// The deadline.
        after: Duration,
    },
    /// An answer that is not what the vendor's interface says.
    #[error("`{action}` in {scope} answered something unreadable: {detail}")]
    Unreadable {
        /// The call.
        action: String,
        /// Where.
        scope: Scope,
        /// What was seen, short.
        detail: String,
    },
    /// A page token came again: going on would never end.
    #[error("`{action}` in {scope} repeated a page token after {pages} pages: what follows was not seen")]
    RepeatedToken {
        /// The call.
        action: String,
        /// Where.
        scope: Scope,
        /// Pages read before.
        pages: usize,
    },
    /// The vendor failed.
    #[error("`{action}` failed in {scope}: {detail}")]
    Vendor {
        /// The call.
        action: String,
        /// Where.
        scope: Scope,
        /// The vendor's code and message, short.
        detail: String,
    },
    /// What somebody else's connector said where it ran, word for word.
    #[error("{reason}")]
    Elsewhere {
        /// A sentence.
        reason: String,
    },
    /// The run was cancelled or its other end is gone.
    #[error("the run was cancelled")]
    Cancelled,
}
