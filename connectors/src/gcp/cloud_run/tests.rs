//! From what Cloud Run tells to observations. Refuses the network.

use domain::exposure::Reach;
use domain::workload::Workload;
use serde_json::{Value, json};

use super::collect::names;
use super::wire::{Execution, Job, Policy, Revision, Service, WorkerPool};
use super::{reach, workloads};
use crate::gcp::place::tests::place;

const API: &str = "europe-west1-docker.pkg.dev/shop-prod/images/api";

fn digest(letter: char) -> String {
    format!("sha256:{}", letter.to_string().repeat(64))
}

fn read<T: serde::de::DeserializeOwned>(told: Value) -> T {
    serde_json::from_value(told).unwrap()
}

fn revision(letter: char) -> Revision {
    read(json!({"containers": [
        {"name": "api", "image": format!("{API}@{}", digest(letter))},
        {"image": "us-docker.pkg.dev/agents/metrics@".to_owned() + &digest('f')},
    ]}))
}

fn service(more: Value) -> Service {
    let mut told = json!({
        "name": "projects/shop-prod/locations/europe-west1/services/web",
        "labels": {"team": "shop"},
        "ingress": "INGRESS_TRAFFIC_ALL",
        "uri": "https://web.example",
        "latestReadyRevision": "projects/shop-prod/locations/europe-west1/services/web/revisions/web-2",
        "template": {
            "serviceAccount": "web@shop-prod.iam.gserviceaccount.com",
            "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN1",
            "containers": [
                {"name": "api", "image": format!("{API}:latest"), "env": [
                    {"name": "LOG_LEVEL", "value": "info"},
                    {"name": "DATABASE_URL", "valueSource": {"secretKeyRef": {"secret": "url"}}},
                    {"name": "DB_PASSWORD", "value": "not kept"},
                    {"name": "EMPTY_TOKEN"},
                ]},
                {"image": "us-docker.pkg.dev/agents/metrics:1"},
            ],
        },
    });
    told.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    read(told)
}

/// Containers with their image and digest.
fn shown(workload: &Workload) -> Vec<String> {
    let shown = workload.containers.iter().map(|container| {
        let digest = container.digest.as_ref().map_or("-", |(_, digest)| &digest.as_str()[7..8]);
        format!("{} {} {digest} x{}", container.name, container.image, container.running)
    });
    shown.collect()
}

#[test]
fn a_service_runs_the_digests_of_the_revisions_that_serve() {
    let found = workloads::service(&place(), &service(json!({})), &[revision('a'), revision('b')]);
    assert_eq!(
        shown(&found),
        [
            format!("api {API}:latest a x1"),
            "main us-docker.pkg.dev/agents/metrics:1 f x1".to_owned(),
            format!("api {API}:latest b x1"),
        ]
    );
    assert_eq!(found.cluster.as_deref(), Some("cloud-run (shop-prod europe-west1)"));
    assert_eq!((found.kind.as_str(), found.name.as_str()), ("CloudRunService", "web"));
    assert_eq!((found.owner.as_deref(), found.environment.as_deref()), (Some("shop"), Some("prod")));
    assert_eq!(found.isolation.runtime_class.as_deref(), Some("cloud-run-gvisor"));
    assert_eq!(found.isolation.service_account.as_deref(), Some("web@shop-prod.iam.gserviceaccount.com"));
}

#[test]
fn secrets_are_told_by_name() {
    let found = workloads::service(&place(), &service(json!({})), &[]);
    assert_eq!(shown(&found)[0], format!("api {API}:latest - x1"), "no revision, no digest");
    assert_eq!(
        found.containers[0].security.secret_variables,
        ["DATABASE_URL", "DB_PASSWORD (in plain text)"]
    );
    assert!(!format!("{:?}", service(json!({}))).contains("not kept"));
}

#[test]
fn an_image_that_was_replaced_is_told_as_it_runs() {
    let moved = json!({"template": {"containers": [{"name": "api", "image": "gcr.io/shop-prod/other:1"}]}});
    let found = workloads::service(&place(), &service(moved), &[revision('a')]);
    assert_eq!(shown(&found)[0], format!("api {API}@{} a x1", digest('a')));
}

#[test]
fn revisions_that_serve_have_a_share_or_a_tag() {
    let told = service(json!({"trafficStatuses": [
        {"revision": "web-1", "percent": 90},
        {"percent": 10},
        {"revision": "web-0", "tag": "old"},
        {"revision": "web-00"},
    ]}));
    let found = names(&told.traffic_statuses, &told.latest_ready_revision);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["web-0", "web-1", "web-2"]);
    assert_eq!(names(&[], "a/revisions/web-2").into_iter().collect::<Vec<_>>(), ["web-2"]);
    assert!(names(&[], "").is_empty());
}

#[test]
fn a_job_runs_only_while_it_runs() {
    let template = json!({"containers": [{"name": "nightly", "image": format!("{API}:latest")}]});
    let job: Job = read(json!({
        "name": "projects/shop-prod/locations/europe-west1/jobs/nightly",
        "template": {"template": template},
    }));
    let found = workloads::job(&place(), &job, None);
    assert_eq!((shown(&found), found.observed_running), (vec![format!("nightly {API}:latest - x0")], false));
    let ran = json!({"containers": [{"name": "nightly", "image": format!("{API}@{}", digest('a'))}]});
    let execution: Execution = read(json!({"template": ran, "runningCount": 2}));
    let found = workloads::job(&place(), &job, Some(&execution));
    assert_eq!(shown(&found), [format!("nightly {API}:latest a x2")]);
}

#[test]
fn a_worker_pool_has_as_many_instances_as_it_was_told() {
    let told: WorkerPool = read(json!({
        "name": "projects/shop-prod/locations/europe-west1/workerPools/consumer",
        "template": {"containers": [{"name": "api", "image": format!("{API}:latest")}]},
        "scaling": {"manualInstanceCount": 3},
    }));
    let found = workloads::worker_pool(&place(), &told, &[revision('a')]);
    assert_eq!(
        (found.replicas, shown(&found)[0].as_str()),
        (Some(3), format!("api {API}:latest a x3").as_str())
    );
}

fn policy(role: &str, member: &str) -> Policy {
    read(json!({"bindings": [{"role": role, "members": ["user:a@example.com", member]}]}))
}

#[track_caller]
fn check(more: Value, policy: Option<&Policy>, reach: Reach, evidence: &str) {
    let found = reach::route(&place(), &service(more), policy);
    assert_eq!((found.reach, found.evidence.as_str()), (reach, evidence));
    assert_eq!(found.selector["run.googleapis.com/service"], "web");
}

#[test]
fn reach_is_ingress_and_callers_together() {
    let open = policy("roles/run.invoker", "allUsers");
    let any = policy("roles/run.invoker", "allAuthenticatedUsers");
    let few = policy("roles/run.invoker", "user:b@example.com");
    let internal = json!({"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY"});
    let balanced = json!({"ingress": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"});
    let all = "reached from everywhere https://web.example";
    check(json!({}), Some(&open), Reach::Internet, &format!("{all}, by anyone: allUsers may call it"));
    check(
        json!({}),
        Some(&any),
        Reach::Internet,
        &format!("{all}, by anyone with a Google account: allAuthenticatedUsers may call it"),
    );
    check(json!({}), Some(&few), Reach::Restricted, &format!("{all}, by those whom its policy names"));
    check(json!({}), None, Reach::Unknown, &format!("{all}, who may call it could not be read"));
    check(
        json!({"invokerIamDisabled": true}),
        None,
        Reach::Internet,
        &format!("{all}, by anyone: callers are not checked"),
    );
    check(
        json!({"iapEnabled": true}),
        Some(&open),
        Reach::Restricted,
        &format!("{all}, behind Identity-Aware Proxy"),
    );
    check(
        internal,
        Some(&open),
        Reach::Internal,
        "reached from the project's networks only, by anyone: allUsers may call it",
    );
    let through = "reached from the project's networks and through load balancers, which are not read";
    check(
        balanced.clone(),
        Some(&open),
        Reach::Unknown,
        &format!("{through}, by anyone: allUsers may call it"),
    );
    check(balanced, Some(&few), Reach::Restricted, &format!("{through}, by those whom its policy names"));
    check(
        json!({"ingress": ""}),
        Some(&open),
        Reach::Unknown,
        "Cloud Run does not say from where it is reached, by anyone: allUsers may call it",
    );
}

#[test]
fn only_roles_that_call_open_a_service() {
    for (role, reach) in [
        ("roles/run.viewer", Reach::Restricted),
        ("roles/run.admin", Reach::Internet),
        ("projects/shop-prod/roles/caller", Reach::Internet),
    ] {
        let found = reach::route(&place(), &service(json!({})), Some(&policy(role, "allUsers")));
        assert_eq!(found.reach, reach, "{role}");
    }
}
