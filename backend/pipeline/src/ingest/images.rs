//! Which stored images a document speaks of: digests are claimed, tags looked up at their time, what is
//! new is made, what turns out to be one is joined. Refuses to guess an image from a tag nobody saw.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::digest::Digest;
use domain::id::ImageId;
use domain::image::{DigestRole, Image, chain};
use domain::reference::ImageReference;
use domain::scan::Target;
use normalise::image::{Catalogue, Changes, Known};
use normalise::tags;
use store::Tx;
use store::save::images::{self as rows, Description};
use store::save::tags::{Interval, Key};

use super::content::Content;
use super::intervals::{key, plain, presumed, same_but_for_last_sighting, stored, tagged};
use super::moves;
use super::sightings::{self, Heard, Sightings, times};
use crate::Error;

/// The images of a document, resolved.
#[derive(Debug, Default)]
pub(super) struct Images {
    /// For each image of the content, which one it is.
    pub(super) images: Vec<Option<ImageId>>,
    /// For each tool's word on an image, which one it is.
    pub(super) coverage: Vec<Option<ImageId>>,
    /// For each scan of the content, its image.
    pub(super) scans: Vec<Option<ImageId>>,
    /// For each bill of materials, its image.
    pub(super) sboms: Vec<Option<ImageId>>,
    /// For each attestation, its image.
    pub(super) attested: Vec<Option<ImageId>>,
    /// For each signature, its image.
    pub(super) signed: Vec<Option<ImageId>>,
    /// For each image beside which signatures were looked for, which one it is.
    pub(super) searched: Vec<Option<ImageId>>,
    /// For each container, by digest or else by reference, its image.
    by_digest: HashMap<Digest, ImageId>,
    by_tag: HashMap<Key, ImageId>,
    /// Images that changed by being joined.
    pub(super) joined: Vec<ImageId>,
    /// Whether a tag or digest became known that was not.
    pub(super) learned: bool,
    /// Tags that were first seen after what the document says of them.
    pub(super) presumed: BTreeSet<Key>,
    /// Tags seen in this document together with a digest.
    pub(super) sighted: BTreeSet<Key>,
}

impl Images {
    /// The image of a container.
    pub(super) fn of_container(
        &self,
        digest: Option<&Digest>,
        reference: Option<&ImageReference>,
    ) -> Option<ImageId> {
        let digest = digest.or_else(|| reference.and_then(|reference| reference.digest.as_ref()));
        match digest {
            Some(digest) => self.by_digest.get(digest).copied(),
            None => self.by_tag.get(&key(reference?)?).copied(),
        }
    }
}

/// Resolves all images of a document and writes what is new. `at` is the document's moment.
pub(super) async fn resolve(tx: &Tx, content: &Content, at: i64) -> Result<Images, Error> {
    let containers = containers(content);
    let digests = all_digests(content, &containers);
    let texts: Vec<&str> = digests.iter().map(Digest::as_str).collect();
    tx.lock_all(&texts.iter().map(|text| text.as_bytes()).collect::<Vec<_>>()).await?;
    let mut catalogue = Catalogue::new(rows::sharing(tx, &texts).await?.into_iter().filter_map(known));
    let claimed = claim_all(&mut catalogue, content);
    let mut by_digest = HashMap::new();
    let mut heard = Heard::new();
    let mut named_running = Vec::new();
    for (digest, reference) in &containers {
        let Some((role, digest)) = digest else { continue };
        if let Some(image) = catalogue.claim_digest(*role, digest) {
            by_digest.insert(Digest::clone(digest), image);
            if let Some(reference) = reference {
                named_running.push((image, *reference));
                if let Some(key) = key(reference) {
                    heard.entry(key).or_default().insert(image);
                }
            }
        }
    }
    // A later claim may have joined two images that an earlier one named.
    let now = |id: ImageId| catalogue.current(id);
    by_digest.values_mut().for_each(|id| *id = now(*id));
    let changes = catalogue.changes();
    let mut images = Images { by_digest, learned: !changes.digests.is_empty(), ..Images::default() };
    let descriptions = descriptions(content, &claimed, &named_running, &catalogue);
    images.joined = write(tx, &changes, descriptions, at).await?;
    let sightings = sightings::stated(content, &claimed, &catalogue, at);
    images.sighted = sightings.keys().cloned().collect();
    for (key, image) in sightings::watched(content, &claimed) {
        heard.entry(key).or_default().insert(catalogue.current(image));
    }
    let wanted = wanted_tags(content, &containers, &sightings, &heard);
    let intervals =
        sight(tx, &sightings, &heard, &wanted, &catalogue, (at, content.routine), &mut images).await?;
    settle(content, &claimed, &catalogue, &intervals, at, &mut images);
    Ok(images)
}

/// A container's digest and reference.
type Running<'a> = (Option<(DigestRole, &'a Digest)>, Option<&'a ImageReference>);

fn containers(content: &Content) -> Vec<Running<'_>> {
    content
        .workloads
        .iter()
        .flat_map(|workload| &workload.containers)
        .map(|container| {
            let reference = container.reference.as_ref();
            let written = reference.and_then(|reference| reference.digest.as_ref());
            let digest = container
                .digest
                .as_ref()
                .map(|(role, digest)| (*role, digest))
                .or(written.map(|digest| (DigestRole::Repository, digest)));
            (digest, reference)
        })
        .collect()
}

/// The images that observations, scans, bills of materials, tools' words, attestations and signatures describe, in
/// that order, and those beside which signatures were looked for.
pub(super) fn described(content: &Content) -> impl Iterator<Item = Option<&Image>> {
    let scans = content.scans.iter().map(|scan| image_of(&scan.target));
    let sboms = content.sboms.iter().map(|sbom| image_of(&sbom.target));
    let watched = content.coverage.iter().map(|coverage| Some(&coverage.image));
    let attested = content.attestations.iter().map(|attestation| image_of(&attestation.target));
    let signed = content.signatures.iter().map(|signature| image_of(&signature.target));
    let told = content.images.iter().map(Some).chain(scans).chain(sboms).chain(watched);
    told.chain(attested).chain(signed).chain(content.searched.iter().map(Some))
}

fn image_of(target: &Target) -> Option<&Image> {
    match target {
        Target::Image(image) => Some(image),
        _ => None,
    }
}

fn all_digests(content: &Content, containers: &[Running<'_>]) -> BTreeSet<Digest> {
    let described = described(content).flatten().flat_map(|image| &image.digests).map(|(_, digest)| digest);
    let running = containers.iter().filter_map(|(digest, _)| digest.map(|(_, digest)| digest));
    described.chain(running).cloned().collect()
}

fn claim_all(catalogue: &mut Catalogue, content: &Content) -> Vec<Option<ImageId>> {
    described(content).map(|image| image.and_then(|image| catalogue.claim(image))).collect()
}

/// An image as stored.
pub(super) fn known(row: rows::Known) -> Option<Known> {
    let digests = row.digests.iter().filter_map(|(word, digest)| Some((role(word), digest.parse().ok()?)));
    Some(Known {
        id: row.id,
        digest: (role(&row.role), row.digest.parse().ok()?),
        digests: digests.collect(),
        platform: row.platform,
        scanned: row.scanned,
    })
}

fn role(word: &str) -> DigestRole {
    [DigestRole::Manifest, DigestRole::Config, DigestRole::Index]
        .into_iter()
        .find(|role| role.as_str() == word)
        .unwrap_or(DigestRole::Repository)
}

/// Writes what the catalogue changed, and what is newly known of images; tells which images were joined.
async fn write(
    tx: &Tx,
    changes: &Changes,
    descriptions: BTreeMap<ImageId, Description>,
    at: i64,
) -> Result<Vec<ImageId>, Error> {
    let new: Vec<rows::New<'_>> = changes
        .new
        .iter()
        .map(|image| rows::New {
            id: image.id,
            digest: image.digest.1.as_str(),
            role: image.digest.0.as_str(),
            description: descriptions.get(&image.id),
            first_seen_at: at,
        })
        .collect();
    rows::insert(tx, &new).await?;
    let made: HashSet<ImageId> = new.iter().map(|image| image.id).collect();
    for merge in &changes.merges {
        moves::join_images(tx, merge.from, merge.into).await?;
    }
    let stored = |rows: &[(ImageId, DigestRole, Digest)]| -> Vec<(ImageId, &'static str, String)> {
        rows.iter().map(|(id, role, digest)| (*id, role.as_str(), digest.to_string())).collect()
    };
    rows::upgrade(tx, &stored(&changes.upgraded)).await?;
    rows::add_digests(tx, &stored(&changes.digests)).await?;
    rows::describe(tx, &descriptions.into_iter().collect::<Vec<_>>(), &made).await?;
    Ok(changes.merges.iter().map(|merge| merge.into).collect())
}

/// What is said of images, by image.
fn descriptions(
    content: &Content,
    claimed: &[Option<ImageId>],
    running: &[(ImageId, &ImageReference)],
    catalogue: &Catalogue,
) -> BTreeMap<ImageId, Description> {
    let mut descriptions: BTreeMap<ImageId, Description> = BTreeMap::new();
    for (image, id) in described(content).zip(claimed) {
        if let (Some(image), Some(id)) = (image, id) {
            let known = descriptions.entry(catalogue.current(*id)).or_default();
            *known = more(std::mem::take(known), image);
        }
    }
    for (id, reference) in running {
        let known = descriptions.entry(catalogue.current(*id)).or_default();
        name(known, reference);
    }
    descriptions
}

fn name(description: &mut Description, reference: &ImageReference) {
    if description.name.is_none() {
        description.name = Some(reference.familiar());
        description.registry.clone_from(&reference.registry);
        description.repository.clone_from(&reference.repository);
    }
}

/// What is known, and what this image adds.
fn more(mut known: Description, image: &Image) -> Description {
    let tagged = image.references.iter().find(|reference| reference.tag.is_some());
    if let Some(reference) = tagged.or(image.references.first()) {
        name(&mut known, reference);
    }
    if let Some(platform) = &image.platform {
        known.os.get_or_insert_with(|| platform.os.clone());
        known.architecture.get_or_insert_with(|| platform.architecture.clone());
        known.variant = known.variant.or_else(|| platform.variant.clone());
    }
    if let Some(distribution) = &image.distribution {
        known.distribution.get_or_insert_with(|| distribution.family.clone());
        known.distribution_version = known.distribution_version.or_else(|| distribution.version.clone());
        known.end_of_life = known.end_of_life.or(distribution.end_of_life);
    }
    known.size = known.size.or(image.size.and_then(|size| i64::try_from(size).ok()));
    known.created_at = known.created_at.or(image.created_at.map(|at| at.timestamp_millis()));
    if known.labels.is_none() && !image.labels.is_empty() {
        known.labels = serde_json::to_string(&image.labels).ok();
    }
    if known.layers.is_none() && !image.layers.is_empty() {
        known.layers = serde_json::to_string(&image.layers).ok();
        known.chain = chain(&image.layers).last();
    }
    known.config = known.config.or_else(|| serde_json::to_string(image.config.as_ref()?).ok());
    known
}

/// Tags whose history is needed.
fn wanted_tags(
    content: &Content,
    containers: &[Running<'_>],
    sightings: &Sightings,
    heard: &Heard,
) -> Vec<Key> {
    let silent = described(content).flatten().filter(|image| image.digests.is_empty());
    let asked = silent.flat_map(|image| &image.references).filter_map(key);
    let waiting = containers.iter().filter(|(digest, _)| digest.is_none()).filter_map(|(_, at)| key((*at)?));
    let mut wanted: BTreeSet<Key> = asked.chain(waiting).collect();
    wanted.extend(sightings.keys().chain(heard.keys()).cloned());
    wanted.into_iter().collect()
}

/// Adds the sightings to the stored intervals and writes those that changed. What runs or is watched under a
/// tag says where the tag once pointed, so it counts only where nothing better is known.
async fn sight(
    tx: &Tx,
    sightings: &Sightings,
    heard: &Heard,
    wanted: &[Key],
    catalogue: &Catalogue,
    (at, routine): (i64, bool),
    images: &mut Images,
) -> Result<HashMap<Key, Vec<Interval>>, Error> {
    let mut intervals = store::save::tags::of(tx, wanted).await?;
    let mut changed: BTreeSet<Key> = BTreeSet::new();
    let sole = heard.iter().filter(|(_, seen)| seen.len() == 1).filter_map(|(key, seen)| {
        let unknown = !intervals.contains_key(key) && !sightings.contains_key(key);
        seen.first().filter(|_| unknown).map(|image| (key.clone(), catalogue.current(*image), at))
    });
    let sole: Vec<(Key, ImageId, i64)> = sole.collect();
    let stated = sightings
        .iter()
        .flat_map(|(key, seen)| seen.iter().map(|(image, time)| (key.clone(), *image, *time)));
    for (key, image, time) in stated.chain(sole) {
        let known = intervals.entry(key.clone()).or_default();
        let platform = catalogue.get(image).and_then(|image| image.platform.clone());
        let (same, other): (Vec<Interval>, Vec<Interval>) =
            std::mem::take(known).into_iter().partition(|interval| {
                interval.platform.is_none() || platform.is_none() || interval.platform == platform
            });
        let mut before: Vec<tags::Interval> = same.iter().map(plain).collect();
        before.sort_unstable();
        let after = tags::sighted(before.clone(), image, time);
        if after != before && !(routine && same_but_for_last_sighting(&before, &after)) {
            changed.insert(key);
        }
        let earlier: HashMap<ImageId, Interval> =
            same.into_iter().map(|interval| (interval.image, interval)).collect();
        *known = other;
        known.extend(after.into_iter().map(|interval| match earlier.get(&interval.image) {
            Some(earlier) => stored(interval, earlier.platform.clone(), earlier.made_at),
            None => stored(interval, platform.clone(), None),
        }));
    }
    images.learned |= !changed.is_empty();
    let rows: Vec<(Key, Vec<Interval>)> = changed
        .into_iter()
        .map(|key| (key.clone(), intervals.get(&key).cloned().unwrap_or_default()))
        .collect();
    store::save::tags::replace(tx, &rows).await?;
    Ok(intervals)
}

/// Says for every scan, bill of materials and tag which image it means.
fn settle(
    content: &Content,
    claimed: &[Option<ImageId>],
    catalogue: &Catalogue,
    intervals: &HashMap<Key, Vec<Interval>>,
    at: i64,
    images: &mut Images,
) {
    let mut presumptions = BTreeSet::new();
    let resolved: Vec<Option<ImageId>> = described(content)
        .zip(claimed)
        .zip(times(content, at))
        .map(|((image, id), time)| match (image, id) {
            (_, Some(id)) => Some(catalogue.current(*id)),
            (Some(image), None) => {
                let platform = image.platform.as_ref();
                let platform = platform.map(|known| (known.os.as_str(), known.architecture.as_str()));
                let mut keys = image.references.iter().filter_map(key);
                keys.find_map(|key| {
                    let known = intervals.get(&key)?;
                    tagged(known, platform, time).or_else(|| {
                        let image = presumed(known, platform, time)?;
                        presumptions.insert(key);
                        Some(image)
                    })
                })
            }
            (None, None) => None,
        })
        .collect();
    let (described, rest) = resolved.split_at(content.images.len());
    let (scans, rest) = rest.split_at(content.scans.len());
    let (sboms, rest) = rest.split_at(content.sboms.len());
    let (watched, rest) = rest.split_at(content.coverage.len());
    let (attested, rest) = rest.split_at(content.attestations.len());
    let (signed, searched) = rest.split_at(content.signatures.len());
    images.images = described.to_vec();
    images.coverage = watched.to_vec();
    images.scans = scans.to_vec();
    images.sboms = sboms.to_vec();
    images.attested = attested.to_vec();
    images.signed = signed.to_vec();
    images.searched = searched.to_vec();
    images.presumed = presumptions;
    for (key, known) in intervals {
        if let Some(image) = tagged(known, None, at) {
            images.by_tag.insert(key.clone(), image);
        }
    }
}
