//! What runs: pods under the controllers that people know, with the digests that really run. Controllers are read
//! before pods, the outer before the inner, so that each pod finds its own. Refuses to call what it saw whole where
//! one of these lists was denied.

use domain::source::{Completeness, Permission};

use super::client::Ask;
use super::resource::Resource;
use super::service::{Probe, Service, lists};
use crate::{Failure, Sink};

const NAMESPACES: Resource = Resource::of("namespaces: list", &["api/v1"], "namespaces").of_all();
const CRON_JOBS: Resource =
    Resource::of("cronjobs.batch: list", &["apis/batch/v1", "apis/batch/v1beta1"], "cronjobs");
const DEPLOYMENTS: Resource = Resource::of("deployments.apps: list", &["apis/apps/v1"], "deployments");
const STATEFUL_SETS: Resource = Resource::of("statefulsets.apps: list", &["apis/apps/v1"], "statefulsets");
const DAEMON_SETS: Resource = Resource::of("daemonsets.apps: list", &["apis/apps/v1"], "daemonsets");
const ROLLOUTS: Resource =
    Resource::of("rollouts.argoproj.io: list", &["apis/argoproj.io/v1alpha1"], "rollouts");
const REPLICA_SETS: Resource =
    Resource::of("replicasets.apps: list", &["apis/apps/v1"], "replicasets").between("ReplicaSet");
const REPLICATION_CONTROLLERS: Resource =
    Resource::of("replicationcontrollers: list", &["api/v1"], "replicationcontrollers");
const JOBS: Resource = Resource::of("jobs.batch: list", &["apis/batch/v1"], "jobs").between("Job");
pub(super) const PODS: Resource = Resource::of("pods: list", &["api/v1"], "pods");

/// In the order in which they are read.
const READ: [Resource; 10] = [
    NAMESPACES,
    CRON_JOBS,
    DEPLOYMENTS,
    STATEFUL_SETS,
    DAEMON_SETS,
    ROLLOUTS,
    REPLICA_SETS,
    REPLICATION_CONTROLLERS,
    JOBS,
    PODS,
];

/// What runs.
pub(super) const SERVICE: Service = Service {
    name: "workloads",
    places: (),
    permissions: &[
        Permission { action: PODS.action, why: "to see what runs, by digest, and what it may do" },
        Permission { action: DEPLOYMENTS.action, why: "to name workloads as people know them" },
        Permission { action: STATEFUL_SETS.action, why: "to name workloads as people know them" },
        Permission { action: DAEMON_SETS.action, why: "to name workloads as people know them" },
        Permission { action: REPLICA_SETS.action, why: "to find the deployment or rollout of a pod" },
        Permission { action: REPLICATION_CONTROLLERS.action, why: "to find the controller of older pods" },
        Permission { action: JOBS.action, why: "to find the cron job of a pod" },
        Permission { action: CRON_JOBS.action, why: "to name workloads as people know them" },
        Permission {
            action: ROLLOUTS.action,
            why: "to name workloads of Argo Rollouts, where it is installed",
        },
        Permission {
            action: NAMESPACES.action,
            why: "to read owner, environment and criticality from labels",
        },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[
        lists!(PODS),
        lists!(DEPLOYMENTS),
        lists!(STATEFUL_SETS),
        lists!(DAEMON_SETS),
        lists!(REPLICA_SETS),
        lists!(REPLICATION_CONTROLLERS),
        lists!(JOBS),
        lists!(CRON_JOBS),
        lists!(ROLLOUTS),
        lists!(NAMESPACES),
    ],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    ask.gather(&READ, sink).await
}
