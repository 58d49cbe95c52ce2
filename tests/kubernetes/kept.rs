//! What a fault leaves as it was: nothing is retired wrongly, the journal says where and why, and the next whole run
//! finds everything again.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::source::Scope;
use serde_json::{Value, json};
use tests::asked::{Source, scope};
use tests::cloud::Cloud;
use tests::kubernetes::Kubernetes;
use tests::synced::{LONG, open, says};

use crate::{small, synced};

#[test]
fn nothing_is_retired_by_what_was_not_seen() {
    let Some(world) = synced(&small()) else { return };
    let here = world.estate.clusters[0].name.clone();
    let hit = |kind: &str, resource: &str, more: Value| {
        let mut fault = json!({ "kind": kind, "cluster": here, "resource": resource });
        if let (Some(fault), Value::Object(more)) = (fault.as_object_mut(), more) {
            fault.extend(more);
        }
        fault
    };
    for (fault, service, words) in [
        (hit("deny", "pods", json!({})), "workloads", "`pods: list` was denied in"),
        (hit("deny", "replicasets", json!({})), "workloads", "that may `list` `replicasets.apps`"),
        (hit("deny", "nodes", json!({})), "nodes", "`nodes: list` was denied in"),
        (hit("deny", "ingresses", json!({})), "routes", "was denied in"),
        (hit("error", "pods", json!({ "status": 500 })), "workloads", "failed in"),
        (
            hit("deny", "networkpolicies", json!({})),
            "policies",
            "told without the policies that were not seen",
        ),
        (hit("garbage", "services", json!({})), "routes", "with a web page"),
        (hit("truncate", "pods", json!({})), "workloads", "pods: list"),
        (hit("repeat_token", "pods", json!({})), "workloads", "repeated a page token after"),
    ] {
        if fault["kind"] == "repeat_token" {
            world.cloud.set(&json!({ "page_cap": 5 }));
        }
        let journal = world.keeps(&fault, LONG);
        assert_eq!(open(&journal), [scope(&here, "", service)], "{fault}");
        says(&journal, words);
    }
}

#[test]
fn what_passes_loses_nothing() {
    let Some(world) = synced(&small()) else { return };
    world.cloud.set(&json!({ "page_cap": 7 }));
    for fault in [
        json!({ "kind": "throttle", "resource": "pods", "first": 3, "retry_after": 1 }),
        json!({ "kind": "reset", "resource": "pods", "first": 2 }),
        json!({ "kind": "error", "resource": "deployments", "status": 503, "first": 2 }),
        json!({ "kind": "gone", "resource": "pods", "first": 1 }),
        json!({ "kind": "gone", "resource": "services", "every": 2, "first": 2 }),
    ] {
        let journal = world.keeps(&fault, LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{fault}: {}", journal.run.message);
    }
}

#[test]
fn a_kind_that_a_cluster_does_not_have_is_no_gap() {
    let Some(world) = synced(&small()) else { return };
    let before = world.present();
    let fault = json!({ "kind": "absent", "group": "argoproj.io" });
    let _ = world.cloud.fault(&fault);
    let (_, journal) = world.sync();
    assert_eq!(open(&journal), [] as [Scope; 0], "{}", journal.run.message);
    assert_eq!(world.present()["nodes"], before["nodes"]);
}

#[test]
fn credentials_that_end_leave_everything() {
    let Some(world) = synced(&small()) else { return };
    let before = world.present();
    world.cloud.expire();
    let (_, journal) = world.sync();
    says(&journal, "accepts: Unauthorized; renew the token or certificate");
    assert_eq!(world.present(), before);
    world.cloud.write_kubeconfig("/_kubeconfig?plain");
    let _ = world.cloud.seed(&small());
    let (finished, journal) = world.sync();
    assert_eq!(open(&journal), [] as [Scope; 0], "{}", finished.message);
    assert_eq!(world.present(), before);
}

#[test]
fn where_namespaces_are_named_roles_in_them_are_enough() {
    let Some((cloud, estate)) = Kubernetes::seeded(&small()) else { return };
    let here = estate.clusters[0].name.clone();
    // No list of a whole cluster is allowed.
    for resource in ["pods", "namespaces", "services", "deployments"] {
        let _ = cloud.fault(&json!({ "kind": "deny", "resource": resource, "namespace": "" }));
    }
    let settings: &[(&str, &[&str])] = &[("contexts", &["*"]), ("namespaces", &["shop", "ledger"])];
    let source = Source::with(&cloud, &estate, settings);
    let seen = source.collect(&here, "", "workloads").complete();
    let places: BTreeSet<&str> =
        seen.workloads().iter().map(|workload| workload.namespace.as_str()).collect();
    assert_eq!(places, BTreeSet::from(["ledger", "shop"]));
    let everything = Source::with(&cloud, &estate, &[("contexts", &["*"])]);
    let refused = everything.collect(&here, "", "workloads");
    assert!(refused.partial().contains("`pods: list` was denied"), "{}", refused.partial());
}

#[test]
fn a_cluster_that_does_not_answer_is_given_up_alone_and_soon() {
    let Some(world) = synced(&small()) else { return };
    let here = world.estate.clusters[0].name.clone();
    let journal =
        world.keeps(&json!({ "kind": "timeout", "cluster": here, "seconds": 60 }), Duration::from_secs(2));
    let silent: Vec<Scope> = ["admission", "nodes", "policies", "reports", "routes", "workloads"]
        .iter()
        .map(|service| scope(&here, "", service))
        .collect();
    let mut open = open(&journal);
    open.sort_by(|one, other| one.service.cmp(&other.service));
    assert_eq!(open, silent, "{}", journal.run.message);
    says(&journal, "did not answer within 2 s");
    let calls = |scope: &Scope| {
        let row = journal.scopes.iter().find(|row| row.scope == *scope).map(|row| row.counts.calls);
        row.unwrap_or_default()
    };
    assert!(calls(&silent[5]) <= 2, "nine more lists are not waited for");
}
