//! A count of the controls that failed. Refuses to make findings of sums: nothing tells what failed them.

use domain::scan::Tool;

use super::wire::Summary;
use crate::Parsed;
use crate::aside::Aside;
use crate::error::clip;
use crate::warnings::Warnings;

/// What findings of Kubescape are attributed to.
const TOOL: &str = "kubescape";
const WHY: &str = "sums name no cluster and no resource that failed, so submit the whole report";

/// Maps the sums of a scan.
pub(super) fn summary(summary: &Summary<'_>) -> Parsed {
    let (mut aside, mut warnings, mut entries) = (Aside::default(), Warnings::default(), 0);
    for (id, control) in &summary.controls {
        let at = || format!("controls.{}", clip(id));
        match control.status_info.status.filled().unwrap_or(&control.status) {
            "failed" => {
                entries += 1;
                aside.put("of Kubescape's controls".to_owned(), WHY, at);
            }
            "passed" | "skipped" | "excluded" | "ignored" | "irrelevant" => {}
            other => {
                let message = format!("a control of the unknown state `{}` was passed over", clip(other));
                warnings.push(at(), message);
            }
        }
    }
    if summary.controls.is_empty() {
        warnings.push("controls", "the summary lists no controls");
    }
    aside.tell(&mut warnings);
    Parsed {
        tool: Some(Tool { name: TOOL.to_owned(), version: None }),
        entries,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}
