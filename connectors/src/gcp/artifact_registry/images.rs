//! The images of a repository. An index is no image of its own: each of its platforms is one, under the tags of the
//! index. Refuses what is attached to images: bills of materials and signatures are no images.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::image::{DigestRole, Image, Platform};
use domain::reference::ImageReference;

use super::wire::{self, DockerImage, Member};
use super::{HOST, former, manifests};
use crate::Failure;
use crate::gcp::client::Ask;
use crate::gcp::place::moment;
use crate::gcp::request::Request;
use crate::missing::Missing;
use crate::oci::{Nature, is_index, subject_of_tag};

pub(super) const LIST: &str = "artifactregistry.dockerimages.list";

/// The names of a repository that hold images, by registry and path, with what they hold.
pub(super) type Packages = BTreeMap<(String, String), Package>;

/// What the API says of one manifest, as far as it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Described {
    tags: Vec<String>,
    media_type: Option<String>,
    size: Option<u64>,
    pushed_at: Option<DateTime<Utc>>,
    created_at: Option<DateTime<Utc>>,
    nature: Nature,
    members: Vec<Member>,
}

/// The manifests under one name.
#[derive(Debug)]
pub(super) struct Package {
    /// Its name, without tag and digest.
    name: ImageReference,
    described: BTreeMap<Digest, Described>,
}

/// Reads every image of a repository, as far as that succeeds. One that was deleted meanwhile has none.
pub(super) async fn read(
    ask: &Ask<'_>,
    repository: &wire::Repository,
    missing: &mut Missing,
) -> (Packages, Result<(), Failure>) {
    let mut packages = Packages::new();
    let read = listed(ask, repository, &mut packages, missing).await;
    let told = complete(ask, &mut packages, missing).await;
    (packages, read.and(told))
}

async fn listed(
    ask: &Ask<'_>,
    repository: &wire::Repository,
    packages: &mut Packages,
    missing: &mut Missing,
) -> Result<(), Failure> {
    let request = Request::get(HOST, format!("v1/{}/dockerImages", repository.name));
    let mut pages = ask.pages(LIST, request);
    while !pages.ended() {
        match pages.page::<DockerImage>(missing).await {
            Ok(page) => page.into_iter().for_each(|image| add(packages, image)),
            Err(unsettled) if unsettled.refusal.is_absent() => return Ok(()),
            Err(unsettled) => return Err(unsettled.failure),
        }
    }
    Ok(())
}

/// Asks the registry for indexes of which the API does not tell the members.
async fn complete(ask: &Ask<'_>, packages: &mut Packages, missing: &mut Missing) -> Result<(), Failure> {
    for package in packages.values_mut() {
        let untold = package
            .described
            .iter_mut()
            .filter(|(_, described)| described.nature == Nature::Index && described.members.is_empty());
        for (digest, described) in untold {
            let members = manifests::members(ask, &package.name, digest).await;
            described.members = missing.without(members)?.unwrap_or_default();
        }
    }
    Ok(())
}

/// Takes one image of the list.
pub(super) fn add(packages: &mut Packages, told: DockerImage) {
    let Some((name, digest)) = digest_reference(&told.uri) else { return };
    let key = (name.registry.clone(), name.repository.clone());
    let package = packages.entry(key).or_insert_with(|| Package { name, described: BTreeMap::new() });
    package.described.insert(digest, described(told));
}

/// The place that a text with a digest names, without it, and the digest; a former address names its place now.
pub(in crate::gcp) fn digest_reference(text: &str) -> Option<(ImageReference, Digest)> {
    let text = text.strip_prefix("https://").unwrap_or(text);
    let mut name = former::place(text.parse::<ImageReference>().ok()?);
    let digest = name.digest.take()?;
    name.tag = None;
    Some((name, digest))
}

impl Package {
    /// The images: every manifest that runs, and each index of which no member is here.
    pub(super) fn images(&self) -> Vec<Image> {
        let mut memberships: HashMap<Digest, Vec<(&Digest, &Member)>> = HashMap::new();
        for (index, described) in &self.described {
            for member in &described.members {
                if let Ok(digest) = member.digest.parse::<Digest>() {
                    memberships.entry(digest).or_default().push((index, member));
                }
            }
        }
        let (mut images, mut filled) = (Vec::new(), HashSet::new());
        for (digest, described) in self.with(Nature::Image) {
            let places = memberships.get(digest).map(Vec::as_slice).unwrap_or_default();
            if places.iter().any(|(_, member)| platform(member).is_none()) {
                continue;
            }
            filled.extend(places.iter().map(|(index, _)| *index));
            images.push(self.member(digest, described, places));
        }
        let empty = self.with(Nature::Index).filter(|(digest, _)| !filled.contains(digest));
        images.extend(empty.map(|(digest, described)| self.image(DigestRole::Index, digest, described)));
        images
    }

    fn with(&self, nature: Nature) -> impl Iterator<Item = (&Digest, &Described)> {
        self.described.iter().filter(move |(_, described)| described.nature == nature)
    }

    /// A manifest with the tags and digests of the indexes that it belongs to.
    fn member(&self, digest: &Digest, described: &Described, places: &[(&Digest, &Member)]) -> Image {
        let mut image = self.image(DigestRole::Manifest, digest, described);
        for (index, member) in places {
            image.add_digest(DigestRole::Index, (*index).clone());
            image.platform = image.platform.or_else(|| platform(member));
            let tags = self.described.get(*index).map(|index| index.tags.as_slice()).unwrap_or_default();
            for reference in tags.iter().flat_map(|tag| self.references(Some(tag), None)) {
                if !image.references.contains(&reference) {
                    image.references.push(reference);
                }
            }
        }
        if image.references.iter().any(|reference| reference.tag.is_some()) {
            image.references.retain(|reference| reference.tag.is_some());
        }
        image
    }

    fn image(&self, role: DigestRole, digest: &Digest, described: &Described) -> Image {
        let mut references: Vec<ImageReference> =
            described.tags.iter().flat_map(|tag| self.references(Some(tag), None)).collect();
        if references.is_empty() {
            references = self.references(None, Some(digest));
        }
        Image {
            references,
            digests: vec![(role, digest.clone())],
            size: described.size,
            media_type: described.media_type.clone(),
            created_at: described.created_at,
            pushed_at: described.pushed_at,
            ..Image::default()
        }
    }

    /// The names of a tag or digest: that of its place, and the former one where it has one.
    fn references(&self, tag: Option<&String>, digest: Option<&Digest>) -> Vec<ImageReference> {
        let name = ImageReference { tag: tag.cloned(), digest: digest.cloned(), ..self.name.clone() };
        let former = former::address(&name);
        std::iter::once(name).chain(former).collect()
    }
}

fn described(told: DockerImage) -> Described {
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    Described {
        nature: nature(&told),
        size: told.image_size_bytes.parse().ok(),
        pushed_at: moment(&told.upload_time),
        created_at: moment(&told.build_time),
        media_type: filled(told.media_type),
        tags: told.tags,
        members: told.image_manifests,
    }
}

/// What a manifest is, as far as the list tells.
pub(super) fn nature(told: &DockerImage) -> Nature {
    if is_index(&told.media_type) {
        return Nature::Index;
    }
    let image = |media: &str| {
        media.is_empty()
            || media.contains("oci.image.config.")
            || media.starts_with("application/vnd.docker.container.image.")
            || media.ends_with("distribution.manifest.v2+json")
    };
    let runs = image(&told.artifact_type) && !told.tags.iter().any(|tag| subject_of_tag(tag).is_some());
    if runs { Nature::Image } else { Nature::Artefact }
}

/// The platform of a member; what buildkit attached has none.
fn platform(member: &Member) -> Option<Platform> {
    member.runs().then(|| Platform {
        os: member.os.clone(),
        architecture: member.architecture.clone(),
        variant: Some(member.variant.clone()).filter(|variant| !variant.is_empty()),
    })
}
