//! A connector with its run, and what came of asking it. Refuses to judge.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use connectors::meter::{Meter, Reading};
use connectors::{Connector, Context, Failure, Item, Plan, Sink, aws};
use domain::coverage::Coverage;
use domain::document::Provenance;
use domain::image::Image;
use domain::observation::Observation;
use domain::registry::Repository;
use domain::source::{Completeness, Scope, Trial, Values};
use tests::aws::{Aws, Estate};
use tokio_util::sync::CancellationToken;

/// The region of most tests.
pub(crate) const HERE: &str = "eu-central-1";
/// The other one that holds something.
pub(crate) const THERE: &str = "us-east-1";

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
    /// Over the whole organisation, in the regions that hold something.
    pub(crate) fn of(aws: &Aws, estate: &Estate) -> Self {
        let regions: Vec<&str> = estate.regions.iter().map(String::as_str).collect();
        Self::with(aws, estate, &[("organisation", &["true"]), ("regions", &regions)])
    }

    /// With these settings besides the role and the endpoint.
    pub(crate) fn with(aws: &Aws, estate: &Estate, settings: &[(&str, &[&str])]) -> Self {
        Self::told(&tests::sync::values(aws, estate, settings), &estate.access_key)
    }

    /// Told exactly this, with a key whose secret nobody verifies.
    pub(crate) fn told(values: &Values, key: &str) -> Self {
        domain::source::validate(aws::DESCRIPTOR.about.fields, values).unwrap();
        let connector = aws::build_with_key(values, key, "not-a-secret").unwrap();
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

    pub(crate) fn collect(&self, account: &str, region: &str, service: &str) -> Collected {
        let scope = scope(account, region, service);
        let (sink, mut items) = Sink::new(64);
        let (mut observations, mut documents) = (Vec::new(), Vec::new());
        let outcome = block_on(async {
            let collecting = async {
                let outcome = self.connector.collect(&scope, &self.context, &sink).await;
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

    pub(crate) fn repositories(&self) -> Vec<&Repository> {
        let repositories = self.observations.iter().filter_map(|observation| match observation {
            Observation::Repository(repository) => Some(repository),
            _ => None,
        });
        repositories.collect()
    }

    /// Images by their best digest; a repeated one fails.
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

    /// Every observation in full, in an order of their own.
    pub(crate) fn shown(&self) -> BTreeSet<String> {
        self.observations.iter().map(|one| serde_json::to_string(one).unwrap()).collect()
    }

    /// Everything that documents say, however it is spread over them: a list by its rows, and other documents
    /// whole.
    pub(crate) fn findings(&self) -> BTreeSet<String> {
        let mut findings = BTreeSet::new();
        for (bytes, provenance) in &self.documents {
            for document in serde_json::Deserializer::from_slice(bytes).into_iter::<serde_json::Value>() {
                let document = document.unwrap();
                let rows = ["Findings", "findings"].iter().find_map(|name| document[*name].as_array());
                let scanned = document["imageScanFindings"]["findings"].as_array();
                match rows.or(scanned) {
                    Some(rows) => {
                        findings.extend(rows.iter().map(|row| format!("{:?} {row}", provenance.image)))
                    }
                    None => drop(findings.insert(format!("{:?} {document}", provenance.image))),
                }
            }
        }
        findings
    }

    pub(crate) fn coverage(&self) -> Vec<&Coverage> {
        let coverage = self.observations.iter().filter_map(|observation| match observation {
            Observation::Coverage(coverage) => Some(coverage),
            _ => None,
        });
        coverage.collect()
    }
}

pub(crate) fn scope(account: &str, region: &str, service: &str) -> Scope {
    Scope { account: account.to_owned(), region: region.to_owned(), service: service.to_owned() }
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
