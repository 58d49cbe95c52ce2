//! What Dockle prints to the checks that both of its outputs tell. Refuses to name an image: none is printed.

use domain::scan::Target;

use super::wire::Report;
use crate::Parsed;
use crate::dockle::{self, Detail};
use crate::warnings::Warnings;

/// Maps all that was printed.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    for line in &report.unread {
        warnings.push(format!("line {line}"), "a check without a level was passed over");
    }
    let details = report.checks.iter().map(|check| Detail {
        code: check.code,
        title: check.title,
        level: check.level,
        alerts: check.alerts.clone(),
        at: format!("line {}", check.line),
    });
    let details: Vec<Detail<'_>> = details.collect();
    dockle::report(Target::Unstated, &details, warnings)
}
