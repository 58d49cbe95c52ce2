//! Documents over the API: listed, shown with what was odd about them, and given back byte for byte.
//! Refuses to read them: that is the pipeline's.

use std::collections::BTreeMap;

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::mapping::ColumnMapping;
use serde::Serialize;
use store::documents;
use utoipa::ToSchema;

use super::list::{Asked, Page, answer};
use crate::State;
use crate::error::Error;
use crate::pages::documents::{SPEC, download, filter_of, find, saved_as};
use crate::viewer::CurrentViewer;

/// A document that was taken in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Document {
    /// Its id.
    #[schema(example = "0193590e5a7c7d1ab0c1d2e3f4a5b6c7", pattern = "^[0-9a-f]{32}$")]
    id: String,
    /// This document in the API.
    #[schema(example = "/api/v1/documents/0193590e5a7c7d1ab0c1d2e3f4a5b6c7")]
    pub(super) href: String,
    /// The page about it.
    #[schema(example = "/documents/0193590e5a7c7d1ab0c1d2e3f4a5b6c7")]
    page: String,
    /// File name or address.
    #[schema(example = "shop-api.trivy.json")]
    name: String,
    /// SHA-256 of its bytes as they were sent.
    digest: String,
    /// How it came: `upload`, `command-line`, `demo`, or a connector's kind.
    #[schema(example = "upload")]
    source: String,
    /// The image its sender named.
    #[schema(example = "ghcr.io/acme/shop-api:1.9")]
    image_reference: Option<String>,
    /// The cluster its sender named.
    cluster: Option<String>,
    /// The moment it speaks for, where it states none.
    as_of: DateTime<Utc>,
    /// When it first arrived.
    received_at: DateTime<Utc>,
    /// When it last arrived.
    last_received_at: DateTime<Utc>,
    /// How often the same bytes arrived.
    times_received: i64,
    /// Bytes as sent.
    size: i64,
    /// `waiting` to be read, `processed`, `unresolved` (read, but the image it speaks of is not known), or
    /// `failed` with the reason in `error`.
    #[schema(example = "processed")]
    pub(super) state: String,
    /// The format it was recognised as.
    #[schema(example = "trivy-json")]
    kind: Option<String>,
    /// The tool that made it.
    #[schema(example = "trivy")]
    tool: Option<String>,
    /// The tool's version.
    tool_version: Option<String>,
    /// What it speaks of, in its own words.
    target: Option<String>,
    /// The id of the image it was attached to.
    image_id: Option<String>,
    /// The moment the document itself states.
    stated_at: Option<DateTime<Utc>>,
    /// When it was last read.
    processed_at: Option<DateTime<Utc>>,
    /// What it holds: `entries` before identity, distinct `findings`, `components`, `statements`, `records`,
    /// `workloads`, `events`.
    #[schema(example = json!({ "entries": 42, "findings": 40 }))]
    counts: BTreeMap<String, i64>,
    /// What reading it changed: `added`, `closed`, `unchanged`, `unresolved`.
    #[schema(example = json!({ "added": 3, "closed": 1, "unchanged": 36 }))]
    changes: BTreeMap<String, i64>,
    /// How many warnings reading it gave.
    warning_count: i64,
    /// Why it could not be read, in one sentence.
    error: Option<String>,
}

impl From<documents::Row> for Document {
    fn from(row: documents::Row) -> Self {
        let id = row.id.to_string();
        Self {
            href: format!("{}/documents/{id}", super::BASE),
            page: format!("/documents/{id}"),
            id,
            name: row.name,
            digest: row.digest,
            source: row.source,
            image_reference: row.image_reference,
            cluster: row.cluster,
            as_of: row.as_of,
            received_at: row.received_at,
            last_received_at: row.last_received_at,
            times_received: row.times_received,
            size: row.size,
            state: row.state,
            kind: row.kind,
            tool: row.tool,
            tool_version: row.tool_version,
            target: row.target,
            image_id: row.image_id.map(|image| image.to_string()),
            stated_at: row.stated_at,
            processed_at: row.processed_at,
            counts: row.counts,
            changes: row.changes,
            warning_count: row.warning_count,
            error: row.error,
        }
    }
}

/// A document with everything known about it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentDetail {
    #[serde(flatten)]
    document: Document,
    /// Its bytes as they were sent.
    #[schema(example = "/api/v1/documents/0193590e5a7c7d1ab0c1d2e3f4a5b6c7/raw")]
    raw: String,
    /// What was odd about it, the first thousand.
    warnings: Vec<Warning>,
    /// What happened to it, newest first.
    journal: Vec<JournalLine>,
    /// By what it is read, if somebody said what its columns mean; otherwise it is recognised by what it looks like.
    mapping: Option<DocumentMapping>,
}

/// What somebody said of the columns of a document.
#[derive(Debug, Serialize, ToSchema)]
struct DocumentMapping {
    /// The name under which the same is saved now, if it is.
    #[schema(example = "our-scanner")]
    name: Option<String>,
    /// The tool that made the document, for rows that name none.
    #[schema(example = "our-scanner")]
    tool: Option<String>,
    /// Columns by name, each with the word for what it means.
    #[schema(example = json!({ "What": "title", "How bad": "severity", "Notes": "beside" }))]
    columns: BTreeMap<String, String>,
}

impl DocumentMapping {
    fn of(mapping: &ColumnMapping, name: Option<String>) -> Self {
        let tool = Some(mapping.tool().to_owned()).filter(|tool| !tool.is_empty());
        Self { name, tool, columns: mapping.columns().clone() }
    }
}

/// Something worth telling about a document that was read all the same.
#[derive(Debug, Serialize, ToSchema)]
struct Warning {
    /// Where: a JSON path, a line, an element.
    #[schema(example = "Results[0].Vulnerabilities[3]")]
    at: String,
    /// What, and what was done about it.
    message: String,
}

/// One line of the journal.
#[derive(Debug, Serialize, ToSchema)]
struct JournalLine {
    /// When.
    at: DateTime<Utc>,
    /// What kind of event.
    #[schema(example = "processed")]
    event: String,
    /// What it concerns.
    subject: String,
    /// What happened.
    message: String,
}

/// List documents
///
/// Newest first unless sorted otherwise. Without the warnings of each, which its own address has.
#[utoipa::path(tag = "documents", responses((status = 200, body = Page<Document>, description = "One page.")))]
#[get("/documents")]
pub(crate) async fn list_documents(
    request: HttpRequest,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&request, &SPEC)?;
    let (filter, sort) = (filter_of(&asked.query)?, asked.sort());
    let found = documents::list(&state.store, &viewer, &filter, &sort, &asked.start).await?;
    Ok(answer(&asked.page(found, Document::from)))
}

/// Show a document
#[utoipa::path(
    tag = "documents",
    params(("id" = String, Path, description = "The document's id.", example = "0193590e5a7c7d1ab0c1d2e3f4a5b6c7")),
    responses((status = 200, body = DocumentDetail, description = "The document with warnings, journal and mapping."))
)]
#[get("/documents/{id}")]
pub(crate) async fn get_document(
    id: web::Path<String>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let detail = find(&state, &viewer, &id).await?;
    let name = saved_as(&state, &viewer, &detail).await?;
    let warning = |known: domain::document::Warning| Warning { at: known.at, message: known.message };
    let line = |line: documents::JournalLine| JournalLine {
        at: line.at,
        event: line.event,
        subject: line.subject,
        message: line.message,
    };
    let document = Document::from(detail.row);
    Ok(answer(&DocumentDetail {
        raw: format!("{}/raw", document.href),
        document,
        warnings: detail.warnings.into_iter().map(warning).collect(),
        journal: detail.journal.into_iter().map(line).collect(),
        mapping: detail.mapping.map(|mapping| DocumentMapping::of(&mapping, name)),
    }))
}

/// Download a document
///
/// Its bytes as they were sent, packed if they were packed.
#[utoipa::path(
    tag = "documents",
    params(("id" = String, Path, description = "The document's id.", example = "0193590e5a7c7d1ab0c1d2e3f4a5b6c7")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream", description = "The bytes."))
)]
#[get("/documents/{id}/raw")]
pub(crate) async fn get_raw_document(
    id: web::Path<String>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    download(&state, &viewer, &id).await
}
