//! Dockle's report to the checks that both of its outputs tell. Refuses the counts of its summary: the checks say
//! the same.

use super::wire::Report;
use crate::Parsed;
use crate::dockle::{self, Detail};
use crate::warnings::Warnings;

/// Maps a report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let target = dockle::target(&report.image, &mut warnings);
    let details = report.details.iter().enumerate().map(|(number, detail)| Detail {
        code: &detail.code,
        title: &detail.title,
        level: &detail.level,
        alerts: detail.alerts.iter().map(|alert| &**alert).collect(),
        at: format!("details[{number}]"),
    });
    let details: Vec<Detail<'_>> = details.collect();
    dockle::report(target, &details, warnings)
}
