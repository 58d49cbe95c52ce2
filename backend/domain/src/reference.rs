//! Image references as people and orchestrators write them, split and completed by the rules of the
//! distribution reference grammar (`distribution/reference`): a missing registry is `docker.io`, a
//! one-word repository on it belongs to `library/`.
//!
//! Refuses paths on a file system (`./image.tar`), empty parts and characters no registry accepts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// A reference to an image in a registry. At least one of tag and digest is set once completed by
/// [`ImageReference::with_default_tag`]; as parsed, both may be absent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageReference {
    /// Registry host with optional port, lower case.
    pub registry: String,
    /// Repository path below the registry, without a leading slash.
    pub repository: String,
    /// Tag, if written.
    pub tag: Option<String>,
    /// Digest, if written.
    pub digest: Option<Digest>,
}

/// Why a text is not an image reference.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not an image reference (expected [registry/]repository[:tag][@digest])")]
pub struct InvalidReference(String);

impl ImageReference {
    /// The repository with its registry: `ghcr.io/acme/api`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }

    /// As people say it: without registry and `library/`, digest cut to twelve digits.
    #[must_use]
    pub fn familiar(&self) -> String {
        let repository = self.repository.strip_prefix("library/").unwrap_or(&self.repository);
        let mut text = repository.to_owned();
        if let Some(tag) = &self.tag {
            text.push(':');
            text.push_str(tag);
        } else if let Some(digest) = &self.digest {
            text.push('@');
            text.push_str(digest.short());
        }
        text
    }

    /// The same reference with the tag `latest` where neither tag nor digest is written.
    #[must_use]
    pub fn with_default_tag(mut self) -> Self {
        if self.tag.is_none() && self.digest.is_none() {
            self.tag = Some("latest".to_owned());
        }
        self
    }
}

impl FromStr for ImageReference {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let refuse = || InvalidReference(text.chars().take(120).collect());
        let bare = ["docker-pullable://", "docker://", "oci://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .unwrap_or(text);
        let (bare, digest) = match bare.split_once('@') {
            Some((name, digest)) => (name, Some(digest.parse::<Digest>().map_err(|_| refuse())?)),
            None => (bare, None),
        };
        let (name, tag) = match bare.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (bare, None),
        };
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(refuse());
        }
        let (registry, repository) = split_registry(name);
        if !is_repository(&repository) || !is_host(&registry) {
            return Err(refuse());
        }
        Ok(Self { registry, repository, tag: tag.map(str::to_owned), digest })
    }
}

/// The first path segment is a host if it has a dot or a port or is `localhost`, as Docker decides.
fn split_registry(name: &str) -> (String, String) {
    let completed = |repository: &str| {
        let library = if repository.contains('/') { "" } else { "library/" };
        ("docker.io".to_owned(), format!("{library}{repository}"))
    };
    match name.split_once('/') {
        Some(("index.docker.io" | "registry-1.docker.io" | "docker.io", rest)) => completed(rest),
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => {
            (host.to_ascii_lowercase(), rest.to_owned())
        }
        _ => completed(name),
    }
}

fn is_tag(tag: &str) -> bool {
    let mut bytes = tag.bytes();
    tag.len() <= 128
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

fn is_host(host: &str) -> bool {
    !host.is_empty()
        && !host.starts_with('.')
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'_'))
}

fn is_repository(repository: &str) -> bool {
    repository.len() <= 255
        && repository.split('/').all(|part| {
            part.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
                && part.bytes().all(|byte| {
                    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
                })
        })
}

impl TryFrom<String> for ImageReference {
    type Error = InvalidReference;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ImageReference> for String {
    fn from(reference: ImageReference) -> Self {
        reference.to_string()
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(formatter, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(formatter, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(text.parse::<ImageReference>().unwrap().to_string(), expected);
    }

    #[test]
    fn completes_short_names() {
        check("nginx", "docker.io/library/nginx");
        check("nginx:1.27", "docker.io/library/nginx:1.27");
        check("bitnami/redis", "docker.io/bitnami/redis");
        check("localhost:5000/app", "localhost:5000/app");
        check("GHCR.io/acme/api:v1", "ghcr.io/acme/api:v1");
        check("docker-pullable://k8s.gcr.io/pause:3.2", "k8s.gcr.io/pause:3.2");
    }

    #[test]
    fn keeps_the_digest_beside_the_tag() {
        let digest = format!("sha256:{}", "0".repeat(64));
        check(&format!("nginx:1@{digest}"), &format!("docker.io/library/nginx:1@{digest}"));
    }

    #[test]
    fn speaks_familiar_names() {
        let familiar = |text: &str| text.parse::<ImageReference>().unwrap().familiar();
        assert_eq!(familiar("docker.io/library/nginx:1.27"), "nginx:1.27");
        assert_eq!(familiar("quay.io/acme/api:2"), "acme/api:2");
    }

    #[test]
    fn refuses_files_and_nonsense() {
        for text in ["", ".", "./image.tar", "/etc/passwd", "a b", "repo:", "x@sha256:12", "Upper/case"] {
            assert!(text.parse::<ImageReference>().is_err(), "{text}");
        }
    }
}
