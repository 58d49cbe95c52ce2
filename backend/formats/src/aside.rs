//! Counts findings that have no place here, by what they are about. Refuses silence: each group becomes
//! one warning with its number, what they are about and the reason.

use std::collections::BTreeMap;

use crate::warnings::Warnings;

/// Why findings on machines, accounts and functions are set aside.
const NO_IMAGE: &str = "they name no container image, and Plimsoll has no place for them yet";

/// Groups of findings that were set aside.
#[derive(Debug, Default)]
pub(crate) struct Aside {
    groups: BTreeMap<(String, &'static str), (String, usize)>,
}

impl Aside {
    /// Sets one aside that names no container image; `what` completes "3 findings …".
    pub(crate) fn no_image(&mut self, what: String, at: impl FnOnce() -> String) {
        self.put(what, NO_IMAGE, at);
    }

    /// Sets one aside.
    pub(crate) fn put(&mut self, what: String, why: &'static str, at: impl FnOnce() -> String) {
        self.groups.entry((what, why)).or_insert_with(|| (at(), 0)).1 += 1;
    }

    /// Tells each group once.
    pub(crate) fn tell(self, warnings: &mut Warnings) {
        for ((what, why), (at, count)) in self.groups {
            let noun = if count == 1 { "finding" } else { "findings" };
            let were = if count == 1 { "was" } else { "were" };
            warnings.skip_all(count, at, format!("{count} {noun} {what} {were} set aside: {why}"));
        }
    }
}
