//! The columns of the tables, which CVSS-BT writes in lower case and joins do not. Refuses to interpret; every cell may be
//! empty.

use crate::table::{self, Row, Table};

/// Who makes a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Maker {
    #[default]
    CvssBt,
    /// Somebody, who takes the CVEs from KEV.
    Join,
}

/// The columns that tell each table.
pub(super) const LAYOUTS: [(Maker, &[&str]); 2] = [
    (Maker::CvssBt, &["cve", "cvss-bt_score", "epss", "exploitdb", "metasploit"]),
    (Maker::Join, &["CVE", "CVSS3", "EPSS", "Description"]),
];

/// Columns that say that an exploit is known.
pub(super) const EXPLOITS: [&str; 6] =
    ["cisa_kev", "vulncheck_kev", "exploitdb", "metasploit", "nuclei", "poc_github"];

/// A table with who makes it.
#[derive(Debug, Default)]
pub(super) struct List {
    pub maker: Maker,
    pub table: Table,
}

impl List {
    /// The cell of a row in the first of these columns that there is.
    pub(super) fn cell<'r>(&self, row: &'r Row, names: &[&str]) -> &'r str {
        self.table.cell(row, names)
    }
}

/// The table with its maker; one without rows where no layout fits.
pub(super) fn read(document: &[u8]) -> List {
    let mut lists =
        LAYOUTS.iter().map(|(maker, columns)| List { maker: *maker, table: table::read(document, columns) });
    lists.find(|list| list.table.has("cve") || list.table.has("CVE")).unwrap_or_default()
}
