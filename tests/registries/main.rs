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
mod signed;
mod whole;

use serde_json::{Value, json};
use tests::registries::{Plain, Registries};
use tests::synced;

type World = tests::synced::World<Registries<Plain>>;

/// The shop, on its base, with its papers: everything of it can be read.
fn shop() -> Value {
    json!({ "plan": "small", "hard": false })
}

/// The reports of a vendor's scanner are read, and their images count as scanned by it, with what it found.
#[track_caller]
fn scanned_by<C: tests::cloud::Cloud>(world: &synced::World<C>, tool: &str) {
    assert_eq!(world.number("SELECT COUNT(*) FROM documents WHERE state = 'failed'"), 0);
    let scans = world.number(&format!("SELECT COUNT(*) FROM scans WHERE tool = '{tool}' AND NOT superseded"));
    let images = world.number(&format!("SELECT COUNT(DISTINCT image_id) FROM scans WHERE tool = '{tool}'"));
    assert!(images > 3 && scans == images, "{scans} scans of {images} images");
    let found = "SELECT COUNT(*) FROM findings f JOIN images i ON i.id = f.image_id \
                 WHERE f.closed_at IS NULL AND i.last_scanned_at IS NOT NULL";
    assert!(world.number(found) > 3, "{tool} found nothing");
}

/// The shop but for what may not be read, and what has papers that are not what they are said to be.
fn synced(plan: &Value) -> Option<World> {
    World::new(plan, &[("leave_out_repositories", &["closed/*", "shop/worker"])])
}
