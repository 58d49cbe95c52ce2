//! A connector with its run, and what came of asking it. Refuses to judge.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use connectors::meter::{Meter, Reading};
use connectors::{Connector, Context, Failure, Item, Plan, Sink, gcp};
use domain::cluster::Cluster;
use domain::document::Provenance;
use domain::exposure::Exposure;
use domain::image::Image;
use domain::observation::Observation;
use domain::source::{Completeness, Scope, Trial};
use domain::workload::Workload;
use tests::gcp::{Estate, Gcp};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// The project of most tests, which holds the former registry too.
pub(crate) const SHOP: &str = "plimsoll-shop";
/// The location of most tests.
pub(crate) const HERE: &str = "europe-west1";

/// A source that can be asked.
pub(crate) struct Source {
    runtime: Runtime,
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
    /// Over everything that is visible.
    pub(crate) fn of(gcp: &Gcp, estate: &Estate) -> Self {
        Self::with(gcp, estate, &[])
    }

    /// With these settings besides the endpoint.
    pub(crate) fn with(gcp: &Gcp, estate: &Estate, settings: &[(&str, &[&str])]) -> Self {
        tests::choose_encryption();
        let values = tests::gcp::values(gcp, settings);
        domain::source::validate(gcp::DESCRIPTOR.about.fields, &values).unwrap();
        let context = Context {
            meter: Arc::new(Meter::default()),
            cancelled: CancellationToken::new(),
            call_deadline: Duration::from_secs(20),
            concurrency: 8,
        };
        Self {
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap(),
            connector: gcp::build_with_key(&values, &estate.key).unwrap(),
            context,
        }
    }

    /// With another deadline for each call.
    pub(crate) fn patient(mut self, deadline: Duration) -> Self {
        self.context.call_deadline = deadline;
        self
    }

    /// The plan, or the sentence that says why there is none.
    pub(crate) fn plan(&self) -> Result<Plan, String> {
        let plan = self.runtime.block_on(self.connector.plan(&self.context));
        plan.map_err(|failure| failure.to_string())
    }

    pub(crate) fn check(&self) -> Vec<Trial> {
        self.runtime.block_on(self.connector.check(&self.context))
    }

    pub(crate) fn collect(&self, account: &str, region: &str, service: &str) -> Collected {
        self.collect_scope(&scope(account, region, service))
    }

    pub(crate) fn collect_scope(&self, scope: &Scope) -> Collected {
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
    #[track_caller]
    pub(crate) fn everything(&self) -> Collected {
        let mut all = Collected {
            outcome: Ok(Completeness::Complete),
            observations: Vec::new(),
            documents: Vec::new(),
        };
        for scope in self.plan().unwrap().scopes {
            let one = self.collect_scope(&scope);
            assert_eq!(one.outcome, Ok(Completeness::Complete), "{scope}");
            all.observations.extend(one.observations);
            all.documents.extend(one.documents);
        }
        all
    }

    pub(crate) fn reading(&self) -> Reading {
        self.context.meter.reading()
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

    /// Names of repositories with their host.
    pub(crate) fn repositories(&self) -> BTreeSet<String> {
        let repositories = self.observations.iter().filter_map(|observation| match observation {
            Observation::Repository(repository) => {
                Some(format!("{}/{}", repository.registry, repository.name))
            }
            _ => None,
        });
        repositories.collect()
    }

    /// Images by place and best digest; a repeated one fails.
    #[track_caller]
    pub(crate) fn images(&self) -> BTreeMap<String, &Image> {
        let mut images = BTreeMap::new();
        for observation in &self.observations {
            if let Observation::Image(image) = observation {
                let key = format!("{}@{}", image.references[0].name(), image.best_digest().unwrap());
                assert!(images.insert(key.clone(), image).is_none(), "{key} came twice");
            }
        }
        images
    }

    pub(crate) fn workloads(&self) -> Vec<&Workload> {
        let workloads = self.observations.iter().filter_map(|observation| match observation {
            Observation::Workload(workload) => Some(workload),
            _ => None,
        });
        workloads.collect()
    }

    #[track_caller]
    pub(crate) fn workload(&self, name: &str) -> &Workload {
        self.workloads().into_iter().find(|workload| workload.name == name).unwrap()
    }

    #[track_caller]
    pub(crate) fn route(&self, name: &str) -> &Exposure {
        let mut routes = self.observations.iter().filter_map(|observation| match observation {
            Observation::Exposure(exposure) => Some(exposure),
            _ => None,
        });
        routes.find(|route| route.name == name).unwrap()
    }

    pub(crate) fn clusters(&self) -> BTreeMap<&str, &Cluster> {
        let clusters = self.observations.iter().filter_map(|observation| match observation {
            Observation::Cluster(cluster) => Some((cluster.name.as_str(), cluster)),
            _ => None,
        });
        clusters.collect()
    }

    /// Every observation in full, in an order of their own.
    pub(crate) fn shown(&self) -> BTreeSet<String> {
        self.observations.iter().map(|one| serde_json::to_string(one).unwrap()).collect()
    }

    /// Every occurrence that documents hold, by its name.
    pub(crate) fn occurrences(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (bytes, _) in &self.documents {
            let document: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            for occurrence in document["occurrences"].as_array().unwrap() {
                assert!(names.insert(occurrence["name"].as_str().unwrap().to_owned()), "{occurrence}");
            }
        }
        names
    }
}

pub(crate) fn scope(account: &str, region: &str, service: &str) -> Scope {
    Scope { account: account.to_owned(), region: region.to_owned(), service: service.to_owned() }
}
