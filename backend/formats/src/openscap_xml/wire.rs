//! Results of XCCDF and of OVAL under one set of names. Refuses to interpret; every text may be empty.

use super::{oval, xccdf};
use crate::xml::Element;

/// Elements that are skipped with all they hold: how it was checked, and texts for people.
pub(super) const SKIPPED: [&str; 14] = [
    "Profile",
    "Value",
    "check",
    "collected_objects",
    "description",
    "fix",
    "fixtext",
    "objects",
    "rationale",
    "set-value",
    "states",
    "system_data",
    "tests",
    "variables",
];

/// What was evaluated.
#[derive(Debug, Default)]
pub(super) struct Report<'e> {
    /// Version of the scanner.
    pub version: &'e str,
    /// A host, or `podman-image://…`.
    pub target: &'e str,
    pub at: &'e str,
    pub outcomes: Vec<Outcome<'e>>,
    /// Further results that the document holds.
    pub others: usize,
}

/// What came of one rule or definition.
#[derive(Debug, Default)]
pub(super) struct Outcome<'e> {
    pub id: &'e str,
    pub title: &'e str,
    pub severity: &'e str,
    pub state: State,
    pub cves: Vec<&'e str>,
    /// Packages of too low a version, each with the first one that is not.
    pub packages: Vec<(&'e str, &'e str)>,
}

/// How a rule or definition ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    /// It holds, or does not apply.
    #[default]
    Passed,
    Failed,
    /// The scanner could not tell.
    Undecided,
}

/// The results in a document, whichever they are; nothing where there are none.
pub(super) fn report(root: &Element) -> Option<Report<'_>> {
    xccdf::report(root).or_else(|| oval::report(root))
}

/// All elements of a name, none within another.
pub(super) fn all<'e>(element: &'e Element, name: &str) -> Vec<&'e Element> {
    fn gather<'e>(element: &'e Element, name: &str, found: &mut Vec<&'e Element>) {
        if element.name == name {
            found.push(element);
            return;
        }
        for child in element.children() {
            gather(child, name, found);
        }
    }
    let mut found = Vec::new();
    gather(element, name, &mut found);
    found
}
