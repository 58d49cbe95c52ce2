//! A Google Cloud of our own: an emulator whose messages are those of Google's packages, seeded with an organisation.
//! Refuses to be reached from elsewhere; how it works is told in `tests/emulators/gcp/README.md`.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;

use connectors::{Built, Descriptor, gcp};
use domain::source::Values;
use serde_json::{Map, Value};

use crate::cloud::{Cloud, Emulator, Settings, texts, told};
use crate::{must, there};

/// A running Google Cloud, for every API and the registry.
#[derive(Debug)]
pub struct Gcp(Emulator);

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

impl Deref for Gcp {
    type Target = Emulator;

    fn deref(&self) -> &Emulator {
        &self.0
    }
}

impl Cloud for Gcp {
    type Estate = Estate;
    const CONNECTOR: Descriptor = gcp::DESCRIPTOR;

    fn start() -> Option<Self> {
        Emulator::start("gcp").map(Self)
    }

    fn seed(&self, plan: &Value) -> Estate {
        let told = self.lay(plan);
        let active = |row: &&Value| row["state"] == "ACTIVE";
        let projects = told["projects"].as_array().into_iter().flatten().filter(active);
        Estate {
            organization: told["organization"].as_str().unwrap_or_default().to_owned(),
            folders: texts(&told["folders"]),
            projects: projects.filter_map(|row| row["id"].as_str().map(str::to_owned)).collect(),
            locations: texts(&told["locations"]),
            images: there(told["docker_images"].as_u64(), "the number of images"),
            key: told["service_account"].clone(),
        }
    }

    fn values(&self, _: &Estate, settings: Settings<'_>) -> Values {
        std::iter::once(("endpoint".to_owned(), vec![self.address.clone()])).chain(told(settings)).collect()
    }

    fn key(estate: &Estate) -> Value {
        estate.key.clone()
    }

    fn build(values: &Values, key: &Value) -> Built {
        gcp::build_with_key(values, key)
    }

    fn environment(&self, estate: &Estate, folder: &Path) -> Vec<(&'static str, String)> {
        let file = folder.join("key.json");
        must(std::fs::write(&file, estate.key.to_string()), "the key file");
        vec![("GOOGLE_APPLICATION_CREDENTIALS", file.display().to_string())]
    }
}

impl Gcp {
    /// Everything that Google's own clients list: by kind, by name, with what a connector must find too.
    #[must_use]
    pub fn names(&self) -> BTreeMap<String, Map<String, Value>> {
        let output = self.run("check_sdk.py", &["--names"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let told: Value = must(serde_json::from_slice(&output.stdout), "what Google's clients list");
        let kinds = there(told.as_object(), "kinds").iter();
        kinds.map(|(kind, told)| (kind.clone(), there(told["rows"].as_object(), "names").clone())).collect()
    }
}
