//! Where most tests ask, and what documents of Google hold. Refuses to judge.

use std::collections::BTreeSet;

use tests::asked::Collected;

/// The project of most tests, which holds the former registry too.
pub(crate) const SHOP: &str = "plimsoll-shop";
/// The location of most tests.
pub(crate) const HERE: &str = "europe-west1";

/// Every occurrence that documents hold, by its name.
pub(crate) fn occurrences(collected: &Collected) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (document, _) in collected.papers() {
        for occurrence in document["occurrences"].as_array().into_iter().flatten() {
            assert!(names.insert(occurrence["name"].as_str().unwrap().to_owned()), "{occurrence}");
        }
    }
    names
}
