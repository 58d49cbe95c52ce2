//! What the emulators of all clouds have in common: how one is started, seeded, ordered to break and asked what it was
//! asked; and what a source over one is told. Refuses to know whose cloud it is.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};

use connectors::{Built, Descriptor};
use domain::source::Values;
use serde_json::Value;

use crate::binary::root;
use crate::emulator::{PATIENCE, Process, ask, python};
use crate::{choose_encryption, must, there};

/// Settings of a source besides those that an emulator needs.
pub type Settings<'s> = &'s [(&'s str, &'s [&'s str])];

/// A cloud of our own.
pub trait Cloud: Deref<Target = Emulator> + Sized {
    /// What was seeded.
    type Estate;
    /// Its connector, which asks with what the environment offers.
    const CONNECTOR: Descriptor;

    /// An empty one; `None`, with a sentence, where Python is absent.
    #[must_use]
    fn start() -> Option<Self>;

    /// Forgets everything (estate, faults, calls, settings) and builds the estate of a plan: `"small"`, `"large"`, or
    /// an object; see the README.
    #[must_use]
    fn seed(&self, plan: &Value) -> Self::Estate;

    /// What a source of these settings is told.
    fn values(&self, estate: &Self::Estate, settings: Settings<'_>) -> Values;

    /// The same over everything there is, as far as these settings do not say otherwise.
    fn over_all(&self, estate: &Self::Estate, settings: Settings<'_>) -> Values {
        self.values(estate, settings)
    }

    /// What opens it, as [`Cloud::build`] takes it.
    fn key(estate: &Self::Estate) -> Value;

    /// The connector with what opens the emulator, instead of what the environment offers.
    ///
    /// # Errors
    /// When the values contradict each other.
    fn build(values: &Values, key: &Value) -> Built;

    /// Variables by which a command of ours finds what opens it, and no other; a file that one names is in `folder`.
    fn environment(&self, estate: &Self::Estate, folder: &std::path::Path) -> Vec<(&'static str, String)>;

    /// One with the estate of a plan.
    #[must_use]
    fn seeded(plan: &Value) -> Option<(Self, Self::Estate)> {
        let cloud = Self::start()?;
        let estate = cloud.seed(plan);
        Some((cloud, estate))
    }

    /// The connector as the engine builds it from stored values; it asks with what opens this emulator.
    fn connector(&self, estate: &Self::Estate) -> Descriptor {
        let mut keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(self.address.clone(), Self::key(estate));
        Descriptor { about: Self::CONNECTOR.about, build: with_kept_key::<Self> }
    }
}

/// What opens emulators, by their address.
static KEYS: Mutex<BTreeMap<String, Value>> = Mutex::new(BTreeMap::new());

fn with_kept_key<C: Cloud>(values: &Values) -> Built {
    let keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    let address = values.get("endpoint").and_then(|told| told.first());
    C::build(values, there(address.and_then(|address| keys.get(address)), "the emulator's key"))
}

/// Settings as a form hands them over.
pub(crate) fn told(settings: Settings<'_>) -> impl Iterator<Item = (String, Vec<String>)> {
    settings
        .iter()
        .map(|(name, told)| ((*name).to_owned(), told.iter().map(|one| (*one).to_owned()).collect()))
}

/// A running emulator, which ends when this is dropped.
#[derive(Debug)]
pub struct Emulator {
    /// Where it is: `http://127.0.0.1:43210`.
    pub address: String,
    /// Its folder in `tests/emulators`.
    folder: &'static str,
    python: PathBuf,
    // Kept for its end.
    _process: Process,
}

impl Emulator {
    /// Starts the one of a folder of `tests/emulators`.
    pub(crate) fn start(folder: &'static str) -> Option<Self> {
        choose_encryption();
        let python = python()?;
        let mut command = script(&python, folder, "server.py");
        command.args(["--port", "0"]);
        let mut process = Process::start(&command);
        let address = process.wait_for(PATIENCE, |said| {
            let line = said.lines().find_map(|line| line.strip_prefix("ready "))?;
            let address = line.split(' ').next()?;
            said.ends_with('\n').then(|| address.to_owned())
        });
        Some(Self { address, folder, python, _process: process })
    }

    /// Builds the estate of a plan and answers what is told of it.
    pub(crate) fn lay(&self, plan: &Value) -> Value {
        let mut told = self.asked("POST", "/_seed", Some(plan));
        let seeded = there(told.as_object_mut(), "what was seeded");
        seeded.extend(there(self.asked("GET", "/_estate", None).as_object().cloned(), "the estate"));
        told
    }

    /// Orders a fault and answers its number.
    pub fn fault(&self, order: &Value) -> u64 {
        there(self.asked("POST", "/_faults", Some(order))["id"].as_u64(), "the fault's number")
    }

    /// How many calls a fault has hit.
    #[must_use]
    pub fn hits(&self, number: u64) -> u64 {
        let told = self.asked("GET", "/_faults", None);
        let mut faults = told.as_array().into_iter().flatten();
        there(faults.find_map(|fault| fault["hits"].as_u64().filter(|_| fault["id"] == number)), "the fault")
    }

    /// Ends every fault, also for calls that wait in one.
    pub fn heal(&self) {
        let _ = self.asked("DELETE", "/_faults", None);
    }

    /// Changes settings such as `page_cap` and `token_seconds`.
    pub fn set(&self, settings: &Value) {
        let _ = self.asked("POST", "/_settings", Some(settings));
    }

    /// What was asked since the last seed or [`Emulator::forget_calls`], call by call.
    #[must_use]
    pub fn log(&self) -> Vec<Value> {
        self.asked("GET", "/_calls?each", None).as_array().cloned().unwrap_or_default()
    }

    /// How many calls there were with these words in these members.
    #[must_use]
    pub fn count(&self, members: &[(&str, &str)]) -> usize {
        let meant = |call: &Value| members.iter().all(|(member, word)| call[*member] == *word);
        self.log().iter().filter(|call| meant(call)).count()
    }

    /// Starts counting anew.
    pub fn forget_calls(&self) {
        let _ = self.asked("DELETE", "/_calls", None);
    }

    /// A command that runs a script of its folder against it.
    #[must_use]
    pub fn script(&self, name: &str) -> Command {
        let mut command = script(&self.python, self.folder, name);
        command.args(["--endpoint", &self.address]);
        command
    }

    /// Runs such a script to its end.
    #[must_use]
    pub fn run(&self, name: &str, arguments: &[&str]) -> Output {
        must(self.script(name).args(arguments).output(), name)
    }

    pub(crate) fn asked(&self, method: &str, path: &str, order: Option<&Value>) -> Value {
        ask(&self.address, method, path, order)
    }
}

/// Runs a script of an emulator's folder that starts what it needs; `None` where Python is absent.
#[must_use]
pub fn alone(folder: &str, name: &str) -> Option<Output> {
    Some(must(script(&python()?, folder, name).output(), name))
}

fn script(python: &std::path::Path, folder: &str, name: &str) -> Command {
    let mut command = Command::new(python);
    command.arg(root().join("tests/emulators").join(folder).join(name)).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// Texts of a list.
pub(crate) fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|row| row.as_str().map(str::to_owned)).collect()
}
