//! Quay's answers, only the fields that are used. Refuses to interpret; every field may be absent or `null`.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::reading::nullable;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct User {
    #[serde(deserialize_with = "nullable")]
    pub(super) username: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) organizations: Vec<Organization>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Organization {
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) is_member: bool,
    #[serde(deserialize_with = "nullable")]
    pub(super) is_admin: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Listing {
    #[serde(deserialize_with = "nullable")]
    pub(super) repositories: Vec<Repository>,
    pub(super) next_page: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Repository {
    #[serde(deserialize_with = "nullable")]
    pub(super) namespace: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
    pub(super) is_public: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub(super) state: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) quota_report: Quota,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Quota {
    pub(super) configured_quota: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tags {
    #[serde(deserialize_with = "nullable")]
    pub(super) tags: Vec<Tag>,
    #[serde(deserialize_with = "nullable")]
    pub(super) has_additional: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tag {
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) manifest_digest: String,
    /// When the tag came to lead there, in seconds.
    pub(super) start_ts: Option<i64>,
}

/// How the scan of a manifest went.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Security {
    #[serde(deserialize_with = "nullable")]
    pub(super) status: String,
    pub(super) data: Option<IgnoredAny>,
}
