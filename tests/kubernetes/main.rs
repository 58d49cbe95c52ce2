//! The Kubernetes connector against API servers that page, forget, refuse and break as real ones do. Refuses to run
//! where `tests/run` has not prepared Python, and says so.

#![expect(clippy::panic, reason = "a test may fail loudly")]

mod admission;
mod checked;
mod collected;
mod entered;
mod followed;
mod inventory;
mod kept;
mod policies;
mod reports;
mod secured;
mod whole;

use serde_json::{Value, json};
use tests::kubernetes::Kubernetes;

type World = tests::synced::World<Kubernetes>;

/// Three clusters, of which everything was seen once.
fn synced(plan: &Value) -> Option<World> {
    World::new(plan, &[("contexts", &["*"])])
}

/// Runs a test over such clusters, in a database of each product.
fn on_each_database(plan: &Value, test: impl Fn(&World)) {
    World::on_each_database(plan, &[("contexts", &["*"])], test);
}

/// The usual estate.
fn small() -> Value {
    json!("small")
}
