//! An Azure of our own: sign-in, resource manager, Resource Graph and registries, which page, digest and break on
//! demand, seeded with a tenant. Refuses to be reached from elsewhere; how it works is told in
//! `tests/emulators/README.md`.

use std::ops::Deref;
use std::path::Path;
use std::sync::OnceLock;

use connectors::{Built, Descriptor, azure};
use domain::source::Values;
use serde_json::{Map, Value, json};

use crate::cloud::{Cloud, Emulator, Settings, told};
use crate::there;

/// Variables that name an application, as the emulator's estate calls what is in them.
const IDENTITY: [(&str, &str); 3] =
    [("AZURE_TENANT_ID", "tenant"), ("AZURE_CLIENT_ID", "client"), ("AZURE_CLIENT_SECRET", "secret")];

/// A running Azure, all of it at one address.
#[derive(Debug)]
pub struct Azure(Emulator);

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
    /// Images in which it found nothing.
    pub healthy: u64,
    /// How many resources there are of each type, in lower case.
    pub resources: Map<String, Value>,
    /// The application that may read all of it: tenant, client and secret.
    pub application: Value,
}

impl Deref for Azure {
    type Target = Emulator;

    fn deref(&self) -> &Emulator {
        &self.0
    }
}

impl Cloud for Azure {
    type Estate = Estate;
    const CONNECTOR: Descriptor = azure::DESCRIPTOR;

    fn start() -> Option<Self> {
        Emulator::start("azure").map(Self)
    }

    fn seed(&self, plan: &Value) -> Estate {
        let told = self.lay(plan);
        let number = |name: &str| there(told[name].as_u64(), name);
        let rows = told["subscriptions"].as_array().into_iter().flatten();
        Estate {
            subscriptions: rows.filter_map(|row| row["subscriptionId"].as_str().map(str::to_owned)).collect(),
            repositories: number("repositories"),
            images: number("images"),
            findings: number("findings"),
            healthy: number("healthy"),
            resources: there(told["resources"].as_object(), "resources").clone(),
            application: IDENTITY
                .iter()
                .map(|(_, member)| ((*member).to_owned(), told[*member].clone()))
                .collect(),
        }
    }

    fn values(&self, _: &Estate, settings: Settings<'_>) -> Values {
        let own = ["authority", "endpoint", "registry_endpoint"];
        let own = own.into_iter().map(|name| (name.to_owned(), vec![self.address.clone()]));
        own.chain(told(settings)).collect()
    }

    fn key(estate: &Estate) -> Value {
        estate.application.clone()
    }

    fn build(values: &Values, key: &Value) -> Built {
        azure::build_in(
            values,
            &IDENTITY.map(|(name, member)| (name, key[member].as_str().unwrap_or_default())),
        )
    }

    fn environment(&self, estate: &Estate, _: &Path) -> Vec<(&'static str, String)> {
        let word = |member: &str| there(estate.application[member].as_str(), member).to_owned();
        IDENTITY.map(|(name, member)| (name, word(member))).to_vec()
    }
}

impl Azure {
    /// A small one that the tests of this process share: read it, and order nothing.
    #[must_use]
    pub fn shared() -> Option<&'static (Self, Estate)> {
        static SHARED: OnceLock<Option<(Azure, Estate)>> = OnceLock::new();
        SHARED.get_or_init(|| Self::seeded(&json!("small"))).as_ref()
    }

    /// Ends all tokens that were given out.
    pub fn expire(&self) {
        let _ = self.asked("POST", "/_expire", Some(&json!({})));
    }
}
