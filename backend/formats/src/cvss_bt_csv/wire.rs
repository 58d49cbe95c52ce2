//! The columns of the tables. Refuses to interpret; every cell may be empty.

use crate::table::Table;

/// Who makes a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Maker {
    #[default]
    CvssBt,
    /// Somebody, who takes the CVEs from KEV.
    Join,
}

/// The columns that tell each table, in lower case.
const LAYOUTS: [(Maker, &[&str]); 2] = [
    (Maker::CvssBt, &["cve", "cvss-bt_score", "epss", "exploitdb", "metasploit"]),
    (Maker::Join, &["cve", "cvss3", "epss", "description"]),
];

/// Columns that say that an exploit is known.
pub(super) const EXPLOITS: [&str; 6] =
    ["cisa_kev", "vulncheck_kev", "exploitdb", "metasploit", "nuclei", "poc_github"];

/// The columns of each table.
pub(super) fn layouts() -> [&'static [&'static str]; 2] {
    LAYOUTS.map(|(_, columns)| columns)
}

/// Who makes a table, by its columns.
pub(super) fn maker(table: &Table<'_>) -> Maker {
    let found = LAYOUTS.iter().find(|(_, columns)| table.has(columns));
    found.map(|(maker, _)| *maker).unwrap_or_default()
}
