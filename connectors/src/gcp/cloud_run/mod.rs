//! Cloud Run: services with the revisions that serve, jobs with what their last execution ran, worker pools; and who
//! can reach services. Refuses to read the values of variables: a name tells whether a secret stands in plain text.

mod collect;
mod containers;
mod reach;
#[cfg(test)]
mod tests;
mod wire;
mod workloads;

use domain::source::Permission;

use super::client::Ask;
use super::request::Request;
use super::service::{Places, Probe, Service};
use crate::Failure;

const HOST: &str = "run.googleapis.com";
const LOCATIONS: &str = "run.locations.list";
const SERVICES: &str = "run.services.list";
const POLICY: &str = "run.services.getIamPolicy";
const REVISION: &str = "run.revisions.get";
const JOBS: &str = "run.jobs.list";
const EXECUTION: &str = "run.executions.get";
const POOLS: &str = "run.workerpools.list";
/// The product's word in names of what stands for a cluster.
const PRODUCT: &str = "cloud-run";
/// What is asked for that need not exist, to see whether it may be asked.
const NOWHERE: &str = "plimsoll-asks-whether-it-may";

/// Cloud Run.
pub(super) const SERVICE: Service = Service {
    name: "cloud-run",
    places: Places::Each { host: HOST, action: LOCATIONS, broad: false },
    permissions: &[
        Permission { action: EXECUTION, why: "to know by digest what a job ran last" },
        Permission { action: JOBS, why: "to find jobs" },
        Permission {
            action: LOCATIONS,
            why: "to find the locations of Cloud Run; without it they must be listed in the settings",
        },
        Permission { action: REVISION, why: "to know by digest what serves" },
        Permission {
            action: POLICY,
            why: "to know whether anyone may call a service; without it its reach is unknown",
        },
        Permission { action: SERVICES, why: "to find services" },
        Permission { action: POOLS, why: "to find worker pools" },
    ],
    collect: |ask, sink| Box::pin(collect::collect(ask, sink)),
    probes: &[
        Probe { action: SERVICES, attempt: |ask| Box::pin(probe(ask, SERVICES, "services")) },
        Probe { action: JOBS, attempt: |ask| Box::pin(probe(ask, JOBS, "jobs")) },
        Probe { action: POOLS, attempt: |ask| Box::pin(probe(ask, POOLS, "workerPools")) },
        Probe {
            action: POLICY,
            attempt: |ask| {
                Box::pin(async { probe(ask, POLICY, &format!("services/{NOWHERE}:getIamPolicy")).await })
            },
        },
        Probe {
            action: REVISION,
            attempt: |ask| {
                Box::pin(async {
                    probe(ask, REVISION, &format!("services/{NOWHERE}/revisions/{NOWHERE}")).await
                })
            },
        },
        Probe {
            action: EXECUTION,
            attempt: |ask| {
                Box::pin(async {
                    probe(ask, EXECUTION, &format!("jobs/{NOWHERE}/executions/{NOWHERE}")).await
                })
            },
        },
    ],
};

async fn probe(ask: &Ask<'_>, action: &str, below: &str) -> Result<(), Failure> {
    let request = Request::get(HOST, format!("v2/{}/{below}", ask.place.parent()));
    ask.bytes(action, &request).await.map(drop)
}
