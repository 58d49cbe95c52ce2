//! What a tool says about a fix. Refuses to guess: a tool that says nothing says [`FixState::Unknown`].

use serde::{Deserialize, Serialize};

/// Whether a fix exists, in the vendor's judgement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FixState {
    /// A version with the fix is out.
    Fixed,
    /// None yet.
    NotFixed,
    /// The vendor will not fix it, or the release is past its end of life.
    WontFix,
    /// Not stated.
    #[default]
    Unknown,
}

/// A fix with the versions that carry it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Whether there is one.
    pub state: FixState,
    /// First fixed versions as the tool writes them, possibly several branches.
    pub versions: Vec<String>,
}

impl Fix {
    /// Fixed in these versions, or unknown where there are none.
    #[must_use]
    pub fn in_versions(versions: Vec<String>) -> Self {
        let state = if versions.is_empty() { FixState::Unknown } else { FixState::Fixed };
        Self { state, versions }
    }
}

impl FixState {
    /// The word in storage: `fixed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::NotFixed => "not_fixed",
            Self::WontFix => "wont_fix",
            Self::Unknown => "unknown",
        }
    }

    /// The state of a stored word; anything else is unknown.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "fixed" => Self::Fixed,
            "not_fixed" => Self::NotFixed,
            "wont_fix" => Self::WontFix,
            _ => Self::Unknown,
        }
    }
}
