//! A database with sources, and an engine over it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::account::Account;
use domain::cluster::Cluster;
use domain::digest::Digest;
use domain::image::{DigestRole, Image};
use domain::node::Node;
use domain::observation::Observation;
use domain::registry::Repository;
use domain::scope::Viewer;
use domain::source::{RunKind, RunState, Scope, Values};
use domain::workload::{Container, ContainerSecurity, Isolation, Workload};
use pipeline::Judge;
use pipeline::sync::{Engine, Finished, Parts, SyncSettings};
use store::Store;
use store::save::sources::{self as save, Definition};
use store::sources::RunDetail;
use tokio_util::sync::CancellationToken;

use crate::script::{Act, SCRIPTED, Script, script};

/// One source with its script, and an engine.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) source: domain::id::SourceId,
    pub(crate) script: Arc<Mutex<Script>>,
}

pub(crate) fn settings() -> SyncSettings {
    SyncSettings { scope_deadline: Duration::from_secs(20), ..SyncSettings::default() }
}

pub(crate) fn engine(store: &Store, settings: SyncSettings, clock: fn() -> DateTime<Utc>) -> Engine {
    engine_with(store, settings, clock, BTreeMap::new())
}

/// An engine with these sources in its settings file.
pub(crate) fn engine_with(
    store: &Store,
    settings: SyncSettings,
    clock: fn() -> DateTime<Utc>,
    from_file: BTreeMap<String, Values>,
) -> Engine {
    let rules = pipeline::Settings {
        max_document_bytes: 1 << 20,
        stale_after_days: 7,
        silent_after_hours: 24,
        sanctioned_registries: Vec::new(),
        deadlines: "cisa-bod-26-04".to_owned(),
        trust: policy::trust::Trust::default(),
        runtime: pipeline::Keep::default(),
    };
    Engine::new(Parts {
        store: store.clone(),
        judge: Judge::new(&rules).unwrap(),
        settings,
        kinds: vec![SCRIPTED],
        from_file,
        secrets: None,
        clock,
    })
}

/// Waits until a query gives this number.
pub(crate) async fn until_number(store: &Store, sql: &str, number: i64) {
    let started = std::time::Instant::now();
    while store.number(sql).await.unwrap() != number {
        assert!(started.elapsed() < Duration::from_secs(60), "{sql}: not {number} in time");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Makes a source that follows the script of this name.
pub(crate) async fn source(store: &Store, name: &str, script: &str) -> domain::id::SourceId {
    let definition = Definition {
        name: name.to_owned(),
        kind: "scripted".to_owned(),
        values: Values::from([("script".to_owned(), vec![script.to_owned()])]),
        schedule: String::new(),
        enabled: true,
    };
    let tx = store.begin().await.unwrap();
    let id = save::create(&tx, &definition, None, Utc::now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub(crate) async fn request(store: &Store, source: domain::id::SourceId, kind: RunKind) -> domain::id::RunId {
    let tx = store.begin().await.unwrap();
    let run = save::request(&tx, source, kind, None, Utc::now()).await.unwrap();
    tx.commit().await.unwrap();
    run
}

impl World {
    /// A source `name` whose script has the database in its name, so that each database has its own.
    pub(crate) async fn new(store: &Store, name: &str) -> Self {
        let own = format!("{name}-{}", store.product());
        let source = source(store, name, &own).await;
        let engine = engine(store, settings(), Utc::now);
        Self { store: store.clone(), engine, source, script: script(&own) }
    }

    pub(crate) fn shows(&self, scopes: Vec<(Scope, Act)>) {
        self.script.lock().unwrap().scopes = scopes;
    }

    pub(crate) async fn run(&self, kind: RunKind) -> Finished {
        let run = request(&self.store, self.source, kind).await;
        self.engine.run_now(run, CancellationToken::new(), None).await.unwrap().unwrap()
    }

    /// Syncs; the run must end in this state.
    #[track_caller]
    pub(crate) fn sync(&self, state: RunState) -> impl Future<Output = Finished> {
        let at = std::panic::Location::caller();
        async move {
            let finished = self.run(RunKind::Sync).await;
            assert_eq!(finished.state, state, "{at}: {}", finished.message);
            finished
        }
    }

    /// Shows one scope whole and syncs.
    pub(crate) async fn sync_one(&self, shown: Vec<Observation>) -> Finished {
        self.shows(vec![(
            crate::script::scope("1", "ecr"),
            crate::script::act(shown, crate::script::End::Complete),
        )]);
        self.sync(RunState::Complete).await
    }

    pub(crate) async fn journal(&self, run: domain::id::RunId) -> RunDetail {
        store::sources::run(&self.store, &Viewer::everything(), run).await.unwrap().unwrap()
    }

    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.store.number(sql).await.unwrap()
    }
}

pub(crate) fn digest(number: usize) -> Digest {
    format!("sha256:{number:064x}").parse().unwrap()
}

/// An image of a registry with one tag.
pub(crate) fn image(number: usize) -> Observation {
    let mut image = Image {
        references: vec![format!("r.example/app:{number}").parse().unwrap()],
        media_type: Some("application/vnd.oci.image.manifest.v1+json".to_owned()),
        pushed_at: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        size: Some(1000),
        ..Image::default()
    };
    image.add_digest(DigestRole::Manifest, digest(number));
    Observation::Image(image)
}

pub(crate) fn images(count: usize) -> Vec<Observation> {
    (0..count).map(image).collect()
}

pub(crate) fn repository(name: &str) -> Observation {
    let (registry, name) = ("r.example".to_owned(), name.to_owned());
    Observation::Repository(Repository { registry, name, ..Repository::default() })
}

pub(crate) fn cluster(name: &str) -> Observation {
    Observation::Cluster(Cluster { name: name.to_owned(), kind: "ecs".to_owned(), ..Cluster::default() })
}

/// A node of the cluster `prod`.
pub(crate) fn node(name: &str, account: Option<Account>) -> Observation {
    Observation::Node(Node {
        cluster: Some("prod".to_owned()),
        name: name.to_owned(),
        account,
        region: None,
        os_image: None,
        kernel: None,
        runtime: None,
        kubelet: None,
        public_address: false,
        images: Vec::new(),
    })
}

/// A workload that runs the image of this number.
pub(crate) fn workload(name: &str, number: usize) -> Observation {
    let container = Container {
        name: "app".to_owned(),
        image: format!("r.example/app:{number}"),
        reference: format!("r.example/app:{number}").parse().ok(),
        digest: Some((DigestRole::Manifest, digest(number))),
        running: 2,
        init: false,
        security: ContainerSecurity::default(),
        instances: Vec::new(),
    };
    Observation::Workload(Workload {
        cluster: Some("prod".to_owned()),
        account: None,
        region: None,
        namespace: "default".to_owned(),
        kind: "Service".to_owned(),
        name: name.to_owned(),
        labels: BTreeMap::new(),
        owner: None,
        environment: None,
        criticality: None,
        replicas: Some(2),
        nodes: Vec::new(),
        containers: vec![container],
        isolation: Isolation::default(),
        observed_running: true,
    })
}
