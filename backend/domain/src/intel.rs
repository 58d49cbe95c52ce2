//! Threat intelligence about vulnerabilities: EPSS probabilities and the KEV catalogue. Refuses to
//! guess the model version of an EPSS file that does not state one.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::vulnerability::VulnerabilityId;

/// A feed document's content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum IntelFeed {
    /// FIRST's Exploit Prediction Scoring System: a whole day's scores.
    Epss {
        /// Model version as stated (`v2025.03.14`).
        model: Option<String>,
        /// Day of the scores, if stated.
        scored_at: Option<DateTime<Utc>>,
        /// One record a CVE.
        scores: Vec<EpssScore>,
    },
    /// CISA's Known Exploited Vulnerabilities catalogue, whole.
    Kev {
        /// Catalogue version (`2026.08.21`).
        version: Option<String>,
        /// When it was released, if stated.
        released_at: Option<DateTime<Utc>>,
        /// One record a CVE.
        entries: Vec<KevEntry>,
    },
}

/// The chance that exploitation activity is observed anywhere within 30 days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpssScore {
    /// The CVE.
    pub id: VulnerabilityId,
    /// Probability, 0 to 1.
    pub probability: f64,
    /// Share of CVEs scored at or below, 0 to 1, if stated.
    pub percentile: Option<f64>,
}

/// A vulnerability known to be exploited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KevEntry {
    /// The CVE.
    pub id: VulnerabilityId,
    /// Day it entered the catalogue.
    pub added_on: Option<NaiveDate>,
    /// Day by which federal agencies had to act.
    pub due_on: Option<NaiveDate>,
    /// Whether ransomware campaigns are known to use it; absent where the file predates the field.
    pub ransomware: Option<bool>,
    /// Vendor, product and name in one line.
    pub title: String,
    /// What CISA says to do.
    pub action: Option<String>,
}
