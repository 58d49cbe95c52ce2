//! Images: the manifest digest is the identity; index digest, config digest and `repo@digest` lead to
//! it, and a tag is only ever an interval of time on a digest. Refuses to call a tag an identity.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::id::LayersId;
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

/// What the configuration of an image says of how it is run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// User that it runs as, as written: `10001:10001`; empty where none is said, which is root.
    pub user: String,
    /// What is started.
    pub entrypoint: Vec<String>,
    /// What is handed to it, or started where there is no entrypoint.
    pub command: Vec<String>,
    /// Ports that it says it listens at: `8080/tcp`.
    pub ports: Vec<String>,
    /// Variables that say of themselves that they hold a secret, and hold something, for people.
    pub secrets: Vec<String>,
    /// What it was built on, where that is said.
    pub base: Option<Base>,
}

impl Config {
    /// Whether it runs as root, unless something else is said where it runs.
    #[must_use]
    pub fn is_root(&self) -> bool {
        let user = self.user.split_once(':').map_or(self.user.as_str(), |(user, _)| user);
        matches!(user.trim(), "" | "0" | "root")
    }

    /// What is started, as it would be typed.
    #[must_use]
    pub fn starts(&self) -> String {
        self.entrypoint.iter().chain(&self.command).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// The image that another was built on, in the words of its builder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// Its name: `docker.io/library/debian:12`.
    pub name: Option<String>,
    /// Its digest at that time.
    pub digest: Option<Digest>,
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
    /// How it is run, where its configuration was read.
    #[serde(default)]
    pub config: Option<Config>,
    /// Media type of the manifest, if a registry gives it.
    pub media_type: Option<String>,
    /// When it was pushed to the registry that says so.
    pub pushed_at: Option<DateTime<Utc>>,
    /// When it was last pulled, as far as the registry records it.
    pub pulled_at: Option<DateTime<Utc>>,
}

/// The ids of an image's layers taken from the base: of the first, of the first two, and so on to all of them. An image
/// all of whose layers are another's first ones is what that one was built on.
pub fn chain(layers: &[String]) -> impl Iterator<Item = LayersId> + '_ {
    layers.iter().scan(None, |below: &mut Option<LayersId>, layer| {
        let id = match below {
            Some(below) => LayersId::derived(&[below.as_bytes(), layer.as_bytes()]),
            None => LayersId::derived(&[layer.as_bytes()]),
        };
        *below = Some(id);
        Some(id)
    })
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

#[cfg(test)]
mod tests {
    use super::{Config, chain};

    #[test]
    fn layers_are_what_lies_below_them_too() {
        let of = |layers: &[&str]| {
            let layers: Vec<String> = layers.iter().map(|layer| (*layer).to_owned()).collect();
            chain(&layers).collect::<Vec<_>>()
        };
        let (whole, base) = (of(&["a", "b", "c"]), of(&["a", "b"]));
        assert_eq!((whole.len(), &whole[..2]), (3, &base[..]));
        assert_ne!(whole[1], of(&["b"])[0]);
        assert_ne!(of(&["a", "b"])[1], of(&["ab"])[0]);
        assert!(of(&[]).is_empty());
    }

    #[test]
    fn no_user_is_root() {
        for (user, root) in
            [("", true), ("0:0", true), ("root", true), ("10001:10001", false), ("app", false), ("00", false)]
        {
            assert_eq!(Config { user: user.to_owned(), ..Config::default() }.is_root(), root, "{user}");
        }
    }
}
