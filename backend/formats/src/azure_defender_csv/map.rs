//! Recommendations in our words: a scan for each resource. Refuses to take a table for all that was assessed: it holds
//! what its filters let through, and does not state them.

use domain::scan::{ScanBuilder, Tool};

use super::wire::Assessment;
use crate::azure_defender::TOOL;
use crate::checks::Check;
use crate::error::clip;
use crate::table::Table;
use crate::targets::Targets;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Error, Parsed, time};

const FILTERED: &str = "a table lists what its filters let through, and does not state them";
/// How the name of a subscription begins where it is the resource.
const SUBSCRIPTION: &str = "/subscriptions/";

/// Maps a table.
///
/// # Errors
/// When none of its rows can be read.
pub(super) fn recommendations(mut table: Table<'_>) -> Result<Parsed, Error> {
    let tool = Tool { name: TOOL.to_owned(), version: None };
    let (mut targets, mut warnings, mut entries) = (Targets::new(&tool, FILTERED), Warnings::default(), 0);
    while let Some(row) = table.row(&mut warnings)? {
        let stated = Assessment::of(row);
        let aside = match stated.state.to_ascii_lowercase().as_str() {
            "unhealthy" => None,
            "notapplicable" => Some(reason(&stated)),
            "healthy" => {
                scan(&stated, &mut targets, &mut warnings);
                continue;
            }
            other => {
                let message = format!("an assessment of the unknown state `{}` was passed over", clip(other));
                warnings.push(row.at(), message);
                continue;
            }
        };
        entries += 1;
        let check = Check {
            id: stated.key,
            severity: stated.severity,
            title: stated.title,
            aside,
            ..Check::default()
        };
        if let Some(finding) = check.finding(&|| row.at(), &mut warnings) {
            scan(&stated, &mut targets, &mut warnings).finding(finding);
        }
    }
    if table.listed() == 0 {
        warnings.push("line 1", "the table is empty, so nothing is recorded as checked");
    }
    Ok(Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: targets.build(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    })
}

/// The scan of the resource that was assessed.
fn scan<'s>(
    stated: &Assessment<'_>,
    targets: &'s mut Targets,
    warnings: &mut Warnings,
) -> &'s mut ScanBuilder {
    let kind = match stated.kind {
        "" if stated.resource.strip_prefix(SUBSCRIPTION) == Some(stated.subscription) => "subscription",
        "" => "resource",
        kind => kind,
    };
    let kind = bounded(kind, "type of a resource", warnings);
    let scan = targets.of(&kind, &bounded(stated.resource, "id of a resource", warnings));
    scan.scan_mut().scanned_at = scan.scan_mut().scanned_at.max(time::parse(stated.exported_at));
    scan
}

/// Why an assessment was not made, or does not count.
fn reason(stated: &Assessment<'_>) -> String {
    let reason = if stated.reason.is_empty() { "no reason" } else { stated.reason };
    format!("not applicable in Defender for Cloud: {reason}")
}
