//! What a report changes: a report replaces what *that tool* said about *that image* in the classes it
//! covers, and nothing else.
//!
//! Refuses to let an incomplete report take anything back, and to look at another tool's words.

use std::collections::HashMap;
use std::hash::Hash;

/// The changes from what is stored to what came, each list sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference<K> {
    /// Said now and not before.
    pub added: Vec<K>,
    /// Said before in other words.
    pub changed: Vec<K>,
    /// Said before and no more.
    pub gone: Vec<K>,
    /// Said as before.
    pub unchanged: usize,
}

impl<K> Difference<K> {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }
}

/// Compares what one tool said with what it says now. With `complete` false nothing is gone.
#[must_use]
pub fn difference<K, A, B>(
    stored: &HashMap<K, A>,
    incoming: &HashMap<K, B>,
    complete: bool,
    same: impl Fn(&A, &B) -> bool,
) -> Difference<K>
where
    K: Copy + Eq + Hash + Ord,
{
    let mut difference = Difference { added: vec![], changed: vec![], gone: vec![], unchanged: 0 };
    for (key, now) in incoming {
        match stored.get(key) {
            None => difference.added.push(*key),
            Some(before) if same(before, now) => difference.unchanged += 1,
            Some(_) => difference.changed.push(*key),
        }
    }
    if complete {
        difference.gone.extend(stored.keys().filter(|key| !incoming.contains_key(key)));
    } else {
        difference.unchanged += stored.keys().filter(|key| !incoming.contains_key(key)).count();
    }
    difference.added.sort_unstable();
    difference.changed.sort_unstable();
    difference.gone.sort_unstable();
    difference
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    /// What is stored: for each finding, each tool's word.
    type State = BTreeMap<u8, BTreeMap<&'static str, u8>>;

    fn report() -> impl Strategy<Value = HashMap<u8, u8>> {
        prop::collection::hash_map(0..12_u8, 0..3_u8, 0..10)
    }

    /// Applies a report the way the store does and tells which findings lost their last word.
    fn apply(
        state: &mut State,
        tool: &'static str,
        report: &HashMap<u8, u8>,
        complete: bool,
    ) -> BTreeSet<u8> {
        let stored: HashMap<u8, u8> =
            state.iter().filter_map(|(key, words)| Some((*key, *words.get(tool)?))).collect();
        let difference = difference(&stored, report, complete, |one, two| one == two);
        for key in difference.added.iter().chain(&difference.changed) {
            state.entry(*key).or_default().insert(tool, report[key]);
        }
        for key in &difference.gone {
            if let Some(words) = state.get_mut(key) {
                words.remove(tool);
            }
        }
        let closed: BTreeSet<u8> =
            state.iter().filter(|(_, words)| words.is_empty()).map(|(key, _)| *key).collect();
        state.retain(|_, words| !words.is_empty());
        closed
    }

    proptest! {
        #[test]
        fn an_unchanged_rescan_changes_nothing(first in report()) {
            let again = difference(&first, &first, true, |one, two| one == two);
            prop_assert!(again.is_empty());
            prop_assert_eq!(again.unchanged, first.len());
        }

        #[test]
        fn a_complete_report_leaves_exactly_itself(before in report(), now in report()) {
            let mut state = State::new();
            apply(&mut state, "one", &before, true);
            apply(&mut state, "one", &now, true);
            let said: HashMap<u8, u8> = state.iter().map(|(key, words)| (*key, words["one"])).collect();
            prop_assert_eq!(said, now);
        }

        #[test]
        fn another_tool_never_closes_and_never_doubles(mine in report(), theirs in report()) {
            let mut state = State::new();
            apply(&mut state, "mine", &mine, true);
            let closed = apply(&mut state, "theirs", &theirs, true);
            prop_assert!(closed.is_empty());
            let union: BTreeSet<u8> = mine.keys().chain(theirs.keys()).copied().collect();
            prop_assert_eq!(state.keys().copied().collect::<BTreeSet<_>>(), union);
            for (key, severity) in &mine {
                prop_assert_eq!(state[key]["mine"], *severity);
            }
        }

        #[test]
        fn tools_commute(mine in report(), theirs in report()) {
            let (mut forth, mut back) = (State::new(), State::new());
            apply(&mut forth, "mine", &mine, true);
            apply(&mut forth, "theirs", &theirs, true);
            apply(&mut back, "theirs", &theirs, true);
            apply(&mut back, "mine", &mine, true);
            prop_assert_eq!(forth, back);
        }

        #[test]
        fn an_incomplete_report_takes_nothing_back(before in report(), now in report()) {
            let mut state = State::new();
            apply(&mut state, "one", &before, true);
            let closed = apply(&mut state, "one", &now, false);
            prop_assert!(closed.is_empty());
            prop_assert!(before.keys().all(|key| state.contains_key(key)));
        }
    }
}
