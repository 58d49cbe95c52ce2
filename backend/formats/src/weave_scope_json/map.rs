//! A count of the nodes of each topology. Refuses to make workloads of pods without their images: they would take the
//! place of those that the cluster's own objects tell.

use domain::scan::Tool;

use super::wire::Report;
use crate::Parsed;
use crate::warnings::Warnings;

const TOOL: &str = "weave-scope";

/// Maps a report.
pub(super) fn report(report: &Report) -> Parsed {
    let mut warnings = Warnings::default();
    let mut entries = 0_usize;
    for (name, count) in report.0.iter().filter(|(_, count)| *count > 0) {
        let nodes = if *count == 1 { "1 node was".to_owned() } else { format!("{count} nodes were") };
        let message = format!(
            "{nodes} left out of the topology {name}, which does not tell what runs with which image and how: submit \
             the objects of the cluster, as `kubectl get` prints them in JSON"
        );
        entries = entries.saturating_add(*count);
        warnings.skip_all(*count, *name, message);
    }
    if entries == 0 {
        warnings.push("", "no topology of the report has nodes");
    }
    Parsed {
        tool: Some(Tool { name: TOOL.to_owned(), version: None }),
        entries,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}
