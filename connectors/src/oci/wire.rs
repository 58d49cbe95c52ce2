//! Manifests and configurations as the OCI image specification and Docker write them, only the fields that are used.
//! Refuses to interpret; every field may be absent or `null`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::reading::nullable;

/// Largest manifest that is read; registries allow 4 MiB.
pub(crate) const LARGEST: usize = 4 << 20;

/// An index, or the manifest of an image or of something attached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Manifest {
    pub(crate) media_type: Option<String>,
    pub(crate) artifact_type: Option<String>,
    pub(crate) config: Option<Descriptor>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) manifests: Vec<Descriptor>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) layers: Vec<Descriptor>,
    pub(crate) subject: Option<Descriptor>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) annotations: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Descriptor {
    #[serde(deserialize_with = "nullable")]
    pub(crate) media_type: String,
    #[serde(deserialize_with = "nullable")]
    pub(crate) digest: String,
    #[serde(deserialize_with = "nullable")]
    pub(crate) size: u64,
    pub(crate) artifact_type: Option<String>,
    pub(crate) platform: Option<Platform>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) annotations: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Platform {
    #[serde(deserialize_with = "nullable")]
    pub(crate) os: String,
    #[serde(deserialize_with = "nullable")]
    pub(crate) architecture: String,
    pub(crate) variant: Option<String>,
}

/// What an image is made of and how it is run.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    pub(crate) created: Option<String>,
    #[serde(flatten)]
    pub(crate) platform: Platform,
    #[serde(deserialize_with = "nullable")]
    pub(crate) config: Settings,
    #[serde(deserialize_with = "nullable")]
    pub(crate) rootfs: RootFs,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Settings {
    #[serde(deserialize_with = "nullable")]
    pub(crate) user: String,
    #[serde(deserialize_with = "nullable")]
    pub(crate) env: Vec<String>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) entrypoint: Vec<String>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) cmd: Vec<String>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) exposed_ports: BTreeMap<String, serde::de::IgnoredAny>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) labels: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RootFs {
    #[serde(deserialize_with = "nullable")]
    pub(crate) diff_ids: Vec<String>,
}

impl Descriptor {
    /// Whether buildkit attached it to another manifest of the same index.
    pub(crate) fn is_attestation(&self) -> bool {
        self.annotations.get("vnd.docker.reference.type").is_some_and(|kind| kind == "attestation-manifest")
    }

    /// What it is attached to, as buildkit says.
    pub(crate) fn attested(&self) -> Option<&str> {
        self.annotations.get("vnd.docker.reference.digest").map(String::as_str)
    }
}

/// A manifest of a size that a registry takes.
pub(crate) fn parse(text: &str) -> Option<Manifest> {
    (text.len() <= LARGEST).then(|| serde_json::from_str(text).ok()).flatten()
}
