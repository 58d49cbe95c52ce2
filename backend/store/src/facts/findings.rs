//! Open findings with what is known of their vulnerability and component. Refuses closed ones.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::cvss::AttackVector;
use domain::finding::FindingClass;
use domain::fix::FixState;
use domain::id::{FindingId, ImageId};
use domain::severity::Severity;

use super::alerts::NamingFact;
use super::used::UseFact;
use crate::bulk::{Given, query_given};
use crate::connection::Conn;
use crate::row::Row;
use crate::{Error, Tx};

/// One open finding.
#[derive(Clone, Debug)]
pub struct FindingFact {
    /// Its id.
    pub id: FindingId,
    /// The image it is on.
    pub image: ImageId,
    /// Kind of fact.
    pub class: FindingClass,
    /// Merged severity.
    pub severity: Severity,
    /// Merged fix state.
    pub fix_state: FixState,
    /// First fixed version, or empty.
    pub fix_version: String,
    /// Whether every tool that reports it has set it aside.
    pub suppressed: bool,
    /// Status of the VEX statement that holds for it.
    pub vex_status: Option<String>,
    /// When it was first reported.
    pub first_seen_at: DateTime<Utc>,
    /// When a fix was first reported.
    pub fix_seen_at: Option<DateTime<Utc>>,
    /// Rule, check, or what else it is about.
    pub subject: String,
    /// The component, where it has one.
    pub component: Option<ComponentFact>,
    /// The vulnerability, where it is one.
    pub vulnerability: Option<VulnerabilityFact>,
    /// What is known of its component's use; absent until somebody looks ([`super::executed()`], [`super::use_words()`]).
    pub in_use: Option<UseFact>,
    /// The open detection that names its vulnerability; absent until somebody looks ([`super::naming()`]).
    pub alerted: Option<NamingFact>,
}

/// The component of a finding.
#[derive(Clone, Debug)]
pub struct ComponentFact {
    /// Package URL.
    pub purl: String,
    /// Name for people.
    pub name: String,
    /// Installed version.
    pub version: String,
    /// Source package, or empty.
    pub source_name: String,
    /// Its version, or empty.
    pub source_version: String,
}

/// The vulnerability of a finding.
#[derive(Clone, Debug)]
pub struct VulnerabilityFact {
    /// Canonical id.
    pub id: String,
    /// One line, if known.
    pub title: Option<String>,
    /// EPSS probability.
    pub epss: Option<f64>,
    /// The tool that says so, where FIRST does not.
    pub epss_source: Option<String>,
    /// The tool that knows of an exploit.
    pub exploit_source: Option<String>,
    /// When it last knew of one.
    pub exploit_seen_at: Option<DateTime<Utc>>,
    /// When it entered the KEV catalogue.
    pub kev_added_at: Option<DateTime<Utc>>,
    /// From where an attacker must act, if a vector says.
    pub attack_vector: Option<AttackVector>,
    /// Technical impact, if a vector says.
    pub impact: Option<f64>,
    /// Whether a worm could use it, if a vector says.
    pub automatable: Option<bool>,
    /// Whether everything is lost, if a vector says.
    pub total_impact: Option<bool>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
}

/// Every image, in the order of their ids.
///
/// # Errors
/// When the database cannot be read.
pub async fn image_ids(tx: &Tx) -> Result<Vec<ImageId>, Error> {
    let rows = tx.query("SELECT id FROM images ORDER BY id", vec![]).await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// How many open findings some images have; one without any is left out.
///
/// # Errors
/// When the database cannot be read.
pub async fn finding_counts(tx: &Tx, images: &[ImageId]) -> Result<HashMap<ImageId, u64>, Error> {
    let sql = "SELECT f.image_id, COUNT(*) FROM given JOIN findings f ON f.image_id = given.key \
               WHERE f.closed_at IS NULL GROUP BY f.image_id";
    let rows = query_given(tx, Given::ids(images.iter().copied()), sql, vec![]).await?;
    rows.iter().map(|row| Ok((row.id(0)?, row.count(1)?))).collect()
}

/// The open findings of some images.
///
/// # Errors
/// When the database cannot be read.
pub async fn findings(tx: &Tx, images: &[ImageId]) -> Result<Vec<FindingFact>, Error> {
    let sql = "SELECT f.image_id, f.class, f.severity, f.fix_state, f.fix_version, f.suppressed, \
               f.vex_status, f.first_seen_at, f.fix_seen_at, f.subject, \
               c.purl, c.name, c.version, c.source_name, c.source_version, \
               v.id, v.title, v.epss, v.kev_added_at, v.attack_vector, v.impact, v.automatable, \
               v.total_impact, v.published_at, v.epss_source, v.exploit_source, v.exploit_seen_at, \
               f.id \
               FROM given JOIN findings f ON f.image_id = given.key \
               LEFT JOIN components c ON c.id = f.component_id \
               LEFT JOIN vulnerabilities v ON v.id = f.vulnerability_id \
               WHERE f.closed_at IS NULL";
    let rows = query_given(tx, Given::ids(images.iter().copied()), sql, vec![]).await?;
    rows.iter().map(finding).collect()
}

fn finding(row: &Row) -> Result<FindingFact, Error> {
    let component = match row.optional_text(10)? {
        Some(purl) => Some(ComponentFact {
            purl,
            name: row.text(11)?,
            version: row.text(12)?,
            source_name: row.text(13)?,
            source_version: row.text(14)?,
        }),
        None => None,
    };
    let vulnerability = match row.optional_text(15)? {
        Some(id) => Some(vulnerability(id, row)?),
        None => None,
    };
    Ok(FindingFact {
        id: row.id(27)?,
        image: row.id(0)?,
        class: FindingClass::from_word(&row.text(1)?).unwrap_or(FindingClass::Misconfiguration),
        severity: Severity::from_rank(row.small(2)?),
        fix_state: FixState::from_word(&row.text(3)?),
        fix_version: row.text(4)?,
        suppressed: row.boolean(5)?,
        vex_status: row.optional_text(6)?,
        first_seen_at: row.time(7)?,
        fix_seen_at: row.optional_time(8)?,
        subject: row.text(9)?,
        component,
        vulnerability,
        in_use: None,
        alerted: None,
    })
}

fn vulnerability(id: String, row: &Row) -> Result<VulnerabilityFact, Error> {
    Ok(VulnerabilityFact {
        id,
        title: row.optional_text(16)?,
        epss: row.optional_real(17)?,
        epss_source: row.optional_text(24)?,
        exploit_source: row.optional_text(25)?,
        exploit_seen_at: row.optional_time(26)?,
        kev_added_at: row.optional_time(18)?,
        attack_vector: row.optional_text(19)?.map(|word| match word.as_str() {
            "N" => AttackVector::Network,
            "A" => AttackVector::Adjacent,
            _ => AttackVector::Local,
        }),
        impact: row.optional_real(20)?,
        automatable: row.optional_boolean(21)?,
        total_impact: row.optional_boolean(22)?,
        published_at: row.optional_time(23)?,
    })
}
