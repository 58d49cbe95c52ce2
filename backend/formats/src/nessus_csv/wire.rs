//! Rows of Tenable's tables under one set of names. Refuses to interpret; every cell may be empty.

use crate::nessus::Item;
use crate::table::{self, Row, Table};

/// Columns that tell each layout: Nessus, Security Center, Vulnerability Management.
pub(super) const LAYOUTS: [&[&str]; 3] = [
    &["Plugin ID", "CVE", "Risk", "Host", "Plugin Output"],
    &["Plugin", "Plugin Name", "Severity", "IP Address", "Plugin Output"],
    &["definition.id", "definition.name", "asset.name", "severity"],
];

/// The table, whichever its layout.
pub(super) fn read(document: &[u8]) -> Table {
    let mut tables = LAYOUTS.iter().map(|columns| (columns, table::read(document, columns)));
    let known = tables.find(|(columns, table)| columns.first().is_some_and(|column| table.has(column)));
    known.map(|(_, table)| table).unwrap_or_default()
}

/// Its rows.
pub(super) fn items(table: &Table) -> Vec<Item<'_>> {
    table.rows.iter().map(|row| item(table, row)).collect()
}

fn item<'t>(table: &Table, row: &'t Row) -> Item<'t> {
    let cell = |names: &[&str]| table.cell(row, names);
    let cves = cell(&["CVE", "definition.cve"]).split([',', ';', '\n']);
    Item {
        at: format!("line {}", row.line),
        plugin: cell(&["Plugin ID", "Plugin", "definition.id"]),
        name: cell(&["Name", "Plugin Name", "definition.name"]),
        severity: cell(&["Risk", "severity", "Severity"]),
        state: cell(&["Vulnerability State", "state"]),
        cves: cves.map(str::trim).filter(|id| !id.is_empty()).collect(),
        exploit: cell(&["Exploit Available", "Exploit?"]),
        output: cell(&["Plugin Output", "output"]),
        seen: cell(&["Host End", "Last Observed", "last_seen"]),
    }
}
