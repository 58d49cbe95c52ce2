//! What people decide of a detection, from the form and from the API alike. Refuses a decision without a reason and a name.

use actix_web::{HttpResponse, web};
use domain::id::DetectionId;
use serde::Deserialize;
use store::save::detections::{self as rows, DECISIONS, Decision, OPEN};
use utoipa::ToSchema;

use super::find;
use crate::csrf::Form;
use crate::error::Error;
use crate::viewer::CurrentViewer;
use crate::{State, render};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 2_000;
/// The longest name, in characters.
const LONGEST_NAME: usize = 200;

/// What somebody decided, as sent.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Decided {
    /// `true`, `benign`, `duplicate`, or `open` again.
    #[serde(default)]
    #[schema(example = "benign")]
    pub(crate) disposition: String,
    /// Why.
    #[serde(default)]
    pub(crate) reason: String,
    /// Who.
    #[serde(default)]
    pub(crate) by: String,
}

impl Decided {
    /// The decision, if it is one.
    fn read(&self) -> Result<Decision, Error> {
        let known = DECISIONS.into_iter().chain([OPEN]).find(|word| *word == self.disposition.trim());
        let disposition = known.ok_or_else(|| {
            Error::Invalid("A detection is decided as true, benign or duplicate, or opened again.".to_owned())
        })?;
        let text = |what: &str, text: &str, most: usize| {
            let text = text.trim();
            match text.chars().count() {
                0 => Err(Error::Invalid(format!(
                    "Say {what}: a decision without it cannot be followed later."
                ))),
                letters if letters > most => {
                    Err(Error::Invalid(format!("At most {most} characters say {what}; these are {letters}.")))
                }
                _ => Ok(text.to_owned()),
            }
        };
        Ok(Decision {
            disposition,
            reason: text("why", &self.reason, LONGEST_REASON)?,
            decided_by: text("who decides", &self.by, LONGEST_NAME)?,
        })
    }

    /// Writes the decision and wakes who judges.
    pub(crate) async fn keep(&self, state: &State, id: DetectionId) -> Result<(), Error> {
        let decision = self.read()?;
        let tx = state.store.begin().await?;
        rows::decide(&tx, id, &decision, state.now()).await?;
        tx.commit().await?;
        (state.wake)();
        Ok(())
    }
}

/// Decides of a detection by the form on its page.
pub(crate) async fn decide(
    form: Form<Decided>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let row = find(&state, &viewer, &id).await?;
    form.keep(&state, row.id).await?;
    Ok(render::see_other(&format!("/runtime/{}", row.id)))
}
