//! The token with which a collector elsewhere pushes what it saw: made, shown once, taken back. Refuses to
//! keep it: only its SHA-256 is stored.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::save::sources as rows;
use uuid::Uuid;

use super::find;
use crate::csrf::Form;
use crate::error::Error;
use crate::frame::{Frame, Section};
use crate::viewer::CurrentViewer;
use crate::{State, filters, render};

/// The form that makes or takes back a token.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    make: bool,
}

#[derive(Template)]
#[template(path = "sources/token.html")]
struct Page {
    frame: Frame,
    name: String,
    token: String,
    address: String,
}

impl Page {
    fn title(&self) -> String {
        format!("Push token of {}", self.name)
    }
}

/// Makes a token and shows it this once, or takes it back.
pub(crate) async fn set_token(
    form: Form<Wanted>,
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    name: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let source = find(&state, &viewer, &name).await?.summary.source;
    let token = form.make.then(fresh);
    let hash = token.as_ref().map(|token| Sha256::digest(token.as_bytes()).into());
    let tx = state.store.begin().await?;
    rows::set_push_token(&tx, source.id, hash).await?;
    tx.commit().await?;
    match token {
        None => Ok(render::see_other(&format!("/sources/{}?tab=settings", source.name))),
        Some(token) => render::page(&Page {
            address: format!("http://{}", frame.listen),
            frame: frame.at(Section::Sources),
            name: source.name,
            token,
        }),
    }
}

/// A token of 244 random bits, with a word that tells scanners of leaked secrets whose it is.
fn fresh() -> String {
    format!("plimsoll_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}
