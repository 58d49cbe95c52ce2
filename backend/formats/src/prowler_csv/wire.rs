//! A row as Prowler writes it, whichever its names of columns. Refuses to interpret; every cell may be empty.

use crate::prowler::Finding;
use crate::table::Row;
use crate::time;

/// Columns without which it is another table, in lower case: since the fourth version, of the third, of the second.
pub(super) const LAYOUTS: [&[&str]; 3] = [
    &["finding_uid", "provider", "check_id", "status", "status_extended", "resource_uid"],
    &["finding_unique_id", "provider", "check_id", "status", "status_extended", "resource_id"],
    &["account_num", "region", "title_id", "check_result", "title_text", "check_result_extended"],
];

/// What a row says.
pub(super) fn finding<'t>(row: &Row<'t>) -> Finding<'t> {
    let title = row.first(&["check_title", "title_text"]);
    // In the second version the check stands before its title: `[check11] Avoid …`.
    let inside = title.strip_prefix('[').and_then(|title| title.split_once(']'));
    let (check, title) = match (row.cell("check_id"), inside) {
        ("", Some((check, title))) => (check, title.trim()),
        (check, _) => (check, title),
    };
    Finding {
        provider: row.cell("provider"),
        account: row.first(&["account_uid", "account_id", "account_num"]),
        region: row.cell("region"),
        check,
        title,
        status: row.first(&["status", "check_result"]),
        sentence: row.first(&["status_extended", "check_result_extended"]),
        severity: row.first(&["severity", "check_severity"]),
        muted: row.cell("muted").eq_ignore_ascii_case("true"),
        service: row.first(&["service_name", "check_servicename"]),
        kind: row.first(&["resource_type", "check_asff_resource_type"]),
        resource: row.first(&["resource_uid", "resource_arn"]),
        name: row.first(&["resource_name", "resource_id", "check_resource_id"]),
        details: row.cell("resource_details"),
        categories: row.cell("categories"),
        at: time::parse(row.first(&["timestamp", "assessment_start_time"])),
        found: None,
    }
}
