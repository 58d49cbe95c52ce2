//! Findings that get another identity, because images or vulnerabilities turned out to be one. What tools
//! said goes with them. Refuses to find that out: the caller brings where each one goes.

use std::collections::HashSet;

use domain::id::{FindingId, ImageId};

use crate::bulk::{self, Given, Type, query_given};
use crate::row::Row;
use crate::{Error, Tx};

/// A finding with the parts of its key.
#[derive(Clone, Debug)]
pub struct Keyed {
    /// Its image.
    pub image: ImageId,
    /// Its id.
    pub id: FindingId,
    /// Word of its class.
    pub class: String,
    /// Canonical purl, or empty.
    pub purl: String,
    /// Canonical vulnerability id, or empty.
    pub vulnerability: String,
    /// Rule, check, licence or name.
    pub subject: String,
    /// File.
    pub path: String,
    /// Resource in the file.
    pub resource: String,
    /// First line.
    pub line: Option<i64>,
}

/// A finding that gets another image, vulnerability or both, and with them another id.
#[derive(Clone, Debug)]
pub struct Move {
    /// Where it is.
    pub from: (ImageId, FindingId),
    /// Where it goes.
    pub to: (ImageId, FindingId),
    /// Its canonical vulnerability id from now on, or empty where it has none.
    pub vulnerability: String,
}

const KEYED: &str = "SELECT f.image_id, f.id, f.class, COALESCE(c.purl, '') AS purl, \
    COALESCE(f.vulnerability_id, '') AS vulnerability, f.subject, f.path, f.resource, f.line FROM given";

/// All findings of some vulnerabilities, with their keys.
///
/// # Errors
/// When the database does not answer.
pub async fn of_vulnerabilities(tx: &Tx, ids: &[&str]) -> Result<Vec<Keyed>, Error> {
    let sql = format!(
        "{KEYED} JOIN findings f ON f.vulnerability_id = given.key LEFT JOIN components c ON c.id = f.component_id"
    );
    let rows = query_given(tx, Given::texts(ids.iter().copied()), &sql, vec![]).await?;
    rows.iter().map(keyed).collect()
}

/// All findings of an image, with their keys.
///
/// # Errors
/// When the database does not answer.
pub async fn of_image(tx: &Tx, image: ImageId) -> Result<Vec<Keyed>, Error> {
    let sql = format!(
        "{KEYED} JOIN findings f ON f.image_id = given.key LEFT JOIN components c ON c.id = f.component_id"
    );
    query_given(tx, Given::ids([image]), &sql, vec![]).await?.iter().map(keyed).collect()
}

fn keyed(row: &Row) -> Result<Keyed, Error> {
    Ok(Keyed {
        image: row.id("image_id")?,
        id: row.id("id")?,
        class: row.text("class")?,
        purl: row.text("purl")?,
        vulnerability: row.text("vulnerability")?,
        subject: row.text("subject")?,
        path: row.text("path")?,
        resource: row.text("resource")?,
        line: row.optional_integer("line")?,
    })
}

/// Moves findings with what tools say of them; where one is already there, the two become one, open if
/// either is. The caller works out anew what lists show of those.
///
/// # Errors
/// When the database cannot be written.
pub async fn move_to(tx: &Tx, moves: &[Move]) -> Result<(), Error> {
    let mut rest: Vec<&Move> = moves.iter().filter(|step| step.from != step.to).collect();
    while !rest.is_empty() {
        // One statement may write a row once only: of several that become one, the first goes first.
        let mut taken = HashSet::new();
        let (now, later): (Vec<&Move>, Vec<&Move>) = rest.into_iter().partition(|step| taken.insert(step.to));
        for sql in MOVE {
            tx.execute_given(move_rows(&now), sql, vec![]).await?;
        }
        rest = later;
    }
    Ok(())
}

fn move_rows(moves: &[&Move]) -> Given {
    let mut given = Given::new(&[
        ("image", Type::Bytes),
        ("finding", Type::Bytes),
        ("to_image", Type::Bytes),
        ("to_finding", Type::Bytes),
        ("vulnerability", Type::Text),
    ]);
    for step in moves {
        given.push([
            bulk::id(step.from.0),
            bulk::id(step.from.1),
            bulk::id(step.to.0),
            bulk::id(step.to.1),
            step.vulnerability.as_str().into(),
        ]);
    }
    given
}

const MOVE: [&str; 4] = [
    "INSERT INTO findings (image_id, id, class, component_id, vulnerability_id, subject, path, resource, line, \
     title, severity, fix_state, fix_version, suppressed, vex_status, first_seen_at, fix_seen_at, closed_at, \
     closed_reason) SELECT given.to_image, given.to_finding, f.class, f.component_id, \
     NULLIF(given.vulnerability, ''), f.subject, f.path, f.resource, f.line, f.title, f.severity, f.fix_state, \
     f.fix_version, f.suppressed, f.vex_status, f.first_seen_at, f.fix_seen_at, f.closed_at, f.closed_reason \
     FROM given JOIN findings f ON f.image_id = given.image AND f.id = given.finding WHERE true \
     ON CONFLICT (image_id, id) DO UPDATE SET \
     first_seen_at = CASE WHEN excluded.first_seen_at < findings.first_seen_at \
       THEN excluded.first_seen_at ELSE findings.first_seen_at END, \
     fix_seen_at = CASE WHEN excluded.fix_seen_at < findings.fix_seen_at \
       THEN excluded.fix_seen_at ELSE findings.fix_seen_at END, \
     closed_reason = CASE WHEN findings.closed_at IS NULL OR excluded.closed_at IS NULL \
       THEN NULL ELSE findings.closed_reason END, \
     closed_at = CASE WHEN findings.closed_at IS NULL OR excluded.closed_at IS NULL \
       THEN NULL ELSE findings.closed_at END",
    "INSERT INTO attributions (image_id, finding_id, tool, severity, severity_word, fix_state, fix_version, \
     cvss_vector, suppressed_reason, location, reported_as, in_use, used, used_since, document_id, first_seen_at) \
     SELECT given.to_image, given.to_finding, a.tool, a.severity, a.severity_word, a.fix_state, a.fix_version, \
     a.cvss_vector, a.suppressed_reason, a.location, a.reported_as, a.in_use, a.used, a.used_since, \
     a.document_id, a.first_seen_at \
     FROM given JOIN attributions a ON a.image_id = given.image AND a.finding_id = given.finding \
     WHERE true ON CONFLICT (image_id, finding_id, tool) DO NOTHING",
    "DELETE FROM attributions WHERE (image_id, finding_id) IN (SELECT image, finding FROM given)",
    "DELETE FROM findings WHERE (image_id, id) IN (SELECT image, finding FROM given)",
];
