//! JSON is the spelling the shared mapping speaks: nothing is left to translate here. Refuses to differ
//! from what the XML reader maps.

use super::wire::Bom;
use crate::Parsed;
use crate::cyclonedx;

/// The document's observations.
pub(super) fn map(bom: &Bom<'_>) -> Parsed {
    cyclonedx::map(bom)
}
