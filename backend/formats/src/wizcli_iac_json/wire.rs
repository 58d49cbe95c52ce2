//! A scan as Wiz' service hands it to its command line. Refuses to interpret; every field may be absent. Text is
//! borrowed from the document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};
use crate::wizcli::{Policy, Secret, Status};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Document<'a> {
    pub created_at: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub status: Status<'a>,
    /// What was asked for.
    #[serde(deserialize_with = "nullable")]
    pub policies: Vec<Policy<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub result: Outcome<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    #[serde(deserialize_with = "nullable")]
    pub rule_matches: Vec<RuleMatch<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub secrets: Vec<Secret<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct RuleMatch<'a> {
    #[serde(deserialize_with = "nullable")]
    pub rule: Rule<'a>,
    pub severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub matches: Vec<Place<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Rule<'a> {
    pub id: Text<'a>,
    pub name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Place<'a> {
    pub resource_name: Text<'a>,
    pub file_name: Text<'a>,
    pub line_number: Number,
}
