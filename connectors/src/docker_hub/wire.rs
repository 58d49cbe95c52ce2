//! Docker Hub's answers, only the fields that are used. Refuses to interpret; every field may be absent or `null`.

use serde::Deserialize;

use crate::reading::nullable;

/// A page of a list; one without rows is none.
#[derive(Debug, Deserialize)]
pub(super) struct Page<T> {
    pub(super) next: Option<String>,
    pub(super) results: Option<Vec<T>>,
}

/// A token of the API.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    #[serde(deserialize_with = "nullable")]
    pub(super) access_token: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Organisation {
    #[serde(deserialize_with = "nullable")]
    pub(super) orgname: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Repository {
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
    pub(super) is_private: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub(super) date_registered: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) last_updated: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tag {
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) digest: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) media_type: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) content_type: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) tag_last_pushed: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) tag_last_pulled: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) images: Vec<Image>,
}

/// The image of a platform that a tag leads to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Image {
    #[serde(deserialize_with = "nullable")]
    pub(super) digest: String,
    pub(super) size: Option<u64>,
    #[serde(deserialize_with = "nullable")]
    pub(super) last_pushed: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) last_pulled: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) os: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) architecture: String,
    pub(super) variant: Option<String>,
}
