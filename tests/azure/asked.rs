//! A connector with its run, and what came of asking it. Refuses to judge.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use connectors::meter::Meter;
use connectors::{Connector, Context, Failure, Item, Plan, Sink, azure};
use domain::document::Provenance;
use domain::observation::Observation;
use domain::source::{Completeness, Scope, Trial, Values};
use tests::azure::{Azure, descriptor, values};
use tokio_util::sync::CancellationToken;

/// A source that can be asked.
pub(crate) struct Source {
    connector: Box<dyn Connector>,
    pub(crate) context: Context,
}

/// What came of one scope.
#[derive(Debug)]
pub(crate) struct Collected {
    pub(crate) outcome: Result<Completeness, Failure>,
    pub(crate) observations: Vec<Observation>,
    pub(crate) documents: Vec<(Vec<u8>, Provenance)>,
}

impl Source {
    /// Over every subscription, with these settings besides the addresses.
    pub(crate) fn of(azure: &Azure, settings: &[(&str, &[&str])]) -> Self {
        let values = values(azure, settings);
        domain::source::validate(azure::DESCRIPTOR.about.fields, &values).unwrap();
        Self::built((descriptor().build)(&values).unwrap())
    }

    /// Told exactly this, in this environment.
    pub(crate) fn told(values: &Values, environment: &[(&str, &str)]) -> Self {
        domain::source::validate(azure::DESCRIPTOR.about.fields, values).unwrap();
        Self::built(azure::build_in(values, environment).unwrap())
    }

    fn built(connector: Box<dyn Connector>) -> Self {
        let context = Context {
            meter: Arc::new(Meter::default()),
            cancelled: CancellationToken::new(),
            call_deadline: Duration::from_secs(20),
            concurrency: 8,
        };
        Self { connector, context }
    }

    /// With another deadline for each call.
    pub(crate) fn patient(mut self, deadline: Duration) -> Self {
        self.context.call_deadline = deadline;
        self
    }

    /// The plan, or the sentence that says why there is none.
    pub(crate) fn plan(&self) -> Result<Plan, String> {
        block_on(self.connector.plan(&self.context)).map_err(|failure| failure.to_string())
    }

    pub(crate) fn check(&self) -> Vec<Trial> {
        block_on(self.connector.check(&self.context))
    }

    pub(crate) fn collect(&self, subscription: &str, service: &str) -> Collected {
        self.collect_scope(&scope(subscription, service))
    }

    pub(crate) fn collect_scope(&self, scope: &Scope) -> Collected {
        let (sink, mut items) = Sink::new(64);
        let (mut observations, mut documents) = (Vec::new(), Vec::new());
        let outcome = block_on(async {
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

    /// Every scope of the plan in one.
    pub(crate) fn collect_all(&self) -> Collected {
        let mut all = Collected {
            outcome: Ok(Completeness::Complete),
            observations: Vec::new(),
            documents: Vec::new(),
        };
        for scope in self.plan().unwrap().scopes {
            let one = self.collect_scope(&scope).complete();
            all.observations.extend(one.observations);
            all.documents.extend(one.documents);
        }
        all
    }
}

impl Collected {
    /// Everything was seen.
    #[track_caller]
    pub(crate) fn complete(self) -> Self {
        assert_eq!(self.outcome, Ok(Completeness::Complete));
        self
    }

    /// Something is missing; the sentence.
    #[track_caller]
    pub(crate) fn partial(&self) -> &str {
        match &self.outcome {
            Ok(Completeness::Partial(reason)) => reason,
            other => panic!("not partial: {other:?}"),
        }
    }

    /// It failed; the sentence.
    #[track_caller]
    pub(crate) fn failure(&self) -> String {
        self.outcome.clone().unwrap_err().to_string()
    }

    /// Digests by repository: those of images and of the indexes that hold them.
    pub(crate) fn images(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut images = BTreeMap::<String, BTreeSet<String>>::new();
        for observation in &self.observations {
            if let Observation::Image(image) = observation {
                let known = images.entry(image.references[0].name()).or_default();
                known.extend(image.digests.iter().map(|(_, digest)| digest.to_string()));
            }
        }
        images
    }

    /// Repositories by their full name; one that came twice fails.
    #[track_caller]
    pub(crate) fn repositories(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for observation in &self.observations {
            if let Observation::Repository(one) = observation {
                assert!(names.insert(format!("{}/{}", one.registry, one.name)), "{} came twice", one.name);
            }
        }
        names
    }

    /// Names of workloads of some kinds; one that came twice fails.
    #[track_caller]
    pub(crate) fn workloads(&self, kinds: &[&str]) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for observation in &self.observations {
            if let Observation::Workload(one) = observation
                && kinds.contains(&one.kind.as_str())
            {
                let key = format!("{} {} {}", one.account.as_ref().unwrap().id, one.namespace, one.name);
                assert!(names.insert(key), "{} came twice", one.name);
            }
        }
        names
    }

    /// Names of clusters of a kind.
    pub(crate) fn clusters(&self, kind: &str) -> BTreeSet<String> {
        let named = self.observations.iter().filter_map(|observation| match observation {
            Observation::Cluster(cluster) if cluster.kind == kind => Some(cluster.name.clone()),
            _ => None,
        });
        named.collect()
    }

    /// Every observation in full, in an order of their own.
    pub(crate) fn shown(&self) -> BTreeSet<String> {
        self.observations.iter().map(|one| serde_json::to_string(one).unwrap()).collect()
    }
}

pub(crate) fn scope(subscription: &str, service: &str) -> Scope {
    Scope { account: subscription.to_owned(), region: String::new(), service: service.to_owned() }
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
