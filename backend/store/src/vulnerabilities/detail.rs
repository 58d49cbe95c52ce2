//! One vulnerability: what is known of it, and where it runs. Every query goes by its key. Refuses to say
//! that a tool missed it where that tool never looked.

use chrono::{DateTime, Utc};
use domain::scope::Viewer;

use super::VulnerabilityRow;
use super::list::{COLUMNS, read};
use crate::connection::Conn;
use crate::images::{self, ImageRow};
use crate::list::{Clauses, Listed, Page, Sort, Sql};
use crate::row::Row;
use crate::workloads::{self, WorkloadRow};
use crate::{Error, Store};

/// A vulnerability with what its page leads with.
#[derive(Clone, Debug)]
pub struct VulnerabilityDetail {
    /// What the list shows.
    pub vulnerability: VulnerabilityRow,
    /// Prose of its publisher.
    pub description: Option<String>,
    /// Weakness ids: `CWE-79`.
    pub weaknesses: Vec<String>,
    /// Links, `http` and `https` only.
    pub links: Vec<String>,
    /// Last change.
    pub modified_at: Option<DateTime<Utc>>,
    /// The vector that counts, and who said it.
    pub cvss_vector: Option<String>,
    /// See [`VulnerabilityDetail::cvss_vector`].
    pub cvss_source: Option<String>,
    /// Its entry in the list of the known exploited.
    pub kev: Option<KevEntry>,
}

/// An entry in the list of the known exploited.
#[derive(Clone, Debug)]
pub struct KevEntry {
    /// The list's name for it.
    pub title: String,
    /// What the list wants done.
    pub action: Option<String>,
}

/// The id of the group that an id or alias belongs to, if anything is known of it.
///
/// # Errors
/// When the database does not answer.
pub async fn resolve(store: &Store, viewer: &Viewer, id: &str) -> Result<Option<String>, Error> {
    if !viewer.sees_everything() {
        return Ok(None);
    }
    let sql = "SELECT id AS found, 0 AS place FROM vulnerabilities WHERE id = $1 \
         UNION ALL SELECT vulnerability_id, 1 FROM vulnerability_aliases WHERE alias = $1 ORDER BY 2 LIMIT 1";
    store.query_one(sql, vec![id.into()]).await?.map(|row| row.text("found")).transpose()
}

/// One vulnerability, by the id of its group.
///
/// # Errors
/// When the database does not answer.
pub async fn detail(store: &Store, viewer: &Viewer, id: &str) -> Result<Option<VulnerabilityDetail>, Error> {
    let mut clauses = Clauses::of(viewer);
    clauses.and("id = ?", [id.into()]);
    let mut sql = Sql::new(format!(
        "SELECT {COLUMNS}, description, weaknesses, links, modified_at, cvss_vector, cvss_source, \
         (SELECT k.title FROM kev_entries k WHERE k.vulnerability_id = vulnerabilities.id) AS kev_title, \
         (SELECT k.action FROM kev_entries k WHERE k.vulnerability_id = vulnerabilities.id) AS kev_action FROM vulnerabilities"
    ));
    sql.clauses(&clauses);
    sql.query(store).await?.first().map(read_detail).transpose()
}

fn read_detail(row: &Row) -> Result<VulnerabilityDetail, Error> {
    let action = row.optional_text("kev_action")?;
    Ok(VulnerabilityDetail {
        vulnerability: read(row)?,
        description: row.optional_text("description")?,
        weaknesses: serde_json::from_str(&row.text("weaknesses")?).unwrap_or_default(),
        links: serde_json::from_str(&row.text("links")?).unwrap_or_default(),
        modified_at: row.optional_time("modified_at")?,
        cvss_vector: row.optional_text("cvss_vector")?,
        cvss_source: row.optional_text("cvss_source")?,
        kev: row.optional_text("kev_title")?.map(|title| KevEntry { title, action }),
    })
}

/// The other names of a vulnerability, and what is connected with it but not the same.
///
/// # Errors
/// When the database does not answer.
pub async fn names(store: &Store, _: &Viewer, id: &str) -> Result<(Vec<String>, Vec<String>), Error> {
    let sql = "SELECT alias AS name, 0 AS place FROM vulnerability_aliases WHERE vulnerability_id = $1 AND alias <> $1 \
         UNION ALL SELECT related, 1 FROM vulnerability_relations WHERE vulnerability_id = $1 ORDER BY 2, 1 LIMIT 200";
    let (mut aliases, mut related) = (Vec::new(), Vec::new());
    for row in store.query(sql, vec![id.into()]).await? {
        let into = if row.integer("place")? == 0 { &mut aliases } else { &mut related };
        into.push(row.text("name")?);
    }
    Ok((aliases, related))
}

/// A CVSS vector with who said it.
#[derive(Clone, Debug)]
pub struct CvssRow {
    /// Who.
    pub source: String,
    /// The vector.
    pub vector: String,
    /// The score.
    pub base: Option<f64>,
}

/// The vectors of a vulnerability by source.
///
/// # Errors
/// When the database does not answer.
pub async fn cvss(store: &Store, _: &Viewer, id: &str) -> Result<Vec<CvssRow>, Error> {
    let sql = "SELECT source, vector, base FROM vulnerability_cvss WHERE vulnerability_id = $1 ORDER BY source, vector LIMIT 50";
    let rows = store.query(sql, vec![id.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(CvssRow {
                source: row.text("source")?,
                vector: row.text("vector")?,
                base: row.optional_real("base")?,
            })
        })
        .collect()
}

/// What a tool says of exploits of a vulnerability.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreatRow {
    /// The tool.
    pub tool: String,
    /// EPSS probability as it repeats it.
    pub epss: Option<f64>,
    /// Whether an exploit exists.
    pub exploit: Option<bool>,
    /// When it last knew of one.
    pub exploit_seen_at: Option<DateTime<Utc>>,
    /// When it said so.
    pub stated_at: DateTime<Utc>,
}

/// What tools say of exploits of a vulnerability.
///
/// # Errors
/// When the database does not answer.
pub async fn threats(store: &Store, _: &Viewer, id: &str) -> Result<Vec<ThreatRow>, Error> {
    let sql = "SELECT tool, epss, exploit, exploit_seen_at, stated_at FROM vulnerability_threats \
         WHERE vulnerability_id = $1 ORDER BY tool LIMIT 50";
    let rows = store.query(sql, vec![id.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(ThreatRow {
                tool: row.text("tool")?,
                epss: row.optional_real("epss")?,
                exploit: row.optional_boolean("exploit")?,
                exploit_seen_at: row.optional_time("exploit_seen_at")?,
                stated_at: row.time("stated_at")?,
            })
        })
        .collect()
}

/// A component that has the vulnerability, with where it is fixed.
#[derive(Clone, Debug)]
pub struct AffectedComponent {
    /// Package type: `deb`, `npm`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Installed version.
    pub version: String,
    /// Source package; may be empty.
    pub source_name: String,
    /// `fixed`, `not_fixed`, `wont_fix`, `unknown`.
    pub fix_state: String,
    /// The version with the fix; may be empty.
    pub fix_version: String,
    /// Images that hold it.
    pub images: u64,
    /// Running containers of these images.
    pub running: u64,
}

/// The components that have a vulnerability, the most spread first.
///
/// # Errors
/// When the database does not answer.
pub async fn components(store: &Store, _: &Viewer, id: &str) -> Result<Vec<AffectedComponent>, Error> {
    let sql = "SELECT c.kind, c.name, c.version, c.source_name, f.fix_state, f.fix_version, \
         COUNT(DISTINCT f.image_id) AS images, CAST(SUM(i.running) AS BIGINT) AS running \
         FROM findings f JOIN components c ON c.id = f.component_id JOIN images i ON i.id = f.image_id \
         WHERE f.vulnerability_id = $1 AND f.closed_at IS NULL \
         GROUP BY c.kind, c.name, c.version, c.source_name, f.fix_state, f.fix_version \
         ORDER BY 8 DESC, 7 DESC, 2, 3 LIMIT 200";
    let rows = store.query(sql, vec![id.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(AffectedComponent {
                kind: row.text("kind")?,
                name: row.text("name")?,
                version: row.text("version")?,
                source_name: row.text("source_name")?,
                fix_state: row.text("fix_state")?,
                fix_version: row.text("fix_version")?,
                images: row.count("images")?,
                running: row.count("running")?,
            })
        })
        .collect()
}

/// The images that have a vulnerability, running ones first.
///
/// # Errors
/// When the database does not answer.
pub async fn affected_images(
    store: &Store,
    viewer: &Viewer,
    id: &str,
    size: u32,
) -> Result<Listed<ImageRow>, Error> {
    let filter = images::Filter { vulnerability: Some(id.to_owned()), ..images::Filter::default() };
    images::list(store, viewer, &filter, &Sort::descending("running"), &Page::first(size).uncounted()).await
}

/// The workloads that use such an image, worst first.
///
/// # Errors
/// When the database does not answer.
pub async fn affected_workloads(
    store: &Store,
    viewer: &Viewer,
    id: &str,
    size: u32,
) -> Result<Listed<WorkloadRow>, Error> {
    let filter = workloads::Filter { vulnerability: Some(id.to_owned()), ..workloads::Filter::default() };
    workloads::list(store, viewer, &filter, &Sort::descending("score"), &Page::first(size).uncounted()).await
}

/// A tool that looked at images which have the vulnerability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportingTool {
    /// The tool.
    pub tool: String,
    /// Affected images that it scanned for vulnerabilities.
    pub scanned: u64,
    /// Affected images in which it reports this one.
    pub reported: u64,
}

/// Who reports a vulnerability, and who scanned the same images and does not.
///
/// # Errors
/// When the database does not answer.
pub async fn tools(store: &Store, _: &Viewer, id: &str) -> Result<Vec<ReportingTool>, Error> {
    let sql = "WITH affected AS (SELECT DISTINCT image_id FROM findings WHERE vulnerability_id = $1 AND closed_at IS NULL), \
         reported AS (SELECT a.tool, COUNT(DISTINCT a.image_id) AS images FROM findings f \
         JOIN attributions a ON a.image_id = f.image_id AND a.finding_id = f.id \
         WHERE f.vulnerability_id = $1 AND f.closed_at IS NULL GROUP BY a.tool), \
         scanned AS (SELECT s.tool, COUNT(DISTINCT s.image_id) AS images FROM affected x JOIN scans s ON s.image_id = x.image_id \
         WHERE s.covers LIKE '%vulnerability%' AND NOT s.superseded GROUP BY s.tool), \
         known AS (SELECT tool FROM reported UNION SELECT tool FROM scanned) \
         SELECT k.tool, COALESCE(s.images, 0) AS scanned, COALESCE(r.images, 0) AS reported FROM known k \
         LEFT JOIN scanned s ON s.tool = k.tool LEFT JOIN reported r ON r.tool = k.tool ORDER BY 3 DESC, 1 LIMIT 50";
    let rows = store.query(sql, vec![id.into()]).await?;
    rows.iter()
        .map(|row| {
            let (scanned, reported) = (row.count("scanned")?, row.count("reported")?);
            Ok(ReportingTool { tool: row.text("tool")?, scanned: scanned.max(reported), reported })
        })
        .collect()
}

/// What a VEX statement says of a vulnerability.
#[derive(Clone, Debug)]
pub struct VexRow {
    /// Who signs for it.
    pub author: String,
    /// When.
    pub stated_at: DateTime<Utc>,
    /// Of what.
    pub product: String,
    /// `not_affected`, `affected`, `fixed`, `under_investigation`.
    pub status: String,
    /// The machine-readable justification.
    pub justification: Option<String>,
    /// Prose.
    pub statement: Option<String>,
}

/// The VEX statements about a vulnerability, latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn vex(store: &Store, _: &Viewer, id: &str) -> Result<Vec<VexRow>, Error> {
    let sql = "SELECT author, stated_at, product, status, justification, statement FROM vex_statements \
         WHERE vulnerability_id = $1 ORDER BY stated_at DESC, id LIMIT 100";
    let rows = store.query(sql, vec![id.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(VexRow {
                author: row.text("author")?,
                stated_at: row.time("stated_at")?,
                product: row.text("product")?,
                status: row.text("status")?,
                justification: row.optional_text("justification")?,
                statement: row.optional_text("statement")?,
            })
        })
        .collect()
}
