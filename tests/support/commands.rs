//! Commands of ours over a cloud of our own: a directory with settings, what opens the emulator in their environment,
//! and what they leave in a database. Refuses the credentials of whoever runs the tests.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use store::{Options, Store};
use tempfile::TempDir;

use crate::cloud::{Cloud, Settings};
use crate::must;
use crate::run::{Ended, command, finish};
use crate::started::Started;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// How variables begin by which vendors' own tools find credentials.
const CREDENTIALS: [&str; 7] = ["AWS_", "AZURE_", "CLOUDSDK_", "GCE_", "GOOGLE_", "IDENTITY_", "MSI_"];

/// An emulator and a directory.
#[derive(Debug)]
pub struct World<C: Cloud> {
    /// The emulator.
    pub cloud: C,
    /// What it was seeded with.
    pub estate: C::Estate,
    /// Where commands run.
    pub folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl<C: Cloud> World<C> {
    /// One with a source `prod` over everything, with these settings, in `plimsoll.toml`.
    #[must_use]
    pub fn new(plan: &Value, settings: Settings<'_>) -> Option<Self> {
        let (cloud, estate) = C::seeded(plan)?;
        let folder = must(tempfile::tempdir(), "a directory");
        let variables = cloud.environment(&estate, folder.path());
        let world = Self { cloud, estate, folder, variables };
        world.settle("plimsoll.toml", &world.source("prod", settings, ""));
        Some(world)
    }

    /// A source as the settings file has it, with lines of its own.
    #[must_use]
    pub fn source(&self, name: &str, settings: Settings<'_>, more: &str) -> String {
        let kind = C::CONNECTOR.about.kind;
        let told = self.cloud.over_all(&self.estate, settings);
        let told: String = told.iter().map(|(field, told)| format!("{field} = {told:?}\n")).collect();
        format!("[[sources]]\nname = \"{name}\"\nkind = \"{kind}\"\n{told}{more}\n")
    }

    /// Writes a settings file.
    pub fn settle(&self, file: &str, text: &str) {
        must(std::fs::write(self.folder.path().join(file), text), file);
    }

    /// A command with `plimsoll.toml` and what opens the emulator.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_with(arguments, &self.variables)
    }

    /// The same with these variables and nothing else of a vendor's.
    #[must_use]
    pub fn command_with(&self, arguments: &[&str], variables: &[(&'static str, String)]) -> Command {
        let mut command = command(self.folder.path(), ["--config", "plimsoll.toml"].iter().chain(arguments));
        for (name, _) in std::env::vars_os() {
            if CREDENTIALS.iter().any(|beginning| name.to_string_lossy().starts_with(beginning)) {
                command.env_remove(name);
            }
        }
        command.env("HOME", self.folder.path()).env("XDG_STATE_HOME", self.folder.path().join("state"));
        command.env("NO_PROXY", "127.0.0.1").envs(variables.iter().cloned());
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        finish(self.command(arguments), None)
    }

    /// Starts it.
    #[must_use]
    pub fn start(&self, arguments: &[&str]) -> Started {
        Started::new(self.command(arguments))
    }

    /// The address of an SQLite file in the directory.
    #[must_use]
    pub fn sqlite(&self, name: &str) -> String {
        format!("sqlite://{}", self.folder.path().join(name).display())
    }
}

/// Opens a database that a command made.
pub async fn open(url: &str) -> Store {
    must(Store::connect(url, &Options { connections: 2, ..Options::default() }).await, "the database")
}

/// Waits until a query gives a number.
///
/// # Panics
/// When it takes too long.
#[track_caller]
pub fn until(store: &Store, sql: &str, expected: i64) -> impl Future<Output = ()> {
    let at = std::panic::Location::caller();
    async move {
        let begun = Instant::now();
        loop {
            let found = must(store.number(sql).await, sql);
            if found == expected {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{at}: {sql} gives {found}, not {expected}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
}
