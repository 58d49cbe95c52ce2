//! The connector: plans, enters the account and region of a scope, and lets its service ask. Refuses scopes of
//! services that it does not know.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::source::{Completeness, Problem, Scope, Trial, Values};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};

use super::client::Ask;
use super::config::Config;
use super::plan;
use super::service::Service;
use super::sessions::Sessions;
use crate::{Connector, Context, Failure, Plan, Sink};

/// Scopes whose permissions are tried at once.
const TRIED_AT_ONCE: usize = 8;

/// A source that is AWS.
#[derive(Debug)]
pub(super) struct Aws {
    sessions: Sessions,
    /// Names of accounts by id, as the last plan told them.
    names: Mutex<BTreeMap<String, Option<String>>>,
}

/// Builds it from settings.
///
/// # Errors
/// When they contradict each other.
pub(super) fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let settings = Config::read(values)?;
    Ok(Box::new(Aws { sessions: Sessions::new(settings, None), names: Mutex::default() }))
}

/// Builds it with a key of an emulator instead of what the environment offers, which tests cannot change.
///
/// # Errors
/// When the settings contradict each other.
#[cfg(feature = "test-support")]
pub fn build_with_key(values: &Values, key: &str, secret: &str) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let credentials = aws_credential_types::Credentials::new(key, secret, None, None, "a test");
    let given = aws_credential_types::provider::SharedCredentialsProvider::new(credentials);
    let settings = Config::read(values)?;
    Ok(Box::new(Aws { sessions: Sessions::new(settings, Some(given)), names: Mutex::default() }))
}

impl Connector for Aws {
    fn plan<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Plan, Failure>> {
        Box::pin(async {
            let plan = plan::plan(&self.sessions, context).await?;
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
            let ask = self.ask(scope, context).await?;
            (service.collect)(&ask, sink).await
        })
    }

    fn check<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Vec<Trial>> {
        Box::pin(async {
            let mut trials = plan::check(&self.sessions, context).await;
            let Ok(plan) = plan::plan(&self.sessions, context).await else { return trials };
            let tried = stream::iter(plan.scopes).map(|scope| self.try_scope(scope, context));
            trials.extend(tried.buffered(TRIED_AT_ONCE).collect::<Vec<_>>().await.concat());
            trials
        })
    }
}

impl Aws {
    async fn ask<'a>(&'a self, scope: &Scope, context: &'a Context) -> Result<Ask<'a>, Failure> {
        let mut ask = self.sessions.enter(scope, context).await?;
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        ask.place.account.name = names.get(&scope.account).cloned().flatten();
        Ok(ask)
    }

    async fn try_scope(&self, scope: Scope, context: &Context) -> Vec<Trial> {
        match (Service::of(&scope), self.ask(&scope, context).await) {
            (Ok(service), Ok(ask)) => service.tried(&scope, &ask).await,
            _ => Vec::new(),
        }
    }
}
