//! The images of a repository. An index is no image of its own: each of its platforms is one, under the tags
//! of the index. Refuses what is attached to images: bills of materials and signatures are documents.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_ecr::Client;
use aws_sdk_ecr::types::ImageDetail;
use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::image::{DigestRole, Image, Platform};
use domain::observation::Observation;
use domain::reference::ImageReference;

use super::attached::subject_of_tag;
use super::manifests;
use super::repositories::Known;
use super::wire::{Descriptor, Manifest};
use crate::aws::Ask;
use crate::aws::listing::Missing;
use crate::aws::place::moment;
use crate::paging::Pages;
use crate::{Failure, Sink};

const ACTION: &str = "ecr:DescribeImages";
/// The most that a page may have.
const ROWS: i32 = 1000;

/// What DescribeImages says of one manifest, as far as it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Described {
    /// Its tags.
    pub(super) tags: Vec<String>,
    /// Its media type.
    pub(super) media_type: Option<String>,
    /// Compressed size of what a pull fetches.
    pub(super) size: Option<u64>,
    /// When it was pushed.
    pub(super) pushed_at: Option<DateTime<Utc>>,
    /// When it was last pulled.
    pub(super) pulled_at: Option<DateTime<Utc>>,
    /// What it is.
    pub(super) nature: Nature,
}

/// What a manifest is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Nature {
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
pub(super) struct Membership {
    index: Digest,
    platform: Option<Platform>,
    attestation: bool,
}

/// The manifests of a repository.
#[derive(Debug, Default)]
pub(super) struct Manifests {
    /// By digest.
    pub(super) described: BTreeMap<Digest, Described>,
    /// By the digest of the member.
    memberships: HashMap<Digest, Vec<Membership>>,
}

/// Describes a repository's images into the sink. What was read before a failure is sent nevertheless.
///
/// # Errors
/// When a list cannot be read to its end.
pub(super) async fn collect(
    ask: &Ask<'_>,
    client: &Client,
    repository: &Known,
    sink: &Sink,
) -> Result<Missing, Failure> {
    let (mut manifests, mut missing) = (Manifests::default(), Missing::default());
    let read = describe(ask, client, repository, &mut manifests).await;
    let indexes = manifests.indexes();
    let told = manifests::read(ask, client, repository, &indexes, &mut missing).await;
    for (index, manifest) in missing.without(told)?.unwrap_or_default() {
        manifests.add_index(&index, &manifest);
    }
    for image in manifests.images(repository) {
        sink.observe(Observation::Image(image)).await?;
    }
    read.map(|()| missing)
}

/// Reads every description of a repository. A repository that was deleted meanwhile has none.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn describe(
    ask: &Ask<'_>,
    client: &Client,
    repository: &Known,
    manifests: &mut Manifests,
) -> Result<(), Failure> {
    let (mut pages, mut token) = (Pages::default(), None::<String>);
    loop {
        let send = || {
            let request = client.describe_images().repository_name(&repository.name);
            request.max_results(ROWS).set_next_token(token.clone()).send()
        };
        let page = match ask.answer(ACTION, send).await? {
            Ok(page) => page,
            Err(refused) if refused.is_repository_not_found_exception() => return Ok(()),
            Err(refused) => {
                return Err(Failure::Vendor {
                    action: ACTION.to_owned(),
                    scope: ask.scope().clone(),
                    detail: format!("{}: {refused}", repository.name),
                });
            }
        };
        manifests.add(page.image_details.unwrap_or_default());
        token = ask.next(ACTION, &mut pages, page.next_token)?;
        if token.is_none() {
            return Ok(());
        }
    }
}

impl Manifests {
    /// Takes a page of descriptions.
    pub(super) fn add(&mut self, page: Vec<ImageDetail>) {
        for detail in page {
            let digest = detail.image_digest().and_then(|digest| digest.parse().ok());
            let Some(digest) = digest else { continue };
            self.described.insert(digest, described(detail));
        }
    }

    /// Takes the manifest of an index.
    pub(super) fn add_index(&mut self, index: &Digest, manifest: &Manifest) {
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
    pub(super) fn indexes(&self) -> Vec<Digest> {
        let indexes = self.described.iter().filter(|(_, described)| described.nature == Nature::Index);
        indexes.map(|(digest, _)| digest.clone()).collect()
    }

    /// Manifests that can be run, as far as is known.
    pub(super) fn runnable(&self) -> impl Iterator<Item = (&Digest, &Described)> {
        self.described.iter().filter(|(digest, described)| {
            let members = self.memberships.get(*digest);
            let attests = members.is_some_and(|members| members.iter().any(|member| member.attestation));
            described.nature == Nature::Image && !attests
        })
    }

    /// The images: every manifest that runs, and each index of which no member is here.
    pub(super) fn images<'m>(&'m self, repository: &'m Known) -> impl Iterator<Item = Image> + 'm {
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
    fn member(&self, repository: &Known, digest: &Digest, described: &Described) -> Image {
        let mut image = image(repository, DigestRole::Manifest, digest, described);
        for member in self.memberships.get(digest).into_iter().flatten() {
            image.add_digest(DigestRole::Index, member.index.clone());
            image.platform = image.platform.or_else(|| member.platform.clone());
            let tags =
                self.described.get(&member.index).map(|index| index.tags.as_slice()).unwrap_or_default();
            for reference in tags.iter().map(|tag| reference(repository, Some(tag), None)) {
                if !image.references.contains(&reference) {
                    image.references.push(reference);
                }
            }
        }
        if image.references.len() > 1 {
            image.references.retain(|reference| reference.tag.is_some());
        }
        image
    }
}

fn image(repository: &Known, role: DigestRole, digest: &Digest, described: &Described) -> Image {
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
pub(super) fn reference(repository: &Known, tag: Option<&String>, digest: Option<&Digest>) -> ImageReference {
    ImageReference {
        registry: repository.registry.clone(),
        repository: repository.name.clone(),
        tag: tag.cloned(),
        digest: digest.cloned(),
    }
}

fn described(detail: ImageDetail) -> Described {
    let nature = nature(&detail);
    Described {
        nature,
        size: detail.image_size_in_bytes().and_then(|size| u64::try_from(size).ok()),
        pushed_at: detail.image_pushed_at().and_then(moment),
        pulled_at: detail.last_recorded_pull_time().and_then(moment),
        tags: detail.image_tags.unwrap_or_default(),
        media_type: detail.image_manifest_media_type,
    }
}

/// Tags of cosign name the digest that they are attached to: `sha256-….sig`.
fn nature(detail: &ImageDetail) -> Nature {
    if is_index(detail.image_manifest_media_type().unwrap_or_default()) {
        return Nature::Index;
    }
    let runs = is_runnable(detail.artifact_media_type(), detail.image_tags());
    if runs && detail.subject_manifest_digest().is_none() { Nature::Image } else { Nature::Artefact }
}

/// Whether a media type is that of an index.
pub(in crate::aws) fn is_index(media_type: &str) -> bool {
    media_type.ends_with("image.index.v1+json") || media_type.ends_with("manifest.list.v2+json")
}

/// Whether a manifest with this type of config and these tags may be run. Tags of cosign name what they are
/// attached to; a type that is the manifest's own says nothing of its config.
pub(in crate::aws) fn is_runnable(config: Option<&str>, tags: &[String]) -> bool {
    let runs = config.is_none_or(|media| {
        media.starts_with("application/vnd.docker.container.image.")
            || media.contains("oci.image.config.")
            || media.ends_with("image.manifest.v1+json")
            || media.ends_with("distribution.manifest.v2+json")
    });
    runs && tags.iter().all(|tag| subject_of_tag(tag).is_none())
}

fn platform(member: &Descriptor) -> Option<Platform> {
    let told = member.platform.as_ref()?;
    let known = |word: &str| !word.is_empty() && word != "unknown";
    (known(&told.os) && known(&told.architecture)).then(|| Platform {
        os: told.os.clone(),
        architecture: told.architecture.clone(),
        variant: told.variant.clone().filter(|variant| !variant.is_empty()),
    })
}
