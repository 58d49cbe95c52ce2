//! The exposure gap: what runs, minus what is known, assessed, current, sanctioned and fixed in time.
//! Each running container falls out at the first stage it fails, so the counts add up to what runs.
//!
//! Refuses to call a check that is not configured passed: see [`Rules::sanction_is_configured`].

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long a scan counts as current unless settings say otherwise.
pub const DEFAULT_WINDOW_DAYS: u32 = 7;

/// Where a running container falls out of the estate that is under control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Runs, and nobody can say whose it is or where.
    Unknown,
    /// Known, and never scanned.
    Unassessed,
    /// Scanned, too long ago.
    Stale,
    /// Current, from a registry that nobody approved.
    Unsanctioned,
    /// Sanctioned, with a finding that has a fix and is past its deadline.
    Overdue,
    /// None of these.
    InOrder,
}

impl Stage {
    /// Every stage, in the order in which containers are tried.
    pub const ALL: [Self; 6] =
        [Self::Unknown, Self::Unassessed, Self::Stale, Self::Unsanctioned, Self::Overdue, Self::InOrder];

    /// The word in storage and in the API: `in-order`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Unassessed => "unassessed",
            Self::Stale => "stale",
            Self::Unsanctioned => "unsanctioned",
            Self::Overdue => "overdue",
            Self::InOrder => "in-order",
        }
    }

    /// The stage of a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }

    /// Position in [`Stage::ALL`]: 0 unknown to 5 in order.
    #[must_use]
    pub fn rank(self) -> usize {
        self as usize
    }

    /// Whether a container at this stage is part of the gap.
    #[must_use]
    pub fn is_gap(self) -> bool {
        self != Self::InOrder
    }
}

/// What is known of one running container (a digest in a workload).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContainerFacts<'a> {
    /// Whether its workload has an owner.
    pub has_owner: bool,
    /// Whether its workload is recorded in an account or a cluster.
    pub has_place: bool,
    /// When its digest was last matched against vulnerability data by a completed scan.
    pub matched_at: Option<DateTime<Utc>>,
    /// Registry and repository it came from: `ghcr.io/acme/api`.
    pub repository: Option<&'a str>,
    /// Whether an open finding with a fix is past its deadline.
    pub overdue: bool,
}

/// What settings decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// How many days a scan counts as current.
    pub window_days: u32,
    /// Registries and repositories that are approved, such as `ghcr.io/acme`; empty turns the check off.
    pub sanctioned: Vec<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { window_days: DEFAULT_WINDOW_DAYS, sanctioned: Vec::new() }
    }
}

impl Rules {
    /// The first stage a container fails.
    #[must_use]
    pub fn stage(&self, facts: &ContainerFacts<'_>, now: DateTime<Utc>) -> Stage {
        if !(facts.has_owner && facts.has_place) {
            return Stage::Unknown;
        }
        let Some(matched_at) = facts.matched_at else { return Stage::Unassessed };
        if now.signed_duration_since(matched_at) > TimeDelta::days(i64::from(self.window_days)) {
            return Stage::Stale;
        }
        if self.sanction_is_configured() && !facts.repository.is_some_and(|name| self.is_sanctioned(name)) {
            return Stage::Unsanctioned;
        }
        if facts.overdue { Stage::Overdue } else { Stage::InOrder }
    }

    /// Whether registries are checked at all; a page that shows none unsanctioned must say if not.
    #[must_use]
    pub fn sanction_is_configured(&self) -> bool {
        !self.sanctioned.is_empty()
    }

    /// Whether a repository lies under an approved prefix. `ghcr.io/acme` approves `ghcr.io/acme/api`
    /// and not `ghcr.io/acme-evil/api`.
    fn is_sanctioned(&self, repository: &str) -> bool {
        self.sanctioned.iter().any(|prefix| {
            let prefix = prefix.trim_end_matches('/');
            repository.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

/// Running containers by stage: how many, and how much they weigh by criticality.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    counts: [u64; Stage::ALL.len()],
    weights: [f64; Stage::ALL.len()],
}

impl Tally {
    /// Adds a container with the number of its running instances and the weight of its workload.
    pub fn add(&mut self, stage: Stage, instances: u64, weight: f64) {
        #[expect(clippy::cast_precision_loss, reason = "more instances than 2^52 do not run anywhere")]
        let weight = weight * instances as f64;
        self.counts[stage.rank()] += instances;
        self.weights[stage.rank()] += weight;
    }

    /// How many stand at a stage.
    #[must_use]
    pub fn count(&self, stage: Stage) -> u64 {
        self.counts[stage.rank()]
    }

    /// How many run.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many are part of the gap.
    #[must_use]
    pub fn gap(&self) -> u64 {
        self.total() - self.count(Stage::InOrder)
    }

    /// The gap's share of what runs, 0 to 1; nothing where nothing was seen to run.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a share needs no more digits")]
        (self.total() > 0).then(|| self.gap() as f64 / self.total() as f64)
    }

    /// The gap's share by weight, 0 to 1; nothing where nothing with a weight runs.
    #[must_use]
    pub fn weighted_share(&self) -> Option<f64> {
        let total: f64 = self.weights.iter().sum();
        let gap: f64 =
            Stage::ALL.iter().filter(|stage| stage.is_gap()).map(|stage| self.weights[stage.rank()]).sum();
        (total > 0.0).then(|| (gap / total).clamp(0.0, 1.0))
    }
}
