//! kube-hunter's report as it writes it, as far as it is used. Refuses to interpret; every field may be absent. Text is
//! borrowed from the document.

use serde::Deserialize;

use crate::json::{Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub nodes: Vec<Node<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Node<'a> {
    pub location: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    /// `10.0.0.1:10250`, a host alone, or `Local to Pod (name)`.
    pub location: Text<'a>,
    /// `KHV002`; `None` where it has none.
    pub vid: Text<'a>,
    pub severity: Text<'a>,
    /// Its name.
    pub vulnerability: Text<'a>,
}
