//! A row as Orca's console writes it. Refuses to interpret; every cell may be empty.

use crate::orca::Alert;
use crate::table::{Row, Table};

/// Columns that tell an export of alerts.
pub(super) const COLUMNS: [&str; 4] = ["OrcaScore", "Title", "Category", "Inventory.Name"];

/// Its rows.
pub(super) fn alerts(table: &Table) -> Vec<Alert<'_>> {
    table.rows.iter().map(|row| alert(table, row)).collect()
}

fn alert<'t>(table: &Table, row: &'t Row) -> Alert<'t> {
    let cell = |name: &str| table.cell(row, &[name]);
    let resources = [cell("Inventory.Name"), cell("Source")];
    Alert {
        at: format!("line {}", row.line),
        title: cell("Title"),
        category: cell("Category"),
        severity: "",
        score: cell("OrcaScore"),
        status: cell("Status"),
        resource: resources.into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
        last_seen: cell("LastSeen"),
    }
}
