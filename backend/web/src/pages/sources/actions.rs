//! What can be done to a source: ask it now, stop a run, turn it on or off, take it away. Refuses to do any
//! of it for a link: each is a form of our own page.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::source::RunKind;
use serde::Deserialize;
use store::save::sources as rows;
use store::sources::{Origin, Summary};

use super::{editable, find, find_run};
use crate::csrf::Form;
use crate::error::Error;
use crate::frame::{Frame, Section};
use crate::viewer::CurrentViewer;
use crate::{State, filters, render};

/// The form that asks for a run.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    kind: String,
}

/// Asks for a run and leads to where it can be watched.
pub(crate) async fn request(
    form: Form<Asked>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    name: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let source = find(&state, &viewer, &name).await?.summary.source;
    let kind = kind_of(&form.kind)?;
    let tx = state.store.begin().await?;
    let run = rows::request(&tx, source.id, kind, None, state.now()).await?;
    tx.commit().await?;
    (state.wake)();
    Ok(render::see_other(&format!("/sources/{}/runs/{run}", source.name)))
}

/// The kind of run that somebody may ask for.
pub(crate) fn kind_of(word: &str) -> Result<RunKind, Error> {
    let asked = |kind: &RunKind| !matches!(kind, RunKind::Push | RunKind::Follow);
    RunKind::from_word(word).filter(asked).ok_or_else(|| {
        let word: String = word.chars().take(60).collect();
        Error::Invalid(format!("`{word}` cannot be asked for: it is one of sync, check, dry-run."))
    })
}

/// A form that says nothing but that it was meant.
#[derive(Debug, Deserialize)]
pub(crate) struct Meant {}

/// Asks to stop a run.
pub(crate) async fn cancel(
    _: Form<Meant>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    at: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (name, id) = at.into_inner();
    let run = find_run(&state, &viewer, &name, &id).await?.run;
    let tx = state.store.begin().await?;
    rows::cancel(&tx, run.id, state.now()).await?;
    tx.commit().await?;
    Ok(render::see_other(&format!("/sources/{name}/runs/{}", run.id)))
}

/// The form that turns a source on or off.
#[derive(Debug, Deserialize)]
pub(crate) struct Switch {
    on: bool,
}

/// Turns a source on or off.
pub(crate) async fn set_enabled(
    form: Form<Switch>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    name: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let source = find(&state, &viewer, &name).await?.summary.source;
    editable(&source)?;
    let tx = state.store.begin().await?;
    rows::set_enabled(&tx, source.id, form.on, state.now()).await?;
    tx.commit().await?;
    (state.wake)();
    Ok(render::see_other(&format!("/sources/{}", source.name)))
}

#[derive(Template)]
#[template(path = "sources/remove.html")]
struct Removal {
    frame: Frame,
    summary: Summary,
}

impl Removal {
    fn title(&self) -> String {
        format!("Remove {}?", self.summary.source.name)
    }
}

/// Asks whether a source is really to be taken away, and says what stays.
pub(crate) async fn confirm_removal(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    name: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let summary = find(&state, &viewer, &name).await?.summary;
    removable(&summary)?;
    render::page(&Removal { frame: frame.at(Section::Sources), summary })
}

/// Takes a source away.
pub(crate) async fn remove(
    _: Form<Meant>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    name: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let summary = find(&state, &viewer, &name).await?.summary;
    removable(&summary)?;
    let tx = state.store.begin().await?;
    rows::remove(&tx, summary.source.id, state.now()).await?;
    tx.commit().await?;
    Ok(render::see_other("/sources"))
}

/// A source that left the settings file is off and may go; one that is in it would come back.
fn removable(summary: &Summary) -> Result<(), Error> {
    if summary.source.origin == Origin::File && !summary.source.enabled {
        return Ok(());
    }
    editable(&summary.source)
}
