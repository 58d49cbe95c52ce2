//! One document: what it is, what was odd about it, what reading it changed, and what can be done.
//! Refuses to explain an error away: the reader's own sentence stands first.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::document::{ARCHIVE, Warning};
use domain::id::DocumentId;
use domain::reference::ImageReference;
use domain::scope::Viewer;
use serde::Deserialize;
use store::documents::{self, Detail, JournalLine, Named, Row};
use store::mappings;

use super::{intake, raw, words};
use crate::State;
use crate::csrf::Form;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::render;
use crate::viewer::CurrentViewer;

/// The most warnings on the page; the API has the rest.
const SHOWN_WARNINGS: usize = 100;

#[derive(Template)]
#[template(path = "documents/detail.html")]
struct Page {
    frame: Frame,
    row: Row,
    warnings: Vec<Warning>,
    journal: Vec<JournalLine>,
    /// Whether somebody said what its columns mean.
    mapped: bool,
    /// The name under which that is saved, if it is.
    saved_as: Option<String>,
    /// Whether it is of a kind that is read by the names of its columns, or of none.
    by_names: bool,
}

impl Page {
    fn crumbs(&self) -> [(&'static str, &'static str); 1] {
        [("Documents", "/documents")]
    }

    /// What it is, in one sentence.
    fn sentence(&self) -> String {
        let row = &self.row;
        let what = match (&row.kind, &row.tool) {
            _ if self.is_archive() => "An archive; every file in it is a document of its own".to_owned(),
            (Some(kind), Some(tool)) => format!("A {kind} document by {}", self.tool_named(tool)),
            (Some(kind), None) => format!("A {kind} document"),
            (None, _) if words::is_waiting(row) => "A document that is yet to be read".to_owned(),
            (None, _) => "A document that no format recognises".to_owned(),
        };
        match words::target(row) {
            Some(target) => format!("{what}, about {target}."),
            None => format!("{what}."),
        }
    }

    fn tool_named(&self, tool: &str) -> String {
        self.row.tool_version.as_ref().map_or_else(|| tool.to_owned(), |version| format!("{tool} {version}"))
    }

    fn state(&self) -> (&'static str, &'static str, &'static str) {
        words::state(&self.row)
    }

    fn is_waiting(&self) -> bool {
        words::is_waiting(&self.row)
    }

    fn is_unresolved(&self) -> bool {
        self.row.state == documents::UNRESOLVED
    }

    fn is_archive(&self) -> bool {
        self.row.kind.as_deref() == Some(ARCHIVE)
    }

    /// Whether it may be a table or a list that nobody else reads.
    fn is_mappable(&self) -> bool {
        !self.is_waiting() && !self.is_archive() && (self.mapped || self.by_names)
    }

    fn is_read(&self) -> bool {
        words::is_read(&self.row)
    }

    fn holdings(&self) -> Vec<(String, &'static str)> {
        words::holdings(&self.row)
    }

    fn changes(&self) -> Vec<(String, &'static str)> {
        words::changes(&self.row)
    }

    fn image_href(&self) -> Option<String> {
        words::image_href(&self.row)
    }

    fn target(&self) -> Option<&str> {
        words::target(&self.row)
    }

    /// Why it could not be read, as a sentence.
    fn error(&self) -> Option<String> {
        self.row.error.as_deref().filter(|error| !error.is_empty()).map(words::sentence)
    }

    /// Whether nobody said for which moment it speaks.
    fn is_of_arrival(&self) -> bool {
        (self.row.as_of - self.row.received_at).num_seconds().abs() < 5
    }

    /// What an unresolved document lacks.
    fn missing(&self) -> String {
        match words::target(&self.row) {
            Some(target) if target.parse::<ImageReference>().is_ok() => format!(
                "It speaks of {target}, which does not lead to a digest: the document states none, and none is \
                 known for that name at the time."
            ),
            Some(target) => format!("It speaks of {target}, not of an image in a registry."),
            None => "It does not say which image it speaks of.".to_owned(),
        }
    }

    fn shown_warnings(&self) -> &[Warning] {
        &self.warnings[..self.warnings.len().min(SHOWN_WARNINGS)]
    }

    /// Warnings beyond those shown.
    fn more_warnings(&self) -> i64 {
        self.row.warning_count.saturating_sub(self.shown_warnings().len() as i64)
    }
}

/// The document that an address names.
pub(crate) async fn find(state: &State, viewer: &Viewer, text: &str) -> Result<Detail, Error> {
    let unknown = || Error::NotFound(format!("document {}", text.chars().take(64).collect::<String>()));
    let id: DocumentId = text.parse().map_err(|_| unknown())?;
    documents::find(&state.store, viewer, id).await?.ok_or_else(unknown)
}

/// The name under which is saved what was said of a document's columns, if it is.
pub(crate) async fn saved_as(
    state: &State,
    viewer: &Viewer,
    found: &Detail,
) -> Result<Option<String>, Error> {
    match &found.mapping {
        Some(mapping) => Ok(mappings::name_of(&state.store, viewer, mapping).await?),
        None => Ok(None),
    }
}

/// The page.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let found = find(&state, &viewer, &id).await?;
    let saved_as = saved_as(&state, &viewer, &found).await?;
    let Detail { row, warnings, journal, mapping } = found;
    let by_names = row.kind.as_deref().is_none_or(|kind| state.mapper.kinds.contains(&kind));
    let mapped = mapping.is_some();
    let frame = frame.at(Section::Documents);
    render::page(&Page { frame, row, warnings, journal, mapped, saved_as, by_names })
}

/// The bytes.
pub(crate) async fn bytes(
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    raw::download(&state, &viewer, &id).await
}

/// A form that says nothing but that it was meant.
#[derive(Debug, Deserialize)]
pub(crate) struct Meant {}

/// Has it read again.
pub(crate) async fn replay(
    _: Form<Meant>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let row = find(&state, &viewer, &id).await?.row;
    documents::request_replay(&state.store, row.id, state.now()).await?;
    (state.wake)();
    Ok(render::see_other(&format!("/documents/{}", row.id)))
}

/// The form that names the image.
#[derive(Debug, Deserialize)]
pub(crate) struct ImageNamed {
    #[serde(default)]
    image: String,
}

/// Names the image it speaks of and has it read again.
pub(crate) async fn name_image(
    form: Form<ImageNamed>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let row = find(&state, &viewer, &id).await?.row;
    let image = intake::image_reference(form.image.trim())?;
    let id = match documents::name_image(&state.store, row.id, &image, state.now()).await? {
        Named::Waiting => row.id,
        Named::Known(other) => other,
    };
    (state.wake)();
    Ok(render::see_other(&format!("/documents/{id}")))
}
