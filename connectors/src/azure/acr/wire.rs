//! A registry's answers at its own door, only the fields that are used. Refuses to interpret; every field may be
//! absent.

use serde::Deserialize;

use crate::azure::wire::nullable;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Catalogue {
    #[serde(deserialize_with = "nullable")]
    pub(super) repositories: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Manifests {
    #[serde(deserialize_with = "nullable")]
    pub(super) manifests: Vec<Row>,
}

/// One manifest in the list.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Row {
    #[serde(deserialize_with = "nullable")]
    pub(super) digest: String,
    pub(super) image_size: Option<u64>,
    #[serde(deserialize_with = "nullable")]
    pub(super) created_time: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) architecture: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) os: String,
    pub(super) media_type: Option<String>,
    pub(super) config_media_type: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) tags: Vec<String>,
}

/// What is told of a repository.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Attributes {
    #[serde(deserialize_with = "nullable")]
    pub(super) created_time: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) changeable_attributes: Changeable,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Changeable {
    pub(super) write_enabled: Option<bool>,
}

/// A registry's own tokens.
#[derive(Deserialize)]
pub(super) struct Refresh {
    pub(super) refresh_token: String,
}

/// See [`Refresh`].
#[derive(Deserialize)]
pub(super) struct Access {
    pub(super) access_token: String,
}
