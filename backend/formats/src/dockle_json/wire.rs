//! Dockle's report as its writer makes it. Refuses to interpret; every field may be absent. Text is borrowed from
//! the document.

use serde::Deserialize;

use crate::json::{Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    /// As it was asked for; older versions do not write it.
    pub image: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub details: Vec<Detail<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Detail<'a> {
    pub code: Text<'a>,
    pub title: Text<'a>,
    pub level: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub alerts: Vec<Text<'a>>,
}
