//! What other tools keep in a cluster comes whole, object by object, ends on the image that runs, and costs nothing where
//! it has not changed. What is denied is told, what is absent is no gap.

use std::collections::BTreeMap;

use domain::source::{RunState, Scope};
use serde_json::{Value, json};
use tests::asked::{Collected, Source, scope};
use tests::cloud::Cloud;
use tests::kubernetes::{Cluster, Estate, Kubernetes};
use tests::synced::{LONG, open, says};

use crate::{on_each_database, small, synced};

const TRIVY: &str = "aquasecurity.github.io";
const KUBESCAPE: &str = "spdx.softwarecomposition.kubescape.io";
/// Reports that are about no namespace.
const WIDE: [&str; 4] =
    ["ClusterVulnerabilityReport", "ClusterSbomReport", "ClusterPolicyReport", "ClusterReport"];
/// Every list that is pulled, with the kind of its objects.
const PULLED: [(&str, &str); 10] = [
    ("aquasecurity.github.io/clustersbomreports", "ClusterSbomReport"),
    ("aquasecurity.github.io/clustervulnerabilityreports", "ClusterVulnerabilityReport"),
    ("aquasecurity.github.io/exposedsecretreports", "ExposedSecretReport"),
    ("aquasecurity.github.io/sbomreports", "SbomReport"),
    ("aquasecurity.github.io/vulnerabilityreports", "VulnerabilityReport"),
    ("openreports.io/clusterreports", "ClusterReport"),
    ("openreports.io/reports", "Report"),
    ("spdx.softwarecomposition.kubescape.io/vulnerabilitymanifests", "VulnerabilityManifest"),
    ("wgpolicyk8s.io/clusterpolicyreports", "ClusterPolicyReport"),
    ("wgpolicyk8s.io/policyreports", "PolicyReport"),
];

/// How many objects of each kind a cluster has.
fn kept(cluster: &Cluster) -> BTreeMap<String, u64> {
    let counts = PULLED.map(|(path, kind)| (kind.to_owned(), cluster.count(path)));
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}

/// How many documents of each kind came, each with what it needs to be recognised.
#[track_caller]
fn came(seen: &Collected) -> BTreeMap<String, u64> {
    let mut came = BTreeMap::new();
    for (paper, _) in seen.papers() {
        assert!(paper["apiVersion"].as_str().is_some_and(|version| version.contains('/')), "{paper}");
        *came.entry(paper["kind"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    came
}

fn seeded() -> Option<(Kubernetes, Estate, Source)> {
    let (cloud, estate) = Kubernetes::seeded(&small())?;
    let source = Source::with(&cloud, &estate, &[("contexts", &["*"])]);
    Some((cloud, estate, source))
}

#[test]
fn what_is_pulled_is_what_the_cluster_holds() {
    let Some((cloud, estate, source)) = seeded() else { return };
    cloud.set(&json!({ "page_cap": 1 }));
    for cluster in &estate.clusters {
        let seen = source.collect(&cluster.name, "", "reports").complete();
        assert_eq!(came(&seen), kept(cluster), "{}", cluster.name);
        assert!(seen.observations.is_empty());
        for (paper, from) in seen.papers() {
            assert_eq!((from.source.as_str(), from.cluster.as_deref()), ("kubernetes", Some(&*cluster.name)));
            assert!(from.name.ends_with(&format!(" of {}", cluster.name)), "{}", from.name);
            assert!(from.name.contains(paper["metadata"]["name"].as_str().unwrap()), "{}", from.name);
            let manifest = paper["kind"] == "VulnerabilityManifest";
            let matches = paper["spec"]["payload"]["matches"].as_array();
            assert!(
                !manifest || matches.is_some_and(|matches| !matches.is_empty()),
                "without content: {paper}"
            );
            if paper["kind"] == "VulnerabilityReport" {
                assert_eq!(from.as_of.to_rfc3339(), "2026-11-20T06:40:12+00:00", "{}", from.name);
            }
        }
    }
    let first = kept(&estate.clusters[0]);
    assert_eq!(first.len(), PULLED.len(), "each kind is there once at least: {first:?}");
}

#[test]
fn what_was_found_ends_on_the_image_that_runs() {
    on_each_database(&small(), |world| {
        let found = |tool: &str, what: &str| {
            world.number(&format!(
                "SELECT COUNT(*) FROM findings f JOIN attributions a ON a.image_id = f.image_id AND a.finding_id = f.id \
                 WHERE a.tool = '{tool}' AND f.closed_at IS NULL AND f.class = 'vulnerability' AND f.image_id IN \
                 (SELECT c.image_id FROM containers c JOIN workloads w ON w.id = c.workload_id \
                 WHERE w.retired_at IS NULL AND c.running > 0 AND {what})"
            ))
        };
        let web = "c.repository = 'shop/web' AND c.tag = '2.4.0'";
        assert_eq!(
            found("trivy-operator", web),
            8,
            "by tag, with what a bill of materials tells of its digests"
        );
        assert!(found("kubescape", web) > 0, "by both digests");
        assert!(found("trivy-operator", "w.name = 'id-tag-and-digest'") >= 2, "by digest");
        let refused = "SELECT COUNT(*) FROM documents WHERE state = 'failed'";
        assert_eq!(world.number(refused), 0);
    });
}

#[test]
fn a_second_sync_takes_in_what_has_changed_and_nothing_else() {
    let Some(world) = synced(&small()) else { return };
    let here = world.estate.clusters[0].name.clone();
    let held: u64 = world.estate.clusters.iter().flat_map(kept).map(|(_, count)| count).sum();
    let documents = || world.number("SELECT COUNT(*) FROM documents").unsigned_abs();
    assert_eq!(documents(), held);
    let written =
        || ["documents", "document_chunks", "scans", "attributions"].map(|table| world.written(table));
    let before = written();
    world.unchanged();
    assert_eq!(written(), before);
    world.cloud.apply(
        &here,
        &json!({
            "apiVersion": "aquasecurity.github.io/v1alpha1", "kind": "ExposedSecretReport",
            "metadata": { "name": "newcomer", "namespace": "shop" },
            "report": {
                "updateTimestamp": "2026-11-21T06:40:12Z", "scanner": { "name": "Trivy" },
                "artifact": { "repository": "shop/newcomer", "tag": "1" }, "secrets": [],
            },
        }),
    );
    let (finished, _) = world.sync();
    assert_eq!((finished.state, documents()), (RunState::Complete, held + 1), "{}", finished.message);
}

#[test]
fn a_denied_list_is_told_and_hides_no_other() {
    let Some((cloud, estate, source)) = seeded() else { return };
    let cluster = &estate.clusters[0];
    for (path, kind) in PULLED {
        let (group, resource) = path.split_once('/').unwrap();
        let _ = cloud.fault(&json!({ "kind": "deny", "group": group, "resource": resource }));
        let seen = source.collect(&cluster.name, "", "reports");
        let words = format!("`{resource}.{group}: list` was denied in");
        assert!(seen.partial().contains(&words), "{}", seen.partial());
        assert!(seen.partial().contains(&format!("may `list` `{resource}.{group}`")), "{}", seen.partial());
        let mut others = kept(cluster);
        others.remove(kind);
        assert_eq!(came(&seen), others);
        let refused: Vec<String> = source
            .check()
            .into_iter()
            .filter(|trial| trial.scope.account == cluster.name && trial.refusal.is_some())
            .map(|trial| trial.action)
            .collect();
        assert_eq!(refused, [format!("{resource}.{group}: list")]);
        cloud.heal();
    }
}

#[test]
fn what_breaks_is_told_and_loses_nothing() {
    let Some(world) = synced(&small()) else { return };
    let here = world.estate.clusters[0].name.clone();
    let hit = |kind: &str, more: Value| {
        let mut fault = json!({ "kind": kind, "cluster": here });
        if let (Some(fault), Value::Object(more)) = (fault.as_object_mut(), more) {
            fault.extend(more);
        }
        fault
    };
    world.cloud.set(&json!({ "page_cap": 1 }));
    for (fault, words) in [
        (hit("deny", json!({ "resource": "vulnerabilityreports" })), "was denied in"),
        (hit("broken", json!({ "group": KUBESCAPE })), "vulnerabilitymanifests"),
        (hit("garbage", json!({ "resource": "policyreports" })), "with a web page"),
        (hit("truncate", json!({ "resource": "sbomreports" })), "sbomreports"),
        (hit("repeat_token", json!({ "resource": "vulnerabilityreports" })), "repeated a page token after"),
    ] {
        let journal = world.keeps(&fault, LONG);
        assert_eq!(open(&journal), [scope(&here, "", "reports")], "{fault}");
        says(&journal, words);
    }
    for fault in [
        hit("absent", json!({ "group": TRIVY })),
        hit("absent", json!({ "group": KUBESCAPE })),
        hit("gone", json!({ "resource": "vulnerabilityreports", "first": 2 })),
        hit("throttle", json!({ "resource": "policyreports", "first": 2, "retry_after": 1 })),
        hit("reset", json!({ "resource": "vulnerabilitymanifests", "first": 2 })),
    ] {
        let journal = world.keeps(&fault, LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{fault}: {}", journal.run.message);
    }
}

#[test]
fn a_list_that_expires_goes_on_and_tells_no_object_twice() {
    let Some((cloud, estate, source)) = seeded() else { return };
    let cluster = &estate.clusters[0];
    cloud.set(&json!({ "page_cap": 2 }));
    let fault = cloud.fault(&json!({ "kind": "gone", "resource": "vulnerabilityreports", "first": 1 }));
    let seen = source.collect(&cluster.name, "", "reports").complete();
    assert_eq!((came(&seen), cloud.hits(fault)), (kept(cluster), 1));
}

#[test]
fn where_namespaces_are_named_nothing_is_asked_of_the_whole_cluster() {
    let Some((cloud, estate, _)) = seeded() else { return };
    let cluster = &estate.clusters[0];
    for (path, _) in PULLED {
        let resource = path.split_once('/').unwrap().1;
        let _ = cloud.fault(&json!({ "kind": "deny", "resource": resource, "namespace": "" }));
    }
    let settings: &[(&str, &[&str])] =
        &[("contexts", &["*"]), ("namespaces", &["shop", "ledger", "kubescape"])];
    let seen = Source::with(&cloud, &estate, settings).collect(&cluster.name, "", "reports").complete();
    let mut expected = kept(cluster);
    expected.retain(|kind, _| !WIDE.contains(&kind.as_str()));
    assert_eq!(came(&seen), expected);
}

#[test]
fn reports_can_be_left_out() {
    let Some((cloud, estate, _)) = seeded() else { return };
    let source = Source::with(&cloud, &estate, &[("contexts", &["*"]), ("leave_out", &["reports"])]);
    let plan = source.plan().unwrap();
    assert!(!plan.scopes.is_empty() && plan.scopes.iter().all(|scope| scope.service != "reports"));
}

#[test]
fn hostile_names_are_kept_and_break_nothing() {
    let Some(world) = synced(&small()) else { return };
    let here = world.estate.clusters[0].name.clone();
    let name = "<img src=x onerror=alert(1)>\u{1b}[31m\n";
    let report = json!({ "updateTimestamp": name, "artifact": { "repository": name, "tag": name }, "vulnerabilities": [] });
    world.cloud.apply(
        &here,
        &json!({
            "apiVersion": "aquasecurity.github.io/v1alpha1", "kind": "VulnerabilityReport",
            "metadata": { "name": name, "namespace": "shop", "labels": { name: name } }, "report": report,
        }),
    );
    let (finished, journal) = world.sync();
    assert_eq!((finished.state, open(&journal).len()), (RunState::Complete, 0), "{}", finished.message);
    let shown = format!("vulnerability report shop/<img src=x onerror=alert(1)>[31m of {here}");
    let named = format!("SELECT COUNT(*) FROM documents WHERE name = '{shown}'");
    assert_eq!(world.number(&named), 1);
}
