//! JSON is the spelling the shared mapping speaks: nothing is left to translate here. Refuses to differ
//! from what the other readers of SPDX map.

use super::wire::Document;
use crate::{Parsed, spdx};

/// The document's observations.
pub(super) fn map(document: &Document<'_>) -> Parsed {
    spdx::map(document)
}
