//! A count of the packages that an index lists, with where the first one's document lies. Refuses to take an index for the
//! statements themselves.

use super::wire::Index;
use crate::Parsed;
use crate::error::clip;
use crate::warnings::Warnings;

/// Maps an index.
pub(super) fn index(index: &Index<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let entries = index.packages.len();
    if entries == 0 {
        warnings.push("packages", "the index lists no packages");
    } else {
        let packages = if entries == 1 { "1 package".to_owned() } else { format!("{entries} packages") };
        let located = index.packages.iter().find_map(|package| package.location.filled());
        let first = located.map(|location| format!(", such as `{}`", clip(location))).unwrap_or_default();
        let message = format!(
            "an index says where statements on {packages} lie and not what they say: submit the documents \
             themselves{first}"
        );
        warnings.skip_all(entries, "packages", message);
    }
    Parsed { entries, skipped: warnings.skipped(), warnings: warnings.into_vec(), ..Parsed::default() }
}
