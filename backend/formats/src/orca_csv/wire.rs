//! A row as Orca's console writes it. Refuses to interpret; every cell may be empty.

use crate::orca::Alert;
use crate::table::Row;

/// Columns that tell an export of alerts, in lower case.
pub(super) const LAYOUTS: [&[&str]; 1] = [&["orcascore", "title", "category", "inventory.name"]];

/// What a row says.
pub(super) fn alert<'t>(row: &Row<'t>) -> Alert<'t> {
    Alert {
        at: row.at(),
        title: row.cell("title"),
        category: row.cell("category"),
        severity: "",
        score: row.cell("orcascore"),
        status: row.cell("status"),
        resource: row.first(&["inventory.name", "source"]),
        last_seen: row.cell("lastseen"),
    }
}
