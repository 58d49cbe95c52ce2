//! A count of machines. Refuses to make nodes of them: nothing tells which of them is a node of which cluster.

use domain::scan::Tool;

use super::wire::Page;
use crate::Parsed;
use crate::warnings::Warnings;

/// What findings on these machines are attributed to.
const TOOL: &str = "ms-defender";

/// Maps a page.
pub(super) fn page(page: &Page<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let entries = page.value.len();
    let machines = if entries == 1 { "1 machine was".to_owned() } else { format!("{entries} machines were") };
    if entries > 0 {
        let message = format!(
            "{machines} counted and left out: nothing is judged by this list yet, and what was found on them stands \
             in Defender's list of vulnerabilities"
        );
        warnings.skip_all(entries, "value", message);
    } else {
        warnings.push("value", "the list holds no machines");
    }
    if !page.next_link.is_empty() {
        warnings.push("@odata.nextLink", "the list goes on: its next page is missing");
    }
    Parsed {
        tool: Some(Tool { name: TOOL.to_owned(), version: None }),
        entries,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}
