//! Which lists of a kind may be read in portions, and which of their elements need which others beside them.
//! Refuses kinds whose long lists depend on each other in ways that names do not tell.

use crate::{cyclonedx_json, trivy_json};

/// A long list of a document.
#[derive(Debug)]
pub(crate) struct List {
    /// `Results[].Packages`
    pub(crate) path: &'static str,
    /// What its elements are to others.
    pub(crate) role: Role,
}

/// What the elements of a list are to others.
#[derive(Debug)]
pub(crate) enum Role {
    /// Nothing.
    Alone,
    /// Things that others point to by these names.
    Named(fn(&[u8]) -> Vec<Name>),
    /// Entries that point to things by these names.
    Pointing(fn(&[u8]) -> Vec<Name>),
    /// Something that the format does not read.
    Unread,
}

/// A name by which entries point to things.
#[derive(Debug)]
pub(crate) struct Name {
    /// As the document writes it.
    pub(crate) text: String,
    /// Whether it holds in the object that has the list alone.
    pub(crate) near: bool,
}

/// The kinds that are read in portions.
static PLANS: [(&str, &[List]); 2] =
    [(cyclonedx_json::FORMAT.kind, cyclonedx_json::LISTS), (trivy_json::FORMAT.kind, trivy_json::LISTS)];

/// The long lists of a kind, if it is read in portions.
pub(super) fn lists(kind: &str) -> Option<&'static [List]> {
    PLANS.iter().find(|(known, _)| *known == kind).map(|(_, lists)| *lists)
}
