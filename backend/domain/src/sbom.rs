//! A bill of materials: the components of one target. Refuses to be a scan: it lists, it does not judge.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::component::Component;
use crate::scan::{Target, Tool};

/// The components that one document lists for one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sbom {
    /// Who made it.
    pub tool: Tool,
    /// Of what.
    pub target: Target,
    /// When, if stated.
    pub created_at: Option<DateTime<Utc>>,
    /// The components that have an identity, each purl once.
    pub components: Vec<Component>,
    /// How many the document lists, those without a usable name included.
    pub listed: usize,
}
