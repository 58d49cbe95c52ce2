//! The sync engine over a cloud of our own: the connector as it is, but with the emulator's key instead of
//! what the environment offers. Refuses to judge what a run came to.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use chrono::Utc;
use connectors::{Built, Descriptor, aws, gcp};
use domain::id::SourceId;
use domain::scope::Viewer;
use domain::source::{RunKind, Values};
use pipeline::Judge;
use pipeline::sync::{Engine, Finished, Parts, SyncSettings};
use serde_json::Value;
use store::Store;
use store::save::sources::{self as save, Definition};
use store::sources::RunDetail;
use tokio_util::sync::CancellationToken;

use crate::aws::{Aws, Estate};
use crate::gcp::{self as cloud, Gcp};
use crate::{must, there};

/// The key of the emulator's management account, and its secret: the same in each.
static KEY: OnceLock<(String, String)> = OnceLock::new();
/// The key files of emulators of Google Cloud, by their address: each makes its own.
static KEY_FILES: Mutex<BTreeMap<String, Value>> = Mutex::new(BTreeMap::new());

/// A source over an emulator, with an engine that asks it.
#[derive(Debug)]
pub struct Source {
    /// Where it syncs to.
    pub store: Store,
    /// What asks it.
    pub engine: Engine,
    /// Its id.
    pub id: SourceId,
    /// What builds its connector.
    kind: Descriptor,
}

impl Source {
    /// Over the whole organisation in the regions that hold something, with these settings besides.
    pub async fn new(
        store: &Store,
        (aws, estate): (&Aws, &Estate),
        settings: &[(&str, &[&str])],
        sync: SyncSettings,
    ) -> Self {
        KEY.get_or_init(|| (estate.access_key.clone(), estate.secret_key.clone()));
        let regions: Vec<&str> = estate.regions.iter().map(String::as_str).collect();
        let mut all: Vec<(&str, &[&str])> = vec![("organisation", &["true"]), ("regions", &regions)];
        all.extend(settings);
        let kind = Descriptor { about: aws::DESCRIPTOR.about, build: with_key };
        Self::of(store, kind, values(aws, estate, &all), sync).await
    }

    /// Over everything that a Google Cloud shows, with these settings.
    pub async fn of_google(
        store: &Store,
        (google, estate): (&Gcp, &cloud::Estate),
        settings: &[(&str, &[&str])],
        sync: SyncSettings,
    ) -> Self {
        keep_key(google, estate);
        let kind = Descriptor { about: gcp::DESCRIPTOR.about, build: with_key_file };
        Self::of(store, kind, cloud::values(google, settings), sync).await
    }

    /// Of any kind, told exactly this.
    pub async fn of(store: &Store, kind: Descriptor, values: Values, sync: SyncSettings) -> Self {
        let definition = Definition {
            name: kind.about.kind.to_owned(),
            kind: kind.about.kind.to_owned(),
            values,
            schedule: String::new(),
            enabled: true,
        };
        let tx = must(store.begin().await, "a transaction");
        let id = must(save::create(&tx, &definition, None, Utc::now()).await, "a source");
        must(tx.commit().await, "a transaction");
        Self { store: store.clone(), engine: engine(store, kind, sync), id, kind }
    }

    /// The same source, asked by an engine with other settings.
    #[must_use]
    pub fn with(&self, sync: SyncSettings) -> Self {
        let engine = engine(&self.store, self.kind, sync);
        Self { store: self.store.clone(), engine, id: self.id, kind: self.kind }
    }

    /// Asks for a run and brings it to its end.
    pub async fn sync(&self) -> Finished {
        let tx = must(self.store.begin().await, "a transaction");
        let run = save::request(&tx, self.id, RunKind::Sync, None, Utc::now()).await;
        let run = must(run, "a run");
        must(tx.commit().await, "a transaction");
        let finished = self.engine.run_now(run, CancellationToken::new(), None).await;
        there(must(finished, "the run"), "the run")
    }

    /// What the journal says of a run.
    pub async fn journal(&self, finished: &Finished) -> RunDetail {
        let detail = store::sources::run(&self.store, &Viewer::everything(), finished.run).await;
        there(must(detail, "the journal"), "the run in the journal")
    }
}

/// What a source over an emulator is told.
#[must_use]
pub fn values(aws: &Aws, estate: &Estate, settings: &[(&str, &[&str])]) -> Values {
    let own = [("endpoint", &aws.address), ("role", &estate.role), ("external_id", &estate.external_id)];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), vec![value.clone()]));
    let told = settings
        .iter()
        .map(|(name, told)| ((*name).to_owned(), told.iter().map(|one| (*one).to_owned()).collect()));
    own.chain(told).collect()
}

fn engine(store: &Store, kind: Descriptor, settings: SyncSettings) -> Engine {
    let rules = pipeline::Settings {
        max_document_bytes: settings.max_document_bytes,
        stale_after_days: 7,
        sanctioned_registries: Vec::new(),
        deadlines: "cisa-bod-26-04".to_owned(),
    };
    Engine::new(Parts {
        store: store.clone(),
        judge: must(Judge::new(&rules), "the judge"),
        settings,
        kinds: vec![kind],
        from_file: BTreeMap::new(),
        secrets: None,
        clock: Utc::now,
    })
}

fn with_key(values: &Values) -> Built {
    let (key, secret) = there(KEY.get(), "the emulator's key");
    aws::build_with_key(values, key, secret)
}

fn keep_key(google: &Gcp, estate: &cloud::Estate) {
    let mut keys = KEY_FILES.lock().unwrap_or_else(PoisonError::into_inner);
    keys.insert(google.address.clone(), estate.key.clone());
}

fn with_key_file(values: &Values) -> Built {
    let keys = KEY_FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let address = values.get("endpoint").and_then(|told| told.first());
    gcp::build_with_key(values, there(address.and_then(|address| keys.get(address)), "the emulator's key"))
}
