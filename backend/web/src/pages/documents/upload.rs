//! The form that takes documents in: any number of files, streamed, each stored by itself.
//! Refuses a file before the form's token has been seen, and forgets none that arrived before a bad one.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use domain::scope::Viewer;
use store::documents::Received;

use super::intake::{self, Accompanying, Part};
use crate::State;
use crate::csrf::Guard;
use crate::error::Error;
use crate::render;
use crate::viewer::CurrentViewer;

/// Takes the files and leads to where they can be watched.
pub(crate) async fn upload(
    guard: Guard,
    viewer: CurrentViewer,
    state: web::Data<State>,
    body: Multipart,
) -> Result<HttpResponse, Error> {
    let mut received = Vec::new();
    let outcome = take_all(&guard, &viewer, &state, body, &mut received).await;
    if !received.is_empty() {
        (state.wake)();
    }
    outcome?;
    match received.as_slice() {
        [] => Err(Error::Invalid("No file was chosen; choose one or more documents to upload.".to_owned())),
        [only] => Ok(render::see_other(&format!("/documents/{}", only.id))),
        _ => Ok(render::see_other("/documents")),
    }
}

async fn take_all(
    guard: &Guard,
    viewer: &Viewer,
    state: &State,
    mut body: Multipart,
    received: &mut Vec<Received>,
) -> Result<(), Error> {
    let (mut allowed, mut said) = (false, Accompanying::default());
    while let Some(part) = intake::next_part(&mut body).await? {
        match part {
            Part::Text(name, value) if name == "csrf" => {
                guard.check(&value)?;
                allowed = true;
            }
            Part::Text(name, value) => {
                said.read(&name, &value, state.now())?;
            }
            Part::File(..) if !allowed => return Err(Error::ForeignForm),
            // What a browser sends when no file was chosen.
            Part::File(name, _) if name.is_empty() => {}
            Part::File(name, bytes) => {
                let columns = said.columns(state, viewer).await?;
                let provenance = said.provenance(&name, state.now());
                received.push(intake::take(state, &provenance, columns.as_ref(), bytes).await?);
            }
        }
    }
    Ok(())
}
