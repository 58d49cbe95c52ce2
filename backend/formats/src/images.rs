//! Puts the image together that a bill of materials speaks of, from the many ways tools name it:
//! references, `pkg:oci` and `pkg:docker` purls, digests in version fields.
//!
//! Refuses file names that only look like references, and a registry that nobody stated.

use std::str::FromStr;

use domain::digest::Digest;
use domain::image::{DigestRole, Image, Platform};
use domain::reference::ImageReference;
use packageurl::PackageUrl;

/// An image as far as it is known.
#[derive(Debug, Default)]
pub(crate) struct ImageBuilder {
    image: Image,
}

impl ImageBuilder {
    /// The image so far, for its plain fields.
    pub(crate) fn image_mut(&mut self) -> &mut Image {
        &mut self.image
    }

    /// Adds a reference, with its digest if it has one; whether it was one.
    pub(crate) fn reference(&mut self, text: &str) -> bool {
        let Some(reference) = reference(text) else { return false };
        if let Some(digest) = &reference.digest {
            self.image.add_digest(DigestRole::Repository, digest.clone());
        }
        if !self.image.references.contains(&reference) {
            self.image.references.push(reference);
        }
        true
    }

    /// Adds a name whose tag or digest stands in a field of its own; whether the name was a reference.
    pub(crate) fn named(&mut self, name: &str, version: Option<&str>, role: DigestRole) -> bool {
        let version = version.filter(|version| !version.is_empty());
        if version.is_some_and(|version| self.digest(role, version)) {
            return self.reference(name);
        }
        let plain = reference(name).is_some_and(|name| name.tag.is_none() && name.digest.is_none());
        match version {
            Some(version) if plain && self.reference(&format!("{name}:{version}")) => true,
            _ => self.reference(name),
        }
    }

    /// Adds a digest, also in Artifactory's spelling `sha256__…`; whether it was one.
    pub(crate) fn digest(&mut self, role: DigestRole, text: &str) -> bool {
        let digest = text.parse::<Digest>().or_else(|_| text.replacen("__", ":", 1).parse());
        let known = digest.is_ok();
        if let Ok(digest) = digest {
            self.image.add_digest(role, digest);
        }
        known
    }

    /// Adds the digest of the next layer, if it is one.
    pub(crate) fn layer(&mut self, text: &str) {
        if let Ok(digest) = text.parse::<Digest>() {
            self.image.layers.push(digest.to_string());
        }
    }

    /// Adds what a purl of an image says; whether it is one.
    pub(crate) fn purl(&mut self, raw: &str) -> bool {
        let Some(purl) = image_purl(raw) else { return false };
        let qualifier =
            |key: &str| purl.qualifiers().get(key).map(|value| &**value).filter(|value| !value.is_empty());
        let digest = purl.version().filter(|version| self.digest(DigestRole::Repository, version));
        let tag = qualifier("tag").or_else(|| purl.version().filter(|_| digest.is_none()));
        if let Some(mut reference) = repository(&purl, qualifier("repository_url")) {
            for (mark, part) in [(':', tag), ('@', digest)] {
                if let Some(part) = part {
                    reference.push(mark);
                    reference.push_str(part);
                }
            }
            self.reference(&reference);
        }
        if let (Some(os), Some(architecture)) = (qualifier("os"), qualifier("arch")) {
            let platform =
                Platform { os: os.to_owned(), architecture: architecture.to_owned(), variant: None };
            self.image.platform.get_or_insert(platform);
        }
        true
    }

    /// Whether nothing is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.image.references.is_empty() && self.image.digests.is_empty()
    }

    /// The image; a bare repository goes where the same one is also known with tag or digest.
    pub(crate) fn build(mut self) -> Image {
        let exact: Vec<String> = self
            .image
            .references
            .iter()
            .filter(|reference| reference.tag.is_some() || reference.digest.is_some())
            .map(ImageReference::name)
            .collect();
        self.image.references.retain(|reference| {
            reference.tag.is_some() || reference.digest.is_some() || !exact.contains(&reference.name())
        });
        self.image
    }
}

/// Whether a raw purl names an image.
pub(crate) fn is_image_purl(raw: &str) -> bool {
    image_purl(raw).is_some()
}

/// A reference, unless the text is the name of an archive.
pub(crate) fn reference(text: &str) -> Option<ImageReference> {
    const ARCHIVES: [&str; 7] = [".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst", ".tar.bz2", ".zip"];
    let text = text.trim();
    if ARCHIVES.iter().any(|archive| text.ends_with(archive)) {
        return None;
    }
    text.parse().ok()
}

fn image_purl(raw: &str) -> Option<PackageUrl<'_>> {
    let kind = raw.strip_prefix("pkg:")?;
    if !kind.starts_with("oci/") && !kind.starts_with("docker/") {
        return None;
    }
    PackageUrl::from_str(raw).ok()
}

/// The repository of an image purl. `repository_url` is the whole path for `oci`, where it has one, and
/// the registry for `docker`; without it only `docker` has a default.
fn repository(purl: &PackageUrl<'_>, url: Option<&str>) -> Option<String> {
    let path = match purl.namespace() {
        Some(namespace) => format!("{namespace}/{}", purl.name()),
        None => purl.name().to_owned(),
    };
    let docker = purl.ty() == "docker";
    let Some(url) = url else { return docker.then_some(path) };
    let url = url.split_once("://").map_or(url, |(_, rest)| rest).trim_matches('/');
    let whole = !docker && url.contains('/');
    Some(if whole { url.to_owned() } else { format!("{url}/{path}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

    #[track_caller]
    fn check(purl: &str, reference: &str) {
        let mut builder = ImageBuilder::default();
        assert!(builder.purl(purl), "{purl}");
        let image = builder.build();
        let found: Vec<String> = image.references.iter().map(ToString::to_string).collect();
        assert_eq!(found.join(" "), reference, "{purl}");
    }

    #[test]
    fn reads_purls_of_images() {
        check(
            &format!("pkg:oci/api@sha256%3A{HEX}?repository_url=ghcr.io%2Facme%2Fapi&tag=1.2&arch=arm64"),
            &format!("ghcr.io/acme/api:1.2@sha256:{HEX}"),
        );
        check("pkg:oci/api@1.2?repository_url=ghcr.io", "ghcr.io/api:1.2");
        check("pkg:oci/api@1.2", "");
        check("pkg:docker/nginx@1.27", "docker.io/library/nginx:1.27");
        check("pkg:docker/acme/api@1?repository_url=https://quay.io", "quay.io/acme/api:1");
    }

    #[test]
    fn joins_name_and_version() {
        let mut builder = ImageBuilder::default();
        assert!(builder.named("ghcr.io/acme/api", Some(&format!("sha256__{HEX}")), DigestRole::Manifest));
        assert!(builder.named("ghcr.io/acme/api", Some("1.2"), DigestRole::Manifest));
        assert!(!builder.named("/tmp/api.tar.gz", Some("1.2"), DigestRole::Manifest));
        let image = builder.build();
        assert_eq!(image.references.len(), 1, "the bare repository went");
        assert_eq!(image.references[0].to_string(), "ghcr.io/acme/api:1.2");
        assert_eq!(image.best_digest().unwrap().as_str(), format!("sha256:{HEX}"));
    }
}
