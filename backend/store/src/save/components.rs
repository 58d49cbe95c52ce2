//! Components, each purl once, and which images hold them by whose word. Refuses to take a component
//! from an image that another tool still lists.

use std::collections::HashMap;

use domain::component::Component;
use domain::id::{ComponentId, DocumentId, ImageId};

use crate::bulk::{self, Given, Type, query_given};
use crate::connection::Conn;
use crate::{Error, Tx};

const COMPONENT: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("purl", Type::Text),
    ("kind", Type::Text),
    ("name", Type::Text),
    ("version", Type::Text),
    ("source_name", Type::Text),
    ("source_version", Type::Text),
    ("licences", Type::Text),
];

/// Adds components; of known ones only what was blank is filled in.
///
/// # Errors
/// When the database cannot be written.
pub async fn save(tx: &Tx, components: &HashMap<ComponentId, &Component>) -> Result<(), Error> {
    let mut sorted: Vec<_> = components.iter().collect();
    sorted.sort_unstable_by_key(|(id, _)| **id);
    let mut given = Given::new(COMPONENT);
    for (id, component) in sorted {
        let source = component.source.as_ref();
        let licences = serde_json::to_string(&component.licences).unwrap_or_else(|_| "[]".to_owned());
        given.push([
            bulk::id(*id),
            component.purl.as_str().into(),
            component.purl.kind().into(),
            component.name.as_str().into(),
            component.version.as_deref().unwrap_or("").into(),
            source.map_or("", |source| source.name.as_str()).into(),
            source.and_then(|source| source.version.as_deref()).unwrap_or("").into(),
            licences.into(),
        ]);
    }
    let sql = "INSERT INTO components (id, purl, kind, name, version, source_name, source_version, licences) \
               SELECT id, purl, kind, name, version, source_name, source_version, licences FROM given \
               WHERE true ON CONFLICT (id) DO UPDATE SET \
               source_name = CASE WHEN components.source_name = '' THEN excluded.source_name ELSE components.source_name END, \
               source_version = CASE WHEN components.source_name = '' THEN excluded.source_version ELSE components.source_version END, \
               licences = CASE WHEN components.licences = '[]' THEN excluded.licences ELSE components.licences END \
               WHERE (components.source_name = '' AND excluded.source_name <> '') \
               OR (components.licences = '[]' AND excluded.licences <> '[]')";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

/// A bill of materials on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sbom {
    /// The document that holds it.
    pub document: DocumentId,
    /// When it was made, in milliseconds.
    pub stated_at: i64,
    /// How many components it lists.
    pub listed: i64,
    /// Its content as a hash.
    pub fingerprint: Vec<u8>,
}

/// The bill of materials that a tool gave for an image.
///
/// # Errors
/// When the database does not answer.
pub async fn sbom(tx: &Tx, image: ImageId, tool: &str) -> Result<Option<Sbom>, Error> {
    let sql =
        "SELECT document_id, stated_at, listed, fingerprint FROM sboms WHERE image_id = $1 AND tool = $2";
    let row = tx.query_one(sql, vec![bulk::id(image), tool.into()]).await?;
    row.map(|row| {
        Ok(Sbom {
            document: row.id("document_id")?,
            stated_at: row.integer("stated_at")?,
            listed: row.integer("listed")?,
            fingerprint: row.bytes("fingerprint")?,
        })
    })
    .transpose()
}

/// Records the bill of materials that a tool gives for an image.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_sbom(tx: &Tx, image: ImageId, tool: &str, sbom: &Sbom) -> Result<(), Error> {
    let sql = "INSERT INTO sboms (image_id, tool, document_id, stated_at, listed, fingerprint) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (image_id, tool) DO UPDATE SET \
               document_id = excluded.document_id, stated_at = excluded.stated_at, \
               listed = excluded.listed, fingerprint = excluded.fingerprint";
    let values = vec![
        bulk::id(image),
        tool.into(),
        bulk::id(sbom.document),
        sbom.stated_at.into(),
        sbom.listed.into(),
        sbom.fingerprint.clone().into(),
    ];
    tx.execute(sql, values).await?;
    Ok(())
}

/// The components that a tool lists for an image, each with the file that shows it.
///
/// # Errors
/// When the database does not answer.
pub async fn listed(tx: &Tx, image: ImageId, tool: &str) -> Result<HashMap<ComponentId, String>, Error> {
    let sql = "SELECT component_id, path FROM image_components WHERE image_id = $1 AND tool = $2";
    let rows = tx.query(sql, vec![bulk::id(image), tool.into()]).await?;
    rows.iter().map(|row| Ok((row.id("component_id")?, row.text("path")?))).collect()
}

/// Changes the components that a tool lists for an image.
///
/// # Errors
/// When the database cannot be written.
pub async fn list(
    tx: &Tx,
    image: ImageId,
    tool: &str,
    put: &[(ComponentId, &str)],
    gone: &[ComponentId],
) -> Result<(), Error> {
    let mut given = Given::new(&[("component_id", Type::Bytes), ("path", Type::Text)]);
    for (id, path) in put {
        given.push([bulk::id(*id), (*path).into()]);
    }
    let sql = "INSERT INTO image_components (image_id, component_id, tool, path) \
               SELECT $1, component_id, $2, path FROM given WHERE true \
               ON CONFLICT (image_id, component_id, tool) DO UPDATE SET path = excluded.path";
    tx.execute_given(given, sql, vec![bulk::id(image), tool.into()]).await?;
    let sql = "DELETE FROM image_components WHERE image_id = $1 AND tool = $2 \
               AND component_id IN (SELECT key FROM given)";
    tx.execute_given(Given::ids(gone.iter().copied()), sql, vec![bulk::id(image), tool.into()]).await?;
    count(tx, image).await
}

/// Counts the components of an image anew.
///
/// # Errors
/// When the database cannot be written.
pub async fn count(tx: &Tx, image: ImageId) -> Result<(), Error> {
    let sql = "UPDATE images SET component_count = \
               (SELECT COUNT(DISTINCT component_id) FROM image_components WHERE image_id = $1) WHERE id = $1";
    tx.execute(sql, vec![bulk::id(image)]).await?;
    Ok(())
}

/// The purls of some components.
///
/// # Errors
/// When the database does not answer.
pub async fn purls(tx: &Tx, ids: &[ComponentId]) -> Result<HashMap<ComponentId, String>, Error> {
    let sql = "SELECT c.id, c.purl FROM given JOIN components c ON c.id = given.key";
    let rows = query_given(tx, Given::ids(ids.iter().copied()), sql, vec![]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.text("purl")?))).collect()
}
