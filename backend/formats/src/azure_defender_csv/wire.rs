//! A row by the names of its columns. Refuses to interpret; empty cells are not stated.

use crate::table::Row;

/// The columns that tell the table.
pub(super) const LAYOUTS: [&[&str]; 1] =
    [&["recommendationid", "recommendationname", "resourceid", "severity", "state"]];

/// An assessment of a resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assessment<'t> {
    pub exported_at: &'t str,
    pub subscription: &'t str,
    /// `storageaccounts`; empty of a subscription.
    pub kind: &'t str,
    pub resource: &'t str,
    /// The recommendation's key, or else the assessment's id.
    pub key: &'t str,
    pub title: &'t str,
    pub severity: &'t str,
    /// `Healthy`, `Unhealthy`, `NotApplicable`.
    pub state: &'t str,
    pub reason: &'t str,
}

impl<'t> Assessment<'t> {
    pub(super) fn of(row: Row<'t>) -> Self {
        Self {
            exported_at: row.cell("exportedtimestamp"),
            subscription: row.cell("subscriptionid"),
            kind: row.cell("resourcetype"),
            resource: row.cell("resourceid"),
            key: row.first(&["recommendationname", "recommendationid"]),
            title: row.cell("recommendationdisplayname"),
            severity: row.cell("severity"),
            state: row.cell("state"),
            reason: row.cell("notapplicablereason"),
        }
    }
}
