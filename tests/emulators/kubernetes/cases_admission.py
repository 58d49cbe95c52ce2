"""What a cluster checks before it lets something in: webhooks and policies that look at images, and others, Kyverno's
and Gatekeeper's among them. Refuses to hold a certificate: what stands for one says so."""

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
    changing = hook("sidecar.mesh.example.com", ("mesh-system", "injector"), pods, "Ignore", {"matchLabels": {"mesh": "on"}})
    changing["reinvocationPolicy"] = "IfNeeded"
    site.lay(
        {"apiVersion": API, "kind": "MutatingWebhookConfiguration", "metadata": blocks.metadata(None, "mesh-injector", generation=1), "webhooks": [changing]},
        "webhook-mesh-injector",
    )
    kyverno(site)
    gatekeeper(site)
    if not site.cluster.old:
        policies(site)


def kyverno(site):
    """A policy that refuses, one that only notes, and one of a namespace that changes what comes."""
    pods = {"any": [{"resources": {"kinds": ["Pod"]}}]}
    latest = {"name": "no-latest", "match": pods, "validate": {"message": "no tag `latest`", "pattern": {"spec": {"containers": [{"image": "!*:latest"}]}}}}
    signed = {"name": "signed", "match": pods, "verifyImages": [{"failureAction": "Audit", "imageReferences": ["registry.example.com/*"]}]}
    labels = {"name": "team", "match": pods, "mutate": {"patchStrategicMerge": {"metadata": {"labels": {"+(team)": "shop"}}}}}
    for kind, namespace, name, rules, action in (
        ("ClusterPolicy", None, "no-latest", [latest], "Enforce"),
        ("ClusterPolicy", None, "signed-images", [signed], None),
        ("Policy", "shop", "team-label", [labels], None),
    ):
        spec = {"background": True, "rules": rules, **({"validationFailureAction": action} if action else {})}
        site.lay({"apiVersion": "kyverno.io/v1", "kind": kind, "metadata": blocks.metadata(namespace, name, generation=1), "spec": spec}, f"kyverno-{name}")


def gatekeeper(site):
    """A constraint that only notes and found more than it lists, one that refuses and found nothing, and one that was not
    audited yet."""
    violation = {"enforcementAction": "dryrun", "group": "", "version": "v1", "kind": "Pod", "message": "container <main> has an invalid image repo"}
    found = [{**violation, "namespace": "shop", "name": name} for name in ("cart", "search")]
    audited = {"auditTimestamp": "2026-11-20T06:40:12Z", "byPod": [{"id": "gatekeeper-audit-0", "observedGeneration": 1, "operations": ["audit", "status"], "enforced": True}]}
    for kind, name, action, status in (
        ("K8sAllowedRepos", "our-registry", "dryrun", {**audited, "totalViolations": 25, "violations": found}),
        ("K8sPSPPrivilegedContainer", "no-privileged", "deny", {**audited, "totalViolations": 0}),
        ("K8sPSPPrivilegedContainer", "new", None, None),
    ):
        spec = {
            "match": {"kinds": [{"apiGroups": [""], "kinds": ["Pod"]}], "excludedNamespaces": ["kube-system"]},
            "parameters": {"repos": ["registry.example.com/"]} if kind == "K8sAllowedRepos" else {},
            **({"enforcementAction": action} if action else {}),
        }
        constraint = {"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": kind, "metadata": blocks.metadata(None, name, generation=1), "spec": spec}
        site.lay({**constraint, **({"status": status} if status else {})}, f"gatekeeper-{name}")


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
