"""The official client over an emulator: signed in by token, with its models held against every member. Refuses to try
again, as a check wants the first answer."""

import tempfile
import urllib.request

import yaml
from kubernetes import client, config

# The typed API of each resource that has one, and how its list is called.
TYPED = {
    ("", "namespaces"): ("CoreV1Api", "list_namespace", "read_namespace"),
    ("", "nodes"): ("CoreV1Api", "list_node", "read_node"),
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations"): (
        "AdmissionregistrationV1Api",
        "list_validating_webhook_configuration",
        "read_validating_webhook_configuration",
    ),
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"): (
        "AdmissionregistrationV1Api",
        "list_mutating_webhook_configuration",
        "read_mutating_webhook_configuration",
    ),
    ("admissionregistration.k8s.io", "validatingadmissionpolicies"): ("AdmissionregistrationV1Api", "list_validating_admission_policy", "read_validating_admission_policy"),
    ("admissionregistration.k8s.io", "validatingadmissionpolicybindings"): (
        "AdmissionregistrationV1Api",
        "list_validating_admission_policy_binding",
        "read_validating_admission_policy_binding",
    ),
}
APIS = {"": "CoreV1Api", "apps": "AppsV1Api", "batch": "BatchV1Api", "networking.k8s.io": "NetworkingV1Api"}
NAMES = {
    "pods": "pod",
    "services": "service",
    "serviceaccounts": "service_account",
    "replicationcontrollers": "replication_controller",
    "deployments": "deployment",
    "replicasets": "replica_set",
    "statefulsets": "stateful_set",
    "daemonsets": "daemon_set",
    "jobs": "job",
    "cronjobs": "cron_job",
    "ingresses": "ingress",
    "networkpolicies": "network_policy",
}


def typed(kind):
    """(API, how it lists in all namespaces, how it reads one), or None for what has no models."""
    if (kind.group, kind.plural) in TYPED:
        return TYPED[(kind.group, kind.plural)]
    if kind.plural not in NAMES or kind.custom or kind.version != "v1":
        return None
    name = NAMES[kind.plural]
    return APIS[kind.group], f"list_{name}_for_all_namespaces", f"read_namespaced_{name}"


def kubeconfig(endpoint):
    """What the emulator hands out as its kubeconfig."""
    with urllib.request.urlopen(endpoint + "/_kubeconfig") as answer:
        return yaml.safe_load(answer.read())


def signed_in(endpoint, context, token=None):
    """A client of one cluster, as its kubeconfig says; with another token."""
    told = kubeconfig(endpoint)
    if token is not None:
        told["users"][0]["user"]["token"] = token
    settings = client.Configuration()
    config.load_kube_config_from_dict(told, context=context, client_configuration=settings, temp_file_path=tempfile.gettempdir())
    settings.retries, settings.client_side_validation = False, True
    return client.ApiClient(settings)
