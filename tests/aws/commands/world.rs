//! Commands over an AWS. Refuses an organisation that a debug build would take long to read.

use serde_json::{Value, json};
use tests::aws::Aws;

/// An AWS and a directory with settings.
pub(crate) type World = tests::commands::World<Aws>;

/// An organisation that a debug build reads in a second or two. One platform an image: a tag alone does not say
/// which of several runs.
pub(crate) fn little(accounts: u32) -> Value {
    json!({ "accounts": accounts, "repositories": 3, "findings": 6, "architectures": 1 })
}

/// One with a source `prod` over the whole organisation.
pub(crate) fn world(accounts: u32) -> Option<World> {
    World::new(&little(accounts), &[])
}
