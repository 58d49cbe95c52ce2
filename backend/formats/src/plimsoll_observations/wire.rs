//! The lines as they are written. Refuses to know what an observation means.

use domain::document::Provenance;
use domain::observation::Observation;
use domain::source::Scope;
use serde::{Deserialize, Serialize};

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// `observations`.
    pub plimsoll: String,
    /// 1.
    pub version: u32,
    /// The source's name.
    pub source: String,
    /// The run's id.
    pub run: String,
    /// The scope.
    pub scope: Scope,
    /// Which part of the scope, from 1.
    pub part: u32,
}

/// Every further line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// A fact.
    Observation(Box<Observation>),
    /// A document, unread.
    Document {
        provenance: Box<Provenance>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// Bytes that are no text, in hexadecimal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hex: Option<String>,
    },
    /// The end of the scope.
    ScopeEnd(End),
}

/// How a scope ended where it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Everything was seen.
    Complete,
    /// Something is missing; the sentence says what and why, and what to do.
    Partial(String),
    /// Nothing was seen; the sentence says why.
    Failed(String),
}

/// Whether a line is a header of any version.
pub(super) fn is_header(line: &str) -> bool {
    line.trim_start().starts_with('{') && line.contains("\"plimsoll\"") && line.contains("\"observations\"")
}
