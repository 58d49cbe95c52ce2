//! The sync engine over an AWS of our own: the connector as it is, but with the emulator's key instead of
//! what the environment offers. Refuses to judge what a run came to.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::Utc;
use connectors::{Built, Descriptor, aws};
use domain::id::SourceId;
use domain::scope::Viewer;
use domain::source::{RunKind, Values};
use pipeline::Judge;
use pipeline::sync::{Engine, Finished, Parts, SyncSettings};
use store::Store;
use store::save::sources::{self as save, Definition};
use store::sources::RunDetail;
use tokio_util::sync::CancellationToken;

use crate::aws::{Aws, Estate};
use crate::{must, there};

/// The key of the emulator's management account, and its secret: the same in each.
static KEY: OnceLock<(String, String)> = OnceLock::new();

/// A source over an emulator, with an engine that asks it.
#[derive(Debug)]
pub struct Source {
    /// Where it syncs to.
    pub store: Store,
    /// What asks it.
    pub engine: Engine,
    /// Its id.
    pub id: SourceId,
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
        let definition = Definition {
            name: "aws".to_owned(),
            kind: aws::KIND.to_owned(),
            values: values(aws, estate, &all),
            schedule: String::new(),
            enabled: true,
        };
        let tx = must(store.begin().await, "a transaction");
        let id = must(save::create(&tx, &definition, None, Utc::now()).await, "a source");
        must(tx.commit().await, "a transaction");
        Self { store: store.clone(), engine: engine(store, sync), id }
    }

    /// The same source, asked by an engine with other settings.
    #[must_use]
    pub fn with(&self, sync: SyncSettings) -> Self {
        Self { store: self.store.clone(), engine: engine(&self.store, sync), id: self.id }
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

fn engine(store: &Store, settings: SyncSettings) -> Engine {
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
        kinds: vec![Descriptor { about: aws::DESCRIPTOR.about, build: with_key }],
        from_file: BTreeMap::new(),
        secrets: None,
        clock: Utc::now,
    })
}

fn with_key(values: &Values) -> Built {
    let (key, secret) = there(KEY.get(), "the emulator's key");
    aws::build_with_key(values, key, secret)
}
