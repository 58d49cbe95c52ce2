//! Sources: what can be connected, what it must be told, what it may be asked about, and what came of
//! asking. Refuses to let "not answered" look like "nothing there": a scope is complete or partial with
//! its reason.

mod field;
mod noun;
mod run;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use field::{Field, FieldKind, Problem, Values, check_name, validate};
pub use noun::Noun;
pub use run::{RunCounts, RunKind, RunState};

/// The kind of documents in which one process hands another what a connector saw.
pub const OBSERVATIONS_KIND: &str = "plimsoll-observations";

/// A kind of source as pages and the command line show it: data alone, behaviour stays in `connectors`.
#[derive(Clone, Copy, Debug)]
pub struct SourceKind {
    /// Kebab-case word that owns its configuration and its runs.
    pub kind: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// One line: what it brings.
    pub summary: &'static str,
    /// What it can be told.
    pub fields: &'static [Field],
    /// What it must be allowed to do.
    pub permissions: &'static [Permission],
    /// Its handbook page, in Markdown.
    pub docs: &'static str,
}

/// A permission as the vendor names it, and why it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The vendor's name: `ecr:DescribeImages`.
    pub action: &'static str,
    /// What is lost without it.
    pub why: &'static str,
}

/// A part of a source that is asked, believed and retired as one: account, region and service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// Account, subscription, project; empty where there is none.
    pub account: String,
    /// Region; empty where the service has none.
    pub region: String,
    /// Service, in the connector's word: `ecr`, `ecs`.
    pub service: String,
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [&self.account, &self.region, &self.service];
        let parts: Vec<&str> =
            parts.iter().map(|part| part.as_str()).filter(|part| !part.is_empty()).collect();
        formatter.write_str(&parts.join(" / "))
    }
}

/// Whether everything of a scope was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Completeness {
    /// Every page was read to its end.
    Complete,
    /// Something is missing; the sentence says what and why, and what to do.
    Partial(String),
}

impl Completeness {
    /// Whether nothing is missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        matches!(self, Self::Complete)
    }

    /// This, unless the other is already partial: the first reason is kept.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self.is_complete() { other } else { self }
    }
}

/// What a trial of one permission came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The permission: `ecr:DescribeImages`.
    pub action: String,
    /// Where it was tried.
    pub scope: Scope,
    /// `None` when it was granted; otherwise one sentence: what was refused, where, how to grant it.
    pub refusal: Option<String>,
}
