//! Vulnerabilities by the canonical id of their alias group, their other names and their CVSS vectors.
//! Refuses to overwrite what is known with nothing, and to write a row that stays the same.

use std::collections::HashMap;

use crate::bulk::{Given, Type, query_given};
use crate::{Error, Tx};

/// What is said of a vulnerability; absent fields leave what is stored.
#[derive(Clone, Debug, Default)]
pub struct Record<'a> {
    /// Canonical id.
    pub id: &'a str,
    /// One line.
    pub title: Option<&'a str>,
    /// Prose.
    pub description: Option<&'a str>,
    /// Severity as stored, 4 where nobody said; the rating's, if there is one.
    pub severity: i16,
    /// In milliseconds.
    pub published_at: Option<i64>,
    /// In milliseconds.
    pub modified_at: Option<i64>,
    /// JSON list.
    pub weaknesses: String,
    /// JSON list.
    pub links: String,
    /// The vector that speaks for it, of all that are known.
    pub rating: Option<Rating<'a>>,
}

/// The vector that speaks for a vulnerability, with what it says.
#[derive(Clone, Copy, Debug)]
pub struct Rating<'a> {
    /// Who published the vector.
    pub source: &'a str,
    /// The vector.
    pub vector: &'a str,
    /// Base score.
    pub base: f64,
    /// `N`, `A` or `L`.
    pub attack_vector: &'static str,
    /// Technical impact from 0.05 to 1.
    pub impact: f64,
    /// Whether a worm could use it.
    pub automatable: bool,
    /// Whether it takes everything.
    pub total_impact: bool,
}

/// A published vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    /// Canonical id.
    pub id: String,
    /// Who published it.
    pub source: String,
    /// The vector as written.
    pub vector: String,
    /// Base score, if the vector can be read.
    pub base: Option<f64>,
}

/// Where stored aliases lead, for those of `ids` that are stored as aliases.
///
/// # Errors
/// When the database does not answer.
pub async fn canonical(tx: &Tx, ids: &[&str]) -> Result<HashMap<String, String>, Error> {
    let sql = "SELECT a.alias, a.vulnerability_id FROM given \
               JOIN vulnerability_aliases a ON a.alias = given.key";
    let rows = query_given(tx, Given::texts(ids.iter().copied()), sql, vec![]).await?;
    rows.iter().map(|row| Ok((row.text("alias")?, row.text("vulnerability_id")?))).collect()
}

/// Those of `ids` that have a row.
///
/// # Errors
/// When the database does not answer.
pub async fn known(tx: &Tx, ids: &[&str]) -> Result<Vec<String>, Error> {
    let sql = "SELECT v.id FROM given JOIN vulnerabilities v ON v.id = given.key";
    let rows = query_given(tx, Given::texts(ids.iter().copied()), sql, vec![]).await?;
    rows.iter().map(|row| row.text("id")).collect()
}

/// Adds vulnerabilities, with EPSS and KEV from the feeds, and fills in what was blank in those that are
/// known. Sorted and distinct by id.
///
/// # Errors
/// When the database cannot be written.
pub async fn save(tx: &Tx, records: &[Record<'_>], at: i64) -> Result<(), Error> {
    let mut given = Given::new(RECORD);
    for record in records {
        let rating = record.rating.as_ref();
        given.push([
            record.id.into(),
            record.title.into(),
            record.description.into(),
            record.severity.into(),
            record.published_at.into(),
            record.modified_at.into(),
            record.weaknesses.as_str().into(),
            record.links.as_str().into(),
            rating.map(|rating| rating.source).into(),
            rating.map(|rating| rating.vector).into(),
            rating.map(|rating| rating.base).into(),
            rating.map(|rating| rating.attack_vector).into(),
            rating.map(|rating| rating.impact).into(),
            rating.map(|rating| rating.automatable).into(),
            rating.map(|rating| rating.total_impact).into(),
        ]);
    }
    tx.execute_given(given, SAVE, vec![at.into()]).await?;
    Ok(())
}

const RECORD: &[(&str, Type)] = &[
    ("id", Type::Text),
    ("title", Type::Text),
    ("description", Type::Text),
    ("severity", Type::Small),
    ("published_at", Type::Integer),
    ("modified_at", Type::Integer),
    ("weaknesses", Type::Text),
    ("links", Type::Text),
    ("source", Type::Text),
    ("vector", Type::Text),
    ("base", Type::Real),
    ("attack_vector", Type::Text),
    ("impact", Type::Real),
    ("automatable", Type::Boolean),
    ("total_impact", Type::Boolean),
];

/// A severity that a vector gives stands; one that only reports gave may get worse.
const SAVE: &str = "INSERT INTO vulnerabilities (id, title, description, severity, published_at, modified_at, \
    weaknesses, links, cvss_source, cvss_vector, cvss_base, attack_vector, impact, automatable, total_impact, \
    first_seen_at, epss, epss_percentile, kev_added_at, kev_due_at, kev_ransomware) \
    SELECT given.id, given.title, given.description, given.severity, given.published_at, given.modified_at, \
    given.weaknesses, given.links, given.source, given.vector, given.base, given.attack_vector, given.impact, \
    given.automatable, given.total_impact, $1, e.probability, e.percentile, k.added_at, k.due_at, k.ransomware \
    FROM given LEFT JOIN epss_scores e ON e.vulnerability_id = given.id \
    LEFT JOIN kev_entries k ON k.vulnerability_id = given.id \
    WHERE true ON CONFLICT (id) DO UPDATE SET \
    title = COALESCE(vulnerabilities.title, excluded.title), \
    description = COALESCE(vulnerabilities.description, excluded.description), \
    severity = CASE WHEN excluded.cvss_vector IS NOT NULL \
      OR (vulnerabilities.cvss_vector IS NULL AND excluded.severity < vulnerabilities.severity) \
      THEN excluded.severity ELSE vulnerabilities.severity END, \
    published_at = COALESCE(vulnerabilities.published_at, excluded.published_at), \
    modified_at = CASE WHEN excluded.modified_at > COALESCE(vulnerabilities.modified_at, 0) \
      THEN excluded.modified_at ELSE vulnerabilities.modified_at END, \
    weaknesses = CASE WHEN vulnerabilities.weaknesses = '[]' THEN excluded.weaknesses \
      ELSE vulnerabilities.weaknesses END, \
    links = CASE WHEN vulnerabilities.links = '[]' THEN excluded.links ELSE vulnerabilities.links END, \
    cvss_source = COALESCE(excluded.cvss_source, vulnerabilities.cvss_source), \
    cvss_vector = COALESCE(excluded.cvss_vector, vulnerabilities.cvss_vector), \
    cvss_base = COALESCE(excluded.cvss_base, vulnerabilities.cvss_base), \
    attack_vector = COALESCE(excluded.attack_vector, vulnerabilities.attack_vector), \
    impact = COALESCE(excluded.impact, vulnerabilities.impact), \
    automatable = COALESCE(excluded.automatable, vulnerabilities.automatable), \
    total_impact = COALESCE(excluded.total_impact, vulnerabilities.total_impact) \
    WHERE (vulnerabilities.title IS NULL AND excluded.title IS NOT NULL) \
    OR (vulnerabilities.description IS NULL AND excluded.description IS NOT NULL) \
    OR (vulnerabilities.cvss_vector IS NULL AND excluded.severity < vulnerabilities.severity) \
    OR (vulnerabilities.published_at IS NULL AND excluded.published_at IS NOT NULL) \
    OR excluded.modified_at > COALESCE(vulnerabilities.modified_at, 0) \
    OR (vulnerabilities.weaknesses = '[]' AND excluded.weaknesses <> '[]') \
    OR (vulnerabilities.links = '[]' AND excluded.links <> '[]') \
    OR (excluded.cvss_vector IS NOT NULL AND (vulnerabilities.cvss_vector IS DISTINCT FROM excluded.cvss_vector \
      OR vulnerabilities.cvss_source IS DISTINCT FROM excluded.cvss_source))";

/// Adds other names. Sorted and distinct by alias.
///
/// # Errors
/// When the database cannot be written.
pub async fn add_aliases(tx: &Tx, aliases: &[(&str, &str)]) -> Result<(), Error> {
    let mut given = Given::new(&[("alias", Type::Text), ("id", Type::Text)]);
    for (alias, id) in aliases {
        given.push([(*alias).into(), (*id).into()]);
    }
    let sql = "INSERT INTO vulnerability_aliases (alias, vulnerability_id) SELECT alias, id FROM given \
               WHERE true ON CONFLICT (alias) DO UPDATE SET vulnerability_id = excluded.vulnerability_id \
               WHERE vulnerability_aliases.vulnerability_id <> excluded.vulnerability_id";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

/// Adds connections that are no aliases.
///
/// # Errors
/// When the database cannot be written.
pub async fn add_relations(tx: &Tx, relations: &[(&str, &str)]) -> Result<(), Error> {
    let mut given = Given::new(&[("id", Type::Text), ("related", Type::Text)]);
    for (id, related) in relations {
        given.push([(*id).into(), (*related).into()]);
    }
    let sql = "INSERT INTO vulnerability_relations (vulnerability_id, related) SELECT id, related FROM given \
               WHERE true ON CONFLICT DO NOTHING";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

/// The vectors of some vulnerabilities.
///
/// # Errors
/// When the database does not answer.
pub async fn vectors(tx: &Tx, ids: &[&str]) -> Result<Vec<Vector>, Error> {
    let sql = "SELECT c.vulnerability_id, c.source, c.vector, c.base FROM given \
               JOIN vulnerability_cvss c ON c.vulnerability_id = given.key";
    let rows = query_given(tx, Given::texts(ids.iter().copied()), sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            Ok(Vector {
                id: row.text("vulnerability_id")?,
                source: row.text("source")?,
                vector: row.text("vector")?,
                base: row.optional_real("base")?,
            })
        })
        .collect()
}

/// Adds vectors; known ones stay.
///
/// # Errors
/// When the database cannot be written.
pub async fn add_vectors(tx: &Tx, vectors: &[Vector]) -> Result<(), Error> {
    let mut given = Given::new(&[
        ("id", Type::Text),
        ("source", Type::Text),
        ("vector", Type::Text),
        ("base", Type::Real),
    ]);
    for vector in vectors {
        given.push([
            vector.id.as_str().into(),
            vector.source.as_str().into(),
            vector.vector.as_str().into(),
            vector.base.into(),
        ]);
    }
    let sql = "INSERT INTO vulnerability_cvss (vulnerability_id, source, vector, base) \
               SELECT id, source, vector, base FROM given WHERE true ON CONFLICT DO NOTHING";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

/// Copies EPSS and KEV from the feeds onto vulnerabilities, where they differ.
///
/// # Errors
/// When the database cannot be written.
pub async fn adopt_feeds(tx: &Tx, ids: &[&str]) -> Result<(), Error> {
    for sql in [
        "UPDATE vulnerabilities SET epss = e.probability, epss_percentile = e.percentile, epss_source = NULL \
         FROM given JOIN epss_scores e ON e.vulnerability_id = given.key \
         WHERE vulnerabilities.id = given.key AND (epss IS DISTINCT FROM e.probability \
         OR epss_percentile IS DISTINCT FROM e.percentile OR epss_source IS NOT NULL)",
        "UPDATE vulnerabilities SET kev_added_at = k.added_at, kev_due_at = k.due_at, \
         kev_ransomware = k.ransomware FROM given JOIN kev_entries k ON k.vulnerability_id = given.key \
         WHERE vulnerabilities.id = given.key AND (kev_added_at IS DISTINCT FROM k.added_at \
         OR kev_due_at IS DISTINCT FROM k.due_at OR kev_ransomware IS DISTINCT FROM k.ransomware)",
    ] {
        tx.execute_given(Given::texts(ids.iter().copied()), sql, vec![]).await?;
    }
    Ok(())
}

/// Lets groups go by other names: aliases, relations and vectors move, the old rows go. Findings move
/// apart from this, see [`super::moves::move_to`].
///
/// # Errors
/// When the database cannot be written.
pub async fn rename(tx: &Tx, renames: &[(&str, &str)]) -> Result<(), Error> {
    for sql in [
        "UPDATE vulnerability_aliases SET vulnerability_id = given.kept FROM given \
         WHERE vulnerability_id = given.gone",
        "INSERT INTO vulnerability_aliases (alias, vulnerability_id) SELECT gone, kept FROM given WHERE true \
         ON CONFLICT (alias) DO UPDATE SET vulnerability_id = excluded.vulnerability_id",
        "INSERT INTO vulnerabilities (id, title, description, severity, published_at, modified_at, weaknesses, \
         links, first_seen_at, cvss_source, cvss_vector, cvss_base, attack_vector, impact, automatable, \
         total_impact) SELECT given.kept, v.title, v.description, v.severity, v.published_at, v.modified_at, \
         v.weaknesses, v.links, v.first_seen_at, v.cvss_source, v.cvss_vector, v.cvss_base, v.attack_vector, \
         v.impact, v.automatable, v.total_impact FROM given \
         JOIN vulnerabilities v ON v.id = given.gone WHERE true ON CONFLICT DO NOTHING",
        "INSERT INTO vulnerability_cvss (vulnerability_id, source, vector, base) \
         SELECT given.kept, c.source, c.vector, c.base FROM given \
         JOIN vulnerability_cvss c ON c.vulnerability_id = given.gone WHERE true ON CONFLICT DO NOTHING",
        "INSERT INTO vulnerability_relations (vulnerability_id, related) SELECT given.kept, r.related FROM given \
         JOIN vulnerability_relations r ON r.vulnerability_id = given.gone WHERE true ON CONFLICT DO NOTHING",
        "INSERT INTO vulnerability_threats (vulnerability_id, tool, epss, exploit, exploit_seen_at, stated_at) \
         SELECT given.kept, t.tool, t.epss, t.exploit, t.exploit_seen_at, t.stated_at FROM given \
         JOIN vulnerability_threats t ON t.vulnerability_id = given.gone WHERE true ON CONFLICT DO NOTHING",
        "DELETE FROM vulnerability_threats WHERE vulnerability_id IN (SELECT gone FROM given)",
        "DELETE FROM vulnerability_cvss WHERE vulnerability_id IN (SELECT gone FROM given)",
        "DELETE FROM vulnerability_relations WHERE vulnerability_id IN (SELECT gone FROM given)",
        "DELETE FROM vulnerabilities WHERE id IN (SELECT gone FROM given)",
        "UPDATE vex_statements SET vulnerability_id = given.kept FROM given WHERE vulnerability_id = given.gone",
    ] {
        let mut given = Given::new(&[("gone", Type::Text), ("kept", Type::Text)]);
        for (old, new) in renames {
            given.push([(*old).into(), (*new).into()]);
        }
        tx.execute_given(given, sql, vec![]).await?;
    }
    Ok(())
}
