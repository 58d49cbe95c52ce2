//! Manifests as the OCI image specification and Docker write them, only the fields that are used. Refuses to
//! interpret; every field may be absent.

use std::collections::BTreeMap;

use serde::Deserialize;

/// An index, or the manifest of an image or of something attached.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Manifest {
    pub(super) manifests: Vec<Descriptor>,
    pub(super) layers: Vec<Descriptor>,
    pub(super) subject: Option<Descriptor>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Descriptor {
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) size: u64,
    pub(super) platform: Option<Platform>,
    pub(super) annotations: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Platform {
    pub(super) os: String,
    pub(super) architecture: String,
    pub(super) variant: Option<String>,
}

impl Descriptor {
    /// Whether buildkit attached it to another manifest of the same index.
    pub(super) fn is_attestation(&self) -> bool {
        self.annotations.get("vnd.docker.reference.type").is_some_and(|kind| kind == "attestation-manifest")
    }

    /// What it is attached to, as buildkit says.
    pub(super) fn attested(&self) -> Option<&str> {
        self.annotations.get("vnd.docker.reference.digest").map(String::as_str)
    }
}
