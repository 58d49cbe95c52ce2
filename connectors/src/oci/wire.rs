//! Manifests as the OCI image specification and Docker write them, only the fields that are used. Refuses to
//! interpret; every field may be absent.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Largest manifest that is read; registries allow 4 MiB.
const LARGEST: usize = 4 << 20;

/// An index, or the manifest of an image or of something attached.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Manifest {
    pub(crate) manifests: Vec<Descriptor>,
    pub(crate) layers: Vec<Descriptor>,
    pub(crate) subject: Option<Descriptor>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Descriptor {
    pub(crate) media_type: String,
    pub(crate) digest: String,
    pub(crate) size: u64,
    pub(crate) platform: Option<Platform>,
    pub(crate) annotations: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Platform {
    pub(crate) os: String,
    pub(crate) architecture: String,
    pub(crate) variant: Option<String>,
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
