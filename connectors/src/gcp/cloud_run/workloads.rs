//! Services, jobs and worker pools as workloads. Refuses to say that a job runs because it exists.

use std::collections::BTreeMap;

use domain::workload::{Container, Isolation, Workload};

use super::PRODUCT;
use super::containers::containers;
use super::wire::{Execution, Job, Revision, Service, Template, WorkerPool};
use crate::gcp::place::{Place, last_part};

/// What groups services.
pub(super) const NAMESPACE: &str = "services";
/// The label by which routes find a service.
pub(super) const SERVICE_LABEL: &str = "run.googleapis.com/service";

/// A service with the revisions that serve.
pub(super) fn service(place: &Place, told: &Service, revisions: &[Revision]) -> Workload {
    let serves = u32::from(!told.latest_ready_revision.is_empty());
    let mut found = Found {
        namespace: NAMESPACE,
        kind: "CloudRunService",
        name: last_part(&told.name),
        labels: told.labels.clone(),
        template: &told.template,
        containers: containers(&told.template, revisions, serves),
        replicas: None,
        observed_running: true,
    };
    found.labels.insert(SERVICE_LABEL.to_owned(), found.name.to_owned());
    found.workload(place)
}

/// A job with its last execution.
pub(super) fn job(place: &Place, told: &Job, execution: Option<&Execution>) -> Workload {
    let template = &told.template.template;
    let ran = execution.map(|execution| std::slice::from_ref(&execution.template)).unwrap_or_default();
    let running = execution.map_or(0, |execution| execution.running_count);
    let found = Found {
        namespace: "jobs",
        kind: "CloudRunJob",
        name: last_part(&told.name),
        labels: told.labels.clone(),
        template,
        containers: containers(template, ran, running),
        replicas: None,
        observed_running: false,
    };
    found.workload(place)
}

/// A worker pool with the revisions that work.
pub(super) fn worker_pool(place: &Place, told: &WorkerPool, revisions: &[Revision]) -> Workload {
    let works = u32::from(!told.latest_ready_revision.is_empty());
    let replicas = told.scaling.manual_instance_count;
    let found = Found {
        namespace: "worker-pools",
        kind: "CloudRunWorkerPool",
        name: last_part(&told.name),
        labels: told.labels.clone(),
        template: &told.template,
        containers: containers(&told.template, revisions, replicas.unwrap_or(works)),
        replicas,
        observed_running: true,
    };
    found.workload(place)
}

/// What tells one kind of workload from another.
struct Found<'f> {
    namespace: &'f str,
    kind: &'f str,
    name: &'f str,
    labels: BTreeMap<String, String>,
    template: &'f Template,
    containers: Vec<Container>,
    replicas: Option<u32>,
    observed_running: bool,
}

impl Found<'_> {
    fn workload(mut self, place: &Place) -> Workload {
        for (name, value) in &self.template.labels {
            self.labels.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let said = place.said(&self.labels);
        Workload {
            cluster: Some(place.product(PRODUCT)),
            account: Some(place.account.clone()),
            region: Some(place.location.clone()),
            namespace: self.namespace.to_owned(),
            kind: self.kind.to_owned(),
            name: self.name.to_owned(),
            labels: self.labels,
            owner: said.owner,
            environment: said.environment,
            criticality: said.criticality,
            replicas: self.replicas,
            nodes: Vec::new(),
            containers: self.containers,
            isolation: Isolation {
                runtime_class: Some(runtime(self.template).to_owned()),
                service_account: account(&self.template.service_account),
                ..Isolation::default()
            },
            observed_running: self.observed_running,
        }
    }
}

/// What stands between a container and the machine: the first generation is gVisor, the second a virtual machine.
/// Where none is stated, Cloud Run chooses between the two.
fn runtime(template: &Template) -> &'static str {
    match template.execution_environment.as_str() {
        "EXECUTION_ENVIRONMENT_GEN1" => "cloud-run-gvisor",
        _ => "cloud-run-microvm",
    }
}

/// The service account; the project's default one is named too, since it may do much.
fn account(email: &str) -> Option<String> {
    Some(email.to_owned()).filter(|email| !email.is_empty())
}
