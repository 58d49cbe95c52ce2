//! Tags as intervals of time. A tag points at one image of a platform at a time, or at several that were seen
//! at the same moment: variants of one architecture. Each sighting extends an interval, starts one, or shows
//! that earlier ones had ended.
//!
//! Refuses to know what a tag was before it was first seen.

use std::cmp::Reverse;

use domain::id::ImageId;

/// A time during which a tag pointed at an image, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// First sighting.
    pub first_seen: i64,
    /// Where it pointed.
    pub image: ImageId,
    /// Last sighting.
    pub last_seen: i64,
    /// When it was first seen elsewhere; absent while it is not known to have moved.
    pub ended: Option<i64>,
}

impl Interval {
    /// Whether the tag pointed at the image at a moment.
    fn holds(&self, at: i64) -> bool {
        self.first_seen <= at && self.ended.is_none_or(|ended| at < ended)
    }
}

/// The intervals after one more sighting, by first sighting. Takes the intervals of the tag on images
/// of one platform.
#[must_use]
pub fn sighted(mut intervals: Vec<Interval>, image: ImageId, at: i64) -> Vec<Interval> {
    intervals.sort_unstable();
    let next = intervals.partition_point(|interval| interval.first_seen <= at);
    let mut after = intervals.split_off(next);
    let mut before = intervals;
    if let Some(held) = before.iter_mut().find(|known| known.image == image && known.holds(at)) {
        held.last_seen = held.last_seen.max(at);
        before.append(&mut after);
        return before;
    }
    let fresh = Interval { first_seen: at, image, last_seen: at, ended: None };
    match before.last_mut() {
        Some(last) if last.image == image && after.first().is_none_or(|next| next.image != image) => {
            last.last_seen = last.last_seen.max(at);
            // Taken off and put back: it is there again.
            last.ended = last.ended.filter(|ended| *ended > at || !after.is_empty());
        }
        Some(last) if last.image == image => {
            // Seen again before an interval of the same image: the two are one.
            let rest = after.remove(0);
            last.last_seen = rest.last_seen;
            last.ended = rest.ended;
        }
        Some(last) if last.last_seen > at => {
            // Inside an interval of another image, which therefore was two.
            let rest = Interval { first_seen: last.last_seen, ..*last };
            last.last_seen = last.first_seen;
            before.push(fresh);
            after.insert(0, rest);
        }
        _ => match after.first_mut() {
            Some(next) if next.image == image => next.first_seen = at,
            _ => before.push(fresh),
        },
    }
    before.append(&mut after);
    before.sort_unstable();
    for index in 0..before.len() {
        let moment = before[index].first_seen.max(before[index].last_seen);
        let next = before[index..].iter().find(|next| next.first_seen > moment);
        before[index].ended = next.map(|next| next.first_seen).or(before[index].ended);
    }
    before
}

/// The image that a tag pointed at, if it is known.
#[must_use]
pub fn at(intervals: &[Interval], time: i64) -> Option<ImageId> {
    intervals
        .iter()
        .filter(|interval| interval.holds(time))
        .max_by_key(|interval| (interval.last_seen, interval.first_seen, Reverse(interval.image)))
        .map(|interval| interval.image)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn image(name: u8) -> ImageId {
        ImageId::from_bytes([name; 16])
    }

    fn after(sightings: &[(u8, i64)]) -> Vec<Interval> {
        sightings.iter().fold(Vec::new(), |intervals, (name, at)| sighted(intervals, image(*name), *at))
    }

    #[track_caller]
    fn check(sightings: &[(u8, i64)], time: i64, expected: Option<u8>) {
        assert_eq!(at(&after(sightings), time), expected.map(image), "{:?}", after(sightings));
    }

    #[test]
    fn holds_until_it_is_seen_elsewhere() {
        let moved = [(1, 10), (1, 20), (2, 30)];
        check(&moved, 5, None);
        check(&moved, 10, Some(1));
        check(&moved, 29, Some(1));
        check(&moved, 30, Some(2));
        check(&moved, 99, Some(2));
    }

    #[test]
    fn a_late_report_of_the_past_fills_in() {
        check(&[(2, 30), (1, 10)], 20, Some(1));
        check(&[(1, 10), (1, 30), (2, 20)], 25, Some(2));
        check(&[(1, 10), (1, 30), (2, 20)], 30, Some(1));
        check(&[(1, 30), (1, 10)], 20, Some(1));
    }

    #[test]
    fn what_is_seen_at_one_moment_holds_together_and_ends_together() {
        let both = after(&[(1, 10), (2, 10)]);
        for name in [1, 2] {
            let again = sighted(both.clone(), image(name), 20);
            assert!(again.iter().zip(&both).all(|(after, before)| {
                (after.first_seen, after.image, after.ended) == (before.first_seen, before.image, None)
            }));
        }
        let moved = after(&[(1, 10), (2, 10), (3, 20), (2, 20)]);
        let ended: Vec<_> = moved.iter().map(|one| (one.image, one.first_seen, one.ended)).collect();
        assert_eq!(
            ended,
            [(image(1), 10, Some(20)), (image(2), 10, Some(20)), (image(2), 20, None), (image(3), 20, None)]
        );
        check(&[(1, 10), (2, 10), (2, 20)], 25, Some(2));
        check(&[(1, 10), (2, 10), (1, 20)], 25, Some(1));
    }

    proptest! {
        #[test]
        fn all_that_is_seen_at_a_moment_holds_at_it(
            moments in prop::collection::vec(prop::collection::btree_set(0..4_u8, 1..4), 1..8),
        ) {
            let sightings = |names: &std::collections::BTreeSet<u8>, at: i64| -> Vec<(u8, i64)> {
                names.iter().map(|name| (*name, at)).collect()
            };
            let all: Vec<(u8, i64)> =
                moments.iter().zip(1..).flat_map(|(names, at)| sightings(names, at)).collect();
            let intervals = after(&all);
            for (name, at) in &all {
                prop_assert!(intervals.iter().any(|one| one.image == image(*name) && one.holds(*at)));
            }
            let last = moments.len() as i64;
            for (name, at) in sightings(&moments[moments.len() - 1], last + 1) {
                let again = sighted(intervals.clone(), image(name), at);
                let known = |all: &[Interval]| -> Vec<_> {
                    all.iter().map(|one| (one.first_seen, one.image, one.ended)).collect()
                };
                prop_assert_eq!(known(&again), known(&intervals));
            }
        }

        #[test]
        fn every_sighting_holds_and_repeating_changes_nothing(
            sightings in prop::collection::btree_map(0..50_i64, 0..3_u8, 1..12),
            rotation in 0..12_usize,
        ) {
            let ordered: Vec<(u8, i64)> = sightings.iter().map(|(at, name)| (*name, *at)).collect();
            let intervals = after(&ordered);
            for (name, moment) in &ordered {
                prop_assert_eq!(at(&intervals, *moment), Some(image(*name)));
                prop_assert_eq!(&sighted(intervals.clone(), image(*name), *moment), &intervals);
            }
            let mut rotated = ordered.clone();
            rotated.rotate_left(rotation % ordered.len());
            let (last_name, last_at) = *ordered.last().unwrap();
            prop_assert_eq!(at(&after(&rotated), last_at), Some(image(last_name)));
        }
    }
}
