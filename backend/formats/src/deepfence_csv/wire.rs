//! ThreatMapper's tables, told by their columns. Refuses to interpret; every cell may be empty. The matched text of
//! a secret is not read.

use crate::table::{self, Row, Table};

/// What a table lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Vulnerabilities,
    Secrets,
    Malware,
    Checks,
}

/// The columns that tell each table; checks have an older layout too.
pub(super) const LAYOUTS: [(Kind, &[&str]); 5] = [
    (Kind::Vulnerabilities, &["CVE ID", "Severity", "Caused By Package", "Node Name"]),
    (Kind::Secrets, &["Filename", "Content", "Rule", "Node Name"]),
    (Kind::Malware, &["Rule Name", "File Name", "Summary", "Node Name"]),
    (Kind::Checks, &["Compliance Standard", "Control ID", "Status", "Node Name"]),
    (Kind::Checks, &["compliance_check_type", "test_number", "status", "node_name"]),
];

/// A report.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub kind: Kind,
    pub table: Table,
}

impl Report {
    /// A cell by the names of its column.
    pub(super) fn cell<'r>(&self, row: &'r Row, names: &[&str]) -> &'r str {
        self.table.cell(row, names)
    }
}

/// The table with its kind; one without rows where no layout fits.
pub(super) fn read(document: &[u8]) -> Report {
    let mut reports =
        LAYOUTS.iter().map(|(kind, columns)| Report { kind: *kind, table: table::read(document, columns) });
    reports.find(|report| report.table.has("Node Name") || report.table.has("node_name")).unwrap_or_default()
}

/// What a row is about: its vulnerability, rule or check.
pub(super) fn what<'r>(report: &Report, row: &'r Row) -> &'r str {
    match report.kind {
        Kind::Vulnerabilities => report.cell(row, &["CVE ID"]),
        Kind::Secrets => match report.cell(row, &["Name"]) {
            "" => report.cell(row, &["Rule"]),
            name => name,
        },
        Kind::Malware => report.cell(row, &["Rule Name"]),
        Kind::Checks => report.cell(row, &["Control ID", "test_number"]),
    }
}
