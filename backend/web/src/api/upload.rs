//! Documents taken in over the API, as they are sent: one as the body, or many in a form. The pipeline is
//! woken and may be waited for. Refuses bodies that no format can open.

use std::time::Duration;

use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::web::{self, Data, Payload};
use actix_web::{FromRequest, HttpRequest, HttpResponse, post};
use domain::id::DocumentId;
use domain::scope::Viewer;
use serde::{Deserialize, Serialize};
use store::documents::{self, Received};
use utoipa::{IntoParams, ToSchema};

use super::documents::Document;
use crate::State;
use crate::error::Error;
use crate::pages::documents::intake::{self, Accompanying, Part};
use crate::viewer::CurrentViewer;

/// How long `wait` waits.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(150);

/// Documents just taken in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Taken {
    /// One for each file, in the order sent.
    documents: Vec<TakenDocument>,
}

/// A document just taken in.
#[derive(Debug, Serialize, ToSchema)]
struct TakenDocument {
    /// Whether the same bytes were here before; they are read again.
    known: bool,
    #[serde(flatten)]
    document: Document,
}

/// What accompanies an upload.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Accompanying` reads from the same address")]
struct UploadQuery {
    /// File name, for people. Only for a raw body.
    #[param(example = "shop-api.trivy.json")]
    name: Option<String>,
    /// The image it speaks of, if it names none.
    #[param(example = "ghcr.io/acme/shop-api:1.9")]
    image: Option<String>,
    /// The cluster it speaks of, if it names none.
    cluster: Option<String>,
    /// The moment it speaks for, if it states none; now unless said.
    #[param(example = "2026-11-23T10:04:00Z")]
    as_of: Option<String>,
    /// The saved mapping by which its columns are read: a table (CSV) or a list of objects (JSON).
    #[param(example = "our-scanner")]
    mapping: Option<String>,
    /// Whether to answer only once the document is read, after 30 seconds at the latest.
    wait: Option<bool>,
}

/// A multipart body.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what `intake::next_part` reads")]
struct UploadForm {
    /// The image the documents speak of; before the files.
    image: Option<String>,
    /// The cluster they speak of; before the files.
    cluster: Option<String>,
    /// The moment they speak for; before the files.
    as_of: Option<String>,
    /// The saved mapping by which their columns are read; before the files.
    mapping: Option<String>,
    /// The documents, under any field name.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

/// Take documents in
///
/// The body is the document itself, packed with gzip, zstd or xz too, or a multipart form with any number of files. It
/// is stored as it is and read soon after; what is wrong with it then stands in its `state` and `error`. Of a zip or
/// tar archive every file becomes a document of its own, named by the archive and its path.
#[utoipa::path(
    tag = "documents",
    params(UploadQuery),
    request_body(content((Vec<u8> = "application/octet-stream"), (UploadForm = "multipart/form-data"))),
    responses(
        (status = 200, body = Taken, description = "Taken in and, as `wait` asked, read."),
        (status = 202, body = Taken, description = "Taken in; `state` is `waiting` until it is read.",
            headers(("location" = String, description = "The address of the first document."))),
    )
)]
#[post("/documents")]
pub(crate) async fn upload_documents(
    request: HttpRequest,
    payload: Payload,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let (mut said, mut name, mut wait) = (Accompanying::default(), String::new(), false);
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
        .map_err(|_| Error::Unreadable("The part of the address after `?`".to_owned()))?;
    for (key, value) in pairs.into_inner() {
        match key.as_str() {
            "name" => name = value,
            "wait" => wait = read_flag(&value)?,
            key => {
                if !said.read(key, &value, state.now())? {
                    return Err(Error::Invalid(format!(
                        "An upload has no parameter `{key}`. It knows name, image, cluster, as_of, mapping, wait."
                    )));
                }
            }
        }
    }
    let received = match body_of(&request)? {
        Body::Raw => {
            let columns = said.columns(&state, &viewer).await?;
            let provenance = said.provenance(&name, state.now());
            vec![intake::take(&state, &provenance, columns.as_ref(), payload).await?]
        }
        Body::Multipart => take_files(&request, payload, said, &viewer, &state).await?,
    };
    (state.wake)();
    let documents = settled(&state, &viewer, &received, wait).await?;
    let is_done = documents.iter().all(|taken| taken.document.state != documents::WAITING);
    let mut response = if is_done { HttpResponse::Ok() } else { HttpResponse::Accepted() };
    if let Some(first) = documents.first() {
        response.insert_header((header::LOCATION, first.document.href.as_str()));
    }
    Ok(response.insert_header((header::CACHE_CONTROL, "no-store")).json(Taken { documents }))
}

pub(super) enum Body {
    Raw,
    Multipart,
}

/// How the body is packed. A form that holds no file, and codings that no format opens, are refused.
pub(super) fn body_of(request: &HttpRequest) -> Result<Body, Error> {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let coding = text(header::CONTENT_ENCODING).trim().to_ascii_lowercase();
    if !matches!(coding.as_str(), "" | "identity" | "gzip" | "x-gzip" | "zstd") {
        return Err(Error::Unsupported(format!(
            "A document packed as `{coding}` cannot be opened; send it plain, or packed with gzip or zstd."
        )));
    }
    let kind = text(header::CONTENT_TYPE).trim().to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        Ok(Body::Multipart)
    } else if kind.starts_with("multipart/") || kind.starts_with("application/x-www-form-urlencoded") {
        Err(Error::Unsupported(format!(
            "A document is not sent as `{}`; send its bytes as application/octet-stream or as multipart/form-data.",
            kind.split(';').next().unwrap_or_default()
        )))
    } else {
        Ok(Body::Raw)
    }
}

fn read_flag(text: &str) -> Result<bool, Error> {
    match text {
        "" | "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(Error::Invalid(format!("`wait` is true or false, not `{other}`."))),
    }
}

async fn take_files(
    request: &HttpRequest,
    payload: Payload,
    mut said: Accompanying,
    viewer: &Viewer,
    state: &State,
) -> Result<Vec<Received>, Error> {
    let mut payload = payload.into_inner();
    let mut body = Multipart::from_request(request, &mut payload)
        .await
        .map_err(|_| Error::Unreadable("The multipart body".to_owned()))?;
    let mut received = Vec::new();
    while let Some(part) = intake::next_part(&mut body).await? {
        match part {
            Part::Text(name, value) => {
                said.read(&name, &value, state.now())?;
            }
            Part::File(name, bytes) => {
                let columns = said.columns(state, viewer).await?;
                let provenance = said.provenance(&name, state.now());
                received.push(intake::take(state, &provenance, columns.as_ref(), bytes).await?);
            }
        }
    }
    if received.is_empty() {
        return Err(Error::Invalid("The form holds no file; send at least one.".to_owned()));
    }
    Ok(received)
}

/// The documents as they stand, after waiting for them if asked.
async fn settled(
    state: &State,
    viewer: &CurrentViewer,
    received: &[Received],
    wait: bool,
) -> Result<Vec<TakenDocument>, Error> {
    let ids: Vec<DocumentId> = received.iter().map(|one| one.id).collect();
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let rows = documents::of_ids(&state.store, viewer, &ids).await?;
        let waits = rows.iter().any(|row| row.state == documents::WAITING);
        if !(wait && waits) || tokio::time::Instant::now() >= deadline {
            let known = |id: DocumentId| received.iter().any(|one| one.id == id && one.known);
            let taken = |row: documents::Row| match known(row.id) {
                true => TakenDocument { known: true, document: unread(row).into() },
                false => TakenDocument { known: false, document: row.into() },
            };
            return Ok(rows.into_iter().map(taken).collect());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// What the same bytes change that were not read again, since they would have come to the same: nothing.
fn unread(mut row: documents::Row) -> documents::Row {
    let read_since = row.processed_at.is_some_and(|at| at >= row.last_received_at);
    if row.state == documents::PROCESSED && !read_since {
        let findings = row.counts.get("findings").copied().unwrap_or(0);
        row.changes = [("added", 0), ("closed", 0), ("unchanged", findings), ("unresolved", 0)]
            .map(|(word, count)| (word.to_owned(), count))
            .into();
    }
    row
}
