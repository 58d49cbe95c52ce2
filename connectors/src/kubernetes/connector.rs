//! The connector: finds clusters, enters the one of a scope, and lets its service ask. Refuses scopes of clusters and
//! services that it does not know.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use domain::source::{Completeness, Problem, Scope, Trial, Values};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use tokio::sync::{Mutex, Semaphore};

use super::client::Ask;
use super::cloud::Told;
use super::config::Config;
use super::plan::{self, Known};
use super::service::Service;
use crate::caller::Caller;
use crate::door::Cloud;
use crate::pace::Pace;
use crate::{Connector, Context, Failure, Follower, Plan, Sink};

/// Scopes whose permissions are tried at once.
const TRIED_AT_ONCE: usize = 8;

/// A source that is some clusters.
pub(super) struct Kubernetes {
    /// What it was told.
    pub(super) settings: Config,
    /// What finds the clusters, where a cloud does.
    cloud: Option<Box<dyn Cloud>>,
    whole: OnceLock<Arc<Semaphore>>,
    /// Clusters by name, as the last plan found them.
    known: Mutex<BTreeMap<String, Known>>,
}

/// Builds it from settings.
///
/// # Errors
/// When they contradict each other.
pub(super) fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let settings = Config::read(values)?;
    let cloud = settings.cloud.as_ref().map(Told::cloud).transpose()?;
    Ok(Box::new(Kubernetes { settings, cloud, whole: OnceLock::new(), known: Mutex::default() }))
}

/// Builds it over clusters of a cloud with what opens an emulator instead of what the environment offers, which tests
/// cannot change.
///
/// # Errors
/// When the settings contradict each other.
#[cfg(feature = "test-support")]
pub fn build_with_key(values: &Values, key: &serde_json::Value) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let settings = Config::read(values)?;
    let cloud = settings.cloud.as_ref().map(|told| told.cloud_with_key(key)).transpose()?;
    Ok(Box::new(Kubernetes { settings, cloud, whole: OnceLock::new(), known: Mutex::default() }))
}

impl Connector for Kubernetes {
    fn plan<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Plan, Failure>> {
        Box::pin(async {
            let (plan, known) = self.planned(context).await?;
            *self.known.lock().await = known;
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
            (service.collect)(&self.ask(scope, context).await?, sink).await
        })
    }

    fn check<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Vec<Trial>> {
        Box::pin(async {
            let plan = match self.plan(context).await {
                Ok(plan) => plan,
                Err(failure) => {
                    let scope = plan::whole("");
                    let refusal = Some(failure.to_string());
                    return vec![Trial { action: "clusters".to_owned(), scope, refusal }];
                }
            };
            let unseen = plan::unseen(&plan).map(|reason| Trial {
                action: "clusters".to_owned(),
                scope: plan::whole(""),
                refusal: Some(reason),
            });
            let mut trials: Vec<Trial> = unseen.into_iter().collect();
            let tried = stream::iter(plan.scopes).map(|scope| self.try_scope(scope, context));
            trials.extend(tried.buffered(TRIED_AT_ONCE).collect::<Vec<_>>().await.concat());
            trials
        })
    }

    fn follower(&self) -> Option<&dyn Follower> {
        if self.settings.follow { Some(self) } else { None }
    }
}

impl Kubernetes {
    /// A scope, ready to be asked.
    pub(super) async fn ask<'a>(&'a self, scope: &Scope, context: &Context) -> Result<Ask<'a>, Failure> {
        let mut known = self.known.lock().await;
        if !known.contains_key(&scope.account) {
            *known = self.planned(context).await?.1;
        }
        let Known { client, entry } =
            known.get(&scope.account).cloned().ok_or_else(|| Failure::Unreadable {
                action: "the plan".to_owned(),
                scope: scope.clone(),
                detail: "no such cluster; it may be left over from other settings".to_owned(),
            })?;
        let whole = self.whole.get_or_init(|| Arc::new(Semaphore::new(context.concurrency.max(1))));
        Ok(Ask {
            settings: &self.settings,
            client,
            entry,
            caller: Caller {
                scope: scope.clone(),
                grantee: String::new(),
                pace: Arc::new(Pace::new(context.concurrency)),
                whole: Arc::clone(whole),
                context: context.clone(),
            },
        })
    }

    async fn planned(&self, context: &Context) -> Result<(Plan, BTreeMap<String, Known>), Failure> {
        plan::plan(&self.settings, self.cloud.as_deref(), context).await
    }

    async fn try_scope(&self, scope: Scope, context: &Context) -> Vec<Trial> {
        let Ok(service) = Service::of(&scope) else { return Vec::new() };
        match self.ask(&scope, context).await {
            Ok(ask) => {
                let mut trials = service.tried(&scope, &ask).await;
                trials.extend(self.try_following(&scope, &ask).await);
                trials
            }
            Err(failure) => {
                let refusal = Some(failure.to_string());
                vec![Trial { action: "clusters".to_owned(), scope, refusal }]
            }
        }
    }
}
