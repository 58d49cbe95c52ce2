//! The connector: finds clusters, enters the one of a scope, and lets its service ask. Refuses scopes of clusters and
//! services that it does not know.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use domain::source::{Completeness, Problem, Scope, Trial, Values};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use tokio::sync::{Mutex, Semaphore};

use super::client::Ask;
use super::config::Config;
use super::plan;
use super::service::Service;
use crate::caller::Caller;
use crate::pace::Pace;
use crate::{Connector, Context, Failure, Plan, Sink};

/// Scopes whose permissions are tried at once.
const TRIED_AT_ONCE: usize = 8;

/// A source that is some clusters.
pub(super) struct Kubernetes {
    /// What it was told.
    pub(super) settings: Config,
    whole: OnceLock<Arc<Semaphore>>,
    /// Connections by the name of their cluster, as the last plan found them.
    known: Mutex<BTreeMap<String, kube::Client>>,
}

/// Builds it from settings.
///
/// # Errors
/// When they contradict each other.
pub(super) fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let settings = Config::read(values)?;
    Ok(Box::new(Kubernetes { settings, whole: OnceLock::new(), known: Mutex::default() }))
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
            let tried = stream::iter(plan.scopes).map(|scope| self.try_scope(scope, context));
            tried.buffered(TRIED_AT_ONCE).collect::<Vec<_>>().await.concat()
        })
    }
}

impl Kubernetes {
    /// A scope, ready to be asked.
    async fn ask<'a>(&'a self, scope: &Scope, context: &Context) -> Result<Ask<'a>, Failure> {
        let mut known = self.known.lock().await;
        if !known.contains_key(&scope.account) {
            *known = self.planned(context).await?.1;
        }
        let client = known.get(&scope.account).cloned().ok_or_else(|| Failure::Unreadable {
            action: "the plan".to_owned(),
            scope: scope.clone(),
            detail: "no such cluster; it may be left over from other settings".to_owned(),
        })?;
        let whole = self.whole.get_or_init(|| Arc::new(Semaphore::new(context.concurrency.max(1))));
        Ok(Ask {
            settings: &self.settings,
            client,
            caller: Caller {
                scope: scope.clone(),
                grantee: String::new(),
                pace: Arc::new(Pace::new(context.concurrency)),
                whole: Arc::clone(whole),
                context: context.clone(),
            },
        })
    }

    /// The plan; commands that a kubeconfig names may take as long as a call.
    async fn planned(&self, context: &Context) -> Result<(Plan, BTreeMap<String, kube::Client>), Failure> {
        let planning = tokio::time::timeout(context.call_deadline, plan::plan(&self.settings));
        let (action, scope) = ("clusters".to_owned(), plan::whole(""));
        planning.await.unwrap_or(Err(Failure::TimedOut { action, scope, after: context.call_deadline }))
    }

    async fn try_scope(&self, scope: Scope, context: &Context) -> Vec<Trial> {
        let Ok(service) = Service::of(&scope) else { return Vec::new() };
        match self.ask(&scope, context).await {
            Ok(ask) => service.tried(&scope, &ask).await,
            Err(failure) => {
                let refusal = Some(failure.to_string());
                vec![Trial { action: "clusters".to_owned(), scope, refusal }]
            }
        }
    }
}
