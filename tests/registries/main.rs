//! Connectors of registries against registries that page, ask for tokens, redirect, refuse and break as real ones do.
//! Refuses to run where `tests/run` has not prepared Python, and says so.

mod asked;
mod docker_hub;
mod entered;
mod ghcr;
mod gitlab;
mod harbor;
mod inventory;
mod jfrog;
mod kept;
mod quay;
mod real;
mod whole;

use serde_json::{Value, json};
use tests::registries::{Plain, Registries};

type World = tests::synced::World<Registries<Plain>>;

/// The shop, on its base, with its papers: everything of it can be read.
fn shop() -> Value {
    json!({ "plan": "small", "hard": false })
}

/// The shop but for what may not be read, and what has papers that are not what they are said to be.
fn synced(plan: &Value) -> Option<World> {
    World::new(plan, &[("leave_out_repositories", &["closed/*", "shop/worker"])])
}
