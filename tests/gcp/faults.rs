//! Faults one by one: what the scope says, and what of it is there nevertheless. Refuses the database.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::asked::Source;
use tests::cloud::Cloud;
use tests::gcp::{Estate, Gcp};

use crate::asked::{HERE, SHOP};

const REGISTRY: &str = "artifact-registry";

/// A small organisation, and a source over all of it.
fn world() -> Option<(Gcp, Estate, Source)> {
    let gcp = Gcp::start()?;
    let estate = gcp.seed(&json!("small"));
    let source = Source::of(&gcp, &estate);
    Some((gcp, estate, source))
}

#[test]
fn throttling_slows_down_and_loses_nothing() {
    let Some((gcp, _, source)) = world() else { return };
    let whole = source.collect(SHOP, HERE, REGISTRY).complete();
    let fault =
        gcp.fault(&json!({"kind": "throttle", "method": "ListDockerImages", "every": 3, "retry_after": 0}));
    let found = source.collect(SHOP, HERE, REGISTRY).complete();
    assert_eq!(found.shown(), whole.shown());
    assert!(gcp.hits(fault) > 0 && source.reading().throttled >= gcp.hits(fault));
}

#[test]
fn google_s_wish_to_wait_is_kept() {
    let Some((gcp, _, source)) = world() else { return };
    let _ =
        gcp.fault(&json!({"kind": "throttle", "method": "ListRepositories", "first": 1, "retry_after": 2}));
    let started = Instant::now();
    let _ = source.collect(SHOP, HERE, REGISTRY).complete();
    assert!(started.elapsed() >= Duration::from_secs(2));
}

#[test]
fn throttled_until_the_deadline_is_no_end_of_the_list() {
    let Some((gcp, estate, _)) = world() else { return };
    let source = Source::of(&gcp, &estate).patient(Duration::from_secs(2));
    let _ = gcp.fault(&json!({"kind": "throttle", "method": "ListRepositories"}));
    let failure = source.collect(SHOP, HERE, REGISTRY).failure();
    assert!(failure.starts_with("`artifactregistry.repositories.list` was throttled in"), "{failure}");
}

#[test]
fn a_hanging_call_ends_at_its_deadline() {
    let Some((gcp, estate, _)) = world() else { return };
    let source = Source::of(&gcp, &estate).patient(Duration::from_secs(1));
    let _ = gcp.fault(&json!({"kind": "timeout", "seconds": 60, "method": "ListServices"}));
    let found = source.collect(SHOP, HERE, "cloud-run");
    assert!(found.partial().contains("`run.services.list` in plimsoll-shop"), "{}", found.partial());
    assert!(found.partial().contains("did not answer within 1 s"), "{}", found.partial());
    assert!(
        found.workloads().iter().any(|workload| workload.name == "nightly"),
        "jobs are there nevertheless"
    );
    gcp.heal();
}

#[test]
fn a_web_page_is_no_answer() {
    let Some((gcp, _, source)) = world() else { return };
    for status in [200, 503] {
        let _ = gcp.fault(&json!({"kind": "garbage", "status": status, "method": "ListRepositories"}));
        let failure = source.collect(SHOP, HERE, REGISTRY).failure();
        assert!(
            failure.contains("answered something unreadable") && failure.contains("web page"),
            "{failure}"
        );
        gcp.heal();
    }
    let _ = gcp.fault(&json!({"kind": "garbage", "status": 502, "method": "ListRepositories", "first": 1}));
    let _ = source.collect(SHOP, HERE, REGISTRY).complete();
}

#[test]
fn a_connection_that_breaks_is_made_again() {
    let Some((gcp, _, source)) = world() else { return };
    let _ = gcp.fault(&json!({"kind": "reset", "method": "ListDockerImages", "every": 3}));
    let _ = source.collect(SHOP, HERE, REGISTRY).complete();
    assert!(source.reading().retries > 0);
}

#[test]
fn a_repeated_token_ends_the_list_with_a_reason() {
    let Some((gcp, _, source)) = world() else { return };
    gcp.set(&json!({"page_cap": 3}));
    let _ = gcp.fault(&json!({"kind": "repeat_token", "method": "ListDockerImages"}));
    let found = source.collect(SHOP, HERE, REGISTRY);
    assert!(found.partial().contains("repeated a page token"), "{}", found.partial());
}

#[test]
fn a_token_that_ends_in_the_middle_of_a_run_is_renewed() {
    let Some((gcp, _, source)) = world() else { return };
    gcp.set(&json!({"anonymous": false}));
    let whole = source.collect(SHOP, HERE, REGISTRY).complete();
    let fault = gcp.fault(&json!({"kind": "expire", "method": "ListDockerImages", "after": 2, "first": 1}));
    let found = source.collect(SHOP, HERE, REGISTRY).complete();
    assert_eq!(found.shown(), whole.shown());
    assert_eq!(gcp.hits(fault), 1);
}

#[test]
fn a_key_that_is_not_accepted_is_told_once() {
    let Some((gcp, mut estate, _)) = world() else { return };
    gcp.set(&json!({"anonymous": false}));
    let Some(other) = Gcp::start() else { return };
    estate.key = other.seed(&json!("tiny")).key;
    let refused = Source::of(&gcp, &estate).plan().unwrap_err();
    assert!(refused.starts_with("no credentials that projects accepts: Google said"), "{refused}");
    assert!(refused.contains("GOOGLE_APPLICATION_CREDENTIALS"), "{refused}");
}

#[test]
fn what_is_deleted_while_it_is_read_is_gone_and_no_failure() {
    let Some((gcp, _, source)) = world() else { return };
    let base = format!("projects/{SHOP}/locations/{HERE}");
    let _ = gcp.fault(&json!({"kind": "vanish", "name": format!("{base}/repositories/images-01")}));
    let found = source.collect(SHOP, HERE, REGISTRY).complete();
    assert!(
        !found.repository_names().iter().any(|name| name.contains("/images-01")),
        "{:?}",
        found.repository_names()
    );
    let _ = gcp.fault(&json!({"kind": "vanish", "name": format!("{base}/services/web")}));
    let found = source.collect(SHOP, HERE, "cloud-run").complete();
    assert!(!found.workloads().iter().any(|workload| workload.name == "web"));
    assert!(found.workloads().iter().any(|workload| workload.name == "admin"));
}

#[test]
fn a_policy_that_may_not_be_read_leaves_reach_unknown() {
    let Some((gcp, _, source)) = world() else { return };
    let _ = gcp.fault(&json!({"kind": "deny", "service": "run", "method": "GetIamPolicy"}));
    let found = source.collect(SHOP, HERE, "cloud-run");
    assert!(found.partial().contains("`run.services.getIamPolicy` was denied"), "{}", found.partial());
    assert_eq!(found.route("web").reach, domain::exposure::Reach::Unknown);
    assert_eq!(found.route("admin").reach, domain::exposure::Reach::Internal, "by its ingress alone");
}
