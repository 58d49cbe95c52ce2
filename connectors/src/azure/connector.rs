//! The connector: plans, enters the subscription of a scope, and lets its product ask. Refuses scopes of products
//! that it does not know.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::account::Account;
use domain::source::{Completeness, Problem, Scope, Trial, Values};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use tokio::sync::Semaphore;

use super::ask::Ask;
use super::client::Caller;
use super::config::Config;
use super::credential::{Environment, authority, ways};
use super::place::Place;
use super::service::Service;
use super::tokens::Tokens;
use super::{PROVIDER, plan};
use crate::caller;
use crate::http::{Asker, Http};
use crate::pace::Pace;
use crate::{Connector, Context, Failure, Plan, Sink};

/// Scopes whose permissions are tried at once.
const TRIED_AT_ONCE: usize = 8;

/// A source that is Azure.
#[derive(Debug)]
pub(super) struct Azure {
    settings: Config,
    tokens: Tokens,
    http: Arc<Http>,
    /// The calls of the whole source.
    whole: Mutex<Option<Arc<Semaphore>>>,
    /// Names of subscriptions by id, as the last plan told them.
    names: Mutex<BTreeMap<String, Option<String>>>,
}

/// Builds it from settings.
///
/// # Errors
/// When they contradict each other.
pub(super) fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    built(values, &Environment::of_process())
}

/// Builds it with another environment than that of the process, which tests cannot change.
///
/// # Errors
/// When the settings contradict each other.
#[cfg(feature = "test-support")]
pub fn build_in(values: &Values, environment: &[(&str, &str)]) -> Result<Box<dyn Connector>, Vec<Problem>> {
    built(values, &Environment::told(environment.iter().copied()))
}

fn built(values: &Values, environment: &Environment) -> Result<Box<dyn Connector>, Vec<Problem>> {
    Ok(Box::new(Azure::new(Config::read(values)?, environment)))
}

impl Connector for Azure {
    fn plan<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Plan, Failure>> {
        Box::pin(async {
            let plan = plan::plan(&self.tenant(context)).await?;
            let names = plan.accounts.iter().map(|account| (account.id.clone(), account.name.clone()));
            *self.names.lock().unwrap_or_else(PoisonError::into_inner) = names.collect();
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
            (service.collect)(&self.ask(scope, context), sink).await
        })
    }

    fn check<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Vec<Trial>> {
        Box::pin(async {
            let tenant = self.tenant(context);
            let mut trials = plan::check(&tenant).await;
            let Ok(plan) = plan::plan(&tenant).await else { return trials };
            let tried = stream::iter(plan.scopes).map(|scope| self.try_scope(scope, context));
            trials.extend(tried.buffered(TRIED_AT_ONCE).collect::<Vec<_>>().await.concat());
            trials
        })
    }
}

impl Azure {
    /// Nothing is asked before it is needed. Signed in with what the settings say and this environment offers.
    pub(super) fn new(settings: Config, environment: &Environment) -> Self {
        let tokens = Tokens::new(ways(&settings, environment), authority(&settings, environment));
        Self {
            settings,
            tokens,
            http: Arc::new(Http::new()),
            whole: Mutex::default(),
            names: Mutex::default(),
        }
    }

    /// Its tokens.
    pub(super) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// What is asked once for all subscriptions.
    pub(super) fn tenant(&self, context: &Context) -> Ask<'_> {
        let scope =
            Scope { account: String::new(), region: String::new(), service: "subscriptions".to_owned() };
        self.ask(&scope, context)
    }

    /// A scope, ready to be asked.
    pub(super) fn ask(&self, scope: &Scope, context: &Context) -> Ask<'_> {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let name = names.get(&scope.account).cloned().flatten();
        let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = whole.get_or_insert_with(|| Arc::new(Semaphore::new(context.concurrency.max(1))));
        let account = Account { provider: PROVIDER.to_owned(), id: scope.account.clone(), name };
        Ask {
            place: Place { account, rules: self.settings.rules.clone() },
            settings: &self.settings,
            tokens: &self.tokens,
            caller: Caller(Asker {
                caller: caller::Caller {
                    scope: scope.clone(),
                    grantee: self.tokens.grantee(),
                    pace: Arc::new(Pace::new(context.concurrency)),
                    whole: Arc::clone(whole),
                    context: context.clone(),
                },
                http: Arc::clone(&self.http),
            }),
        }
    }

    async fn try_scope(&self, scope: Scope, context: &Context) -> Vec<Trial> {
        match Service::of(&scope) {
            Ok(service) => service.tried(&scope, &self.ask(&scope, context)).await,
            Err(_) => Vec::new(),
        }
    }
}
