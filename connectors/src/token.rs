//! What opens a door, kept for as long as it does. Refuses to be printed.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

/// A token is renewed this long before it ends, or when half of its time is over.
const MARGIN: Duration = Duration::from_secs(300);

/// Text that cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hidden(pub(crate) String);

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Hidden")
    }
}

/// A token in its time.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// The token.
    pub(crate) token: Arc<Hidden>,
    renewed_from: Instant,
}

impl Kept {
    /// One that lasts so long from now on.
    pub(crate) fn lasting(token: String, lasts: Duration) -> Self {
        let renewed_from = Instant::now() + lasts.saturating_sub(MARGIN.min(lasts / 2));
        Self { token: Arc::new(Hidden(token)), renewed_from }
    }

    /// Whether it will last a while yet.
    pub(crate) fn is_fresh(&self) -> bool {
        Instant::now() < self.renewed_from
    }
}
