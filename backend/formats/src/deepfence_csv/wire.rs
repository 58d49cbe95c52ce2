//! ThreatMapper's tables, told by their columns. Refuses to interpret; every cell may be empty. The matched text of
//! a secret is not read.

use crate::table::{Row, Table};

/// What a table lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Vulnerabilities,
    Secrets,
    Malware,
    Checks,
}

/// The columns that tell each table, in lower case; checks have an older layout too.
const LAYOUTS: [(Kind, &[&str]); 5] = [
    (Kind::Vulnerabilities, &["cve id", "severity", "caused by package", "node name"]),
    (Kind::Secrets, &["filename", "content", "rule", "node name"]),
    (Kind::Malware, &["rule name", "file name", "summary", "node name"]),
    (Kind::Checks, &["compliance standard", "control id", "status", "node name"]),
    (Kind::Checks, &["compliance_check_type", "test_number", "status", "node_name"]),
];

/// The columns of each table.
pub(super) fn layouts() -> [&'static [&'static str]; 5] {
    LAYOUTS.map(|(_, columns)| columns)
}

/// What a table lists, by its columns.
pub(super) fn kind(table: &Table<'_>) -> Kind {
    let found = LAYOUTS.iter().find(|(_, columns)| table.has(columns));
    found.map(|(kind, _)| *kind).unwrap_or_default()
}

/// What a row is about: its vulnerability, rule or check.
pub(super) fn what<'t>(kind: Kind, row: &Row<'t>) -> &'t str {
    match kind {
        Kind::Vulnerabilities => row.cell("cve id"),
        Kind::Secrets => row.first(&["name", "rule"]),
        Kind::Malware => row.cell("rule name"),
        Kind::Checks => row.first(&["control id", "test_number"]),
    }
}
