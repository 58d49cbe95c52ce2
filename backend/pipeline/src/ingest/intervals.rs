//! Tags as intervals, between what is stored and what `normalise` computes with. Refuses to write.

use domain::id::ImageId;
use domain::reference::ImageReference;
use normalise::tags;
use store::save::tags::{Interval, Key};

/// The platform that is meant where none is stated and several were seen at the same time.
const USUAL: (&str, &str) = ("linux", "amd64");

/// Docker's first release, in March 2013, in milliseconds: an image that claims to be older (reproducible builds write
/// 1970 or 1980) tells no time.
const DOCKER: i64 = 1_363_737_600_000;

/// The image a tag pointed at, on a platform if one is stated.
pub(super) fn tagged(intervals: &[Interval], platform: Option<(&str, &str)>, at: i64) -> Option<ImageId> {
    let fits = |interval: &&Interval| match (&interval.platform, platform) {
        (Some((os, architecture)), Some(wanted)) => (os.as_str(), architecture.as_str()) == wanted,
        _ => true,
    };
    let fitting: Vec<&Interval> = intervals.iter().filter(fits).collect();
    let plain: Vec<tags::Interval> = fitting.iter().copied().map(plain).collect();
    let image = tags::at(&plain, at)?;
    let since = |wanted: ImageId| plain.iter().find(|one| one.image == wanted).map(|one| one.first_seen);
    let usual = |one: &&&Interval| {
        one.platform.as_ref().is_some_and(|(os, architecture)| (os.as_str(), architecture.as_str()) == USUAL)
            && one.ended_at.is_none_or(|ended| at < ended)
            && Some(one.first_seen_at) == since(image)
    };
    Some(fitting.iter().find(usual).map_or(image, |one| one.image))
}

/// The image that a tag must have meant before it was first seen: the one that it was first seen on, if that had been
/// made by then. What was built later says nothing of an earlier scan, and neither does a made-up time.
pub(super) fn presumed(intervals: &[Interval], platform: Option<(&str, &str)>, at: i64) -> Option<ImageId> {
    let first = intervals.iter().map(|interval| interval.first_seen_at).min().filter(|first| at < *first)?;
    let image = tagged(intervals, platform, first)?;
    let made_at = intervals.iter().find(|interval| interval.image == image)?.made_at?;
    (DOCKER..=at).contains(&made_at).then_some(image)
}

/// Whether a tag was only seen again where it was.
pub(super) fn same_but_for_last_sighting(before: &[tags::Interval], after: &[tags::Interval]) -> bool {
    let same = |(before, after): (&tags::Interval, &tags::Interval)| {
        *after == tags::Interval { last_seen: after.last_seen, ..*before }
    };
    before.len() == after.len() && before.iter().zip(after).all(same)
}

pub(super) fn plain(interval: &Interval) -> tags::Interval {
    tags::Interval {
        first_seen: interval.first_seen_at,
        image: interval.image,
        last_seen: interval.last_seen_at,
        ended: interval.ended_at,
    }
}

pub(super) fn stored(
    interval: tags::Interval,
    platform: Option<(String, String)>,
    made_at: Option<i64>,
) -> Interval {
    Interval {
        made_at,
        image: interval.image,
        first_seen_at: interval.first_seen,
        last_seen_at: interval.last_seen,
        ended_at: interval.ended,
        platform,
    }
}

/// Registry, repository and tag of a reference; nothing for one that has a digest only.
pub(super) fn key(reference: &ImageReference) -> Option<Key> {
    let tag = match (&reference.tag, &reference.digest) {
        (Some(tag), _) => tag.clone(),
        (None, None) => "latest".to_owned(),
        (None, Some(_)) => return None,
    };
    Some((reference.registry.clone(), reference.repository.clone(), tag))
}
