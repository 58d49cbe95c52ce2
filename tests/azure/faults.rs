//! What is lost when Azure denies, throttles, hangs, or is not Azure at all; and that the rest is kept.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::asked::Source;
use tests::azure::{Azure, Estate};
use tests::cloud::Cloud;

use crate::asked::workloads;

fn few() -> Option<(Azure, Estate)> {
    Azure::seeded(&json!({ "plan": "small", "repositories": 6, "findings": 24 }))
}

const WITHOUT_SEALED: [(&str, &[&str]); 1] = [("leave_out_registries", &["sealed"])];

#[test]
fn a_denial_in_one_subscription_is_told_and_stays_there() {
    let Some((azure, estate)) = few() else { return };
    let (here, other) = (&estate.subscriptions[1], &estate.subscriptions[0]);
    for (operation, service, action) in [
        ("registries.list", "acr", "Microsoft.ContainerRegistry/registries/read"),
        ("managedClusters.list", "aks", "Microsoft.ContainerService/managedClusters/read"),
        ("containerGroups.list", "aci", "Microsoft.ContainerInstance/containerGroups/read"),
    ] {
        azure.fault(&json!({ "kind": "deny", "operation": operation, "subscription": here }));
        let source = Source::with(&azure, &estate, &WITHOUT_SEALED);
        let denied = source.collect(here, "", service);
        let words =
            format!("`{action}` was denied in {here} / {service}: give the application bbbbbbbb-2222");
        assert!(denied.failure().starts_with(&words), "{}", denied.failure());
        assert!(denied.failure().contains(&format!("over `/subscriptions/{here}`")), "{}", denied.failure());
        assert_eq!(denied.observations.len(), 0);
        assert!(!source.collect(other, "", service).complete().observations.is_empty());
        azure.heal();
    }
}

#[test]
fn a_registry_that_lets_nobody_in_is_named_and_the_others_are_read() {
    let Some((azure, estate)) = few() else { return };
    let found = Source::of(&azure, &estate).collect(&estate.subscriptions[2], "", "acr");
    assert!(found.partial().contains("the registry lets 203.0.113.9 not in"), "{}", found.partial());
    let mut repositories = found.repository_names();
    assert_eq!(repositories.len(), 14, "an empty registry and the closed one stand for themselves");
    assert!(repositories.remove("sealed.azurecr.io/"));
    let left = Source::with(&azure, &estate, &WITHOUT_SEALED)
        .collect(&estate.subscriptions[2], "", "acr")
        .complete();
    assert_eq!(left.repository_names(), repositories);
}

#[test]
fn throttling_slows_and_does_not_lose() {
    let Some((azure, estate)) = few() else { return };
    let here = &estate.subscriptions[0];
    for (service, fault) in [
        ("acr", json!({ "kind": "throttle", "service": "registry", "every": 4, "first": 20 })),
        ("aci", json!({ "kind": "throttle", "service": "arm", "every": 2, "first": 5 })),
        ("defender", json!({ "kind": "throttle", "service": "graph", "first": 2 })),
    ] {
        let source = Source::with(&azure, &estate, &WITHOUT_SEALED);
        let before = source.collect(here, "", service).complete().shown();
        azure.fault(&fault);
        let throttled = Source::with(&azure, &estate, &WITHOUT_SEALED);
        let after = throttled.collect(here, "", service).complete();
        azure.heal();
        assert_eq!(after.shown(), before, "{service}");
        let reading = throttled.reading();
        assert!(reading.throttled > 0 && reading.retries >= reading.throttled, "{service}: {reading:?}");
    }
}

#[test]
fn retry_after_is_kept_to_and_throttling_without_end_ends_at_the_deadline() {
    let Some((azure, estate)) = few() else { return };
    let here = &estate.subscriptions[0];
    azure.fault(
        &json!({ "kind": "throttle", "operation": "managedClusters.list", "retry_after": 2, "first": 1 }),
    );
    let begun = Instant::now();
    Source::of(&azure, &estate).collect(here, "", "aks").complete();
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
    azure.heal();
    azure.fault(&json!({ "kind": "throttle", "operation": "managedClusters.list" }));
    let source = Source::of(&azure, &estate).patient(Duration::from_secs(2));
    let failure = source.collect(here, "", "aks").failure();
    assert!(failure.contains("was throttled in"), "{failure}");
}

#[test]
fn what_hangs_is_given_up() {
    let Some((azure, estate)) = few() else { return };
    let here = &estate.subscriptions[0];
    azure
        .fault(&json!({ "kind": "timeout", "operation": "sites.list", "seconds": 60, "subscription": here }));
    let source = Source::of(&azure, &estate).patient(Duration::from_secs(1));
    let begun = Instant::now();
    let failure = source.collect(here, "", "web-apps").failure();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert!(failure.contains("did not answer within 1 s"), "{failure}");
    azure.heal();
}

#[test]
fn a_web_page_instead_of_an_answer_is_told() {
    let Some((azure, estate)) = few() else { return };
    let here = &estate.subscriptions[0];
    for status in [200, 502] {
        for (operation, service) in
            [("managedClusters.list", "aks"), ("catalog", "acr"), ("resources", "defender")]
        {
            azure.fault(&json!({ "kind": "garbage", "operation": operation, "status": status }));
            let found = Source::with(&azure, &estate, &WITHOUT_SEALED).collect(here, "", service);
            azure.heal();
            let told = found.reason();
            assert!(told.contains("with a web page"), "{operation} {status}: {told}");
            assert_eq!(found.documents.len(), 0);
        }
    }
}

#[test]
fn a_list_that_never_ends_is_told() {
    let Some((azure, estate)) = few() else { return };
    azure.set(&json!({ "page_cap": 2 }));
    let here = &estate.subscriptions[0];
    for (operation, service) in [
        ("containerGroups.list", "aci"),
        ("catalog", "acr"),
        ("manifests.list", "acr"),
        ("resources", "defender"),
    ] {
        azure.fault(&json!({ "kind": "repeat_token", "operation": operation }));
        let found = Source::with(&azure, &estate, &WITHOUT_SEALED).collect(here, "", service);
        azure.heal();
        let told = found.reason();
        assert!(told.contains("repeated a page token after"), "{operation}: {told}");
    }
}

#[test]
fn a_next_page_elsewhere_gets_no_token() {
    let Some((azure, estate)) = few() else { return };
    azure.set(&json!({ "page_cap": 2 }));
    let here = &estate.subscriptions[0];
    for (operation, service) in [("containerGroups.list", "aci"), ("catalog", "acr")] {
        let address = "http://localhost:9";
        azure.fault(&json!({ "kind": "stray_link", "operation": operation, "address": address }));
        let found = Source::with(&azure, &estate, &WITHOUT_SEALED).collect(here, "", service);
        azure.heal();
        let told = found.reason();
        assert!(told.contains("the next page lies at localhost, which gets no token"), "{operation}: {told}");
    }
}

#[test]
fn what_is_deleted_in_the_midst_is_gone_and_no_failure() {
    let Some((azure, estate)) = few() else { return };
    let here = &estate.subscriptions[0];
    let vanish = |name: &str| json!({ "kind": "vanish", "resource": name });
    for (name, service, kind) in
        [("aci-web-weu", "aci", "ContainerGroup"), ("shop-weu", "container-apps", "ContainerApp")]
    {
        let before = workloads(&Source::of(&azure, &estate).collect(here, "", service).complete(), &[kind]);
        azure.fault(&vanish(name));
        let after = workloads(&Source::of(&azure, &estate).collect(here, "", service).complete(), &[kind]);
        azure.heal();
        let gone: Vec<&String> = before.difference(&after).collect();
        assert!(gone.len() == 1 && gone[0].ends_with(name), "{gone:?}");
    }
    azure.fault(&json!({ "kind": "vanish", "repository": "service-000", "service": "registry" }));
    let found = Source::with(&azure, &estate, &WITHOUT_SEALED).collect(here, "", "acr").complete();
    azure.heal();
    assert_eq!(found.repositories().len(), 12 + 1, "only its manifests are gone; one registry is empty");
}

#[test]
fn fields_that_are_absent_break_nothing() {
    let Some((azure, estate)) = few() else { return };
    let here = &estate.subscriptions[0];
    let absent = |operation: &str, fields: Value| json!({ "kind": "absent", "operation": operation, "fields": fields });
    for (service, fault) in [
        ("acr", absent("registries.list", json!(["properties.policies", "properties.encryption", "tags"]))),
        ("aks", absent("managedClusters.list", json!(["properties.apiServerAccessProfile", "sku"]))),
        ("aci", absent("containerGroups.get", json!(["properties.containers.properties.instanceView"]))),
        ("container-apps", absent("revisions.list", json!(["properties.replicas"]))),
        ("web-apps", absent("sites.list", json!(["properties.siteConfig", "identity"]))),
    ] {
        azure.fault(&fault);
        let found = Source::with(&azure, &estate, &WITHOUT_SEALED).collect(here, "", service).complete();
        azure.heal();
        assert!(!found.observations.is_empty(), "{service}");
    }
}
