//! A row as Wiz writes it. Refuses to interpret; a column may be missing, and then its cell is empty.

use crate::table::Row;

/// Columns of vulnerability findings, in lower case.
const FINDINGS: &[&str] =
    &["wizurl", "name", "findingstatus", "detailedname", "detectionmethod", "assetname"];
/// Columns of issues.
pub(super) const ISSUES: &[&str] = &["title", "resource type", "control id", "issue id", "wiz url"];
/// What a table may list.
pub(super) const LAYOUTS: [&[&str]; 2] = [FINDINGS, ISSUES];

/// A vulnerability of something on an asset.
pub(super) struct Finding<'t> {
    pub name: &'t str,
    pub cvss_severity: &'t str,
    pub vendor_severity: &'t str,
    pub exploit: &'t str,
    /// `Open`, `Resolved`, `Ignored`.
    pub status: &'t str,
    pub reason: &'t str,
    pub last_detected: &'t str,
    pub path: &'t str,
    pub package: &'t str,
    pub version: &'t str,
    pub fix: &'t str,
    /// `Package`, `Library`, `OS`.
    pub method: &'t str,
    pub link: &'t str,
    pub asset: &'t str,
    pub asset_type: &'t str,
    /// What the cloud or the registry calls the asset.
    pub unique_id: &'t str,
    pub system: &'t str,
}

impl<'t> Finding<'t> {
    /// What a row says.
    pub(super) fn of(row: Row<'t>) -> Self {
        Self {
            name: row.cell("name"),
            cvss_severity: row.cell("cvssseverity"),
            vendor_severity: row.cell("vendorseverity"),
            exploit: row.cell("hasexploit"),
            status: row.cell("findingstatus"),
            reason: row.cell("resolutionreason"),
            last_detected: row.cell("lastdetected"),
            path: row.cell("locationpath"),
            package: row.cell("detailedname"),
            version: row.cell("version"),
            fix: row.cell("fixedversion"),
            method: row.cell("detectionmethod"),
            link: row.cell("link"),
            asset: row.cell("assetname"),
            asset_type: row.cell("assettype"),
            unique_id: row.cell("provideruniqueid"),
            system: row.cell("operatingsystem"),
        }
    }
}
