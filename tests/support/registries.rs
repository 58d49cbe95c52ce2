//! Registries of our own, as all vendors speak them, over one estate of images. Refuses to be reached from elsewhere; how
//! it works is told in `tests/emulators/registries/README.md`.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::Path;

use connectors::{Built, Descriptor, oci};
use domain::source::{Completeness, Values};
use serde_json::{Value, json};

use crate::asked::{Collected, Source};
use crate::cloud::{Cloud, Emulator, Settings, told};
use crate::emulator::text_with;
use crate::{must, there};

/// One of the sites that the emulator is.
pub trait Site: Debug + 'static {
    /// Its connector.
    const CONNECTOR: Descriptor;
    /// Whose account opens it.
    const ACCOUNT: &'static str;

    /// What a source over it is told besides the account.
    fn settings(estate: &Estate) -> Vec<(&'static str, String)>;
}

/// A plain registry.
#[derive(Debug)]
pub struct Plain;

/// Running registries, of which a source asks one site.
#[derive(Debug)]
pub struct Registries<S> {
    emulator: Emulator,
    site: PhantomData<S>,
}

/// What was seeded.
#[derive(Debug, Clone)]
pub struct Estate(Value);

impl Estate {
    /// Where a site is: `oci`, `hub_registry`.
    #[must_use]
    pub fn address(&self, site: &str) -> &str {
        there(self.0["addresses"][site].as_str(), site)
    }

    /// Where a site is, without its scheme: what a registry is called by.
    #[must_use]
    pub fn host(&self, site: &str) -> &str {
        self.address(site).trim_start_matches("http://")
    }

    /// The name and secret of an account.
    #[must_use]
    pub fn account(&self, name: &str) -> (&str, &str) {
        let account = &self.0["accounts"][name];
        (there(account["name"].as_str(), name), there(account["secret"].as_str(), name))
    }

    /// What opens a vendor's own interface, where that is another secret.
    #[must_use]
    pub fn api_secret(&self, name: &str) -> &str {
        there(self.0["accounts"][name]["api_secret"].as_str(), name)
    }

    /// How many images a vendor's scanner left so: `scanned`, `queued`, `unsupported`, `failed`.
    #[must_use]
    pub fn scans(&self, state: &str) -> usize {
        usize::try_from(self.0["scans"][state].as_u64().unwrap_or_default()).unwrap_or(usize::MAX)
    }

    /// A number that is told of it: `manifests`, `tags`.
    #[must_use]
    pub fn count(&self, what: &str) -> u64 {
        there(self.0[what].as_u64(), what)
    }

    /// The repositories that the usual account may read.
    #[must_use]
    pub fn repositories(&self) -> Vec<&str> {
        let all = self.0["repositories"].as_array().into_iter().flatten().filter_map(Value::as_str);
        all.filter(|name| !name.starts_with("closed/")).collect()
    }

    /// What is attached, row by row; see the emulator's README.
    #[must_use]
    pub fn papers(&self) -> &[Value] {
        self.0["papers"].as_array().map(Vec::as_slice).unwrap_or_default()
    }
}

impl Site for Plain {
    const CONNECTOR: Descriptor = oci::DESCRIPTOR;
    const ACCOUNT: &'static str = "oci";

    fn settings(estate: &Estate) -> Vec<(&'static str, String)> {
        let closed = ("leave_out_repositories", "closed/*".to_owned());
        vec![("registry", estate.address("oci").to_owned()), closed]
    }
}

impl<S> Deref for Registries<S> {
    type Target = Emulator;

    fn deref(&self) -> &Emulator {
        &self.emulator
    }
}

impl<S: Site> Cloud for Registries<S> {
    type Estate = Estate;
    const CONNECTOR: Descriptor = S::CONNECTOR;

    fn start() -> Option<Self> {
        Some(Self { emulator: Emulator::start("registries")?, site: PhantomData })
    }

    fn seed(&self, plan: &Value) -> Estate {
        self.seed_again(plan)
    }

    fn values(&self, estate: &Estate, settings: Settings<'_>) -> Values {
        let (user, password) = estate.account(S::ACCOUNT);
        let own = [("user", user.to_owned()), ("password", password.to_owned())];
        let own = own.into_iter().chain(S::settings(estate));
        let mut values: Values = own.map(|(name, value)| (name.to_owned(), vec![value])).collect();
        values.extend(told(settings));
        values.retain(|_, told| !told.is_empty());
        values
    }

    fn key(_: &Estate) -> Value {
        json!({})
    }

    fn build(values: &Values, _: &Value) -> Built {
        (S::CONNECTOR.build)(values)
    }

    /// The settings open it.
    fn connector(&self, _: &Estate) -> Descriptor {
        S::CONNECTOR
    }

    fn environment(&self, _: &Estate, _: &Path) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

impl<S> Registries<S> {
    /// The key by which signatures hold, in PEM.
    #[must_use]
    pub fn public_key(&self) -> String {
        text_with(&self.address, "GET", "/_cosign.pub", None, &[])
    }

    /// Builds the estate of another plan at the same addresses.
    pub fn seed_again(&self, plan: &Value) -> Estate {
        Estate(self.lay(plan))
    }

    /// Ends all tokens that were given out.
    pub fn expire(&self) {
        let _ = self.asked("POST", "/_expire", Some(&json!({})));
    }
}

/// Every scope of a service, each complete, in one.
#[track_caller]
#[must_use]
pub fn all(source: &Source, service: &str) -> Collected {
    let outcome = Ok(Completeness::Complete);
    let mut seen = Collected { outcome, observations: Vec::new(), documents: Vec::new() };
    for scope in must(source.plan(), "the plan").scopes.into_iter().filter(|scope| scope.service == service) {
        let one = source.collect_scope(&scope).complete();
        seen.observations.extend(one.observations);
        seen.documents.extend(one.documents);
    }
    seen
}

/// Images as `repository@digest`, whatever their registry is called.
#[track_caller]
#[must_use]
pub fn names(seen: &Collected) -> BTreeSet<String> {
    seen.images().into_keys().filter_map(|name| Some(name.split_once('/')?.1.to_owned())).collect()
}

/// The same as the plain registry shows them over the same estate.
#[track_caller]
#[must_use]
pub fn plainly(estate: &Estate) -> BTreeSet<String> {
    let (user, password) = estate.account(Plain::ACCOUNT);
    let own = [("user", user.to_owned()), ("password", password.to_owned())];
    let told = own.into_iter().chain(Plain::settings(estate));
    let values: Values = told.map(|(name, told)| (name.to_owned(), vec![told])).collect();
    let source = Source::told::<Registries<Plain>>(&values, |values| (Plain::CONNECTOR.build)(values));
    names(&source.collect(estate.host("oci"), "", "images").complete())
}
