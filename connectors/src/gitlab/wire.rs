//! GitLab's answers, only the fields that are used. Refuses to interpret; every field may be absent or `null`.

use serde::Deserialize;

use crate::reading::nullable;

/// A project, as lists tell it; short lists tell less.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Project {
    #[serde(deserialize_with = "nullable")]
    pub(super) id: u64,
    #[serde(deserialize_with = "nullable")]
    pub(super) path_with_namespace: String,
    pub(super) default_branch: Option<String>,
    pub(super) visibility: Option<String>,
    pub(super) container_registry_enabled: Option<bool>,
    pub(super) container_registry_access_level: Option<String>,
    pub(super) container_expiration_policy: Option<Expiration>,
}

/// What removes tags by itself.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Expiration {
    pub(super) enabled: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub(super) cadence: String,
    pub(super) keep_n: Option<u64>,
    pub(super) older_than: Option<String>,
    pub(super) name_regex: Option<String>,
    pub(super) name_regex_delete: Option<String>,
    pub(super) name_regex_keep: Option<String>,
}

/// A repository of the registry.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Repository {
    #[serde(deserialize_with = "nullable")]
    pub(super) path: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) project_id: u64,
    #[serde(deserialize_with = "nullable")]
    pub(super) created_at: String,
}
