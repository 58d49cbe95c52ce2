//! An AWS, a directory with settings, and commands with the keys that open it. Refuses the keys of whoever
//! runs the tests.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::{Options, Store};
use tempfile::TempDir;
use tests::aws::{Aws, Estate};
use tests::run::{Ended, command, finish};
use tests::started::Started;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// An AWS and a directory.
pub(crate) struct World {
    pub(crate) aws: Aws,
    pub(crate) estate: Estate,
    pub(crate) folder: TempDir,
}

/// An organisation that a debug build reads in a second or two. One platform an image: a tag alone does not say
/// which of several runs.
pub(crate) fn little(accounts: u32) -> Value {
    json!({ "accounts": accounts, "repositories": 3, "findings": 6, "architectures": 1 })
}

impl World {
    /// One with a source `prod` over the whole organisation, in `plimsoll.toml`.
    pub(crate) fn new(accounts: u32) -> Option<Self> {
        let aws = Aws::start()?;
        let estate = aws.seed(&little(accounts));
        let world = Self { aws, estate, folder: tempfile::tempdir().unwrap() };
        world.settle("plimsoll.toml", &world.source("prod", ""));
        Some(world)
    }

    /// A source as the settings file has it, with more lines of its own.
    pub(crate) fn source(&self, name: &str, more: &str) -> String {
        let Estate { role, external_id, regions, .. } = &self.estate;
        let accounts = if more.contains("accounts") { "" } else { "organisation = true\n" };
        format!(
            "[[sources]]\nname = \"{name}\"\nkind = \"aws\"\nendpoint = \"{}\"\nrole = \"{role}\"\n\
             external_id = \"{external_id}\"\nregions = {regions:?}\n{accounts}{more}\n",
            self.aws.address
        )
    }

    /// Writes a settings file.
    pub(crate) fn settle(&self, file: &str, text: &str) {
        std::fs::write(self.folder.path().join(file), text).unwrap();
    }

    /// A command with `plimsoll.toml` and the keys of the management account.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(self.folder.path(), ["--config", "plimsoll.toml"].iter().chain(arguments));
        command
            .env("AWS_ACCESS_KEY_ID", &self.estate.access_key)
            .env("AWS_SECRET_ACCESS_KEY", &self.estate.secret_key)
            .env("XDG_STATE_HOME", self.folder.path().join("state"))
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env_remove("AWS_PROFILE")
            .env_remove("AWS_SESSION_TOKEN");
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        finish(self.command(arguments), None)
    }

    /// Starts it.
    pub(crate) fn start(&self, arguments: &[&str]) -> Started {
        Started::new(self.command(arguments))
    }

    /// The address of an SQLite file in the directory.
    pub(crate) fn sqlite(&self, name: &str) -> String {
        format!("sqlite://{}", self.folder.path().join(name).display())
    }
}

/// Opens a database that a command made.
pub(crate) async fn open(url: &str) -> Store {
    Store::connect(url, &Options { connections: 2, ..Options::default() }).await.unwrap()
}

/// Waits until a query gives a number.
#[track_caller]
pub(crate) fn until(store: &Store, sql: &str, expected: i64) -> impl Future<Output = ()> {
    let at = std::panic::Location::caller();
    async move {
        let begun = Instant::now();
        loop {
            let found = store.number(sql).await.unwrap();
            if found == expected {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{at}: {sql} gives {found}, not {expected}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
}
