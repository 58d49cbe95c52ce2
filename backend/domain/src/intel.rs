//! Intelligence about vulnerabilities and products: EPSS probabilities, the KEV catalogue, records of databases
//! with SSVC decisions, and until when releases are maintained. Refuses to guess the model version of an EPSS
//! file that does not state one.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::fix::Fix;
use crate::purl::Purl;
use crate::vulnerability::{VulnerabilityId, VulnerabilityRecord};

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
    /// Records of a database of vulnerabilities, never taken for all of it.
    Vulnerabilities {
        /// The database: `nvd`, `cve`, `osv`.
        database: String,
        /// When the document was made, if stated.
        made_at: Option<DateTime<Utc>>,
        /// One record a vulnerability.
        records: Vec<DatabaseRecord>,
    },
    /// Until when releases of products are maintained.
    Lifecycles {
        /// When the document was made, if stated.
        made_at: Option<DateTime<Utc>>,
        /// Each product with its releases.
        products: Vec<Lifecycle>,
    },
}

impl IntelFeed {
    /// How many records it holds: scores, entries, vulnerabilities, releases.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Epss { scores, .. } => scores.len(),
            Self::Kev { entries, .. } => entries.len(),
            Self::Vulnerabilities { records, .. } => records.len(),
            Self::Lifecycles { products, .. } => products.iter().map(|product| product.releases.len()).sum(),
        }
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When it was made, if stated.
    #[must_use]
    pub fn made_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Epss { scored_at, .. } => *scored_at,
            Self::Kev { released_at, .. } => *released_at,
            Self::Vulnerabilities { made_at, .. } | Self::Lifecycles { made_at, .. } => *made_at,
        }
    }
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

/// What a database says of one vulnerability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatabaseRecord {
    /// The vulnerability itself.
    pub vulnerability: VulnerabilityRecord,
    /// Whether the database has taken it back: rejected, withdrawn.
    pub withdrawn: bool,
    /// Day it entered CISA's catalogue of exploited vulnerabilities, where the record repeats it.
    pub exploited_since: Option<NaiveDate>,
    /// What stakeholders decided by SSVC.
    pub decisions: Vec<Decision>,
    /// Packages it affects, where the record names them by ecosystem.
    pub affected: Vec<AffectedPackage>,
}

/// The points of an SSVC decision (Stakeholder-Specific Vulnerability Categorization). What is absent was not
/// decided, or not in known words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who decided: `cisa-adp`.
    pub by: String,
    /// What is known of its use.
    pub exploitation: Option<Exploitation>,
    /// Whether its use can be automated.
    pub automatable: Option<bool>,
    /// Whether the attacker gets total control of the component, or partial.
    pub total_impact: Option<bool>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

/// What is known of the use of a vulnerability, in SSVC's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exploitation {
    /// No evidence of use, and no public proof of concept.
    None,
    /// A public proof of concept.
    Poc,
    /// It is used.
    Active,
}

/// A package that a vulnerability affects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffectedPackage {
    /// The package, without a version.
    pub purl: Purl,
    /// Versions with a fix, a branch each.
    pub fix: Fix,
}

/// A product's releases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// The product as the source names it (`debian`), if the document does.
    pub product: Option<String>,
    /// Its releases.
    pub releases: Vec<Release>,
}

/// A release of a product and how long it is maintained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Its name: `12`, `22.04`.
    pub name: String,
    /// Day it came out.
    pub released_on: Option<NaiveDate>,
    /// Day on which its maintenance ends.
    pub ends_on: Option<NaiveDate>,
    /// Whether it had ended when the document was made, as the document says.
    pub ended: Option<bool>,
    /// Day on which extended, usually paid, maintenance ends.
    pub extended_until: Option<NaiveDate>,
    /// The latest version in it.
    pub latest: Option<String>,
}
