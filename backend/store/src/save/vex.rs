//! VEX statements and the status they give findings. Refuses to match: the caller says which finding gets
//! which status.

use std::collections::HashMap;

use domain::id::{DocumentId, FindingId, Id, ImageId};

use crate::bulk::{self, Given, Type, query_given};
use crate::{Error, Tx};

/// A statement on one product and one component in it.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Who signs for it.
    pub author: String,
    /// In milliseconds.
    pub stated_at: i64,
    /// Canonical vulnerability id.
    pub vulnerability: String,
    /// The product as written.
    pub product: String,
    /// A digest that names it, or empty.
    pub product_digest: String,
    /// A component in it as written, or empty.
    pub component: String,
    /// Status word.
    pub status: String,
    /// Justification as written.
    pub justification: Option<String>,
    /// Prose.
    pub statement: Option<String>,
}

/// An open finding that a statement may speak of.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its image.
    pub image: ImageId,
    /// Its id.
    pub finding: FindingId,
    /// Canonical vulnerability id.
    pub vulnerability: String,
    /// Canonical purl.
    pub purl: String,
    /// The status it has.
    pub status: Option<String>,
}

/// What leads to an image.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Every digest.
    pub digests: Vec<String>,
    /// `registry/repository:tag` of every tag it has or had.
    pub tagged: Vec<String>,
}

enum StatementMark {}

/// Adds statements; those known already stay.
///
/// # Errors
/// When the database cannot be written.
pub async fn save(tx: &Tx, statements: &[Statement], document: DocumentId) -> Result<(), Error> {
    let mut given = Given::new(&[
        ("id", Type::Bytes),
        ("author", Type::Text),
        ("stated_at", Type::Integer),
        ("vulnerability_id", Type::Text),
        ("product", Type::Text),
        ("product_digest", Type::Text),
        ("component", Type::Text),
        ("status", Type::Text),
        ("justification", Type::Text),
        ("statement", Type::Text),
    ]);
    for said in statements {
        given.push([
            bulk::id(statement_id(said)),
            said.author.as_str().into(),
            said.stated_at.into(),
            said.vulnerability.as_str().into(),
            said.product.as_str().into(),
            said.product_digest.as_str().into(),
            said.component.as_str().into(),
            said.status.as_str().into(),
            said.justification.clone().into(),
            said.statement.clone().into(),
        ]);
    }
    let sql = "INSERT INTO vex_statements (id, document_id, author, stated_at, vulnerability_id, product, \
               product_digest, component, status, justification, statement) \
               SELECT id, $1, author, stated_at, vulnerability_id, product, product_digest, component, status, \
               justification, statement FROM given WHERE true ON CONFLICT (id) DO NOTHING";
    tx.execute_given(given, sql, vec![bulk::id(document)]).await?;
    Ok(())
}

fn statement_id(said: &Statement) -> Id<StatementMark> {
    let at = said.stated_at.to_le_bytes();
    let texts = [
        &said.author,
        &said.vulnerability,
        &said.product,
        &said.product_digest,
        &said.component,
        &said.status,
    ];
    let mut parts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
    parts.push(&at);
    Id::derived(&parts)
}

/// The statements on some vulnerabilities.
///
/// # Errors
/// When the database does not answer.
pub async fn on(tx: &Tx, vulnerabilities: &[&str]) -> Result<Vec<Statement>, Error> {
    let sql = "SELECT s.author, s.stated_at, s.vulnerability_id, s.product, s.product_digest, s.component, \
               s.status, s.justification, s.statement FROM given \
               JOIN vex_statements s ON s.vulnerability_id = given.key";
    let rows = query_given(tx, Given::texts(vulnerabilities.iter().copied()), sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            Ok(Statement {
                author: row.text("author")?,
                stated_at: row.integer("stated_at")?,
                vulnerability: row.text("vulnerability_id")?,
                product: row.text("product")?,
                product_digest: row.text("product_digest")?,
                component: row.text("component")?,
                status: row.text("status")?,
                justification: row.optional_text("justification")?,
                statement: row.optional_text("statement")?,
            })
        })
        .collect()
}

/// The open findings of some vulnerabilities.
///
/// # Errors
/// When the database does not answer.
pub async fn candidates(tx: &Tx, vulnerabilities: &[&str]) -> Result<Vec<Candidate>, Error> {
    let sql = "SELECT f.image_id, f.id, f.vulnerability_id, c.purl, f.vex_status FROM given \
               JOIN findings f ON f.vulnerability_id = given.key AND f.closed_at IS NULL \
               JOIN components c ON c.id = f.component_id";
    let rows = query_given(tx, Given::texts(vulnerabilities.iter().copied()), sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            Ok(Candidate {
                image: row.id("image_id")?,
                finding: row.id("id")?,
                vulnerability: row.text("vulnerability_id")?,
                purl: row.text("purl")?,
                status: row.optional_text("vex_status")?,
            })
        })
        .collect()
}

/// What leads to some images.
///
/// # Errors
/// When the database does not answer.
pub async fn names(tx: &Tx, images: &[ImageId]) -> Result<HashMap<ImageId, Names>, Error> {
    let mut names: HashMap<ImageId, Names> = HashMap::new();
    let sql = "SELECT d.image_id, d.digest FROM given JOIN image_digests d ON d.image_id = given.key";
    for row in query_given(tx, Given::ids(images.iter().copied()), sql, vec![]).await? {
        names.entry(row.id("image_id")?).or_default().digests.push(row.text("digest")?);
    }
    let sql = "SELECT DISTINCT t.image_id, t.registry || '/' || t.repository || ':' || t.tag AS name FROM given \
               JOIN image_tags t ON t.image_id = given.key";
    for row in query_given(tx, Given::ids(images.iter().copied()), sql, vec![]).await? {
        names.entry(row.id("image_id")?).or_default().tagged.push(row.text("name")?);
    }
    Ok(names)
}

/// Gives findings a status, or takes it away.
///
/// # Errors
/// When the database cannot be written.
pub async fn apply(tx: &Tx, statuses: &[(ImageId, FindingId, Option<String>)]) -> Result<(), Error> {
    let mut given = Given::new(&[("image", Type::Bytes), ("finding", Type::Bytes), ("status", Type::Text)]);
    for (image, finding, status) in statuses {
        given.push([bulk::id(*image), bulk::id(*finding), status.clone().into()]);
    }
    let sql = "UPDATE findings SET vex_status = given.status FROM given \
               WHERE findings.image_id = given.image AND findings.id = given.finding";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}
