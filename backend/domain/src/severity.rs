//! The five severities of the dashboard. What each vendor calls them is translated in one table,
//! `formats::severity`. Refuses to order unknown below low: unknown is not harmless.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How bad a finding is, worst first. `Unknown` means that nobody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Critical.
    Critical,
    /// High.
    High,
    /// Medium.
    Medium,
    /// Low, and what vendors call negligible or informational.
    Low,
    /// Not stated.
    Unknown,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Unknown];

    /// The word in data and style sheets: `critical`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Unknown => "unknown",
        }
    }

    /// The letter that accompanies the colour: `C H M L ?`.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Critical => 'C',
            Self::High => 'H',
            Self::Medium => 'M',
            Self::Low => 'L',
            Self::Unknown => '?',
        }
    }

    /// Position in storage and sorting: 0 critical to 4 unknown.
    #[must_use]
    pub fn rank(self) -> i16 {
        match self {
            Self::Critical => 0,
            Self::High => 1,
            Self::Medium => 2,
            Self::Low => 3,
            Self::Unknown => 4,
        }
    }

    /// The severity at a rank; anything outside 0 to 3 is unknown.
    #[must_use]
    pub fn from_rank(rank: i16) -> Self {
        match rank {
            0 => Self::Critical,
            1 => Self::High,
            2 => Self::Medium,
            3 => Self::Low,
            _ => Self::Unknown,
        }
    }

    /// The severity of a CVSS v3 or v4 base score (FIRST's qualitative scale); 0.0 is low.
    #[must_use]
    pub fn from_cvss(score: f64) -> Self {
        match score {
            score if score >= 9.0 => Self::Critical,
            score if score >= 7.0 => Self::High,
            score if score >= 4.0 => Self::Medium,
            score if score >= 0.0 => Self::Low,
            _ => Self::Unknown,
        }
    }

    /// The worse of two stated severities; an unknown one gives way to a stated one.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        self.min(other)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
