//! The rows of Qualys' tables under one set of names. Refuses to interpret; every cell may be empty.

use crate::table::Row;

/// Columns that tell each layout, in lower case: the scan report, and VMDR's list.
pub(super) const LAYOUTS: [&[&str]; 2] = [
    &["ip", "qid", "title", "severity", "vuln status"],
    &["qid", "title", "severity", "asset id", "asset name"],
];

/// What was detected on a host.
#[derive(Debug)]
pub(super) struct Detection<'a> {
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

/// What a row says.
pub(super) fn detection<'t>(row: &Row<'t>) -> Detection<'t> {
    let first = |names: &[&str]| match row.first(names) {
        // Spreadsheets are kept from reading a dash as a formula.
        "'-" | "-" => "",
        cell => cell,
    };
    let yes = |name: &str| first(&[name]).eq_ignore_ascii_case("yes");
    let hosts = [first(&["asset name", "dns"]), first(&["ip", "asset ipv4"]), first(&["asset ipv6"])];
    Detection {
        qid: first(&["qid"]),
        title: first(&["title"]),
        severity: first(&["severity"]),
        kind: first(&["type"]),
        status: first(&["vuln status", "status"]),
        ignored: yes("ignored") || yes("disabled"),
        cves: first(&["cve id", "cve"]),
        host: hosts.into_iter().find(|host| !host.is_empty()).unwrap_or_default(),
        port: first(&["port"]),
        protocol: first(&["protocol"]),
        last_detected: first(&["last detected"]),
        description: first(&["cve-description", "threat"]),
    }
}
