//! Whether Defender scans what is pushed to registries: its plan for containers, and the part of it that does so.
//! Refuses plans that were retired: what they were replaced by speaks.

use serde::Deserialize;

use crate::Failure;
use crate::azure::ask::Ask;
use crate::azure::wire::{Resource, nullable};

/// The version of the manager's interface.
pub(super) const VERSION: &str = "2024-01-01";
const ACTION: &str = "Microsoft.Security/pricings/read";
const PLAN: &str = "Containers";
const PART: &str = "ContainerRegistriesVulnerabilityAssessments";

/// How Defender is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scanning {
    /// Whether it scans what is pushed.
    pub(super) on_push: bool,
    /// For people.
    pub(super) words: &'static str,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Pricing {
    #[serde(deserialize_with = "nullable")]
    pricing_tier: String,
    #[serde(deserialize_with = "nullable")]
    extensions: Vec<Part>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Part {
    name: String,
    is_enabled: String,
}

/// Asks for it.
///
/// # Errors
/// When it is not told.
pub(super) async fn read(ask: &Ask<'_>) -> Result<Scanning, Failure> {
    let plans: Vec<Resource<Pricing>> =
        ask.list(ACTION, &ask.below("Microsoft.Security/pricings"), VERSION).await?;
    Ok(of(&plans))
}

/// From the plans of a subscription; one that is not told is free, which scans nothing.
pub(super) fn of(plans: &[Resource<Pricing>]) -> Scanning {
    let plan = plans.iter().find(|plan| plan.name == PLAN).map(|plan| &plan.properties);
    let paid = plan.filter(|plan| plan.pricing_tier.eq_ignore_ascii_case("Standard"));
    let part = paid.and_then(|plan| plan.extensions.iter().find(|part| part.name == PART));
    match (paid, part) {
        (None, _) => Scanning { on_push: false, words: "Defender for Containers is off" },
        (Some(_), Some(part)) if !part.is_enabled.eq_ignore_ascii_case("true") => {
            Scanning { on_push: false, words: "Defender for Containers without registries" }
        }
        (Some(_), _) => Scanning { on_push: true, words: "Defender for Containers" },
    }
}
