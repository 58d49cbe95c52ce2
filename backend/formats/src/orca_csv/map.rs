//! Rows as findings, as all of Orca's lists are mapped. Refuses nothing by itself.

use crate::Parsed;
use crate::orca::{self, Alert};

/// Maps all rows.
pub(super) fn alerts(all: &[Alert<'_>]) -> Parsed {
    orca::alerts(all)
}
