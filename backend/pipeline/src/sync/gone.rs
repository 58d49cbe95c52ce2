//! What a complete scope did not show: gone, or too much at once to be believed yet. Refuses to decide on
//! anything but a complete scope: the caller asks only then.

use std::collections::HashSet;

use domain::id::ObjectId;
use domain::source::Noun;
use store::save::sources::Known;

/// What becomes of what was not shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Believed gone.
    pub(super) gone: Vec<(Noun, ObjectId)>,
    /// To be missed by a second complete run before it is believed.
    pub(super) suspect: Vec<(Noun, ObjectId)>,
}

/// Decides. What an earlier complete run missed as well is gone; of the rest, a single object is gone, and
/// several are as long as they are less than `percent` of what is known.
pub(super) fn verdict(known: &Known, seen: &HashSet<(Noun, ObjectId)>, percent: u64) -> Verdict {
    let (mut gone, mut fresh) = (Vec::new(), Vec::new());
    for (object, (_, suspect)) in known.iter().filter(|(object, _)| !seen.contains(*object)) {
        if *suspect { gone.push(*object) } else { fresh.push(*object) }
    }
    gone.sort_unstable();
    fresh.sort_unstable();
    let much = fresh.len() > 1 && fresh.len() as u64 * 100 >= percent * known.len() as u64;
    if much {
        return Verdict { gone, suspect: fresh };
    }
    gone.extend(fresh);
    Verdict { gone, suspect: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(known: u8, suspect: u8, missing: u8, gone: usize, kept: usize) {
        let id = |number: u8| (Noun::Image, ObjectId::from_bytes([number; 16]));
        let record: Known = (0..known).map(|number| (id(number), (0, number < suspect))).collect();
        let seen = (missing..known).map(id).collect();
        let verdict = verdict(&record, &seen, 3);
        assert_eq!((verdict.gone.len(), verdict.suspect.len()), (gone, kept));
    }

    #[test]
    fn much_at_once_is_missed_twice_before_it_is_believed() {
        check(100, 0, 0, 0, 0);
        check(100, 0, 1, 1, 0);
        check(100, 0, 2, 2, 0);
        check(100, 0, 3, 0, 3);
        check(100, 3, 3, 3, 0);
        check(100, 2, 5, 2, 3);
        check(1, 0, 1, 1, 0);
        check(2, 0, 2, 0, 2);
    }
}
