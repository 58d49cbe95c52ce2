//! A result as tfsec writes it. Refuses to interpret; every field may be absent. Text is borrowed from the document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub results: Vec<Outcome<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    /// `AVD-AWS-0088`; of old versions `AWS018`.
    pub rule_id: Text<'a>,
    pub rule_description: Text<'a>,
    pub description: Text<'a>,
    pub severity: Text<'a>,
    /// `0` failed, `1` passed, `2` ignored; some versions write the words.
    pub status: Text<'a>,
    /// Of old versions.
    pub passed: Text<'a>,
    pub resource: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub location: Location<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Location<'a> {
    pub filename: Text<'a>,
    pub start_line: Number,
}
