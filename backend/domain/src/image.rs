//! Images: the manifest digest is the identity; index digest, config digest and `repo@digest` lead to
//! it, and a tag is only ever an interval of time on a digest. Refuses to call a tag an identity.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::reference::ImageReference;

/// What a digest names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DigestRole {
    /// One platform's manifest: the image itself.
    Manifest,
    /// The configuration object, which `docker images` calls the image id.
    Config,
    /// A list of manifests, one a platform.
    Index,
    /// The digest behind `repo@digest`, which may be a manifest or an index.
    Repository,
}

impl DigestRole {
    /// The word in storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Config => "config",
            Self::Index => "index",
            Self::Repository => "repository",
        }
    }
}

/// Operating system and architecture, `linux/arm64/v8`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Platform {
    /// `linux`, `windows`.
    pub os: String,
    /// `amd64`, `arm64`.
    pub architecture: String,
    /// `v8`.
    pub variant: Option<String>,
}

/// The distribution inside an image.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Distribution {
    /// `debian`, `alpine`, `rhel`: lower case, as in `os-release`.
    pub family: String,
    /// `12.9`, if known.
    pub version: Option<String>,
    /// Whether the tool says it is past its end of life.
    pub end_of_life: Option<bool>,
}

/// An image as one document or registry describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Names seen for it; tags count as observed at the document's time.
    pub references: Vec<ImageReference>,
    /// Digests that name it, each with what it names. May be empty: then it waits as unresolved.
    pub digests: Vec<(DigestRole, Digest)>,
    /// Platform.
    pub platform: Option<Platform>,
    /// Distribution.
    pub distribution: Option<Distribution>,
    /// Build time as the config states it.
    pub created_at: Option<DateTime<Utc>>,
    /// Compressed or unpacked size in bytes, whichever the source gives.
    pub size: Option<u64>,
    /// Labels of the config.
    pub labels: BTreeMap<String, String>,
    /// Layer digests, base first.
    pub layers: Vec<String>,
    /// Media type of the manifest, if a registry gives it.
    pub media_type: Option<String>,
    /// When it was pushed to the registry that says so.
    pub pushed_at: Option<DateTime<Utc>>,
    /// When it was last pulled, as far as the registry records it.
    pub pulled_at: Option<DateTime<Utc>>,
}

impl Image {
    /// Adds a digest once.
    pub fn add_digest(&mut self, role: DigestRole, digest: Digest) {
        if !self.digests.contains(&(role, digest.clone())) {
            self.digests.push((role, digest));
        }
    }

    /// The digest that names the image best: manifest, then `repo@digest`, then config, then index.
    #[must_use]
    pub fn best_digest(&self) -> Option<&Digest> {
        [DigestRole::Manifest, DigestRole::Repository, DigestRole::Config, DigestRole::Index]
            .iter()
            .find_map(|role| self.digests.iter().find(|(found, _)| found == role))
            .map(|(_, digest)| digest)
    }
}
