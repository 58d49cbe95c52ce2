//! The rows of Qualys' tables under one set of names. Refuses to interpret; every cell may be empty.

use crate::table::{self, Row, Table};

/// Columns that tell each layout: the scan report, and VMDR's list.
pub(super) const LAYOUTS: [&[&str]; 2] = [
    &["IP", "QID", "Title", "Severity", "Vuln Status"],
    &["QID", "Title", "Severity", "Asset Id", "Asset Name"],
];

/// What was detected on a host.
#[derive(Debug)]
pub(super) struct Detection<'a> {
    pub line: u64,
    pub qid: &'a str,
    pub title: &'a str,
    /// `1` to `5`.
    pub severity: &'a str,
    /// `Vuln`, `Practice` or `Ig`, which only informs; VMDR's list holds none of those.
    pub kind: &'a str,
    pub status: &'a str,
    pub ignored: bool,
    /// CVEs, between commas.
    pub cves: &'a str,
    pub host: &'a str,
    pub port: &'a str,
    pub protocol: &'a str,
    pub last_detected: &'a str,
    pub description: &'a str,
}

/// The table, whichever its layout.
pub(super) fn read(document: &[u8]) -> Table {
    let mut tables = LAYOUTS.iter().map(|columns| table::read(document, columns));
    tables.find(|table| table.has("QID")).unwrap_or_default()
}

/// Its rows.
pub(super) fn detections(table: &Table) -> Vec<Detection<'_>> {
    table.rows.iter().map(|row| detection(table, row)).collect()
}

fn detection<'a>(table: &Table, row: &'a Row) -> Detection<'a> {
    let cell = |names: &[&str]| match table.cell(row, names) {
        // Spreadsheets are kept from reading a dash as a formula.
        "'-" | "-" => "",
        cell => cell,
    };
    let yes = |name: &str| cell(&[name]).eq_ignore_ascii_case("yes");
    let hosts = [cell(&["Asset Name", "DNS"]), cell(&["IP", "Asset IPV4"]), cell(&["Asset IPV6"])];
    Detection {
        line: row.line,
        qid: cell(&["QID"]),
        title: cell(&["Title"]),
        severity: cell(&["Severity"]),
        kind: cell(&["Type"]),
        status: cell(&["Vuln Status", "Status"]),
        ignored: yes("Ignored") || yes("Disabled"),
        cves: cell(&["CVE ID", "CVE"]),
        host: hosts.into_iter().find(|host| !host.is_empty()).unwrap_or_default(),
        port: cell(&["Port"]),
        protocol: cell(&["Protocol"]),
        last_detected: cell(&["Last Detected"]),
        description: cell(&["CVE-Description", "Threat"]),
    }
}
