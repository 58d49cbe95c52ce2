//! A pushed run as a connector: what somebody else's connector saw is handed on part by part, and goes the
//! same way as what our own sees. Refuses to call a scope whole whose last part never came.

use connectors::{Connector, Context, Failure, Plan, Sink};
use domain::account::Account;
use domain::id::{RunId, SourceId};
use domain::source::{Completeness, Scope, Trial};
use formats::Limits;
use formats::plimsoll_observations::{Carried, End, part};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use store::Store;
use store::save::{documents, sources as rows};

/// What the sender of a run planned.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PushedPlan {
    /// Its scopes.
    pub scopes: Vec<Scope>,
    /// Accounts with their names.
    pub accounts: Vec<Account>,
    /// Whether the list of scopes is whole.
    pub completeness: Completeness,
    /// Why there is no plan, if the source told none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
}

impl PushedPlan {
    /// No plan, for this reason.
    #[must_use]
    pub fn refused(reason: String) -> Self {
        let completeness = Completeness::Partial(reason.clone());
        Self { scopes: Vec::new(), accounts: Vec::new(), completeness, refusal: Some(reason) }
    }
}

/// The parts of one run.
pub(super) struct Pushed {
    pub(super) store: Store,
    pub(super) source: SourceId,
    pub(super) run: RunId,
    /// The most bytes of a part after decompression.
    pub(super) size: u64,
}

impl Connector for Pushed {
    fn plan<'a>(&'a self, _: &'a Context) -> BoxFuture<'a, Result<Plan, Failure>> {
        Box::pin(async move {
            let plan = rows::plan_of(&self.store, self.run).await.map_err(|error| lost(&error, None))?;
            let plan: PushedPlan = serde_json::from_str(&plan).map_err(|error| lost(&error, None))?;
            if let Some(reason) = plan.refusal {
                return Err(Failure::Elsewhere { reason });
            }
            Ok(Plan { scopes: plan.scopes, accounts: plan.accounts, completeness: plan.completeness })
        })
    }

    fn collect<'a>(
        &'a self,
        scope: &'a Scope,
        context: &'a Context,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Completeness, Failure>> {
        Box::pin(async move {
            let parts = rows::parts(&self.store, self.source, self.run);
            let parts = parts.await.map_err(|error| lost(&error, Some(scope)))?;
            for (expected, known) in (1..).zip(parts.iter().filter(|part| part.scope == *scope)) {
                context.meter.call(false);
                if known.part != expected {
                    return Ok(Completeness::Partial(format!(
                        "part {expected} of what was pushed is missing"
                    )));
                }
                // What follows is left from an attempt that was longer.
                if let Some(end) = self.hand_on(known, scope, sink).await? {
                    return match end {
                        End::Complete => Ok(Completeness::Complete),
                        End::Partial(reason) => Ok(Completeness::Partial(reason)),
                        End::Failed(reason) => Err(Failure::Elsewhere { reason }),
                    };
                }
            }
            Ok(Completeness::Partial("the last part of what was pushed never came".to_owned()))
        })
    }

    fn check<'a>(&'a self, _: &'a Context) -> BoxFuture<'a, Vec<Trial>> {
        Box::pin(async { Vec::new() })
    }
}

impl Pushed {
    async fn hand_on(&self, known: &rows::Part, scope: &Scope, sink: &Sink) -> Result<Option<End>, Failure> {
        let bytes = documents::raw(&self.store, known.document).await;
        let bytes = bytes.map_err(|error| lost(&error, Some(scope)))?;
        let limits = Limits { size: usize::try_from(self.size).unwrap_or(usize::MAX), ..Limits::default() };
        let read = tokio::task::spawn_blocking(move || {
            formats::document::open(&bytes, limits, |_| Ok(())).and_then(|plain| part(&plain))
        });
        let read = read.await.map_err(|error| lost(&error, Some(scope)))?;
        let read = read.map_err(|error| lost(&error, Some(scope)))?;
        for carried in read.carried {
            match carried {
                Carried::Observation(observation) => sink.observe(*observation).await?,
                Carried::Document(bytes, provenance) => sink.document(bytes, *provenance).await?,
            }
        }
        Ok(read.end)
    }
}

/// What was pushed cannot be had any more.
fn lost(error: &dyn std::error::Error, scope: Option<&Scope>) -> Failure {
    let nowhere = || Scope { account: String::new(), region: String::new(), service: "push".to_owned() };
    Failure::Unreadable {
        action: "reading what was pushed".to_owned(),
        scope: scope.cloned().unwrap_or_else(nowhere),
        detail: error.to_string(),
    }
}
