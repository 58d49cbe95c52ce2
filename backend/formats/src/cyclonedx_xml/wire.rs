//! A CycloneDX document as a tree of the elements that are used. Refuses what [`xml`] refuses.

use super::KIND;
use crate::Error;
use crate::xml;

pub(super) use crate::xml::{Element, root_name};

/// Elements that are skipped with all they hold.
const SKIPPED: [&str; 16] = [
    "annotations",
    "compositions",
    "credits",
    "cryptoProperties",
    "declarations",
    "definitions",
    "dependencies",
    "externalReferences",
    "formulation",
    "hashes",
    "modelCard",
    "pedigree",
    "releaseNotes",
    "services",
    "signature",
    "swid",
];

/// Reads a document into its outermost element.
///
/// # Errors
/// Those of [`xml::read`].
pub(super) fn read(document: &[u8]) -> Result<Element, Error> {
    xml::read(document, KIND, &SKIPPED)
}
