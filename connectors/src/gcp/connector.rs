//! The connector: plans, enters the project and location of a scope, and lets its service ask. Refuses scopes of
//! services that it does not know.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::account::Account;
use domain::source::{Completeness, Problem, Scope, Trial, Values};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::client::{Ask, Caller};
use super::config::Config;
use super::place::Place;
use super::projects::Project;
use super::request::Client;
use super::service::Service;
use super::sign_in::SignIn;
use super::{PROVIDER, plan};
use crate::caller;
use crate::pace::Pace;
use crate::{Connector, Context, Failure, Plan, Sink};

/// Scopes whose permissions are tried at once.
const TRIED_AT_ONCE: usize = 8;

/// A source that is Google Cloud.
#[derive(Debug)]
pub(super) struct Gcp {
    /// What it was told.
    pub(super) settings: Config,
    client: Arc<Client>,
    whole: OnceLock<Arc<Semaphore>>,
    /// Projects by id, as the last plan told them.
    known: Mutex<BTreeMap<String, Project>>,
}

/// Builds it from settings.
///
/// # Errors
/// When they contradict each other.
pub(super) fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    built(values, None)
}

/// Builds it with a service account's key file of an emulator instead of what the environment offers, which tests
/// cannot change.
///
/// # Errors
/// When the settings contradict each other.
#[cfg(feature = "test-support")]
pub fn build_with_key(values: &Values, key: &Value) -> Result<Box<dyn Connector>, Vec<Problem>> {
    built(values, Some(key.clone()))
}

fn built(values: &Values, key: Option<Value>) -> Result<Box<dyn Connector>, Vec<Problem>> {
    Ok(Box::new(Gcp::new(Config::read(values)?, key)))
}

impl Connector for Gcp {
    fn plan<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Plan, Failure>> {
        Box::pin(async {
            let (plan, projects) = plan::plan(self, context).await?;
            let known = projects.into_iter().map(|project| (project.project_id.clone(), project));
            *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known.collect();
            Ok(plan)
        })
    }

    fn collect<'a>(
        &'a self,
        scope: &'a Scope,
        context: &'a Context,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Completeness, Failure>> {
        Box::pin(async move {
            let service = Service::of(scope)?;
            let ask = self.ask(scope, context);
            (service.collect)(&ask, sink).await
        })
    }

    fn check<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Vec<Trial>> {
        Box::pin(async {
            let mut trials = plan::check(self, context).await;
            let Ok((plan, _)) = plan::plan(self, context).await else { return trials };
            let tried = stream::iter(plan.scopes).map(|scope| self.try_scope(scope, context));
            trials.extend(tried.buffered(TRIED_AT_ONCE).collect::<Vec<_>>().await.concat());
            trials
        })
    }
}

impl Gcp {
    /// Nothing is asked before it is needed. Signed in with this key, or with what the environment offers.
    pub(super) fn new(settings: Config, key: Option<Value>) -> Self {
        let client = Arc::new(Client::new(&settings, SignIn::new(key)));
        Self { settings, client, whole: OnceLock::new(), known: Mutex::default() }
    }

    /// What sends its calls.
    pub(super) fn client(&self) -> Arc<Client> {
        Arc::clone(&self.client)
    }

    /// A scope, ready to be asked.
    pub(super) fn ask<'a>(&'a self, scope: &Scope, context: &'a Context) -> Ask<'a> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let project = known.get(&scope.account);
        let nameless = || Account { provider: PROVIDER.to_owned(), id: scope.account.clone(), name: None };
        let whole = self.whole.get_or_init(|| Arc::new(Semaphore::new(context.concurrency.max(1))));
        Ask {
            place: Place {
                account: project.map_or_else(nameless, Project::account),
                location: scope.region.clone(),
                rules: self.settings.rules.clone(),
                labels: project.map(|project| project.labels.clone()).unwrap_or_default(),
            },
            context,
            settings: &self.settings,
            caller: Caller {
                caller: caller::Caller {
                    scope: scope.clone(),
                    grantee: String::new(),
                    pace: Arc::new(Pace::new(context.concurrency)),
                    whole: Arc::clone(whole),
                    context: context.clone(),
                },
                client: Arc::clone(&self.client),
            },
        }
    }

    async fn try_scope(&self, scope: Scope, context: &Context) -> Vec<Trial> {
        match Service::of(&scope) {
            Ok(service) => service.tried(&scope, &self.ask(&scope, context)).await,
            Err(_) => Vec::new(),
        }
    }
}
