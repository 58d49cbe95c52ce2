//! Harbor's answers, only the fields that are used. Refuses to interpret; every field may be absent or `null`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::reading::nullable;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Project {
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) registry_id: i64,
    pub(super) metadata: Option<Metadata>,
    #[serde(deserialize_with = "nullable")]
    pub(super) cve_allowlist: Allowlist,
}

/// What a project is set to: words, also for numbers and for yes and no.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metadata {
    pub(super) public: Option<String>,
    pub(super) auto_scan: Option<String>,
    pub(super) auto_sbom_generation: Option<String>,
    pub(super) enable_content_trust: Option<String>,
    pub(super) enable_content_trust_cosign: Option<String>,
    pub(super) prevent_vul: Option<String>,
    pub(super) severity: Option<String>,
    pub(super) reuse_sys_cve_allowlist: Option<String>,
    pub(super) retention_id: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Allowlist {
    #[serde(deserialize_with = "nullable")]
    pub(super) items: Vec<IgnoredAny>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Summary {
    #[serde(deserialize_with = "nullable")]
    pub(super) quota: Quota,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Quota {
    #[serde(deserialize_with = "nullable")]
    pub(super) hard: Limits,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Limits {
    pub(super) storage: Option<i64>,
}

/// A rule by which tags stay where they are, or artifacts are kept.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Rule {
    #[serde(deserialize_with = "nullable")]
    pub(super) disabled: bool,
    #[serde(deserialize_with = "nullable")]
    pub(super) template: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) params: BTreeMap<String, serde_json::Value>,
    #[serde(deserialize_with = "nullable")]
    pub(super) tag_selectors: Vec<Selector>,
    #[serde(deserialize_with = "nullable")]
    pub(super) scope_selectors: Scopes,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Scopes {
    #[serde(deserialize_with = "nullable")]
    pub(super) repository: Vec<Selector>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Selector {
    #[serde(deserialize_with = "nullable")]
    pub(super) decoration: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) pattern: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Retention {
    #[serde(deserialize_with = "nullable")]
    pub(super) rules: Vec<Rule>,
    #[serde(deserialize_with = "nullable")]
    pub(super) trigger: Trigger,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Trigger {
    #[serde(deserialize_with = "nullable")]
    pub(super) settings: Schedule,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Schedule {
    #[serde(deserialize_with = "nullable")]
    pub(super) cron: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Repository {
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) creation_time: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Artifact {
    #[serde(deserialize_with = "nullable")]
    pub(super) digest: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) manifest_media_type: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) push_time: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) pull_time: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) tags: Vec<Tag>,
    #[serde(deserialize_with = "nullable")]
    pub(super) addition_links: Links,
    /// By the media type of the report.
    #[serde(deserialize_with = "nullable")]
    pub(super) scan_overview: BTreeMap<String, Overview>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tag {
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Links {
    pub(super) vulnerabilities: Option<IgnoredAny>,
}

/// How a scan went.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Overview {
    #[serde(deserialize_with = "nullable")]
    pub(super) report_id: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) scan_status: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) end_time: String,
}
