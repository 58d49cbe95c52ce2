//! An index as a VEX repository has it. Refuses to follow where it leads.

use serde::Deserialize;

use crate::json::{Text, nullable};

/// The index.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Index<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) packages: Vec<Package<'a>>,
}

/// A package with a document.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    /// Path below the index.
    pub(super) location: Text<'a>,
}
