//! A run of a source in words: why it was asked for, how it stands, what it counted.
//! Refuses a state that is neither over nor under way.

use serde::{Deserialize, Serialize};

/// Why a source is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunKind {
    /// To save what it shows.
    Sync,
    /// To count what it shows, saving nothing.
    DryRun,
    /// To try its permissions.
    Check,
    /// What somebody else collected where the credentials are.
    Push,
    /// To save what those scopes show of which something was seen to change.
    Follow,
}

impl RunKind {
    const ALL: [Self; 5] = [Self::Sync, Self::DryRun, Self::Check, Self::Push, Self::Follow];

    /// The word in storage and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::DryRun => "dry-run",
            Self::Check => "check",
            Self::Push => "push",
            Self::Follow => "follow",
        }
    }

    /// The kind of a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// How a run, or a scope of it, stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// Nobody has begun it.
    #[default]
    Waiting,
    /// A worker is at it.
    Running,
    /// Everything was seen.
    Complete,
    /// Something was not seen; the reason says what.
    Partial,
    /// Nothing came of it.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

impl RunState {
    const ALL: [Self; 6] =
        [Self::Waiting, Self::Running, Self::Complete, Self::Partial, Self::Failed, Self::Cancelled];

    /// The word in storage and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// Whether nothing more comes of it.
    #[must_use]
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// What a run, or a scope of it, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunCounts {
    /// Distinct objects seen.
    pub seen: u64,
    /// Not known before.
    pub added: u64,
    /// Known, and described differently.
    pub changed: u64,
    /// Believed gone.
    pub retired: u64,
    /// Calls sent, retries included.
    pub calls: u64,
    /// Calls that repeated an earlier one.
    pub retries: u64,
    /// Answers that asked for fewer calls.
    pub throttled: u64,
    /// Milliseconds spent waiting for leave to go on.
    pub waited_milliseconds: u64,
}

impl RunCounts {
    /// These and those.
    pub fn add(&mut self, other: Self) {
        self.seen += other.seen;
        self.added += other.added;
        self.changed += other.changed;
        self.retired += other.retired;
        self.calls += other.calls;
        self.retries += other.retries;
        self.throttled += other.throttled;
        self.waited_milliseconds += other.waited_milliseconds;
    }
}
