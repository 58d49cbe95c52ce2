//! Attestations: what somebody states of an image that is neither a scan nor a list, such as how it was
//! built. Refuses trust: who signed it is not checked, so it is never shown as verified.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::scan::Target;

/// One statement on one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// Of what.
    pub target: Target,
    /// What kind of statement it is, as an address: `https://slsa.dev/provenance/v1`.
    pub predicate: String,
    /// Who built the target, as an address, if it says so.
    pub builder: Option<String>,
    /// What it was built from, with the revision where that is told.
    pub source: Option<String>,
    /// When it was built, if stated.
    pub built_at: Option<DateTime<Utc>>,
    /// Signatures around the statement, none of them checked.
    pub signatures: u64,
}
