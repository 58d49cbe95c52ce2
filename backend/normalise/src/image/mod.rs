//! Which image the digests of a document mean. An image is one platform's manifest; until its manifest
//! digest is known, it goes by the best digest at hand and is upgraded later.
//!
//! Refuses to join two platforms that share an index digest, and two manifests that share a config.

use std::collections::{BTreeMap, BTreeSet};

use domain::digest::Digest;
use domain::id::ImageId;
use domain::image::{DigestRole, Image, Platform};

/// An image as stored, or as this document has made it so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: ImageId,
    /// The digest it goes by, with what that names.
    pub digest: (DigestRole, Digest),
    /// Every digest that leads to it.
    pub digests: BTreeSet<(DigestRole, Digest)>,
    /// Operating system and architecture, if known.
    pub platform: Option<(String, String)>,
    /// Whether any tool has scanned it.
    pub scanned: bool,
}

/// The images that a document touches; claims are resolved one after the other and see each other.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    images: BTreeMap<ImageId, Known>,
    by_digest: BTreeMap<Digest, BTreeSet<ImageId>>,
    /// How the images were before.
    stored: BTreeMap<ImageId, Known>,
    merged: Vec<Merge>,
}

/// Two stored images that turned out to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The one that goes.
    pub from: ImageId,
    /// The one that stays.
    pub into: ImageId,
}

/// What has to be written, merges first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Images to join, in this order.
    pub merges: Vec<Merge>,
    /// Images to make.
    pub new: Vec<Known>,
    /// Images that go by a better digest now.
    pub upgraded: Vec<(ImageId, DigestRole, Digest)>,
    /// Digests that lead to an image and did not before.
    pub digests: Vec<(ImageId, DigestRole, Digest)>,
}

impl Catalogue {
    /// A catalogue of stored images: at least all that share a digest with the document.
    #[must_use]
    pub fn new(stored: impl IntoIterator<Item = Known>) -> Self {
        let mut catalogue = Self::default();
        for known in stored {
            catalogue.stored.insert(known.id, known.clone());
            catalogue.index(known);
        }
        catalogue
    }

    /// The image that a document means, made or completed as needed; nothing where it names no digest.
    pub fn claim(&mut self, image: &Image) -> Option<ImageId> {
        let digests: BTreeSet<(DigestRole, Digest)> = image.digests.iter().cloned().collect();
        let platform = image.platform.as_ref().map(platform_key);
        self.resolve(&digests, platform)
    }

    /// The image that one digest of a running container means.
    pub fn claim_digest(&mut self, role: DigestRole, digest: &Digest) -> Option<ImageId> {
        self.resolve(&BTreeSet::from([(role, digest.clone())]), None)
    }

    /// The image as it is now.
    #[must_use]
    pub fn get(&self, id: ImageId) -> Option<&Known> {
        self.images.get(&id)
    }

    /// Where an image that may have been merged is now.
    #[must_use]
    pub fn current(&self, id: ImageId) -> ImageId {
        self.merged.iter().fold(id, |id, merge| if merge.from == id { merge.into } else { id })
    }

    /// What has to be written.
    #[must_use]
    pub fn changes(&self) -> Changes {
        let mut changes = Changes {
            merges: self
                .merged
                .iter()
                .copied()
                .filter(|merge| self.stored.contains_key(&merge.from))
                .collect(),
            ..Changes::default()
        };
        for (id, image) in &self.images {
            let before = self.stored.get(id);
            match before {
                None => changes.new.push(image.clone()),
                Some(before) if before.digest != image.digest => {
                    changes.upgraded.push((*id, image.digest.0, image.digest.1.clone()));
                }
                Some(_) => {}
            }
            for (role, digest) in &image.digests {
                if before.is_none_or(|before| !before.digests.contains(&(*role, digest.clone()))) {
                    changes.digests.push((*id, *role, digest.clone()));
                }
            }
        }
        changes
    }

    fn resolve(
        &mut self,
        digests: &BTreeSet<(DigestRole, Digest)>,
        platform: Option<(String, String)>,
    ) -> Option<ImageId> {
        if digests.is_empty() {
            return None;
        }
        let claim = Facts::new(digests, platform.as_ref());
        let mut candidates: Vec<&Known> = self
            .sharing(digests)
            .into_iter()
            .filter_map(|id| self.images.get(&id))
            .filter(|known| claim.agrees(&Facts::of(known)))
            .collect();
        candidates.sort_by_key(|known| (preference(known, digests), known.id));
        let chosen = candidates.first().map(|known| known.id);
        let bridged: Vec<ImageId> = candidates
            .iter()
            .skip(1)
            .filter(|other| candidates.iter().all(|known| Facts::of(known).agrees(&Facts::of(other))))
            .filter(|other| bridges(digests, candidates.first().copied(), other))
            .map(|known| known.id)
            .collect();
        let id = chosen.or_else(|| self.make(digests, platform.as_ref()))?;
        bridged.into_iter().for_each(|other| self.merge(other, id));
        self.complete(id, digests, platform);
        Some(id)
    }

    fn sharing(&self, digests: &BTreeSet<(DigestRole, Digest)>) -> BTreeSet<ImageId> {
        digests.iter().filter_map(|(_, digest)| self.by_digest.get(digest)).flatten().copied().collect()
    }

    /// A new image. Where all its digests already name others (one index digest, several platforms), its
    /// id is derived from the platform as well.
    fn make(
        &mut self,
        digests: &BTreeSet<(DigestRole, Digest)>,
        platform: Option<&(String, String)>,
    ) -> Option<ImageId> {
        let digest = self
            .best_free(digests, None)
            .or_else(|| digests.iter().min_by_key(|(role, _)| rank(*role)).cloned())?;
        let mut id = ImageId::derived(&[digest.1.as_str().as_bytes()]);
        if self.images.contains_key(&id) {
            let (os, architecture) = platform.map_or(("", ""), |(os, architecture)| (os, architecture));
            id = ImageId::derived(&[digest.1.as_str().as_bytes(), os.as_bytes(), architecture.as_bytes()]);
        }
        self.index(Known { id, digest, digests: BTreeSet::new(), platform: None, scanned: false });
        Some(id)
    }

    /// The best digest that names no other image.
    fn best_free(
        &self,
        digests: &BTreeSet<(DigestRole, Digest)>,
        own: Option<ImageId>,
    ) -> Option<(DigestRole, Digest)> {
        let taken = |digest: &Digest| {
            let mut sharing = self.by_digest.get(digest).into_iter().flatten().filter(|id| Some(**id) != own);
            sharing.any(|id| self.images.get(id).is_some_and(|known| known.digest.1 == *digest))
        };
        digests.iter().filter(|(_, digest)| !taken(digest)).min_by_key(|(role, _)| rank(*role)).cloned()
    }

    fn complete(
        &mut self,
        id: ImageId,
        digests: &BTreeSet<(DigestRole, Digest)>,
        platform: Option<(String, String)>,
    ) {
        let better = self.best_free(digests, Some(id));
        let Some(known) = self.images.get_mut(&id) else { return };
        if let Some((role, digest)) = better
            && rank(role) < rank(known.digest.0)
        {
            known.digest = (role, digest);
        }
        known.digests.extend(digests.iter().cloned());
        known.platform = known.platform.take().or(platform);
        for (_, digest) in digests {
            self.by_digest.entry(digest.clone()).or_default().insert(id);
        }
    }

    fn merge(&mut self, from: ImageId, into: ImageId) {
        let Some(gone) = self.images.remove(&from) else { return };
        for ids in self.by_digest.values_mut() {
            if ids.remove(&from) {
                ids.insert(into);
            }
        }
        if let Some(kept) = self.images.get_mut(&into) {
            if rank(gone.digest.0) < rank(kept.digest.0) {
                kept.digest = gone.digest;
            }
            kept.digests.extend(gone.digests);
            kept.platform = kept.platform.take().or(gone.platform);
            kept.scanned |= gone.scanned;
        }
        self.merged.push(Merge { from, into });
    }

    fn index(&mut self, known: Known) {
        for (_, digest) in &known.digests {
            self.by_digest.entry(digest.clone()).or_default().insert(known.id);
        }
        self.by_digest.entry(known.digest.1.clone()).or_default().insert(known.id);
        self.images.insert(known.id, known);
    }
}

/// What can contradict: manifests, configs, platform; and what can settle it.
struct Facts<'a> {
    manifests: BTreeSet<&'a Digest>,
    configs: BTreeSet<&'a Digest>,
    repositories: BTreeSet<&'a Digest>,
    platform: Option<&'a (String, String)>,
}

impl<'a> Facts<'a> {
    fn new(digests: &'a BTreeSet<(DigestRole, Digest)>, platform: Option<&'a (String, String)>) -> Self {
        let of = |wanted: DigestRole| {
            digests.iter().filter(|(role, _)| *role == wanted).map(|(_, digest)| digest).collect()
        };
        Self {
            manifests: of(DigestRole::Manifest),
            configs: of(DigestRole::Config),
            repositories: of(DigestRole::Repository),
            platform,
        }
    }

    fn of(known: &'a Known) -> Self {
        Self::new(&known.digests, known.platform.as_ref())
    }

    /// Whether both may speak of one image. A manifest settles it, also under the name `repo@digest`; so
    /// does a config below the same `repo@digest`, because tools that read a local engine state a
    /// manifest of their own making.
    fn agrees(&self, other: &Self) -> bool {
        let meet = |one: &BTreeSet<&Digest>, two: &BTreeSet<&Digest>| {
            one.is_empty() || two.is_empty() || !one.is_disjoint(two)
        };
        let settled = !self.manifests.is_disjoint(&other.manifests)
            || !self.manifests.is_disjoint(&other.repositories)
            || !self.repositories.is_disjoint(&other.manifests)
            || (!self.configs.is_disjoint(&other.configs)
                && !self.repositories.is_disjoint(&other.repositories));
        settled
            || (meet(&self.manifests, &other.manifests)
                && meet(&self.configs, &other.configs)
                && match (self.platform, other.platform) {
                    (Some(one), Some(two)) => one == two,
                    _ => true,
                })
    }
}

/// Whether the claim names the image by a digest that only one platform has.
fn names_itself(known: &Known, digests: &BTreeSet<(DigestRole, Digest)>) -> bool {
    digests.iter().any(|(role, digest)| {
        matches!(role, DigestRole::Manifest | DigestRole::Config)
            && (known.digest.1 == *digest || known.digests.iter().any(|(_, own)| own == digest))
    })
}

/// A claim joins two images when it names each by a digest of its own, or when the one that goes was
/// only ever a name from a running container.
fn bridges(digests: &BTreeSet<(DigestRole, Digest)>, chosen: Option<&Known>, other: &Known) -> bool {
    let bare = other.digests.iter().all(|(role, _)| *role == DigestRole::Repository);
    chosen.is_some_and(|chosen| names_itself(chosen, digests)) && (bare || names_itself(other, digests))
}

/// Lower is better: a digest of its own, the strongest digest shared, a scanned image, the usual platform.
fn preference(known: &Known, digests: &BTreeSet<(DigestRole, Digest)>) -> (bool, u8, bool, bool) {
    let shared = digests
        .iter()
        .filter(|(_, digest)| known.digest.1 == *digest || known.digests.iter().any(|(_, own)| own == digest))
        .map(|(role, _)| rank(*role))
        .min();
    let usual =
        known.platform.as_ref().is_some_and(|(os, architecture)| os == "linux" && architecture == "amd64");
    (!names_itself(known, digests), shared.unwrap_or(u8::MAX), !known.scanned, !usual)
}

/// Which digest names an image best.
#[must_use]
pub fn rank(role: DigestRole) -> u8 {
    match role {
        DigestRole::Manifest => 0,
        DigestRole::Repository => 1,
        DigestRole::Config => 2,
        DigestRole::Index => 3,
    }
}

fn platform_key(platform: &Platform) -> (String, String) {
    (platform.os.clone(), platform.architecture.clone())
}

#[cfg(test)]
mod tests;
