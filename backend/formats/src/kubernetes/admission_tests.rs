//! What decides of admission, each in one line.

use domain::observation::Observation;

use crate::{Limits, read};

fn lines() -> Vec<String> {
    let parsed = read(include_bytes!("fixtures/admission.json"), Limits::default()).unwrap().parsed;
    assert!(parsed.warnings.is_empty(), "{:?}", parsed.warnings);
    parsed
        .observations
        .iter()
        .filter_map(|one| match one {
            Observation::Admission(one) => {
                let effect = one.effect.as_str();
                Some(format!("{} {} by {} {effect}: {}", one.kind, one.name, one.engine, one.scope))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn everything_that_decides_is_told_as_it_stands() {
    assert_eq!(
        lines(),
        [
            "Namespace shop by Pod Security enforce: enforces restricted; audits restricted",
            "Namespace lab by Pod Security warn: enforces privileged; warns of baseline",
            "Namespace open by Pod Security open: enforces privileged",
            "ValidatingWebhookConfiguration guard by hooks.example.org:8443, kyverno/kyverno-svc ask: \
             deployments, pods on CREATE, DELETE, UPDATE; every namespace; namespaces with team NotIn ops; \
             some pass where nobody answers",
            "MutatingWebhookConfiguration injector by nobody named change: no resource named; every namespace",
            "ClusterPolicy no-latest by Kyverno enforce: Deployment, Pod",
            "Policy shop/labels by Kyverno change: Pod",
            "ClusterPolicy signed by Kyverno audit: Pod",
            "K8sAllowedRepos repos by Gatekeeper audit: Pod; 25 violations when it was audited, by \
             Deployment shop/api, Namespace lab, Pod lab/a and 1 more; 20 not listed",
            "K8sRequiredLabels labels by Gatekeeper enforce: no kind named; no violation when it was audited",
            "K8sRequiredLabels odd by Gatekeeper warn: no kind named; 1 violation when it was audited, by Pod b",
            "ValidatingAdmissionPolicy loose by API server unknown: pods on CREATE, UPDATE; every namespace; \
             nothing was seen to bind it",
            "ValidatingAdmissionPolicy registry by API server enforce: pods on CREATE, UPDATE; every namespace; \
             passes where it fails; bound in every namespace; bound in namespaces with environment=production",
        ]
    );
}

#[test]
fn what_an_address_keeps_to_itself_is_not_told() {
    assert!(lines().iter().all(|line| !line.contains("secret") && !line.contains("token")));
}
