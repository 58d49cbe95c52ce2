//! Statements of who is and is not affected (OpenVEX, and what CycloneDX and CSAF say in their own
//! words). Refuses to decide whom to trust: that is policy's.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::vulnerability::VulnerabilityId;

/// The four states of VEX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VexStatus {
    /// No remediation needed.
    NotAffected,
    /// Action is recommended.
    Affected,
    /// The product version contains a fix.
    Fixed,
    /// Not known yet.
    UnderInvestigation,
}

impl VexStatus {
    /// The word in storage and in OpenVEX: `not_affected`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAffected => "not_affected",
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::UnderInvestigation => "under_investigation",
        }
    }
}

/// One statement: a vulnerability, products, a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VexStatement {
    /// Who signs for it, as the document names them.
    pub author: String,
    /// When it was made, if stated.
    pub stated_at: Option<DateTime<Utc>>,
    /// The vulnerability.
    pub vulnerability: VulnerabilityId,
    /// Its other names.
    pub aliases: Vec<VulnerabilityId>,
    /// What it is said of. A statement without products says nothing.
    pub products: Vec<VexProduct>,
    /// The status.
    pub status: VexStatus,
    /// Machine-readable justification, as written (`component_not_present`).
    pub justification: Option<String>,
    /// Prose: impact or action statement.
    pub statement: Option<String>,
}

/// A product, optionally narrowed to components inside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VexProduct {
    /// The product's identifier as written: a purl (`pkg:oci/…`), a CPE, an IRI.
    pub id: String,
    /// Digests that name it (`sha256:…`), from the identifier or its hashes.
    pub digests: Vec<String>,
    /// Components inside it, as written, usually purls; empty means the product itself.
    pub subcomponents: Vec<String>,
}
