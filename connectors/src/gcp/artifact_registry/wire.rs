//! Repositories and images as Artifact Registry's API writes them, and an index as registries hold it; only the
//! fields that are used. Refuses to interpret; every field may be absent: a word, a flag or a list that is absent has its
//! usual value, a message that is absent says nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Repository {
    /// `projects/…/locations/…/repositories/…`.
    pub(super) name: String,
    pub(super) format: String,
    /// `STANDARD_REPOSITORY`, `REMOTE_REPOSITORY`, `VIRTUAL_REPOSITORY`.
    pub(super) mode: String,
    /// `europe-west1-docker.pkg.dev/shop-prod/images`.
    pub(super) registry_uri: String,
    pub(super) kms_key_name: String,
    pub(super) create_time: String,
    pub(super) docker_config: DockerConfig,
    pub(super) vulnerability_scanning_config: Option<ScanningConfig>,
    pub(super) cleanup_policies: BTreeMap<String, CleanupPolicy>,
    pub(super) cleanup_policy_dry_run: bool,
    pub(super) remote_repository_config: Option<RemoteConfig>,
    pub(super) virtual_repository_config: Option<VirtualConfig>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CleanupPolicy {
    /// `DELETE`, `KEEP`.
    pub(super) action: String,
    pub(super) condition: CleanupCondition,
    pub(super) most_recent_versions: Option<MostRecent>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CleanupCondition {
    /// `TAGGED`, `UNTAGGED`, `ANY`.
    pub(super) tag_state: String,
    pub(super) tag_prefixes: Vec<String>,
    /// Seconds with their unit: `2592000s`.
    pub(super) older_than: String,
    pub(super) newer_than: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MostRecent {
    pub(super) keep_count: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RemoteConfig {
    pub(super) docker_repository: Upstream,
}

/// What a cache stands before: one that Google knows by name, or an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Upstream {
    /// `DOCKER_HUB`.
    pub(super) public_repository: String,
    pub(super) custom_repository: Custom,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Custom {
    pub(super) uri: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct VirtualConfig {
    pub(super) upstream_policies: Vec<UpstreamPolicy>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct UpstreamPolicy {
    pub(super) repository: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DockerConfig {
    pub(super) immutable_tags: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ScanningConfig {
    /// `INHERITED`, `DISABLED`.
    pub(super) enablement_config: String,
    /// `SCANNING_ACTIVE`, `SCANNING_DISABLED`, `SCANNING_UNSUPPORTED`.
    pub(super) enablement_state: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DockerImage {
    /// `europe-west1-docker.pkg.dev/shop-prod/images/team/api@sha256:…`.
    pub(super) uri: String,
    pub(super) tags: Vec<String>,
    /// A number as text.
    pub(super) image_size_bytes: String,
    pub(super) upload_time: String,
    pub(super) build_time: String,
    pub(super) media_type: String,
    pub(super) artifact_type: String,
    pub(super) image_manifests: Vec<Member>,
}

/// A member of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Member {
    pub(super) digest: String,
    pub(super) os: String,
    pub(super) architecture: String,
    pub(super) variant: String,
}

impl Member {
    /// Whether it has a platform; what buildkit attached has none.
    pub(super) fn runs(&self) -> bool {
        let known = |word: &str| !word.is_empty() && word != "unknown";
        known(&self.os) && known(&self.architecture)
    }
}

/// An index as a registry holds it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Index {
    pub(super) manifests: Vec<Descriptor>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Descriptor {
    pub(super) digest: String,
    pub(super) platform: Option<Platform>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Platform {
    pub(super) os: String,
    pub(super) architecture: String,
    pub(super) variant: String,
}
