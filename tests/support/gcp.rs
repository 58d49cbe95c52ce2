//! A Google Cloud of our own: an emulator whose messages are those of Google's packages, seeded with an organisation.
//! Refuses to be reached from elsewhere; how it works is told in `tests/emulators/gcp/README.md`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};

use domain::source::Values;
use serde_json::{Map, Value, json};

use crate::binary::root;
use crate::emulator::{PATIENCE, Process, ask, python};
use crate::{must, there};

/// A running Google Cloud, which ends when this is dropped.
#[derive(Debug)]
pub struct Gcp {
    /// Where it is, for every API and the registry: `http://127.0.0.1:43210`.
    pub address: String,
    // Kept for its end.
    _process: Process,
    python: PathBuf,
}

/// What was seeded.
#[derive(Debug, Clone)]
pub struct Estate {
    /// The organisation: `organizations/123`.
    pub organization: String,
    /// Its folders, the outer one first.
    pub folders: Vec<String>,
    /// Ids of projects that are active.
    pub projects: Vec<String>,
    /// Locations that a project lists.
    pub locations: Vec<String>,
    /// Manifests in all repositories.
    pub images: u64,
    /// The key file of the one service account.
    pub key: Value,
}

impl Gcp {
    /// An empty one; `None`, with a sentence, where Python or Google's packages are absent.
    #[must_use]
    pub fn start() -> Option<Self> {
        let python = python()?;
        let mut command = Command::new(&python);
        command.arg(script("server.py")).args(["--port", "0", "--grpc-port", "0"]);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        let mut process = Process::start(&command);
        let address = process.wait_for(PATIENCE, |said| {
            let line = said.lines().find_map(|line| line.strip_prefix("ready "))?;
            let address = line.split(' ').next()?;
            said.ends_with('\n').then(|| address.to_owned())
        });
        Some(Self { address, _process: process, python })
    }

    /// Forgets everything (estate, faults, calls, settings) and builds the organisation of a plan: `"small"`,
    /// `"large"`, or an object; see the README.
    #[must_use]
    pub fn seed(&self, plan: &Value) -> Estate {
        let _ = ask(&self.address, "POST", "/_seed", Some(plan));
        let told = ask(&self.address, "GET", "/_estate", None);
        let texts = |list: &Value| -> Vec<String> {
            list.as_array().into_iter().flatten().filter_map(|row| row.as_str().map(str::to_owned)).collect()
        };
        let active = |row: &&Value| row["state"] == "ACTIVE";
        let projects = told["projects"].as_array().into_iter().flatten().filter(active);
        Estate {
            organization: there(told["organization"].as_str(), "the organisation").to_owned(),
            folders: texts(&told["folders"]),
            projects: projects.filter_map(|row| row["id"].as_str().map(str::to_owned)).collect(),
            locations: texts(&told["locations"]),
            images: there(told["docker_images"].as_u64(), "the number of images"),
            key: told["service_account"].clone(),
        }
    }

    /// Orders a fault: `{"kind": "deny", "project": "…"}`.
    pub fn fault(&self, order: &Value) -> u64 {
        let told = ask(&self.address, "POST", "/_faults", Some(order));
        there(told["id"].as_u64(), "the fault's number")
    }

    /// How many calls a fault has hit.
    #[must_use]
    pub fn hits(&self, number: u64) -> u64 {
        let told = ask(&self.address, "GET", "/_faults", None);
        let mut faults = told.as_array().into_iter().flatten();
        there(faults.find_map(|fault| fault["hits"].as_u64().filter(|_| fault["id"] == number)), "the fault")
    }

    /// Ends every fault, also for calls that wait in one.
    pub fn heal(&self) {
        let _ = ask(&self.address, "DELETE", "/_faults", None);
    }

    /// Changes settings: `page_cap`, `token_seconds`, `token_lifetime`, `anonymous`.
    pub fn set(&self, settings: &Value) {
        let _ = ask(&self.address, "POST", "/_settings", Some(settings));
    }

    /// How often a method was asked since the last seed or [`Gcp::forget_calls`].
    #[must_use]
    pub fn calls(&self, method: &str) -> usize {
        let told = ask(&self.address, "GET", "/_calls?each", None);
        told.as_array().into_iter().flatten().filter(|call| call["method"] == method).count()
    }

    /// Starts counting anew.
    pub fn forget_calls(&self) {
        let _ = ask(&self.address, "DELETE", "/_calls", None);
    }

    /// Everything that Google's own clients list: by kind, by name, with what a connector must find too.
    #[must_use]
    pub fn names(&self) -> BTreeMap<String, Map<String, Value>> {
        let output = self.run("check_sdk.py", &["--endpoint", &self.address, "--names"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let told: Value = must(serde_json::from_slice(&output.stdout), "what Google's clients list");
        let kinds = there(told.as_object(), "kinds").iter();
        kinds.map(|(kind, told)| (kind.clone(), there(told["rows"].as_object(), "names").clone())).collect()
    }

    /// Runs a script of `tests/emulators/gcp` to its end.
    #[must_use]
    pub fn run(&self, name: &str, arguments: &[&str]) -> Output {
        run(&self.python, name, arguments)
    }
}

/// Runs a script of `tests/emulators/gcp` that starts what it needs; `None` where Python is absent.
#[must_use]
pub fn alone(name: &str) -> Option<Output> {
    Some(run(&python()?, name, &[]))
}

fn run(python: &PathBuf, name: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(python);
    command.arg(script(name)).args(arguments).env("PYTHONDONTWRITEBYTECODE", "1");
    must(command.output(), name)
}

fn script(name: &str) -> PathBuf {
    root().join("tests/emulators/gcp").join(name)
}

/// What a source over an emulator is told.
#[must_use]
pub fn values(gcp: &Gcp, settings: &[(&str, &[&str])]) -> Values {
    let endpoint = ("endpoint".to_owned(), vec![gcp.address.clone()]);
    let told = settings
        .iter()
        .map(|(name, told)| ((*name).to_owned(), told.iter().map(|one| (*one).to_owned()).collect()));
    std::iter::once(endpoint).chain(told).collect()
}

/// The usual organisation: 3 active projects, 2 locations, 5 repositories in each, workloads and findings.
#[must_use]
pub fn small() -> Value {
    json!("small")
}
