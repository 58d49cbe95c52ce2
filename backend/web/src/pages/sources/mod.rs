//! Sources: which there are and how they are, one with its scopes and runs, adding and changing them, asking
//! them now and watching it. Refuses to ask anything itself: a request is a row and a wake-up. Refuses to
//! show a secret: pages know which are set and nothing else of them.

mod actions;
mod detail;
mod edit;
mod events;
mod form;
mod list;
mod permits;
mod run;
mod scopes;
mod token;
pub(crate) mod words;

use domain::id::RunId;
use domain::scope::Viewer;
use domain::source::{FieldKind, SourceKind};
use store::sources::{Detail, Origin, Source, Standing};

use crate::State;
use crate::error::Error;

pub(crate) use actions::{cancel, confirm_removal, kind_of, remove, request, set_enabled};
pub(crate) use detail::show;
pub(crate) use edit::{add, change, choose, create, edit};
pub(crate) use events::events;
pub(crate) use list::{export, list};
pub(crate) use run::show as run;
pub(crate) use scopes::{
    RUN_SPEC, SPEC, export as export_scopes, export_run as export_run_scopes, filter_of,
};
pub(crate) use token::set_token;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::sources as made_up;

/// The source that an address names.
pub(crate) async fn find(state: &State, viewer: &Viewer, name: &str) -> Result<Detail, Error> {
    let unknown = || Error::NotFound(format!("source {}", name.chars().take(64).collect::<String>()));
    store::sources::detail(&state.store, viewer, name).await?.ok_or_else(unknown)
}

/// The run that an address names, of the source that it names.
pub(crate) async fn find_run(
    state: &State,
    viewer: &Viewer,
    source: &str,
    id: &str,
) -> Result<Standing, Error> {
    let unknown = || Error::NotFound("such run of a source by that name".to_owned());
    let id: RunId = id.parse().map_err(|_| unknown())?;
    store::sources::standing(&state.store, viewer, source, id).await?.ok_or_else(unknown)
}

/// The way back from a page about one source.
fn crumbs(source: &str) -> [(String, String); 2] {
    [("Sources".to_owned(), "/sources".to_owned()), (source.to_owned(), format!("/sources/{source}"))]
}

/// The source, if pages may change it.
fn editable(source: &Source) -> Result<(), Error> {
    match source.origin {
        Origin::Page => Ok(()),
        Origin::File => Err(Error::Invalid(format!(
            "The source `{}` is written in the settings file of the server: change it there and start the server \
             again.",
            source.name
        ))),
    }
}

/// What a source is told, as pages and the API show it: never a field that holds a secret.
pub(crate) fn shown_values<'a>(
    source: &'a Source,
    kind: Option<&'a SourceKind>,
) -> impl Iterator<Item = (&'a String, &'a Vec<String>)> {
    let secret = move |name: &str| {
        let fields = kind.map(|kind| kind.fields).unwrap_or_default();
        source.secret_fields.iter().any(|field| field == name)
            || fields.iter().any(|field| field.name == name && matches!(field.kind, FieldKind::Secret))
    };
    source.values.iter().filter(move |(name, _)| !secret(name))
}
