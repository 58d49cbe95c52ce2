//! One repository: what lies in it, who may pull, and how it and its registry are set up. Refuses to call what was not
//! told safe: it is shown as not told.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::id::ObjectId;
use store::clouds::{self, RepositoryRow};

use super::line::Line;
use crate::State;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::images::counted;
use crate::pages::posture::{Posture, against, phrases};
use crate::render;
use crate::viewer::CurrentViewer;

#[derive(Template)]
#[template(path = "clouds/repository.html")]
struct Detail {
    frame: Frame,
    line: Line,
    /// What several registries tell, beside who may pull, tags and scanning.
    shared: Vec<Posture>,
    /// What its registry alone has.
    own: Vec<Posture>,
}

impl Detail {
    fn of(frame: Frame, row: RepositoryRow) -> Self {
        let shared = vec![
            Posture::plain("Scanning", row.scanning.clone()),
            Posture::plain("Encryption at rest", row.encryption.clone()),
            Posture::plain("Removed by itself", phrases(row.cleanup.as_ref(), "nothing")),
        ];
        let own = row.settings.iter().flatten().map(Posture::of).collect();
        Self { frame, shared, own, line: Line::of(row) }
    }

    /// What it is, in one sentence.
    fn sentence(&self) -> String {
        let row = &self.line.row;
        let unwanted = against(row.unwanted());
        if row.name.is_empty() {
            return format!("A registry that has no repository, or shows none from here{unwanted}.");
        }
        format!("A repository of {} with {}{unwanted}.", row.registry, counted(row.images, "image", "images"))
    }
}

/// The page.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let nothing = || Error::NotFound(format!("repository {}", id.chars().take(80).collect::<String>()));
    let known: ObjectId = id.parse().map_err(|_| nothing())?;
    let row = clouds::repository(&state.store, &viewer, known).await?.ok_or_else(nothing)?;
    render::page(&Detail::of(frame.at(Section::Images), row))
}
