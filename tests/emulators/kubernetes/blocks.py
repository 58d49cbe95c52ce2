"""What estates are built of: images with true digests, containers with what the kubelet says of them, pods with what a
server adds of its own accord. Refuses randomness: the same words give the same object."""

from collections import namedtuple
from functools import lru_cache

import images

MADE, STARTED = "2026-11-02T09:15:00Z", "2026-11-20T06:40:12Z"
# Letters of which names of replica sets and pods are made.
LETTERS = "bcdfghjklmnpqrstvwxz2456789"
REGISTRY = "registry.example.com"
ARCHITECTURES = ("amd64", "arm64")


def managed(manager, *fields, part=None):
    """Which fields somebody wrote, as servers note it of everything; a good part of each object."""
    written = {}
    for path in fields:
        place = written
        for name in path.split("."):
            place = place.setdefault(f"f:{name}", {})
    return {"manager": manager, "operation": "Update", "apiVersion": "v1", "time": MADE, "fieldsType": "FieldsV1", "fieldsV1": written, **({"subresource": part} if part else {})}


BY_CONTROLLER = managed(
    "kube-controller-manager",
    "metadata.generateName",
    "metadata.labels.app",
    "metadata.ownerReferences",
    "spec.containers.image",
    "spec.containers.imagePullPolicy",
    "spec.containers.resources",
    "spec.containers.terminationMessagePath",
    "spec.dnsPolicy",
    "spec.enableServiceLinks",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.securityContext",
)
BY_KUBELET = managed(
    "kubelet", "status.conditions.status", "status.conditions.type", "status.containerStatuses", "status.hostIP", "status.phase", "status.podIP", "status.startTime", part="status"
)

# One tag of a repository: the digest of its index, and by architecture those of manifests and configs.
Image = namedtuple("Image", "name tag digest manifests configs")


class Reference(str):
    """How an image is written in a specification, with what the runtime makes of it."""

    def __new__(cls, written, identity, shown=None):
        made = super().__new__(cls, written)
        made.identity, made.shown = identity, shown or written
        return made


@lru_cache(maxsize=4096)
def image(repository, tag="1.0.0", registry=REGISTRY):
    """An image of two platforms, as the other emulators make theirs."""
    number = sum(tag.encode())
    manifests, configs, children = {}, {}, []
    for architecture in ARCHITECTURES:
        text, config, _ = images.manifest(images.OCI, repository, number, architecture)
        manifests[architecture], configs[architecture] = images.sha256(text), images.sha256(config)
        children.append((manifests[architecture], len(text), images.OCI["manifest"], architecture, None))
    return Image(f"{registry}/{repository}", tag, images.sha256(images.index(images.OCI, children)), manifests, configs)


def by_tag(made):
    """By tag; the runtime tells the digest of the index."""
    return Reference(f"{made.name}:{made.tag}", f"{made.name}@{made.digest}")


def by_digest(made, architecture=None):
    digest = made.manifests[architecture] if architecture else made.digest
    return Reference(f"{made.name}@{digest}", f"{made.name}@{digest}")


def by_both(made):
    return Reference(f"{made.name}:{made.tag}@{made.digest}", f"{made.name}@{made.digest}")


def as_docker(made):
    """A pod as a node tells it whose runtime is Docker."""
    for member, statuses in made["status"].items():
        for one in statuses if member.endswith("ontainerStatuses") else ():
            if "@" in one["imageID"] and "://" not in one["imageID"]:
                one["imageID"] = f"docker-pullable://{one['imageID']}"
            if "containerID" in one:
                one["containerID"] = one["containerID"].replace("containerd://", "docker://")
    return made


def letters(text, count):
    """As many letters, as a name's end."""
    number, made = int(images.sha256(text)[7:39], 16), ""
    for _ in range(count):
        number, place = divmod(number, len(LETTERS))
        made += LETTERS[place]
    return made


def metadata(namespace, name, labels=None, annotations=None, owner=None, made=MADE, **more):
    written = {"name": name, "creationTimestamp": made, **more}
    if namespace:
        written["namespace"] = namespace
    if labels:
        written["labels"] = labels
    if annotations:
        written["annotations"] = annotations
    if owner:
        written["ownerReferences"] = owner if isinstance(owner, list) else [owner]
    return written


def owned(api, kind, name, uid, controller=True):
    """A reference to an owner."""
    return {"apiVersion": api, "kind": kind, "name": name, "uid": uid, "controller": controller, "blockOwnerDeletion": True}


def running(since=STARTED):
    return {"running": {"startedAt": since}}


def waiting(reason, message):
    return {"waiting": {"reason": reason, "message": message}}


def ended(code, reason):
    return {"terminated": {"exitCode": code, "reason": reason, "startedAt": STARTED, "finishedAt": "2026-11-20T06:41:50Z"}}


def container(name, reference, identity=None, state=None, restarts=0, **spec):
    """(specification, status or None) of a container. Where `identity` is given, the runtime says that."""
    shown = getattr(reference, "shown", reference)
    identity = getattr(reference, "identity", "") if identity is None else identity
    state = state or running()
    here = "running" in state
    written = {
        "name": name,
        "image": str(reference),
        "resources": {},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
        **spec,
    }
    status = {
        "name": name,
        "state": state,
        "lastState": ended(1, "Error") if restarts else {},
        "ready": here,
        "restartCount": restarts,
        "image": str(shown),
        "imageID": identity,
        "started": here,
    }
    if "waiting" not in state:
        status["containerID"] = f"containerd://{images.sha256(name + str(reference))[7:]}"
    return written, status


def token_volume(name):
    """The volume by which a pod gets its token."""
    sources = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}},
    ]
    return {"name": f"kube-api-access-{letters(name, 5)}", "projected": {"sources": sources, "defaultMode": 420}}


def pod_spec(containers, init=(), restart="Always", account="default", volumes=(), **spec):
    """The specification that a template has."""
    written = {
        "containers": [dict(one) for one, _ in containers],
        "restartPolicy": restart,
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "securityContext": {},
        "schedulerName": "default-scheduler",
        **spec,
    }
    if account != "default":
        written.update({"serviceAccountName": account, "serviceAccount": account})
    if init:
        written["initContainers"] = [dict(one) for one, _ in init]
    if volumes:
        written["volumes"] = list(volumes)
    return written


def conditions(phase):
    ready = "True" if phase == "Running" else "False"
    scheduled = [{"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": STARTED}]
    if phase == "Unschedulable":
        return [
            {
                "type": "PodScheduled",
                "status": "False",
                "lastProbeTime": None,
                "lastTransitionTime": STARTED,
                "reason": "Unschedulable",
                "message": "0/3 nodes are available: 3 Insufficient memory.",
            }
        ]
    return [{"type": kind, "status": ready, "lastProbeTime": None, "lastTransitionTime": STARTED} for kind in ("Initialized", "Ready", "ContainersReady")] + scheduled


def pod(
    namespace,
    name,
    node,
    containers,
    owner=None,
    labels=None,
    annotations=None,
    init=(),
    ephemeral=(),
    phase="Running",
    address="10.244.0.5",
    host="10.0.0.4",
    made=STARTED,
    status=None,
    **spec,
):
    """A pod as a server tells it: with the defaults that it adds and with what the kubelet says."""
    written = pod_spec(containers, init, **spec)
    written.setdefault("serviceAccountName", "default")
    written.setdefault("serviceAccount", "default")
    written.update(
        {
            "enableServiceLinks": True,
            "preemptionPolicy": "PreemptLowerPriority",
            "priority": 0,
            "tolerations": [{"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300} for key in ("not-ready", "unreachable")],
        }
    )
    if written.get("automountServiceAccountToken", True):
        volume = token_volume(name)
        written["volumes"] = [*written.get("volumes", ()), volume]
        mount = {"name": volume["name"], "readOnly": True, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}
        for one in (*written["containers"], *written.get("initContainers", ())):
            one["volumeMounts"] = [*one.get("volumeMounts", ()), mount]
    if ephemeral:
        written["ephemeralContainers"] = [one for one, _ in ephemeral]
    address = host if spec.get("hostNetwork") else address
    told = {"phase": "Pending" if phase == "Unschedulable" else phase, "conditions": conditions(phase), "qosClass": "BestEffort"}
    if phase != "Unschedulable":
        written["nodeName"] = node
        told.update({"hostIP": host, "hostIPs": [{"ip": host}], "podIP": address, "podIPs": [{"ip": address}], "startTime": STARTED})
        for member, given in (("initContainerStatuses", init), ("containerStatuses", containers), ("ephemeralContainerStatuses", ephemeral)):
            if given:
                told[member] = [dict(one) for _, one in given if one]
    about = metadata(
        namespace, name, labels, annotations, owner, made, **({"generateName": name[:-5]} if owner and name[-6:-5] == "-" else {}), managedFields=[BY_CONTROLLER, BY_KUBELET]
    )
    return {"apiVersion": "v1", "kind": "Pod", "metadata": about, "spec": written, "status": {**told, **(status or {})}}
