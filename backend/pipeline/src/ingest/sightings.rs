//! Which tags a document shows, and on which images. Refuses to take what a tool watches for what a registry
//! says: which platform of a tag it means is not said.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use domain::id::ImageId;
use domain::image::Image;
use normalise::image::Catalogue;
use store::save::tags::Key;

use super::content::Content;
use super::images::described;
use super::intervals::key;

/// Tags that the document shows together with a digest, each with images and times.
pub(super) type Sightings = BTreeMap<Key, Vec<(ImageId, i64)>>;
/// Tags under which images run or are watched.
pub(super) type Heard = BTreeMap<Key, BTreeSet<ImageId>>;

/// Tags that are said to name an image. A watched image counts once its platform is known.
pub(super) fn stated(
    content: &Content,
    claimed: &[Option<ImageId>],
    catalogue: &Catalogue,
    at: i64,
) -> Sightings {
    let (mut sightings, watched) = (Sightings::new(), coverage(content));
    let described = described(content).zip(claimed).zip(times(content, at));
    for (place, ((image, id), time)) in described.enumerate() {
        let (Some(image), Some(id)) = (image, id) else { continue };
        let id = catalogue.current(*id);
        let platform = catalogue.get(id).and_then(|image| image.platform.as_ref());
        if watched.contains(&place) && platform.is_none() {
            continue;
        }
        for key in tags_of(image) {
            sightings.entry(key).or_default().push((id, time));
        }
    }
    sightings
}

/// Tags under which tools watch images.
pub(super) fn watched(
    content: &Content,
    claimed: &[Option<ImageId>],
) -> impl Iterator<Item = (Key, ImageId)> {
    let claimed = &claimed[coverage(content)];
    let known = content.coverage.iter().zip(claimed).filter_map(|(coverage, id)| Some((coverage, (*id)?)));
    known.flat_map(|(coverage, id)| tags_of(&coverage.image).map(move |key| (key, id)))
}

/// Where tools' words stand in what [`described`] lists.
fn coverage(content: &Content) -> Range<usize> {
    let before = content.images.len() + content.scans.len() + content.sboms.len();
    before..before + content.coverage.len()
}

fn tags_of(image: &Image) -> impl Iterator<Item = Key> {
    image.references.iter().filter(|reference| reference.tag.is_some()).filter_map(key)
}

/// The moments of what [`described`] lists.
pub(super) fn times(content: &Content, at: i64) -> impl Iterator<Item = i64> {
    let images = content.images.iter().map(move |_| at);
    let scans = content.scans.iter().map(move |scan| super::moment(scan.scanned_at, at));
    let sboms = content.sboms.iter().map(move |sbom| super::moment(sbom.created_at, at));
    let rest = content.coverage.len()
        + content.attestations.len()
        + content.signatures.len()
        + content.searched.len();
    images.chain(scans).chain(sboms).chain(std::iter::repeat_n(at, rest))
}
