//! API servers of our own: several clusters that page, forget, refuse and break on demand. Refuses to be reached from
//! elsewhere; how it works is told in `tests/emulators/kubernetes/README.md`.

use std::ops::Deref;
use std::path::Path;

use connectors::{Built, Descriptor, kubernetes};
use domain::source::Values;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::cloud::{Cloud, Emulator, Settings, told};
use crate::emulator::text_with;
use crate::{must, there};

/// Running API servers, all of them at one address.
#[derive(Debug)]
pub struct Kubernetes {
    emulator: Emulator,
    /// Holds the kubeconfig.
    folder: TempDir,
}

/// What was seeded.
#[derive(Debug, Clone)]
pub struct Estate {
    /// The clusters, in their order.
    pub clusters: Vec<Cluster>,
    /// Who asks.
    pub user: String,
}

/// One cluster.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Its context, and what it is called.
    pub name: String,
    /// How many objects it has of each kind: `pods`, `apps/deployments`.
    pub objects: Map<String, Value>,
    /// Where each hard case stands: kind, namespace and name.
    pub cases: Map<String, Value>,
}

impl Cluster {
    /// How many objects it has of a kind.
    #[must_use]
    pub fn count(&self, kind: &str) -> u64 {
        self.objects.get(kind).and_then(Value::as_u64).unwrap_or_default()
    }

    /// The name of the object of a hard case.
    #[must_use]
    pub fn case(&self, name: &str) -> &str {
        there(self.cases.get(name).and_then(|case| case["name"].as_str()), name)
    }
}

impl Deref for Kubernetes {
    type Target = Emulator;

    fn deref(&self) -> &Emulator {
        &self.emulator
    }
}

impl Cloud for Kubernetes {
    type Estate = Estate;
    const CONNECTOR: Descriptor = kubernetes::DESCRIPTOR;

    fn start() -> Option<Self> {
        let emulator = Emulator::start("kubernetes")?;
        Some(Self { emulator, folder: must(TempDir::new(), "a folder") })
    }

    fn seed(&self, plan: &Value) -> Estate {
        let told = self.lay(plan);
        self.write_kubeconfig("/_kubeconfig?plain");
        let clusters = told["clusters"].as_array().into_iter().flatten().map(|cluster| Cluster {
            name: there(cluster["name"].as_str(), "a name").to_owned(),
            objects: there(cluster["objects"].as_object(), "objects").clone(),
            cases: cluster["cases"].as_object().cloned().unwrap_or_default(),
        });
        Estate { clusters: clusters.collect(), user: told["user"].as_str().unwrap_or_default().to_owned() }
    }

    fn values(&self, _: &Estate, settings: Settings<'_>) -> Values {
        let path = self.kubeconfig().display().to_string();
        [("kubeconfig".to_owned(), vec![path])].into_iter().chain(told(settings)).collect()
    }

    fn over_all(&self, estate: &Estate, settings: Settings<'_>) -> Values {
        let mut values = self.values(estate, settings);
        values.entry("contexts".to_owned()).or_insert_with(|| vec!["*".to_owned()]);
        values
    }

    fn key(_: &Estate) -> Value {
        json!({})
    }

    fn build(values: &Values, _: &Value) -> Built {
        (kubernetes::DESCRIPTOR.build)(values)
    }

    /// The kubeconfig opens it, whoever asks.
    fn connector(&self, _: &Estate) -> Descriptor {
        kubernetes::DESCRIPTOR
    }

    fn environment(&self, _: &Estate, _: &Path) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

impl Kubernetes {
    /// Where the kubeconfig is.
    #[must_use]
    pub fn kubeconfig(&self) -> std::path::PathBuf {
        self.folder.path().join("kubeconfig")
    }

    /// Writes the kubeconfig anew, as the emulator tells it at this path: `/_kubeconfig?token=…`.
    pub fn write_kubeconfig(&self, path: &str) {
        let told = text_with(&self.address, "GET", path, None, &[]);
        must(std::fs::write(self.kubeconfig(), told), "the kubeconfig");
    }

    /// Opens it over TLS as well; answers the address, and the authority of its certificate as PEM.
    pub fn open_tls(&self) -> (String, String) {
        let told = self.asked("POST", "/_tls", Some(&json!({})));
        let word = |name: &str| there(told[name].as_str(), name).to_owned();
        (word("address"), word("pem"))
    }

    /// Makes or changes an object of a cluster.
    pub fn apply(&self, cluster: &str, object: &Value) {
        let _ = self.asked("POST", "/_apply", Some(&json!({ "cluster": cluster, "object": object })));
    }

    /// Removes an object of a cluster.
    pub fn delete(&self, cluster: &str, (version, kind): (&str, &str), namespace: &str, name: &str) {
        let order = json!({
            "cluster": cluster, "apiVersion": version, "kind": kind, "namespace": namespace, "name": name,
        });
        let _ = self.asked("POST", "/_delete", Some(&order));
    }

    /// Orders something of the watches of a cluster: `/_bookmark`, `/_hangup`, `/_compact`.
    pub fn order_watches(&self, cluster: &str, order: &str) {
        let _ = self.asked("POST", order, Some(&json!({ "cluster": cluster })));
    }

    /// Ends all tokens that were given out.
    pub fn expire(&self) {
        let _ = self.asked("POST", "/_expire", Some(&json!({})));
    }
}
