//! An Azure of our own: sign-in, resource manager, Resource Graph and registries, which page, digest and break on
//! demand, seeded with a tenant. Refuses to be reached from elsewhere; how it works is told in
//! `tests/emulators/README.md`.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::OnceLock;

use connectors::{Built, Descriptor, azure};
use domain::source::Values;
use serde_json::{Map, Value, json};

use crate::binary::root;
use crate::emulator::{PATIENCE, Process, ask, python};
use crate::{choose_encryption, must, there};

/// The application of the emulator's tenant, its secret and the tenant: the same in each.
static IDENTITY: OnceLock<[(&'static str, String); 3]> = OnceLock::new();

/// A running Azure, which ends when this is dropped.
#[derive(Debug)]
pub struct Azure {
    /// Where all of it is: `http://127.0.0.1:43210`.
    pub address: String,
    // Kept for its end.
    _process: Process,
    python: PathBuf,
}

/// What was seeded.
#[derive(Debug, Clone)]
pub struct Estate {
    /// Ids of the subscriptions.
    pub subscriptions: Vec<String>,
    /// Repositories in all registries.
    pub repositories: u64,
    /// Manifests in them.
    pub images: u64,
    /// Defender's findings.
    pub findings: u64,
    /// How many resources there are of each type, in lower case.
    pub resources: Map<String, Value>,
}

impl Azure {
    /// An empty one; `None`, with a sentence, where Python is absent.
    #[must_use]
    pub fn start() -> Option<Self> {
        choose_encryption();
        let python = python()?;
        let mut command = Command::new(&python);
        command.arg(script("server.py")).args(["--port", "0"]).env("PYTHONDONTWRITEBYTECODE", "1");
        let mut process = Process::start(&command);
        let address = process.wait_for(PATIENCE, |said| {
            let line = said.lines().find_map(|line| line.strip_prefix("ready "))?;
            said.ends_with('\n').then(|| line.to_owned())
        });
        Some(Self { address, _process: process, python })
    }

    /// One with the tenant of a plan; see the README.
    #[must_use]
    pub fn seeded(plan: &Value) -> Option<(Self, Estate)> {
        let azure = Self::start()?;
        let estate = azure.seed(plan);
        Some((azure, estate))
    }

    /// A small one that the tests of this process share: read it, and order nothing.
    #[must_use]
    pub fn shared() -> Option<&'static (Self, Estate)> {
        static SHARED: OnceLock<Option<(Azure, Estate)>> = OnceLock::new();
        SHARED.get_or_init(|| Self::seeded(&json!("small"))).as_ref()
    }

    /// Forgets everything and builds the tenant of a plan.
    #[must_use]
    pub fn seed(&self, plan: &Value) -> Estate {
        let told = self.ordered("/_seed", plan);
        let text = |name: &str| there(told[name].as_str(), name).to_owned();
        let number = |name: &str| there(told[name].as_u64(), name);
        IDENTITY.get_or_init(|| {
            [
                ("AZURE_TENANT_ID", text("tenant")),
                ("AZURE_CLIENT_ID", text("client")),
                ("AZURE_CLIENT_SECRET", text("secret")),
            ]
        });
        let rows = told["subscriptions"].as_array().into_iter().flatten();
        Estate {
            subscriptions: rows.filter_map(|row| row["subscriptionId"].as_str().map(str::to_owned)).collect(),
            repositories: number("repositories"),
            images: number("images"),
            findings: number("findings"),
            resources: there(told["resources"].as_object(), "resources").clone(),
        }
    }

    /// Orders a fault and answers its number.
    pub fn fault(&self, order: &Value) -> u64 {
        there(self.ordered("/_faults", order)["id"].as_u64(), "the fault's number")
    }

    /// Ends every fault, also for calls that wait in one.
    pub fn heal(&self) {
        let _ = ask(&self.address, "DELETE", "/_faults", None);
    }

    /// Settings such as `page_cap` and `access_seconds`.
    pub fn set(&self, settings: &Value) {
        let _ = self.ordered("/_settings", settings);
    }

    /// Ends all tokens that were given out.
    pub fn expire(&self) {
        let _ = self.ordered("/_expire", &json!({}));
    }

    /// What was asked since the last seed, call by call.
    #[must_use]
    pub fn calls(&self) -> Vec<Value> {
        let told = ask(&self.address, "GET", "/_calls?each", None);
        told.as_array().cloned().unwrap_or_default()
    }

    /// How many calls of an operation there were: `registries.list`.
    #[must_use]
    pub fn count(&self, operation: &str) -> usize {
        self.calls().iter().filter(|call| call["operation"] == operation).count()
    }

    /// Runs a script of `tests/emulators/azure` against this emulator to its end.
    #[must_use]
    pub fn run(&self, name: &str) -> Output {
        let mut command = Command::new(&self.python);
        command.arg(script(name)).args(["--endpoint", &self.address]).env("PYTHONDONTWRITEBYTECODE", "1");
        must(command.output(), name)
    }

    fn ordered(&self, path: &str, order: &Value) -> Value {
        ask(&self.address, "POST", path, Some(order))
    }
}

/// What a source over an emulator is told.
#[must_use]
pub fn values(azure: &Azure, settings: &[(&str, &[&str])]) -> Values {
    let own = ["authority", "endpoint", "registry_endpoint"];
    let own = own.into_iter().map(|name| (name.to_owned(), vec![azure.address.clone()]));
    let told = settings
        .iter()
        .map(|(name, told)| ((*name).to_owned(), told.iter().map(|one| (*one).to_owned()).collect()));
    own.chain(told).collect()
}

/// The connector with the emulator's application.
#[must_use]
pub fn descriptor() -> Descriptor {
    Descriptor { about: azure::DESCRIPTOR.about, build: with_secret }
}

fn with_secret(values: &Values) -> Built {
    let identity = there(IDENTITY.get(), "the emulator's application");
    let environment: Vec<(&str, &str)> =
        identity.iter().map(|(name, value)| (*name, value.as_str())).collect();
    azure::build_in(values, &environment)
}

fn script(name: &str) -> PathBuf {
    root().join("tests/emulators/azure").join(name)
}
