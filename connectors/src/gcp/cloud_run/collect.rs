//! The calls to Cloud Run. Refuses old revisions and executions: only what serves, and what ran last.

use std::collections::BTreeSet;

use domain::observation::Observation;
use domain::source::Completeness;
use futures_util::{StreamExt, stream};

use super::wire::{Execution, Job, Policy, Revision, Service, Traffic, WorkerPool};
use super::{EXECUTION, HOST, JOBS, POLICY, POOLS, REVISION, SERVICES, reach, workloads};
use crate::gcp::client::Ask;
use crate::gcp::part::Part;
use crate::gcp::place::last_part;
use crate::gcp::request::Request;
use crate::missing::Missing;
use crate::{Failure, Sink};

/// Collects what runs in a location. What fails for jobs leaves services and worker pools as they are.
///
/// # Errors
/// When nothing can be listed for want of credentials, or the run was cancelled.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut missing = Missing::default();
    let (mut first, mut answered) = (None, false);
    for done in [services(ask, sink).await, jobs(ask, sink).await, worker_pools(ask, sink).await] {
        match done {
            Ok(more) => {
                answered = true;
                missing.join(more);
            }
            Err(failure) => {
                first.get_or_insert(failure.clone());
                missing.without::<()>(Err(failure))?;
            }
        }
    }
    match first {
        Some(failure) if !answered => Err(failure),
        _ => Ok(missing.completeness()),
    }
}

async fn services(ask: &Ask<'_>, sink: &Sink) -> Result<Missing, Failure> {
    let mut missing = Missing::default();
    let listed: Vec<Service> = list(ask, SERVICES, "services", &mut missing).await?;
    let described = stream::iter(listed).map(|told| async move {
        let policy = Request::get(HOST, format!("v2/{}:getIamPolicy", told.name));
        let policy = ask.find::<Policy>(POLICY, &policy).await;
        let revisions = serving(ask, &told.name, &told.traffic_statuses, &told.latest_ready_revision).await;
        (told, policy, revisions)
    });
    let mut described = described.buffered(ask.context.concurrency.max(1));
    while let Some((told, policy, revisions)) = described.next().await {
        let policy = Part::of(policy, &mut missing)?;
        // Deleted since it was listed.
        if policy == Part::Told(None) {
            continue;
        }
        if let Some(revisions) = known(Part::of(revisions, &mut missing)?) {
            sink.observe(Observation::Workload(workloads::service(&ask.place, &told, &revisions))).await?;
        }
        if let Some(policy) = known(policy) {
            sink.observe(Observation::Exposure(reach::route(&ask.place, &told, policy.as_ref()))).await?;
        }
    }
    Ok(missing)
}

async fn jobs(ask: &Ask<'_>, sink: &Sink) -> Result<Missing, Failure> {
    let mut missing = Missing::default();
    let listed: Vec<Job> = list(ask, JOBS, "jobs", &mut missing).await?;
    let described = stream::iter(listed).map(|told| async move {
        let execution = last_execution(ask, &told).await;
        (told, execution)
    });
    let mut described = described.buffered(ask.context.concurrency.max(1));
    while let Some((told, execution)) = described.next().await {
        if let Some(execution) = known(Part::of(execution, &mut missing)?) {
            sink.observe(Observation::Workload(workloads::job(&ask.place, &told, execution.as_ref())))
                .await?;
        }
    }
    Ok(missing)
}

async fn worker_pools(ask: &Ask<'_>, sink: &Sink) -> Result<Missing, Failure> {
    let mut missing = Missing::default();
    let listed: Vec<WorkerPool> = list(ask, POOLS, "workerPools", &mut missing).await?;
    for told in listed {
        let splits = &told.instance_split_statuses;
        let revisions = serving(ask, &told.name, splits, &told.latest_ready_revision).await;
        if let Some(revisions) = known(Part::of(revisions, &mut missing)?) {
            sink.observe(Observation::Workload(workloads::worker_pool(&ask.place, &told, &revisions)))
                .await?;
        }
    }
    Ok(missing)
}

/// A part to tell a thing with; nothing where the thing is better left as it was.
fn known<T: Default>(part: Part<T>) -> Option<T> {
    match part {
        Part::Told(told) => Some(told),
        Part::Denied => Some(T::default()),
        Part::Unread => None,
    }
}

async fn list<T: serde::de::DeserializeOwned>(
    ask: &Ask<'_>,
    action: &str,
    kind: &str,
    missing: &mut Missing,
) -> Result<Vec<T>, Failure> {
    let request = Request::get(HOST, format!("v2/{}/{kind}", ask.place.parent()));
    ask.list(action, request, missing).await
}

/// The revisions that serve, by name; what has none to name has its latest ready one. Old ones are gone at times.
async fn serving(
    ask: &Ask<'_>,
    parent: &str,
    traffic: &[Traffic],
    latest: &str,
) -> Result<Vec<Revision>, Failure> {
    let mut revisions = Vec::new();
    for name in names(traffic, latest) {
        let request = Request::get(HOST, format!("v2/{parent}/revisions/{name}"));
        revisions.extend(ask.find::<Revision>(REVISION, &request).await?);
    }
    Ok(revisions)
}

/// Names of the revisions that have a share of the traffic or a tag of their own.
pub(super) fn names<'t>(traffic: &'t [Traffic], latest: &'t str) -> BTreeSet<&'t str> {
    let latest = Some(last_part(latest)).filter(|name| !name.is_empty());
    let shares = traffic.iter().filter(|target| target.percent > 0 || !target.tag.is_empty());
    let mut names: BTreeSet<&str> = shares
        .filter_map(|target| Some(last_part(&target.revision)).filter(|name| !name.is_empty()).or(latest))
        .collect();
    if names.is_empty() {
        names.extend(latest);
    }
    names
}

async fn last_execution(ask: &Ask<'_>, job: &Job) -> Result<Option<Execution>, Failure> {
    let Some(last) = &job.latest_created_execution else { return Ok(None) };
    let request = Request::get(HOST, format!("v2/{}/executions/{}", job.name, last_part(&last.name)));
    ask.find(EXECUTION, &request).await
}
