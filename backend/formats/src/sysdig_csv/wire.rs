//! A row as Sysdig writes it, whichever its names of columns. Refuses to interpret; a column may be missing,
//! and then its cell is empty.

use crate::table::Row;

/// Columns without which it is another table, in lower case: of old reports, of new ones, of the scanner.
pub(super) const LAYOUTS: [&[&str]; 3] = [
    &["vulnerability id", "severity", "package name", "package version", "package type", "image"],
    &["vulnerability name", "vulnerability severity", "package name", "package type", "image name"],
    &["cve id", "cve severity", "package name", "package version", "package type"],
];

/// A vulnerability of a package.
pub(super) struct Finding<'t> {
    pub id: &'t str,
    pub severity: &'t str,
    pub package: &'t str,
    pub version: &'t str,
    pub kind: &'t str,
    pub path: &'t str,
    pub image: &'t str,
    pub image_id: &'t str,
    /// `debian 12.9`.
    pub os: &'t str,
    pub score: &'t str,
    pub vector: &'t str,
    pub link: &'t str,
    pub published: &'t str,
    pub fix: &'t str,
    pub exploit: &'t str,
    pub epss: &'t str,
    pub in_use: &'t str,
    pub accepted: &'t str,
}

impl<'t> Finding<'t> {
    /// What a row says.
    pub(super) fn of(row: Row<'t>) -> Self {
        Self {
            id: row.first(&["vulnerability id", "vulnerability name", "cve id"]),
            severity: row.first(&["severity", "vulnerability severity", "cve severity"]),
            package: row.cell("package name"),
            version: row.cell("package version"),
            kind: row.cell("package type"),
            path: row.cell("package path"),
            image: row.first(&["image", "image name"]),
            image_id: row.cell("image id"),
            os: row.cell("os name"),
            score: row.cell("cvss score"),
            vector: row.cell("cvss vector"),
            link: row.first(&["vuln link", "cve url"]),
            published: row.first(&["vuln publish date", "disclosure date", "vuln disclosure date"]),
            fix: row.cell("fix version"),
            exploit: row.cell("public exploit"),
            epss: row.cell("epss score"),
            in_use: row.first(&["in use", "package in use"]),
            accepted: row.cell("risk accepted"),
        }
    }
}
