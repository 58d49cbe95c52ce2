//! What the columns of one document mean: a form with its first rows, a preview of what they become, and what is written
//! down of it. The document then waits to be read by that.
//!
//! Refuses to read a document: whoever does shows its columns and rows, by no more than its beginning.

mod draft;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use domain::id::DocumentId;
use domain::mapping::{ColumnMapping, Meaning, Outline, Preview};
use domain::scope::Viewer;
use serde::Deserialize;
use store::documents::{self, Detail, Named, Row};
use store::mappings::{self, Saved};
use store::save::mappings as written;

use super::detail::{Meant, find};
use super::{intake, words};
use crate::csrf::Form;
use crate::error::Error;
use crate::frame::{Frame, Section};
use crate::viewer::CurrentViewer;
use crate::{State, filters, render};
use draft::{Draft, Line, knows};

/// Chunks of a document that are looked at, of a mebibyte each.
const LOOKED_AT: u32 = 4;
/// Why rows become nothing.
const UNTOLD: &str =
    "None of the first rows has a title or the id of a vulnerability: choose the column that holds one.";

/// What a form sent, by field.
type Sent = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "documents/mapping.html")]
struct Page {
    frame: Frame,
    row: Row,
    /// Whether somebody said before what the columns mean.
    mapped: bool,
    /// Why there are no columns.
    refusal: Option<String>,
    meanings: Vec<Meaning>,
    draft: Draft,
    lines: Vec<Line>,
    left_out: usize,
    offers: Vec<Offer>,
    /// The saved mapping that filled the form in.
    filled: Option<String>,
    preview: Option<Preview>,
    problems: Vec<String>,
}

/// A saved mapping.
struct Offer {
    name: String,
    /// Whether it knows every column of the document.
    fits: bool,
}

impl Page {
    fn crumbs(&self) -> [(String, String); 2] {
        let document = (self.row.name.clone(), format!("/documents/{}", self.row.id));
        [("Documents".to_owned(), "/documents".to_owned()), document]
    }
}

/// The beginning of a document with all that the page shows of it.
struct Looked {
    found: Detail,
    bytes: Arc<Vec<u8>>,
    outline: Result<Outline, String>,
    saved: Vec<Saved>,
}

/// What stands in the form, and what came of it.
#[derive(Default)]
struct Shown {
    draft: Draft,
    filled: Option<String>,
    preview: Option<Preview>,
    problems: Vec<String>,
}

/// The saved mapping that fills the form in.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    saved: Option<String>,
}

/// The form, filled in by what was said before, by a saved mapping that knows the columns, or by guessing.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
    chosen: web::Query<Chosen>,
) -> Result<HttpResponse, Error> {
    let looked = look(&state, &viewer, &id).await?;
    let Ok(outline) = &looked.outline else { return looked.page(frame, &state, Shown::default()) };
    let saved = looked.filling(chosen.saved.as_deref(), outline)?;
    let mapping = saved.map(|saved| &saved.mapping).or(looked.found.mapping.as_ref());
    let draft = Draft::of(&state.mapper, outline, mapping, &looked.found.row);
    let preview = match draft.mapping(outline) {
        Ok(mapping) => looked.preview(&state, mapping).await?.ok(),
        Err(_) => None,
    };
    let filled = saved.map(|saved| saved.name.clone());
    let shown = Shown { draft, filled, preview, problems: Vec::new() };
    looked.page(frame, &state, shown)
}

/// Shows what the first rows become, or takes the document in by what was said.
pub(crate) async fn tell(
    form: Form<Sent>,
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let looked = look(&state, &viewer, &id).await?;
    let Ok(outline) = &looked.outline else { return looked.page(frame, &state, Shown::default()) };
    let draft = Draft::read(&state.mapper, outline, &form);
    let mapping = draft.mapping(outline);
    let (preview, problems) = match &mapping {
        Ok(mapping) => match looked.preview(&state, mapping.clone()).await? {
            Ok(preview) => {
                let untold = !preview.rows.is_empty() && !preview.told;
                let problems = if untold { vec![UNTOLD.to_owned()] } else { Vec::new() };
                (Some(preview), problems)
            }
            Err(problem) => (None, vec![words::sentence(&problem)]),
        },
        Err(problems) => (None, problems.clone()),
    };
    match mapping {
        Ok(mapping) if problems.is_empty() && form.get("do").is_some_and(|wanted| wanted == "take") => {
            take_in(&state, &looked.found.row, &mapping, &draft).await
        }
        _ => looked.page(frame, &state, Shown { draft, filled: None, preview, problems }),
    }
}

/// Takes back what was said of a document's columns and has it read as it is.
pub(crate) async fn take_back(
    _: Form<Meant>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let row = find(&state, &viewer, &id).await?.row;
    let tx = state.store.begin().await?;
    written::take_back(&tx, row.id, state.now()).await?;
    tx.commit().await?;
    (state.wake)();
    Ok(render::see_other(&format!("/documents/{}", row.id)))
}

/// The form that forgets a saved mapping.
#[derive(Debug, Deserialize)]
pub(crate) struct Forgotten {
    #[serde(default)]
    name: String,
}

/// Forgets a saved mapping; documents keep what they were read by.
pub(crate) async fn forget(
    form: Form<Forgotten>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let row = find(&state, &viewer, &id).await?.row;
    let tx = state.store.begin().await?;
    let known = written::forget(&tx, &form.name).await?;
    tx.commit().await?;
    if known {
        Ok(render::see_other(&format!("/documents/{}/mapping", row.id)))
    } else {
        Err(unknown(&form.name))
    }
}

async fn take_in(
    state: &State,
    row: &Row,
    mapping: &ColumnMapping,
    draft: &Draft,
) -> Result<HttpResponse, Error> {
    let id = name_image(state, row, &draft.image).await?;
    let tx = state.store.begin().await?;
    written::tell(&tx, id, mapping, state.now()).await?;
    if !draft.save.is_empty() {
        written::save(&tx, &draft.save, mapping, state.now()).await?;
    }
    tx.commit().await?;
    (state.wake)();
    Ok(render::see_other(&format!("/documents/{id}")))
}

/// Names the image that a document speaks of, unless nobody does or it is named so already. Tells which document speaks of
/// it then.
async fn name_image(state: &State, row: &Row, image: &str) -> Result<DocumentId, Error> {
    if image.is_empty() {
        return Ok(row.id);
    }
    let image = intake::image_reference(image)?;
    if row.image_reference.as_ref() == Some(&image.to_string()) {
        return Ok(row.id);
    }
    match documents::name_image(&state.store, row.id, &image, state.now()).await? {
        Named::Waiting => Ok(row.id),
        Named::Known(other) => Ok(other),
    }
}

async fn look(state: &State, viewer: &Viewer, id: &str) -> Result<Looked, Error> {
    let found = find(state, viewer, id).await?;
    let mut bytes = Vec::new();
    for position in 0..LOOKED_AT {
        match documents::chunk(&state.store, viewer, found.row.id, position).await? {
            Some(mut chunk) => bytes.append(&mut chunk),
            None => break,
        }
    }
    let bytes = Arc::new(bytes);
    let (outliner, beginning) = (state.mapper.outline, Arc::clone(&bytes));
    let outline = apart(move || outliner(&beginning)).await?;
    let saved = mappings::list(&state.store, viewer).await?;
    Ok(Looked { found, bytes, outline, saved })
}

/// Does work that takes time off the threads that answer.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    web::block(work).await.map_err(|_| Error::Refused(StatusCode::SERVICE_UNAVAILABLE))
}

fn unknown(name: &str) -> Error {
    Error::NotFound(format!("mapping saved as `{}`", name.chars().take(64).collect::<String>()))
}

impl Looked {
    /// The saved mapping that fills the form in: the one that was chosen, or else one that knows the columns of a document
    /// of which nothing was said yet.
    fn filling(&self, chosen: Option<&str>, outline: &Outline) -> Result<Option<&Saved>, Error> {
        match chosen {
            Some(name) => {
                let found = self.saved.iter().find(|saved| saved.name == name);
                found.map(Some).ok_or_else(|| unknown(name))
            }
            None if self.found.mapping.is_some() => Ok(None),
            None => Ok(self.saved.iter().find(|saved| knows(&saved.mapping, outline))),
        }
    }

    async fn preview(&self, state: &State, mapping: ColumnMapping) -> Result<Result<Preview, String>, Error> {
        let (previewer, bytes) = (state.mapper.preview, Arc::clone(&self.bytes));
        apart(move || previewer(&bytes, &mapping)).await
    }

    fn page(&self, frame: Frame, state: &State, shown: Shown) -> Result<HttpResponse, Error> {
        let Shown { draft, filled, preview, problems } = shown;
        let (outline, refusal) = match &self.outline {
            Ok(outline) => (outline.clone(), None),
            Err(why) => (Outline::default(), Some(words::sentence(why))),
        };
        let fits = |saved: &Saved| knows(&saved.mapping, &outline);
        let mut offers: Vec<Offer> =
            self.saved.iter().map(|saved| Offer { name: saved.name.clone(), fits: fits(saved) }).collect();
        offers.sort_by_key(|offer| !offer.fits);
        let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let page = Page {
            frame: frame.at(Section::Documents),
            row: self.found.row.clone(),
            mapped: self.found.mapping.is_some(),
            refusal,
            meanings: state.mapper.meanings.clone(),
            lines: draft.lines(&outline),
            draft,
            left_out: outline.left_out,
            offers,
            filled,
            preview,
            problems,
        };
        render::page_with(status, &page)
    }
}
