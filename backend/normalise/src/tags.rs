//! Tags as intervals of time. A tag points at one image of a platform at a time; each sighting extends
//! an interval, starts one, or shows that another had ended.
//!
//! Refuses to know what a tag was before it was first seen.

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

/// The intervals after one more sighting, by first sighting. Takes the intervals of the tag on images
/// of one platform.
#[must_use]
pub fn sighted(mut intervals: Vec<Interval>, image: ImageId, at: i64) -> Vec<Interval> {
    intervals.sort_unstable();
    let next = intervals.partition_point(|interval| interval.first_seen <= at);
    let mut after = intervals.split_off(next);
    let mut before = intervals;
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
    for index in 0..before.len() {
        before[index].ended = before.get(index + 1).map(|next| next.first_seen).or(before[index].ended);
    }
    before
}

/// The image that a tag pointed at, if it is known.
#[must_use]
pub fn at(intervals: &[Interval], time: i64) -> Option<ImageId> {
    intervals
        .iter()
        .filter(|interval| interval.first_seen <= time && interval.ended.is_none_or(|ended| time < ended))
        .max_by_key(|interval| (interval.first_seen, std::cmp::Reverse(interval.image)))
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

    proptest! {
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
