"""Pods that take liberties, and pods that take none: every member of a security context, what is mounted of the host,
tokens and secrets, limits and probes. Refuses more than one liberty in a pod, where a reader shall tell them apart."""

import controllers
from blocks import by_tag, container, image

NAMESPACE = "ledger"
USUAL = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "500m", "memory": "256Mi"}}
PROBE = {"httpGet": {"path": "/healthz", "port": 8080, "scheme": "HTTP"}, "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}


def directory(path, name="host", kind="Directory"):
    return {"name": name, "hostPath": {"path": path, "type": kind}}


def mount(path, name="host", **more):
    return {"name": name, "mountPath": path, **more}


# By name: what its only container has, and what the pod has.
LIBERTIES = {
    "privileged": ({"securityContext": {"privileged": True}}, {}),
    "root": ({"securityContext": {"runAsUser": 0}}, {}),
    "non-root-pod": ({}, {"securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "runAsGroup": 10001, "fsGroup": 10001}}),
    "non-root-container": ({"securityContext": {"runAsNonRoot": True}}, {}),
    # The container has the last word.
    "non-root-overruled": ({"securityContext": {"runAsNonRoot": False, "runAsUser": 0}}, {"securityContext": {"runAsNonRoot": True, "runAsUser": 10001}}),
    "capabilities-added": ({"securityContext": {"capabilities": {"add": ["SYS_ADMIN", "NET_RAW"]}}}, {}),
    "capabilities-dropped": ({"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}}, {}),
    "read-only": ({"securityContext": {"readOnlyRootFilesystem": True}}, {}),
    "escalation": ({"securityContext": {"allowPrivilegeEscalation": True}}, {}),
    "no-escalation": ({"securityContext": {"allowPrivilegeEscalation": False}}, {}),
    "seccomp-default": ({}, {"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}),
    "seccomp-unconfined": ({"securityContext": {"seccompProfile": {"type": "Unconfined"}}}, {}),
    "seccomp-localhost": ({}, {"securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "profiles/audit.json"}}}),
    "apparmor-annotation": ({}, {"annotations": {"container.apparmor.security.beta.kubernetes.io/main": "unconfined"}}),
    "selinux": ({"securityContext": {"seLinuxOptions": {"type": "spc_t"}}}, {}),
    "proc-unmasked": ({"securityContext": {"procMount": "Unmasked"}}, {"hostUsers": False}),
    "host-pid": ({}, {"hostPID": True}),
    "host-ipc": ({}, {"hostIPC": True}),
    "host-network": ({}, {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}),
    "host-port": ({"ports": [{"containerPort": 9100, "hostPort": 9100, "protocol": "TCP"}]}, {}),
    "host-port-loopback": ({"ports": [{"containerPort": 9101, "hostPort": 9101, "hostIP": "127.0.0.1", "protocol": "TCP"}]}, {}),
    "host-path": ({"volumeMounts": [mount("/host/log", readOnly=True)]}, {"volumes": [directory("/var/log")]}),
    "host-root": ({"volumeMounts": [mount("/host")]}, {"volumes": [directory("/")]}),
    "docker-socket": ({"volumeMounts": [mount("/var/run/docker.sock")]}, {"volumes": [directory("/var/run/docker.sock", kind="Socket")]}),
    "containerd-socket": ({"volumeMounts": [mount("/run/containerd/containerd.sock")]}, {"volumes": [directory("/run/containerd/containerd.sock", kind="Socket")]}),
    "host-path-unmounted": ({}, {"volumes": [directory("/etc")]}),
    "sysctls": ({}, {"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "65536"}, {"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]}}),
    "gvisor": ({}, {"runtimeClassName": "gvisor"}),
    "supplemental-groups": ({}, {"securityContext": {"supplementalGroups": [0, 999]}}),
    "no-token": ({}, {"automountServiceAccountToken": False}),
    "own-account": ({}, {"account": "deployer"}),
    "secret-in-env": ({"env": [{"name": "DATABASE_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "database", "key": "password"}}}]}, {}),
    "secrets-from-env": ({"envFrom": [{"secretRef": {"name": "all-of-it"}}, {"configMapRef": {"name": "settings"}}]}, {}),
    "secret-volume": ({"volumeMounts": [mount("/etc/tls", "tls", readOnly=True)]}, {"volumes": [{"name": "tls", "secret": {"secretName": "tls", "defaultMode": 420}}]}),
    "password-in-plain": ({"env": [{"name": "DB_PASSWORD", "value": "correct-horse-battery-staple"}, {"name": "LOG_LEVEL", "value": "info"}]}, {}),
    "password-in-arguments": ({"args": ["--listen=:8080", "--token=ghp_0000000000000000000000000000000000EX"]}, {}),
    "field-in-env": (
        {
            "env": [
                {"name": "NODE", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "spec.nodeName"}}},
                {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "0"}}},
            ]
        },
        {},
    ),
    "scratch": (
        {"volumeMounts": [mount("/tmp", "scratch"), mount("/etc/app", "settings", readOnly=True)]},
        {"volumes": [{"name": "scratch", "emptyDir": {"medium": "Memory"}}, {"name": "settings", "configMap": {"name": "settings", "defaultMode": 420}}]},
    ),
    "claim": ({"volumeMounts": [mount("/data", "data")]}, {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}),
    "limits": ({"resources": USUAL}, {}),
    "requests-only": ({"resources": {"requests": USUAL["requests"]}}, {}),
    "probes": ({"livenessProbe": PROBE, "readinessProbe": PROBE, "startupProbe": PROBE}, {}),
    "always-pull": ({"imagePullPolicy": "Always"}, {"imagePullSecrets": [{"name": "registry"}]}),
    "windows": (
        {"securityContext": {"windowsOptions": {"hostProcess": True, "runAsUserName": "NT AUTHORITY\\SYSTEM"}}},
        {"hostNetwork": True, "securityContext": {"windowsOptions": {"hostProcess": True}}, "nodeSelector": {"kubernetes.io/os": "windows"}},
    ),
    "restricted": (
        {
            "resources": USUAL,
            "livenessProbe": PROBE,
            "readinessProbe": PROBE,
            "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}},
        },
        {"automountServiceAccountToken": False, "securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}}},
    ),
}


def lay(site):
    for name, (own, pod) in LIBERTIES.items():
        if site.cluster.old and name == "proc-unmasked":
            continue
        controllers.replicated(site, NAMESPACE, f"sec-{name}", [container("main", by_tag(image("ledger/worker", "2.2.0")), **own)], replicas=1, case=f"sec-{name}", **pod)
    # One container of two takes a liberty.
    pair = [
        container("main", by_tag(image("ledger/worker", "2.2.0")), securityContext={"runAsNonRoot": True}),
        container("helper", by_tag(image("ledger/helper", "0.1.0")), securityContext={"privileged": True}),
    ]
    controllers.replicated(site, NAMESPACE, "sec-one-of-two", pair, replicas=1, case="sec-one-of-two")
    if not site.cluster.old:
        # Only its init container does.
        first = container("first", by_tag(image("ledger/helper", "0.1.0")), securityContext={"privileged": True, "capabilities": {"add": ["NET_ADMIN"]}})
        controllers.replicated(site, NAMESPACE, "sec-init-only", [container("main", by_tag(image("ledger/worker", "2.2.0")))], replicas=1, case="sec-init-only", init=[first])
    for name in ("default", "deployer"):
        account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": NAMESPACE, "creationTimestamp": "2026-11-02T09:15:00Z"}}
        site.lay({**account, "automountServiceAccountToken": False} if name == "default" else account)
