//! Azure under the sync engine. Refuses to look at what the connector answered: `asked` does.

use serde_json::Value;
use tests::azure::Azure;
use tests::cloud::Settings;

/// An Azure, a database and a source that was synced whole once.
pub(crate) type World = tests::synced::World<Azure>;

/// What every source here is told: a registry that lets nobody in would leave each run partial, and papers that are
/// not what they say too.
const SETTINGS: Settings<'_> = &[("leave_out_registries", &["sealed"]), ("leave_out", &["acr-attached"])];

/// Over a tenant of this plan.
pub(crate) fn synced(plan: &Value) -> Option<World> {
    World::new(plan, SETTINGS)
}
