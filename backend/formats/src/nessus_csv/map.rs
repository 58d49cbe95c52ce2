//! Rows as findings, as all reports of Nessus are mapped. Refuses nothing by itself.

use crate::Parsed;
use crate::nessus::{self, Item};

/// Maps all rows.
pub(super) fn items(all: &[Item<'_>]) -> Parsed {
    nessus::items(all)
}
