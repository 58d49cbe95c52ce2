//! Answers of Artifactory and Xray, only the fields that are used. Refuses to interpret; every field may be absent or
//! `null`. What Xray says of an image stays as it came.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::reading::nullable;

/// A repository of Artifactory in the list of all.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Listed {
    #[serde(deserialize_with = "nullable")]
    pub(super) key: String,
    #[serde(rename = "type", deserialize_with = "nullable")]
    pub(super) kind: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) package_type: String,
}

/// How one is set up.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Setup {
    pub(super) xray_index: Option<bool>,
    pub(super) max_unique_tags: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Catalogue {
    #[serde(deserialize_with = "nullable")]
    pub(super) repositories: Vec<String>,
}

/// What a query found.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Found {
    #[serde(deserialize_with = "nullable")]
    pub(super) results: Vec<File>,
    #[serde(deserialize_with = "nullable")]
    pub(super) range: Range,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Range {
    /// That results were cut, where they were.
    pub(super) notification: Option<String>,
}

/// The file of a manifest.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct File {
    #[serde(deserialize_with = "nullable")]
    pub(super) path: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) created: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) modified: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) sha256: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) properties: Vec<Property>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Property {
    #[serde(deserialize_with = "nullable")]
    pub(super) key: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) value: String,
}

/// What Xray says of what it was asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Summaries {
    #[serde(deserialize_with = "nullable")]
    pub(super) artifacts: Vec<Box<RawValue>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) errors: Vec<Unsaid>,
}

/// What a summary is about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Summary {
    #[serde(deserialize_with = "nullable")]
    pub(super) general: General,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct General {
    #[serde(deserialize_with = "nullable")]
    pub(super) sha256: String,
}

/// Of what Xray says nothing, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Unsaid {
    #[serde(deserialize_with = "nullable")]
    pub(super) identifier: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) error: String,
}
