"""What a cluster checks before it lets something in: webhooks and policies that look at images, and others. Refuses to
hold a certificate: what stands for one says so."""

import blocks

API = "admissionregistration.k8s.io/v1"


def hook(name, service, rules, failure="Fail", selector=None):
    return {
        "name": name,
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "timeoutSeconds": 10,
        "failurePolicy": failure,
        "matchPolicy": "Equivalent",
        "rules": rules,
        "clientConfig": {"caBundle": "bm90IGEgY2VydGlmaWNhdGU=", "service": {"namespace": service[0], "name": service[1], "path": "/validate", "port": 443}},
        "namespaceSelector": selector or {},
        "objectSelector": {},
    }


def lay(site):
    pods = [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["pods", "pods/ephemeralcontainers"], "scope": "Namespaced"}]
    hooks = {
        "kyverno-resource-validating-webhook-cfg": [
            hook("validate.kyverno.svc-fail", ("kyverno", "kyverno-svc"), pods),
            hook("validate.kyverno.svc-ignore", ("kyverno", "kyverno-svc"), pods, "Ignore"),
        ],
        "policy.sigstore.dev": [
            hook(
                "policy.sigstore.dev",
                ("cosign-system", "webhook"),
                pods,
                selector={"matchExpressions": [{"key": "policy.sigstore.dev/include", "operator": "In", "values": ["true"]}]},
            )
        ],
        "gatekeeper-validating-webhook-configuration": [
            hook(
                "validation.gatekeeper.sh",
                ("gatekeeper-system", "gatekeeper-webhook-service"),
                [{"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["CREATE", "UPDATE"], "resources": ["*"], "scope": "*"}],
                "Ignore",
            )
        ],
    }
    for name, webhooks in hooks.items():
        site.lay({"apiVersion": API, "kind": "ValidatingWebhookConfiguration", "metadata": blocks.metadata(None, name, generation=1), "webhooks": webhooks}, f"webhook-{name}")
    if not site.cluster.old:
        policies(site)


def policies(site):
    """A policy that is enforced, and one that only warns."""
    for name, expression, actions in (
        ("only-our-registry", "object.spec.containers.all(one, one.image.startsWith('registry.example.com/'))", ["Deny"]),
        ("digests-wanted", "object.spec.containers.all(one, one.image.contains('@sha256:'))", ["Warn", "Audit"]),
    ):
        spec = {
            "failurePolicy": "Fail",
            "matchConstraints": {
                "matchPolicy": "Equivalent",
                "namespaceSelector": {},
                "objectSelector": {},
                "resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["pods"], "scope": "*"}],
            },
            "validations": [{"expression": expression, "message": name}],
        }
        site.lay(
            {
                "apiVersion": API,
                "kind": "ValidatingAdmissionPolicy",
                "metadata": blocks.metadata(None, name, generation=1),
                "spec": spec,
                "status": {"observedGeneration": 1, "typeChecking": {}},
            },
            f"admission-{name}",
        )
        site.lay(
            {
                "apiVersion": API,
                "kind": "ValidatingAdmissionPolicyBinding",
                "metadata": blocks.metadata(None, name, generation=1),
                "spec": {
                    "policyName": name,
                    "validationActions": actions,
                    "matchResources": {"namespaceSelector": {"matchLabels": {"environment": "production"}}, "objectSelector": {}, "matchPolicy": "Equivalent"},
                },
            }
        )
