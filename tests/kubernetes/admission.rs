//! What decides of admission to a cluster is told as it stands, and what was not looked at is not called absent.

use std::collections::BTreeMap;

use domain::admission::{Admission, Effect};
use domain::observation::Observation;
use serde_json::json;
use tests::asked::{Collected, Source};
use tests::cloud::Cloud;
use tests::kubernetes::Kubernetes;

use crate::{small, synced};

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
    assert_eq!(told.len(), 9);
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
    let Some(world) = synced(&small()) else { return };
    let here = world.estate.clusters[0].name.clone();
    let before = world.present()["admission"];
    let _ = world.cloud.fault(&json!({ "kind": "deny", "cluster": here, "resource": "clusterpolicies" }));
    let _ = world.sync();
    assert_eq!(world.present()["admission"], before, "what was not seen stays");
    world.cloud.heal();
    world.cloud.delete(&here, ("kyverno.io/v1", "ClusterPolicy"), "", "no-latest");
    let _ = world.sync();
    assert_eq!(world.present()["admission"], before - 1);
}
