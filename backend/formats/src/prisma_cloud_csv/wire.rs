//! A row as the console writes it. Refuses to interpret; a column may be missing, and then its cell is empty.

use crate::table::Row;

/// Columns without which it is another table, in lower case.
pub(super) const LAYOUTS: [&[&str]; 1] =
    [&["repository", "tag", "id", "cve id", "compliance id", "packages", "fix status"]];

/// A vulnerability in packages of an image, or a check that it failed.
pub(super) struct Finding<'t> {
    pub registry: &'t str,
    pub repository: &'t str,
    pub tag: &'t str,
    /// The image's id.
    pub id: &'t str,
    pub distro: &'t str,
    pub scan_time: &'t str,
    pub cve: &'t str,
    pub compliance: &'t str,
    /// The kind of the packages; two columns have this name in some releases, and this is the last.
    pub kind: &'t str,
    pub severity: &'t str,
    /// One name or several between commas.
    pub packages: &'t str,
    pub source: &'t str,
    pub version: &'t str,
    pub licence: &'t str,
    pub fix: &'t str,
    pub factors: &'t str,
    pub description: &'t str,
    pub cause: &'t str,
    pub published: &'t str,
}

impl<'t> Finding<'t> {
    /// What a row says.
    pub(super) fn of(row: Row<'t>) -> Self {
        Self {
            registry: row.cell("registry"),
            repository: row.cell("repository"),
            tag: row.cell("tag"),
            id: row.cell("id"),
            distro: row.cell("distro"),
            scan_time: row.cell("scan time"),
            cve: row.cell("cve id"),
            compliance: row.cell("compliance id"),
            kind: row.cell("type"),
            severity: row.cell("severity"),
            packages: row.cell("packages"),
            source: row.cell("source package"),
            version: row.cell("package version"),
            licence: row.cell("package license"),
            fix: row.cell("fix status"),
            factors: row.cell("risk factors"),
            description: row.cell("description"),
            cause: row.cell("cause"),
            published: row.cell("published"),
        }
    }
}
