//! What decides of admission to a cluster is told as it stands, and what was not looked at is not called absent.

use std::collections::BTreeMap;

use domain::admission::{Admission, Effect};
use domain::observation::Observation;
use serde_json::json;
use tests::asked::{Collected, Source};
use tests::cloud::Cloud;
use tests::kubernetes::Kubernetes;

use crate::{on_each_database, small};

fn told(seen: &Collected) -> BTreeMap<(&str, &str), &Admission> {
    let admissions = seen.observations.iter().filter_map(|one| match one {
        Observation::Admission(one) => Some(((one.kind.as_str(), one.name.as_str()), one)),
        _ => None,
    });
    admissions.collect()
}

#[test]
fn webhooks_and_policies_are_told_with_what_they_do() {
    let Some((cloud, estate)) = Kubernetes::seeded(&small()) else { return };
    cloud.set(&json!({ "page_cap": 1 }));
    let source = Source::with(&cloud, &estate, &[("contexts", &["*"])]);
    let seen = source.collect(&estate.clusters[0].name, "", "admission").complete();
    let told = told(&seen);
    let effect = |kind: &str, name: &str| told[&(kind, name)].effect;
    let hooks = "ValidatingWebhookConfiguration";
    assert_eq!(effect(hooks, "kyverno-resource-validating-webhook-cfg"), Effect::Ask);
    assert_eq!(told[&(hooks, "policy.sigstore.dev")].engine, "cosign-system/webhook");
    assert!(
        told[&(hooks, "gatekeeper-validating-webhook-configuration")]
            .scope
            .contains("all pass where nobody answers")
    );
    assert_eq!(effect("MutatingWebhookConfiguration", "mesh-injector"), Effect::Change);
    assert_eq!(effect("ValidatingAdmissionPolicy", "only-our-registry"), Effect::Enforce);
    assert_eq!(effect("ValidatingAdmissionPolicy", "digests-wanted"), Effect::Warn);
    assert_eq!(effect("ClusterPolicy", "no-latest"), Effect::Enforce);
    assert_eq!(effect("ClusterPolicy", "signed-images"), Effect::Audit);
    assert_eq!(effect("Policy", "shop/team-label"), Effect::Change);
    assert_eq!(told.len(), 12);
}

#[test]
fn constraints_of_every_kind_are_found() {
    let Some((cloud, estate)) = Kubernetes::seeded(&small()) else { return };
    cloud.set(&json!({ "page_cap": 1 }));
    let source = Source::with(&cloud, &estate, &[("contexts", &["*"])]);
    for cluster in &estate.clusters {
        let seen = source.collect(&cluster.name, "", "admission").complete();
        let told = told(&seen);
        let constraint = |kind: &str, name: &str| {
            let one = told[&(kind, name)];
            assert_eq!(one.engine, "Gatekeeper");
            (one.effect, one.scope.clone())
        };
        let found =
            "Pod; 25 violations when it was audited, by Pod shop/cart, Pod shop/search; 23 not listed"
                .to_owned();
        assert_eq!(constraint("K8sAllowedRepos", "our-registry"), (Effect::Audit, found));
        let nothing = "Pod; no violation when it was audited".to_owned();
        let privileged = "K8sPSPPrivilegedContainer";
        assert_eq!(constraint(privileged, "no-privileged"), (Effect::Enforce, nothing));
        assert_eq!(
            constraint(privileged, "new"),
            (Effect::Enforce, "Pod".to_owned()),
            "it was not audited yet"
        );
    }
}

#[test]
fn a_cluster_without_gatekeeper_has_no_gap_and_one_that_does_not_tell_has() {
    let Some((cloud, estate)) = Kubernetes::seeded(&small()) else { return };
    let here = estate.clusters[0].name.as_str();
    let source = Source::with(&cloud, &estate, &[("contexts", &["*"])]);
    let constraints = |seen: &Collected| told(seen).values().filter(|one| one.engine == "Gatekeeper").count();
    let _ = cloud.fault(&json!({ "kind": "absent", "group": "constraints.gatekeeper.sh" }));
    assert_eq!(constraints(&source.collect(here, "", "admission").complete()), 0);
    cloud.heal();
    let _ = cloud.fault(&json!({ "kind": "deny", "resource": "k8sallowedrepos" }));
    let denied = source.collect(here, "", "admission");
    let reason = denied.partial();
    assert!(reason.contains("`*.constraints.gatekeeper.sh: list` was denied in"), "{reason}");
    assert!(reason.contains("that may `list` `*.constraints.gatekeeper.sh`"), "{reason}");
    assert_eq!(constraints(&denied), 2, "the other kind is told");
    cloud.heal();
    let _ = cloud.fault(&json!({ "kind": "broken", "group": "constraints.gatekeeper.sh" }));
    let silent = source.collect(here, "", "admission");
    assert!(silent.partial().contains("`/apis/constraints.gatekeeper.sh: get` in"), "{}", silent.partial());
    assert!(told(&silent).len() == 9, "what is asked by name is told");
}

#[test]
fn labels_of_namespaces_tell_pod_security() {
    let Some((cloud, estate)) = Kubernetes::seeded(&small()) else { return };
    let here = &estate.clusters[0].name;
    cloud.apply(
        here,
        &json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": { "name": "newcomer", "labels": { "pod-security.kubernetes.io/enforce": "restricted" } },
        }),
    );
    let source = Source::with(&cloud, &estate, &[("contexts", &["*"])]);
    let seen = source.collect(here, "", "workloads").complete();
    let told = told(&seen);
    let namespace = told[&("Namespace", "newcomer")];
    assert_eq!((namespace.effect, namespace.scope.as_str()), (Effect::Enforce, "enforces restricted"));
}

#[test]
fn what_is_gone_is_retired_and_what_is_denied_is_kept() {
    on_each_database(&small(), |world| {
        let here = world.estate.clusters[0].name.clone();
        let before = world.present()["admission"];
        let _ = world.cloud.fault(&json!({ "kind": "deny", "cluster": here, "resource": "clusterpolicies" }));
        let _ = world.sync();
        assert_eq!(world.present()["admission"], before, "what was not seen stays");
        world.cloud.heal();
        world.cloud.delete(&here, ("kyverno.io/v1", "ClusterPolicy"), "", "no-latest");
        let _ = world.sync();
        assert_eq!(world.present()["admission"], before - 1);
    });
}
