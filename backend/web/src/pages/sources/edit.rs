//! Adding a source and changing one: the choice of a kind, the form, and what is written down of it.
//! Refuses to change what the settings file wrote, and to save anything while something is wrong.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use domain::source::{Problem, SourceKind};
use store::save::sources as rows;
use store::sources::Source;

use super::form::{Draft, Form as Sheet, Input, OnRecord};
use super::{editable, find};
use crate::csrf::Form;
use crate::error::Error;
use crate::frame::{Frame, Section};
use crate::viewer::CurrentViewer;
use crate::{State, filters, render};

/// What a form sent, by field.
type Sent = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "sources/choose.html")]
struct Choose {
    frame: Frame,
    kinds: Vec<SourceKind>,
}

#[derive(Template)]
#[template(path = "sources/form.html")]
struct Page {
    frame: Frame,
    kind: SourceKind,
    /// The source that is changed; a new one has none.
    known: Option<String>,
    form: Sheet,
}

impl Page {
    fn title(&self) -> String {
        match &self.known {
            Some(name) => format!("Edit {name}"),
            None => format!("Add {}", self.kind.title),
        }
    }

    fn crumbs(&self) -> Vec<(String, String)> {
        let mut crumbs = vec![("Sources".to_owned(), "/sources".to_owned())];
        match &self.known {
            Some(name) => crumbs.push((name.clone(), format!("/sources/{name}"))),
            None => crumbs.push(("Add a source".to_owned(), "/add-source".to_owned())),
        }
        crumbs
    }

    fn back(&self) -> String {
        self.known.as_ref().map_or_else(|| "/sources".to_owned(), |name| format!("/sources/{name}"))
    }

    fn action(&self) -> String {
        match &self.known {
            Some(name) => format!("/sources/{name}/edit"),
            None => format!("/add-source/{}", self.kind.kind),
        }
    }
}

/// The kinds there are; with one alone, its form.
pub(crate) async fn choose(frame: Frame, state: web::Data<State>) -> Result<HttpResponse, Error> {
    match state.sources.kinds.as_slice() {
        [only] => Ok(render::see_other(&format!("/add-source/{}", only.kind))),
        kinds => render::page(&Choose { frame: frame.at(Section::Sources), kinds: kinds.to_vec() }),
    }
}

/// The form of a new source.
pub(crate) async fn add(
    frame: Frame,
    state: web::Data<State>,
    kind: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let kind = kind_of(&state, &kind)?;
    let form = Draft::new().form(&state.sources, &kind, &[], &[]);
    render::page(&Page { frame: frame.at(Section::Sources), kind, known: None, form })
}

/// Makes a source, or shows every problem.
pub(crate) async fn create(
    form: Form<Sent>,
    frame: Frame,
    state: web::Data<State>,
    kind: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let kind = kind_of(&state, &kind)?;
    let draft = Draft::read(&kind, &form);
    let problems = match draft.accept(&state.sources, &kind, &OnRecord::default()) {
        Err(problems) => problems,
        Ok(accepted) => {
            let tx = state.store.begin().await?;
            let made = rows::create(&tx, &accepted.definition, accepted.secrets.as_ref(), state.now()).await;
            match taken(made.map(drop))? {
                None => {
                    tx.commit().await?;
                    (state.wake)();
                    return Ok(render::see_other(&format!("/sources/{}", accepted.definition.name)));
                }
                Some(problem) => vec![problem],
            }
        }
    };
    let form = draft.form(&state.sources, &kind, &[], &problems);
    refused(&Page { frame: frame.at(Section::Sources), kind, known: None, form })
}

/// The form of a source that a page made.
pub(crate) async fn edit(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    name: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (source, kind) = changeable(&state, &viewer, &name).await?;
    let form = Draft::of(&source).form(&state.sources, &kind, &source.secret_fields, &[]);
    render::page(&Page { frame: frame.at(Section::Sources), kind, known: Some(source.name), form })
}

/// Changes a source, or shows every problem.
pub(crate) async fn change(
    form: Form<Sent>,
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    name: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (source, kind) = changeable(&state, &viewer, &name).await?;
    let draft = Draft::read(&kind, &form);
    let (_, sealed) = rows::load(&state.store, source.id).await?;
    let on_record = OnRecord { fields: source.secret_fields.clone(), sealed };
    let problems = match draft.accept(&state.sources, &kind, &on_record) {
        Err(problems) => problems,
        Ok(accepted) => {
            let tx = state.store.begin().await?;
            let secrets = accepted.secrets.as_ref();
            let changed = rows::update(&tx, source.id, &accepted.definition, secrets, state.now()).await;
            match taken(changed)? {
                None => {
                    tx.commit().await?;
                    (state.wake)();
                    return Ok(render::see_other(&format!("/sources/{}", accepted.definition.name)));
                }
                Some(problem) => vec![problem],
            }
        }
    };
    let form = draft.form(&state.sources, &kind, &source.secret_fields, &problems);
    refused(&Page { frame: frame.at(Section::Sources), kind, known: Some(source.name), form })
}

/// The source with its kind, if pages may change it.
async fn changeable(
    state: &State,
    viewer: &CurrentViewer,
    name: &str,
) -> Result<(Source, SourceKind), Error> {
    let source = find(state, viewer, name).await?.summary.source;
    editable(&source)?;
    let kind = kind_of(state, &source.kind)?;
    Ok((source, kind))
}

fn kind_of(state: &State, word: &str) -> Result<SourceKind, Error> {
    let unknown = || Error::NotFound(format!("kind of source {}", word.chars().take(64).collect::<String>()));
    state.sources.kind(word).copied().ok_or_else(unknown)
}

/// A name that another source has is a problem of the form.
fn taken(written: Result<(), store::Error>) -> Result<Option<Problem>, Error> {
    match written {
        Ok(()) => Ok(None),
        Err(store::Error::Duplicate(_)) => Ok(Some(Problem {
            field: "name".to_owned(),
            message: "is taken by another source: choose a different one".to_owned(),
        })),
        Err(error) => Err(error.into()),
    }
}

fn refused(page: &Page) -> Result<HttpResponse, Error> {
    render::page_with(StatusCode::UNPROCESSABLE_ENTITY, page)
}
