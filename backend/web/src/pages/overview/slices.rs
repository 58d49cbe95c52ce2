//! The slices of the exposure with their words. Refuses a slice without a hint: what it holds must be said.

use crate::charts::{Amount, Slice, Slices};
use crate::pages::words::hazard;

/// The slices, what nobody has looked at hatched.
pub(super) fn slices(slices: &store::overview::Slices) -> Slices {
    let slice = |part, hint, amount| {
        let (label, role, hatched) = hazard(part);
        Slice { label, hint, href: String::new(), amount, role, hatched }
    };
    let runtime = Amount::known_or(slices.runtime, "no sensor");
    let unseen = "What nobody has looked at, counted as worse than average";
    Slices::new(
        vec![
            slice("known", "Findings in images that run", Amount::Of(slices.known)),
            slice("config", "Settings and credentials that open a way in", Amount::Of(slices.config)),
            slice("kernel", "What a neighbour on the same node could pass on", Amount::Of(slices.kernel)),
            slice("runtime", "Alerts from running containers", runtime),
            slice("gap", unseen, Amount::Of(slices.gap)),
        ],
        "critical-asset equivalents",
    )
}
