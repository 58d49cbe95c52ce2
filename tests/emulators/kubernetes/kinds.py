"""What kinds of objects there are: their groups and versions, which of them are custom resources, and which are there
only in a cluster of our days or only in an old one. Refuses subresources, of which only the names are told."""

from collections import namedtuple

READ = ("get", "list", "watch")
ALL = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")

# `custom` objects tell their kind also in lists; `served` ones hold objects; `age` is "new" or "old" where a kind is in
# such clusters only.
Kind = namedtuple("Kind", "group version plural kind namespaced custom served age short")


def native(group, version, plural, kind, *short, namespaced=True, served=True, age=None):
    return Kind(group, version, plural, kind, namespaced, False, served, age, short)


def custom(group, version, plural, kind, *short, namespaced=True, age=None):
    return Kind(group, version, plural, kind, namespaced, True, True, age, short)


AQUA, KUBESCAPE = "aquasecurity.github.io", "spdx.softwarecomposition.kubescape.io"
POLICY, OPENREPORTS = "wgpolicyk8s.io", "openreports.io"
GATEKEEPER = "constraints.gatekeeper.sh"
ADMISSION, GATEWAY, NETWORKING = "admissionregistration.k8s.io", "gateway.networking.k8s.io", "networking.k8s.io"

KINDS = (
    native("", "v1", "configmaps", "ConfigMap", "cm", served=False),
    native("", "v1", "namespaces", "Namespace", "ns", namespaced=False),
    native("", "v1", "nodes", "Node", "no", namespaced=False),
    native("", "v1", "pods", "Pod", "po"),
    native("", "v1", "replicationcontrollers", "ReplicationController", "rc"),
    native("", "v1", "secrets", "Secret", served=False),
    native("", "v1", "serviceaccounts", "ServiceAccount", "sa"),
    native("", "v1", "services", "Service", "svc"),
    native("apps", "v1", "daemonsets", "DaemonSet", "ds"),
    native("apps", "v1", "deployments", "Deployment", "deploy"),
    native("apps", "v1", "replicasets", "ReplicaSet", "rs"),
    native("apps", "v1", "statefulsets", "StatefulSet", "sts"),
    native("batch", "v1", "jobs", "Job"),
    native("batch", "v1", "cronjobs", "CronJob", "cj", age="new"),
    native("batch", "v1beta1", "cronjobs", "CronJob", "cj", age="old"),
    native(NETWORKING, "v1", "ingresses", "Ingress", "ing"),
    native(NETWORKING, "v1", "networkpolicies", "NetworkPolicy", "netpol"),
    native(ADMISSION, "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", namespaced=False),
    native(ADMISSION, "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", namespaced=False),
    native(ADMISSION, "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", namespaced=False, age="new"),
    native(ADMISSION, "v1", "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding", namespaced=False, age="new"),
    custom(GATEWAY, "v1", "gateways", "Gateway", "gtw", age="new"),
    custom(GATEWAY, "v1", "httproutes", "HTTPRoute", age="new"),
    custom(GATEWAY, "v1alpha2", "tcproutes", "TCPRoute", age="new"),
    custom("kyverno.io", "v1", "clusterpolicies", "ClusterPolicy", "cpol", namespaced=False),
    custom("kyverno.io", "v1", "policies", "Policy", "pol"),
    # Kinds that templates of Gatekeeper make.
    custom(GATEKEEPER, "v1beta1", "k8sallowedrepos", "K8sAllowedRepos", namespaced=False),
    custom(GATEKEEPER, "v1beta1", "k8spspprivilegedcontainer", "K8sPSPPrivilegedContainer", namespaced=False),
    custom("argoproj.io", "v1alpha1", "rollouts", "Rollout", "ro", age="new"),
    custom(AQUA, "v1alpha1", "vulnerabilityreports", "VulnerabilityReport", "vuln", "vulns"),
    custom(AQUA, "v1alpha1", "configauditreports", "ConfigAuditReport", "configaudit"),
    custom(AQUA, "v1alpha1", "exposedsecretreports", "ExposedSecretReport", "exposedsecret"),
    custom(AQUA, "v1alpha1", "rbacassessmentreports", "RbacAssessmentReport", "rbacassessment"),
    custom(AQUA, "v1alpha1", "sbomreports", "SbomReport", "sbom", "sboms"),
    custom(AQUA, "v1alpha1", "clustersbomreports", "ClusterSbomReport", "clustersbom", namespaced=False),
    custom(AQUA, "v1alpha1", "clustervulnerabilityreports", "ClusterVulnerabilityReport", "clustervuln", namespaced=False),
    custom(AQUA, "v1alpha1", "clusterconfigauditreports", "ClusterConfigAuditReport", "clusterconfigaudit", namespaced=False),
    # Kubescape's are of an aggregated API server: typed, like native ones.
    native(KUBESCAPE, "v1beta1", "vulnerabilitymanifests", "VulnerabilityManifest", age="new"),
    native(KUBESCAPE, "v1beta1", "workloadconfigurationscans", "WorkloadConfigurationScan", age="new"),
    custom(POLICY, "v1alpha2", "policyreports", "PolicyReport", "polr"),
    custom(POLICY, "v1alpha2", "clusterpolicyreports", "ClusterPolicyReport", "cpolr", namespaced=False),
    custom(OPENREPORTS, "v1alpha1", "reports", "Report", "reps", age="new"),
    custom(OPENREPORTS, "v1alpha1", "clusterreports", "ClusterReport", "creps", namespaced=False, age="new"),
)
# Reviews, which can only be created.
REVIEWS = {"selfsubjectaccessreviews": "SelfSubjectAccessReview", "selfsubjectrulesreviews": "SelfSubjectRulesReview"}
AUTHORIZATION = "authorization.k8s.io"
# Of these only the names are told, as every server tells some.
SUBRESOURCES = {
    "pods": ("log", "status"),
    "deployments": ("scale", "status"),
    "nodes": ("status",),
    "cronjobs": ("status",),
    "gateways": ("status",),
    "namespaces": ("status",),
    "validatingadmissionpolicies": ("status",),
    "k8sallowedrepos": ("status",),
    "k8spspprivilegedcontainer": ("status",),
}
# Kinds whose lists tell their objects without what is in them.
THIN = {(KUBESCAPE, "vulnerabilitymanifests"), (KUBESCAPE, "workloadconfigurationscans")}


def of_age(old):
    """The kinds of an old cluster, or of one of our days."""
    return [kind for kind in KINDS if kind.age in (None, "old" if old else "new")]


def api_version(kind):
    return f"{kind.group}/{kind.version}" if kind.group else kind.version


def named(api, name, old=False):
    """The kind that an object says it is."""
    for kind in of_age(old):
        if (api_version(kind), kind.kind) == (api, name):
            return kind
    raise ValueError(f"not served: {api} {name}")
