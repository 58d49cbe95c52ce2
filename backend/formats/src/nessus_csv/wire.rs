//! Rows of Tenable's tables under one set of names. Refuses to interpret; every cell may be empty.

use crate::nessus::Item;
use crate::table::Row;

/// Columns that tell each layout, in lower case: Nessus, Security Center, Vulnerability Management.
pub(super) const LAYOUTS: [&[&str]; 3] = [
    &["plugin id", "cve", "risk", "host", "plugin output"],
    &["plugin", "plugin name", "severity", "ip address", "plugin output"],
    &["definition.id", "definition.name", "asset.name", "severity"],
];

/// What a row says.
pub(super) fn item<'t>(row: &Row<'t>) -> Item<'t> {
    let cves = row.first(&["cve", "definition.cve"]).split([',', ';', '\n']);
    Item {
        at: row.at(),
        plugin: row.first(&["plugin id", "plugin", "definition.id"]),
        name: row.first(&["name", "plugin name", "definition.name"]),
        severity: row.first(&["risk", "severity"]),
        state: row.first(&["vulnerability state", "state"]),
        cves: cves.map(str::trim).filter(|id| !id.is_empty()).collect(),
        exploit: row.first(&["exploit available", "exploit?"]),
        output: row.first(&["plugin output", "output"]),
        seen: row.first(&["host end", "last observed", "last_seen"]),
    }
}
