//! The sync engine over a cloud of our own: the connector as it is, but with the emulator's key instead of
//! what the environment offers. Refuses to judge what a run came to.

use std::collections::BTreeMap;

use chrono::Utc;
use connectors::Descriptor;
use domain::id::SourceId;
use domain::scope::Viewer;
use domain::source::{RunKind, Values};
use pipeline::Judge;
use pipeline::sync::{Engine, Finished, Parts, SyncSettings};
use policy::trust::Trust;
use store::Store;
use store::save::sources::{self as save, Definition};
use store::sources::RunDetail;
use tokio_util::sync::CancellationToken;

use crate::cloud::{Cloud, Settings};
use crate::{must, there};

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
    /// Over everything there is, with these settings.
    pub async fn of<C: Cloud>(
        store: &Store,
        (cloud, estate): (&C, &C::Estate),
        settings: Settings<'_>,
        sync: SyncSettings,
    ) -> Self {
        Self::told(store, cloud.connector(estate), cloud.over_all(estate, settings), sync).await
    }

    /// Of any kind, told exactly this.
    pub async fn told(store: &Store, kind: Descriptor, values: Values, sync: SyncSettings) -> Self {
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

    /// Gives it a schedule: now is one of its moments, and the next is far away.
    pub async fn schedule(&self) {
        let (known, _) = must(save::load(&self.store, self.id).await, "the source");
        let definition = Definition {
            name: known.name,
            kind: known.kind,
            values: known.values,
            schedule: "every 1d".to_owned(),
            enabled: true,
        };
        let tx = must(self.store.begin().await, "a transaction");
        must(save::update(&tx, self.id, &definition, None, Utc::now()).await, "the source");
        must(tx.commit().await, "a transaction");
    }

    /// What the journal says of a run.
    pub async fn journal(&self, finished: &Finished) -> RunDetail {
        let detail = store::sources::run(&self.store, &Viewer::everything(), finished.run).await;
        there(must(detail, "the journal"), "the run in the journal")
    }
}

/// A judge who trusts these signers.
pub(crate) fn judge(max_document_bytes: u64, trust: Trust) -> Judge {
    let rules = pipeline::Settings {
        max_document_bytes,
        stale_after_days: 7,
        silent_after_hours: 24,
        sanctioned_registries: Vec::new(),
        deadlines: "cisa-bod-26-04".to_owned(),
        trust,
        runtime: pipeline::Keep::default(),
    };
    must(Judge::new(&rules), "the judge")
}

fn engine(store: &Store, kind: Descriptor, settings: SyncSettings) -> Engine {
    Engine::new(Parts {
        store: store.clone(),
        judge: judge(settings.max_document_bytes, Trust::default()),
        settings,
        kinds: vec![kind],
        from_file: BTreeMap::new(),
        secrets: None,
        clock: Utc::now,
    })
}
