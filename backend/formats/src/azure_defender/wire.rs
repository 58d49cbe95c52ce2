//! Sub-assessments, and assessments above them, as Defender for Cloud writes them, only the fields that are used. Refuses to interpret; every
//! field may be absent. Text is borrowed from the document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

/// An answer of Resource Graph, or of the manager.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    #[serde(rename = "data", alias = "value", deserialize_with = "nullable")]
    pub rows: Vec<Row<'a>>,
    #[serde(rename = "$skipToken")]
    pub skip_token: Text<'a>,
    #[serde(rename = "nextLink")]
    pub next_link: Text<'a>,
}

/// What was recorded of a client of the manager, for a test to play it back.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cassette<'a> {
    #[serde(deserialize_with = "nullable")]
    pub interactions: Vec<Interaction<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Interaction<'a> {
    #[serde(deserialize_with = "nullable")]
    pub response: Response<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Response<'a> {
    #[serde(deserialize_with = "nullable")]
    pub body: Body<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Body<'a> {
    #[serde(deserialize_with = "nullable")]
    pub data: Page<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Row<'a> {
    /// Of an assessment the key of its recommendation.
    pub name: Text<'a>,
    /// `microsoft.security/assessments/subassessments`, or without the last part.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub properties: Properties<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Properties<'a> {
    pub id: Text<'a>,
    pub display_name: Text<'a>,
    pub description: Text<'a>,
    pub time_generated: Text<'a>,
    /// Of an assessment, what its recommendation says.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Recommendation<'a>,
    #[serde(deserialize_with = "nullable")]
    pub status: Status<'a>,
    #[serde(deserialize_with = "nullable")]
    pub resource_details: Resource<'a>,
    #[serde(deserialize_with = "nullable")]
    pub additional_data: Data<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Recommendation<'a> {
    pub severity: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Resource<'a> {
    #[serde(alias = "Id")]
    pub id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Status<'a> {
    pub code: Text<'a>,
    pub cause: Text<'a>,
    pub description: Text<'a>,
    pub severity: Text<'a>,
    /// Of an assessment.
    #[serde(rename = "statusChangeDate")]
    pub changed_at: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Data<'a> {
    pub assessed_resource_type: Text<'a>,
    pub artifact_details: Option<Artefact<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub software_details: Software<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerability_details: Vulnerability<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Artefact<'a> {
    pub registry_host: Text<'a>,
    pub repository_name: Text<'a>,
    pub digest: Text<'a>,
    pub media_type: Text<'a>,
    #[serde(rename = "lastPushedToRegistryUTC")]
    pub pushed_at: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Software<'a> {
    pub package_name: Text<'a>,
    pub version: Text<'a>,
    pub fixed_version: Text<'a>,
    pub fix_status: Text<'a>,
    /// `OS` or `Language`.
    pub category: Text<'a>,
    pub language: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub os_details: System<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct System<'a> {
    /// `debian_12`.
    pub os_version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub cve_id: Text<'a>,
    pub severity: Text<'a>,
    pub published_date: Text<'a>,
    pub last_modified_date: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub references: Vec<Reference<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub cvss: Scores<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Reference<'a> {
    pub link: Text<'a>,
}

/// By the version of CVSS.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Scores<'a> {
    #[serde(rename = "2.0")]
    pub second: Option<Score<'a>>,
    #[serde(rename = "3.0")]
    pub third: Option<Score<'a>>,
    #[serde(rename = "4.0")]
    pub fourth: Option<Score<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Score<'a> {
    pub cvss_vector_string: Text<'a>,
    pub base: Number,
}
