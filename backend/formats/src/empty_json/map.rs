//! What an empty document says: nothing. Refuses to take it for a clean scan of whatever it was handed in for.

use super::wire::Nothing;
use crate::Parsed;
use crate::warnings::Warnings;

/// Tells that nothing was said, and what to do.
pub(super) fn nothing(nothing: Nothing) -> Parsed {
    let what = match nothing {
        Nothing::List => "list",
        Nothing::Object => "object",
    };
    let mut warnings = Warnings::default();
    warnings.push(
        "",
        format!(
            "an empty {what} names neither the tool that wrote it nor what was looked at, so nothing counts as \
             checked: submit a report that names its image"
        ),
    );
    Parsed { warnings: warnings.into_vec(), ..Parsed::default() }
}
