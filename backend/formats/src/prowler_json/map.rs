//! Findings of both versions to what every document of Prowler's says. Refuses nothing that they hold.

use super::wire::Row;
use crate::prowler::{Finding, Mapper};
use crate::{Parsed, time};

/// Maps all findings.
pub(super) fn rows(rows: &[Row<'_>]) -> Parsed {
    let mut mapper = Mapper::default();
    for (number, row) in rows.iter().enumerate() {
        mapper.add(&finding(row), &|| format!("[{number}]"));
    }
    mapper.build(None)
}

fn finding<'r>(row: &'r Row<'_>) -> Finding<'r> {
    let inside = row.check_title.strip_prefix('[').and_then(|title| title.split_once(']'));
    let (check, title) = match inside {
        Some((check, title)) if row.check.is_empty() => (check, title.trim()),
        _ => (&*row.check, &*row.check_title),
    };
    Finding {
        provider: &row.provider,
        account: &row.account_id,
        region: &row.region,
        check,
        title,
        status: &row.status,
        sentence: &row.status_extended,
        severity: &row.severity,
        service: &row.service_name,
        kind: &row.resource_type,
        resource: &row.resource_arn,
        name: &row.resource_id,
        at: time::parse(&row.assessment_start_time),
        ..Finding::default()
    }
}
