//! The scopes of a run: asked for, written down, and those of them that an earlier worker completed.
//! Refuses to ask the same scope twice in one run.

use std::collections::BTreeSet;

use domain::source::{Completeness, RunCounts, RunKind, RunState, Scope};
use store::save::{nodes, sources as rows};

use super::asking::Unplanned;
use super::job::Job;
use super::live::Event;
use crate::Error;

/// What there is to ask.
pub(super) struct Planned {
    /// Scopes that are not complete yet.
    pub(super) open: Vec<Scope>,
    /// All scopes.
    pub(super) total: usize,
    /// Whether the list of scopes is whole.
    pub(super) completeness: Completeness,
}

impl Job {
    /// Asks for the scopes and writes them down; those of which something changed are written down already.
    pub(super) async fn plan(&self) -> Result<Result<Planned, Unplanned>, Error> {
        if self.run.kind == RunKind::Follow {
            let planned = rows::planned(&self.engine.inner.store, self.run.id).await?;
            let scopes = planned.into_iter().map(|known| known.scope).collect();
            return Ok(Ok(self.open(scopes, Completeness::Complete).await?));
        }
        let plan = match self.asking.plan().await {
            Ok(plan) => plan,
            Err(unplanned) => return Ok(Err(unplanned)),
        };
        let scopes = plan.scopes;
        if self.is_dry() {
            self.announce(scopes.len(), 0, RunCounts::default());
            return Ok(Ok(Planned { total: scopes.len(), open: scopes, completeness: plan.completeness }));
        }
        let engine = &self.engine.inner;
        let accounts: Vec<(&str, &str, Option<&str>)> = plan
            .accounts
            .iter()
            .map(|account| (account.provider.as_str(), account.id.as_str(), account.name.as_deref()))
            .collect();
        let tx = engine.store.begin().await?;
        nodes::put_accounts(&tx, &accounts, self.engine.now().timestamp_millis()).await?;
        rows::put_plan(&tx, self.source.id, self.run.id, &scopes, plan.completeness.is_complete()).await?;
        tx.commit().await?;
        Ok(Ok(self.open(scopes, plan.completeness).await?))
    }

    /// Those of these scopes that an earlier worker did not complete.
    async fn open(&self, scopes: Vec<Scope>, completeness: Completeness) -> Result<Planned, Error> {
        let mut before = RunCounts::default();
        let mut done = BTreeSet::new();
        for known in rows::planned(&self.engine.inner.store, self.run.id).await? {
            if known.state == RunState::Complete && scopes.contains(&known.scope) {
                before.add(known.counts);
                done.insert(known.scope);
            }
        }
        self.announce(scopes.len(), done.len(), before);
        let total = scopes.len();
        let open = scopes.into_iter().filter(|scope| !done.contains(scope)).collect();
        Ok(Planned { open, total, completeness })
    }

    fn announce(&self, scopes: usize, done: usize, before: RunCounts) {
        self.asking.live.planned(scopes, done, before);
        self.asking.tell(&Event::Planned { scopes, done });
    }
}
