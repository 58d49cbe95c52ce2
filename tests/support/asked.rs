//! A connector with its run, and what came of asking it. Refuses to judge.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use connectors::meter::{Meter, Reading};
use connectors::{Built, Connector, Context, Failure, Forgetful, Item, Plan, Sink};
use domain::cluster::Cluster;
use domain::coverage::Coverage;
use domain::document::Provenance;
use domain::exposure::Exposure;
use domain::image::Image;
use domain::observation::Observation;
use domain::registry::Repository;
use domain::source::{Completeness, Scope, Trial, Values, validate};
use domain::workload::Workload;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::cloud::{Cloud, Settings};
use crate::{must, there};

/// A source that can be asked.
pub struct Source {
    runtime: Runtime,
    connector: Box<dyn Connector>,
    /// What each question is given.
    pub context: Context,
}

/// What came of one scope, or of several.
#[derive(Debug)]
pub struct Collected {
    /// How it ended.
    pub outcome: Result<Completeness, Failure>,
    /// What was observed.
    pub observations: Vec<Observation>,
    /// What was handed on unread.
    pub documents: Vec<(Vec<u8>, Provenance)>,
}

impl Source {
    /// Over everything there is.
    pub fn of<C: Cloud>(cloud: &C, estate: &C::Estate) -> Self {
        Self::told::<C>(&cloud.over_all(estate, &[]), |values| C::build(values, &C::key(estate)))
    }

    /// With these settings besides those that the emulator needs.
    pub fn with<C: Cloud>(cloud: &C, estate: &C::Estate, settings: Settings<'_>) -> Self {
        Self::told::<C>(&cloud.values(estate, settings), |values| C::build(values, &C::key(estate)))
    }

    /// Told exactly this, and built like this.
    ///
    /// # Panics
    /// When a form would not take the values.
    #[expect(clippy::panic, reason = "a test with settings that nobody can make must fail loudly")]
    pub fn told<C: Cloud>(values: &Values, build: impl FnOnce(&Values) -> Built) -> Self {
        if let Err(problems) = validate(C::CONNECTOR.about.fields, values) {
            panic!("{problems:?}");
        }
        let connector = build(values).unwrap_or_else(|problems| panic!("{problems:?}"));
        let context = Context {
            meter: Arc::new(Meter::default()),
            cancelled: CancellationToken::new(),
            call_deadline: Duration::from_secs(20),
            concurrency: 8,
            memory: Arc::new(Forgetful),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        Self { runtime: must(runtime, "a runtime"), connector, context }
    }

    /// With another deadline for each call.
    #[must_use]
    pub fn patient(mut self, deadline: Duration) -> Self {
        self.context.call_deadline = deadline;
        self
    }

    /// The plan, or the sentence that says why there is none.
    ///
    /// # Errors
    /// In the words of the failure.
    pub fn plan(&self) -> Result<Plan, String> {
        let plan = self.runtime.block_on(self.connector.plan(&self.context));
        plan.map_err(|failure| failure.to_string())
    }

    /// Each permission, tried.
    #[must_use]
    pub fn check(&self) -> Vec<Trial> {
        self.runtime.block_on(self.connector.check(&self.context))
    }

    /// One scope; the region is empty where a service has none.
    #[must_use]
    pub fn collect(&self, account: &str, region: &str, service: &str) -> Collected {
        self.collect_scope(&scope(account, region, service))
    }

    /// One scope of a plan.
    #[must_use]
    pub fn collect_scope(&self, scope: &Scope) -> Collected {
        let (sink, mut items) = Sink::new(64);
        let (mut observations, mut documents) = (Vec::new(), Vec::new());
        let outcome = self.runtime.block_on(async {
            let collecting = async {
                let outcome = self.connector.collect(scope, &self.context, &sink).await;
                drop(sink);
                outcome
            };
            let taking = async {
                while let Some(item) = items.recv().await {
                    match item {
                        Item::Observation(observation) => observations.push(*observation),
                        Item::Document { bytes, provenance } => documents.push((bytes, *provenance)),
                    }
                }
            };
            tokio::join!(collecting, taking).0
        });
        Collected { outcome, observations, documents }
    }

    /// Every scope of the plan, each complete, in one.
    ///
    /// # Panics
    /// When one is not.
    #[track_caller]
    #[must_use]
    pub fn everything(&self) -> Collected {
        let outcome = Ok(Completeness::Complete);
        let mut all = Collected { outcome, observations: Vec::new(), documents: Vec::new() };
        for scope in must(self.plan(), "the plan").scopes {
            let one = self.collect_scope(&scope);
            assert_eq!(one.outcome, Ok(Completeness::Complete), "{scope}");
            all.observations.extend(one.observations);
            all.documents.extend(one.documents);
        }
        all
    }

    /// What was counted so far.
    #[must_use]
    pub fn reading(&self) -> Reading {
        self.context.meter.reading()
    }
}

/// The observations of one kind: `each!(self, Image)`.
macro_rules! each {
    ($collected:expr, $kind:ident) => {
        $collected.observations.iter().filter_map(|observation| match observation {
            Observation::$kind(one) => Some(one),
            _ => None,
        })
    };
}

impl Collected {
    /// Everything was seen.
    #[track_caller]
    pub fn complete(self) -> Self {
        assert_eq!(self.outcome, Ok(Completeness::Complete));
        self
    }

    /// Something is missing; the sentence.
    #[track_caller]
    #[must_use]
    pub fn partial(&self) -> &str {
        match &self.outcome {
            Ok(Completeness::Partial(reason)) => reason,
            other => there(None, &format!("what is missing of {other:?}")),
        }
    }

    /// It failed; the sentence.
    #[track_caller]
    #[must_use]
    pub fn failure(&self) -> String {
        there(self.outcome.as_ref().err(), "a failure").to_string()
    }

    /// Something is missing or all of it; the sentence.
    #[track_caller]
    #[must_use]
    pub fn reason(&self) -> String {
        match &self.outcome {
            Err(failure) => failure.to_string(),
            Ok(_) => self.partial().to_owned(),
        }
    }

    /// Repositories, as often as they came.
    #[must_use]
    pub fn repositories(&self) -> Vec<&Repository> {
        each!(self, Repository).collect()
    }

    /// Repositories by their full name; a repeated one fails.
    #[track_caller]
    #[must_use]
    pub fn repository_names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for one in self.repositories() {
            assert!(names.insert(format!("{}/{}", one.registry, one.name)), "{} came twice", one.name);
        }
        names
    }

    /// Images by place and best digest; a repeated one fails.
    #[track_caller]
    #[must_use]
    pub fn images(&self) -> BTreeMap<String, &Image> {
        let mut images = BTreeMap::new();
        for image in each!(self, Image) {
            let digest = there(image.best_digest(), "a digest");
            let key = format!("{}@{digest}", image.references[0].name());
            assert!(images.insert(key.clone(), image).is_none(), "{key} came twice");
        }
        images
    }

    /// What runs.
    #[must_use]
    pub fn workloads(&self) -> Vec<&Workload> {
        each!(self, Workload).collect()
    }

    /// The workload of a name.
    #[track_caller]
    #[must_use]
    pub fn workload(&self, name: &str) -> &Workload {
        there(self.workloads().into_iter().find(|workload| workload.name == name), name)
    }

    /// The route of a name.
    #[track_caller]
    #[must_use]
    pub fn route(&self, name: &str) -> &Exposure {
        there(each!(self, Exposure).find(|route| route.name == name), name)
    }

    /// Clusters by name.
    #[must_use]
    pub fn clusters(&self) -> BTreeMap<&str, &Cluster> {
        each!(self, Cluster).map(|cluster| (cluster.name.as_str(), cluster)).collect()
    }

    /// Which images are watched.
    #[must_use]
    pub fn coverage(&self) -> Vec<&Coverage> {
        each!(self, Coverage).collect()
    }

    /// Every observation in full, in an order of their own.
    #[must_use]
    pub fn shown(&self) -> BTreeSet<String> {
        let written = |one: &Observation| must(serde_json::to_string(one), "an observation");
        self.observations.iter().map(written).collect()
    }

    /// Documents as JSON, with where they came from.
    #[must_use]
    pub fn papers(&self) -> Vec<(serde_json::Value, &Provenance)> {
        let read = |(bytes, from)| (must(serde_json::from_slice(bytes), "a document of JSON"), from);
        self.documents.iter().map(|(bytes, from)| read((bytes, from))).collect()
    }
}

/// A scope; the region is empty where a service has none.
#[must_use]
pub fn scope(account: &str, region: &str, service: &str) -> Scope {
    Scope { account: account.to_owned(), region: region.to_owned(), service: service.to_owned() }
}
