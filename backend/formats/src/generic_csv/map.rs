//! Rows as findings, as every list of one's own is mapped. Refuses nothing by itself.

use crate::Parsed;
use crate::generic::{self, Entry};
use crate::warnings::Warnings;

/// Maps all rows.
pub(super) fn entries(all: &[Entry], warnings: Warnings) -> Parsed {
    generic::findings(all, "", warnings)
}
