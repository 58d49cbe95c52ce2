//! The images of a repository. An index is no image of its own: each of its platforms is one, under the tags
//! of the index. Refuses what is attached to images: bills of materials and signatures are documents.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::image::{DigestRole, Image, Platform};
use domain::reference::ImageReference;

use super::attached::subject_of_tag;
use super::wire::{Descriptor, Manifest};

/// Bytes of the longest word of a platform.
const LONGEST_WORD: usize = 40;

/// A repository by the name under which it is pulled from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// Host of its registry.
    pub(crate) registry: String,
    /// Its name.
    pub(crate) name: String,
}

/// What a registry says of one manifest, as far as it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Described {
    /// Its tags.
    pub(crate) tags: Vec<String>,
    /// Its media type.
    pub(crate) media_type: Option<String>,
    /// Compressed size of what a pull fetches.
    pub(crate) size: Option<u64>,
    /// When it was pushed.
    pub(crate) pushed_at: Option<DateTime<Utc>>,
    /// When it was last pulled.
    pub(crate) pulled_at: Option<DateTime<Utc>>,
    /// Its platform, where the registry tells that beside the index.
    pub(crate) platform: Option<Platform>,
    /// What it is.
    pub(crate) nature: Nature,
}

/// What a manifest is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Nature {
    /// An image, or what buildkit attached to one: only its index tells them apart.
    #[default]
    Image,
    /// A list of manifests.
    Index,
    /// A bill of materials, a signature, a chart: not to be run.
    Artefact,
}

/// A place of a manifest in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Membership {
    index: Digest,
    platform: Option<Platform>,
    attestation: bool,
}

/// The manifests of a repository.
#[derive(Debug, Default)]
pub(crate) struct Manifests {
    /// By digest.
    pub(crate) described: BTreeMap<Digest, Described>,
    /// By the digest of the member.
    memberships: HashMap<Digest, Vec<Membership>>,
}

impl Manifests {
    /// Takes the description of a manifest.
    pub(crate) fn add(&mut self, digest: Digest, described: Described) {
        self.described.insert(digest, described);
    }

    /// Takes the manifest of an index.
    pub(crate) fn add_index(&mut self, index: &Digest, manifest: &Manifest) {
        for member in &manifest.manifests {
            let Ok(digest) = member.digest.parse::<Digest>() else { continue };
            self.memberships.entry(digest).or_default().push(Membership {
                index: index.clone(),
                platform: platform(member),
                attestation: member.is_attestation(),
            });
        }
    }

    /// The digests of the indexes.
    pub(crate) fn indexes(&self) -> Vec<Digest> {
        let indexes = self.described.iter().filter(|(_, described)| described.nature == Nature::Index);
        indexes.map(|(digest, _)| digest.clone()).collect()
    }

    /// Manifests that can be run, as far as is known.
    pub(crate) fn runnable(&self) -> impl Iterator<Item = (&Digest, &Described)> {
        self.described.iter().filter(|(digest, described)| {
            let members = self.memberships.get(*digest);
            let attests = members.is_some_and(|members| members.iter().any(|member| member.attestation));
            described.nature == Nature::Image && !attests
        })
    }

    /// The images: every manifest that runs, and each index of which no member is here.
    pub(crate) fn images<'m>(&'m self, repository: &'m Named) -> impl Iterator<Item = Image> + 'm {
        let filled: std::collections::HashSet<&Digest> = self
            .runnable()
            .filter_map(|(digest, _)| self.memberships.get(digest))
            .flatten()
            .map(|member| &member.index)
            .collect();
        let empty = self
            .described
            .iter()
            .filter(move |(digest, described)| described.nature == Nature::Index && !filled.contains(digest));
        let empty = empty.map(|(digest, described)| image(repository, DigestRole::Index, digest, described));
        self.runnable().map(|(digest, described)| self.member(repository, digest, described)).chain(empty)
    }

    /// A manifest with the tags and digests of the indexes that it belongs to.
    fn member(&self, repository: &Named, digest: &Digest, described: &Described) -> Image {
        let mut image = image(repository, DigestRole::Manifest, digest, described);
        // One of which nothing is told came with the first index that lists it.
        let mut came: Option<DateTime<Utc>> = None;
        for member in self.memberships.get(digest).into_iter().flatten() {
            image.add_digest(DigestRole::Index, member.index.clone());
            image.platform = image.platform.or_else(|| member.platform.clone());
            let index = self.described.get(&member.index);
            came = came.into_iter().chain(index.and_then(|index| index.pushed_at)).min();
            let tags = index.map(|index| index.tags.as_slice()).unwrap_or_default();
            for reference in tags.iter().map(|tag| reference(repository, Some(tag), None)) {
                if !image.references.contains(&reference) {
                    image.references.push(reference);
                }
            }
        }
        image.pushed_at = image.pushed_at.or(came);
        // An index tells the variant too.
        image.platform = image.platform.or_else(|| described.platform.clone());
        if image.references.len() > 1 {
            image.references.retain(|reference| reference.tag.is_some());
        }
        image
    }
}

fn image(repository: &Named, role: DigestRole, digest: &Digest, described: &Described) -> Image {
    let mut references: Vec<ImageReference> =
        described.tags.iter().map(|tag| reference(repository, Some(tag), None)).collect();
    if references.is_empty() {
        references.push(reference(repository, None, Some(digest)));
    }
    Image {
        references,
        digests: vec![(role, digest.clone())],
        size: described.size,
        media_type: described.media_type.clone(),
        pushed_at: described.pushed_at,
        pulled_at: described.pulled_at,
        ..Image::default()
    }
}

/// A name in a repository.
pub(crate) fn reference(repository: &Named, tag: Option<&String>, digest: Option<&Digest>) -> ImageReference {
    ImageReference {
        registry: repository.registry.clone(),
        repository: repository.name.clone(),
        tag: tag.cloned(),
        digest: digest.cloned(),
    }
}

/// Whether a media type is that of an index.
pub(crate) fn is_index(media_type: &str) -> bool {
    media_type.ends_with("image.index.v1+json") || media_type.ends_with("manifest.list.v2+json")
}

/// Whether a manifest with this type of config and these tags may be run. Tags of cosign name what they are
/// attached to; a type that is the manifest's own says nothing of its config.
pub(crate) fn is_runnable(config: Option<&str>, tags: &[String]) -> bool {
    let runs = config.is_none_or(|media| {
        media.starts_with("application/vnd.docker.container.image.")
            || media.contains("oci.image.config.")
            || media.ends_with("image.manifest.v1+json")
            || media.ends_with("distribution.manifest.v2+json")
    });
    runs && tags.iter().all(|tag| subject_of_tag(tag).is_none())
}

fn platform(member: &Descriptor) -> Option<Platform> {
    member.platform.as_ref().and_then(known_platform)
}

/// A platform, where it is told in words of the specification: buildkit writes `unknown` for what runs nowhere.
pub(crate) fn known_platform(told: &super::wire::Platform) -> Option<Platform> {
    let known = |word: &str| {
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        (1..=LONGEST_WORD).contains(&word.len()) && word.bytes().all(letters) && word != "unknown"
    };
    (known(&told.os) && known(&told.architecture)).then(|| Platform {
        os: told.os.clone(),
        architecture: told.architecture.clone(),
        variant: told.variant.clone().filter(|variant| known(variant)),
    })
}
