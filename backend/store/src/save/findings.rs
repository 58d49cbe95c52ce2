//! Findings and what each tool says of them. Refuses to decide what changed: the caller brings the
//! difference, this writes it, one statement for any number of rows.

use std::collections::HashSet;

use domain::id::{ComponentId, DocumentId, FindingId, ImageId};

use crate::bulk::{self, Given, Type};
use crate::connection::Conn;
use crate::row::Row;
use crate::{Error, Tx};

/// The part of a finding that reports can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its id.
    pub id: FindingId,
    /// Severity as stored.
    pub severity: i16,
    /// Word of the fix state.
    pub fix_state: String,
    /// Versions with the fix.
    pub fix_version: String,
    /// Whether every tool set it aside.
    pub suppressed: bool,
    /// When a fix was first seen, in milliseconds.
    pub fix_seen_at: Option<i64>,
    /// Whether it is open.
    pub open: bool,
}

/// A finding to make.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// What reports can change.
    pub state: State,
    /// Word of its class.
    pub class: &'static str,
    /// Its component.
    pub component: Option<ComponentId>,
    /// Canonical id of its vulnerability.
    pub vulnerability: Option<&'a str>,
    /// Rule, check, licence or name.
    pub subject: &'a str,
    /// File.
    pub path: &'a str,
    /// Resource in the file.
    pub resource: &'a str,
    /// First line.
    pub line: Option<i64>,
    /// One line for people.
    pub title: Option<&'a str>,
}

/// What one tool says of one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// The finding.
    pub finding: FindingId,
    /// The tool.
    pub tool: String,
    /// Severity as stored.
    pub severity: i16,
    /// The tool's own word.
    pub severity_word: String,
    /// Word of the fix state.
    pub fix_state: String,
    /// Versions with the fix.
    pub fix_version: String,
    /// Vector said of this package.
    pub cvss_vector: Option<String>,
    /// Why the tool set it aside.
    pub suppressed_reason: Option<String>,
    /// File or layer.
    pub location: Option<String>,
    /// Whether the component is used, in the tool's words.
    pub in_use: Option<String>,
    /// Whether that says it is used (`true`), or not (`false`).
    pub used: Option<bool>,
    /// The id it is reported under, where that is another.
    pub reported_as: String,
}

/// What reports can change of the findings of an image, in some classes.
///
/// # Errors
/// When the database does not answer.
pub async fn states(tx: &Tx, image: ImageId, classes: &[&'static str]) -> Result<Vec<State>, Error> {
    let sql = "SELECT id, severity, fix_state, fix_version, suppressed, fix_seen_at, closed_at IS NULL \
               FROM findings WHERE image_id = $1 AND class IN ($2, $3, $4, $5, $6)";
    let mut values = vec![bulk::id(image)];
    values.extend((0..5).map(|index| classes.get(index).copied().unwrap_or("").into()));
    let rows = tx.query(sql, values).await?;
    rows.iter()
        .map(|row| {
            Ok(State {
                id: row.id(0)?,
                severity: row.small(1)?,
                fix_state: row.text(2)?,
                fix_version: row.text(3)?,
                suppressed: row.boolean(4)?,
                fix_seen_at: row.optional_integer(5)?,
                open: row.boolean(6)?,
            })
        })
        .collect()
}

const ATTRIBUTED: &str = "a.finding_id, a.tool, a.severity, a.severity_word, a.fix_state, a.fix_version, \
                          a.cvss_vector, a.suppressed_reason, a.location, a.reported_as, a.in_use, a.used";

/// What all tools say of the findings of an image.
///
/// # Errors
/// When the database does not answer.
pub async fn attributions(tx: &Tx, image: ImageId) -> Result<Vec<Attribution>, Error> {
    let sql = format!("SELECT {ATTRIBUTED} FROM attributions a WHERE a.image_id = $1");
    tx.query(&sql, vec![bulk::id(image)]).await?.iter().map(attribution).collect()
}

/// What all tools say of some findings of an image, and what lists show of them.
///
/// # Errors
/// When the database does not answer.
pub async fn standing(
    tx: &Tx,
    image: ImageId,
    ids: &[FindingId],
) -> Result<(Vec<State>, Vec<Attribution>), Error> {
    let wanted: HashSet<&FindingId> = ids.iter().collect();
    let mut states =
        states(tx, image, &["vulnerability", "secret", "misconfiguration", "licence", "malware"]).await?;
    states.retain(|state| wanted.contains(&state.id));
    let mut said = attributions(tx, image).await?;
    said.retain(|attribution| wanted.contains(&attribution.finding));
    Ok((states, said))
}

fn attribution(row: &Row) -> Result<Attribution, Error> {
    Ok(Attribution {
        finding: row.id(0)?,
        tool: row.text(1)?,
        severity: row.small(2)?,
        severity_word: row.text(3)?,
        fix_state: row.text(4)?,
        fix_version: row.text(5)?,
        cvss_vector: row.optional_text(6)?,
        suppressed_reason: row.optional_text(7)?,
        location: row.optional_text(8)?,
        reported_as: row.text(9)?,
        in_use: row.optional_text(10)?,
        used: row.optional_boolean(11)?,
    })
}

/// Adds findings. Sorted by id, so that the clustered table grows in order.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &Tx, image: ImageId, findings: &[New<'_>], seen_at: i64) -> Result<(), Error> {
    let mut given = Given::new(&[
        ("id", Type::Bytes),
        ("class", Type::Text),
        ("component_id", Type::Bytes),
        ("vulnerability_id", Type::Text),
        ("subject", Type::Text),
        ("path", Type::Text),
        ("resource", Type::Text),
        ("line", Type::Integer),
        ("title", Type::Text),
        ("severity", Type::Small),
        ("fix_state", Type::Text),
        ("fix_version", Type::Text),
        ("suppressed", Type::Boolean),
        ("fix_seen_at", Type::Integer),
    ]);
    for finding in findings {
        given.push([
            bulk::id(finding.state.id),
            finding.class.into(),
            finding.component.map(|id| id.as_bytes().to_vec()).into(),
            finding.vulnerability.into(),
            finding.subject.into(),
            finding.path.into(),
            finding.resource.into(),
            finding.line.into(),
            finding.title.into(),
            finding.state.severity.into(),
            finding.state.fix_state.as_str().into(),
            finding.state.fix_version.as_str().into(),
            finding.state.suppressed.into(),
            finding.state.fix_seen_at.into(),
        ]);
    }
    let sql = "INSERT INTO findings (image_id, id, class, component_id, vulnerability_id, subject, path, \
               resource, line, title, severity, fix_state, fix_version, suppressed, fix_seen_at, first_seen_at) \
               SELECT $1, id, class, component_id, vulnerability_id, subject, path, resource, line, title, \
               severity, fix_state, fix_version, suppressed, fix_seen_at, $2 FROM given WHERE true";
    tx.execute_given(given, sql, vec![bulk::id(image), seen_at.into()]).await?;
    Ok(())
}

/// Writes what reports changed of findings; an open one has no closing date.
///
/// # Errors
/// When the database cannot be written.
pub async fn update(tx: &Tx, image: ImageId, states: &[State]) -> Result<(), Error> {
    let mut given = Given::new(&[
        ("id", Type::Bytes),
        ("severity", Type::Small),
        ("fix_state", Type::Text),
        ("fix_version", Type::Text),
        ("suppressed", Type::Boolean),
        ("fix_seen_at", Type::Integer),
    ]);
    for state in states.iter().filter(|state| state.open) {
        given.push([
            bulk::id(state.id),
            state.severity.into(),
            state.fix_state.as_str().into(),
            state.fix_version.as_str().into(),
            state.suppressed.into(),
            state.fix_seen_at.into(),
        ]);
    }
    let sql = "UPDATE findings SET severity = given.severity, fix_state = given.fix_state, \
               fix_version = given.fix_version, suppressed = given.suppressed, \
               fix_seen_at = given.fix_seen_at, closed_at = NULL, closed_reason = NULL \
               FROM given WHERE findings.image_id = $1 AND findings.id = given.id";
    tx.execute_given(given, sql, vec![bulk::id(image)]).await?;
    Ok(())
}

/// Closes findings with a reason.
///
/// # Errors
/// When the database cannot be written.
pub async fn close(tx: &Tx, image: ImageId, ids: &[FindingId], reason: &str, at: i64) -> Result<(), Error> {
    let sql = "UPDATE findings SET closed_at = $2, closed_reason = $3 FROM given \
               WHERE findings.image_id = $1 AND findings.id = given.key AND closed_at IS NULL";
    let extra = vec![bulk::id(image), at.into(), reason.into()];
    tx.execute_given(Given::ids(ids.iter().copied()), sql, extra).await?;
    Ok(())
}

/// Adds or changes what a tool says. Sorted by finding. Since when it says the same of use stays as long as it does.
///
/// # Errors
/// When the database cannot be written.
pub async fn attribute(
    tx: &Tx,
    image: ImageId,
    attributions: &[Attribution],
    document: DocumentId,
    seen_at: i64,
) -> Result<(), Error> {
    let mut given = Given::new(&[
        ("finding_id", Type::Bytes),
        ("tool", Type::Text),
        ("severity", Type::Small),
        ("severity_word", Type::Text),
        ("fix_state", Type::Text),
        ("fix_version", Type::Text),
        ("cvss_vector", Type::Text),
        ("suppressed_reason", Type::Text),
        ("location", Type::Text),
        ("reported_as", Type::Text),
        ("in_use", Type::Text),
        ("used", Type::Boolean),
    ]);
    for said in attributions {
        given.push([
            bulk::id(said.finding),
            said.tool.as_str().into(),
            said.severity.into(),
            said.severity_word.as_str().into(),
            said.fix_state.as_str().into(),
            said.fix_version.as_str().into(),
            said.cvss_vector.clone().into(),
            said.suppressed_reason.clone().into(),
            said.location.clone().into(),
            said.reported_as.as_str().into(),
            said.in_use.clone().into(),
            said.used.into(),
        ]);
    }
    let sql = "INSERT INTO attributions (image_id, finding_id, tool, severity, severity_word, fix_state, \
               fix_version, cvss_vector, suppressed_reason, location, reported_as, in_use, used, used_since, document_id, \
               first_seen_at) SELECT $1, finding_id, tool, severity, severity_word, fix_state, fix_version, cvss_vector, \
               suppressed_reason, location, reported_as, in_use, used, \
               CASE WHEN used IS NULL THEN NULL ELSE CAST($3 AS BIGINT) END, $2, $3 FROM given WHERE true \
               ON CONFLICT (image_id, finding_id, tool) DO UPDATE SET severity = excluded.severity, \
               severity_word = excluded.severity_word, fix_state = excluded.fix_state, \
               fix_version = excluded.fix_version, cvss_vector = excluded.cvss_vector, \
               suppressed_reason = excluded.suppressed_reason, location = excluded.location, \
               reported_as = excluded.reported_as, in_use = excluded.in_use, used = excluded.used, \
               used_since = CASE WHEN excluded.used = attributions.used THEN attributions.used_since \
               ELSE excluded.used_since END, document_id = excluded.document_id";
    tx.execute_given(given, sql, vec![bulk::id(image), bulk::id(document), seen_at.into()]).await?;
    Ok(())
}

/// Takes back what a tool said.
///
/// # Errors
/// When the database cannot be written.
pub async fn withdraw(tx: &Tx, image: ImageId, tool: &str, ids: &[FindingId]) -> Result<(), Error> {
    let sql = "DELETE FROM attributions WHERE image_id = $1 AND tool = $2 \
               AND finding_id IN (SELECT key FROM given)";
    tx.execute_given(Given::ids(ids.iter().copied()), sql, vec![bulk::id(image), tool.into()]).await?;
    Ok(())
}
