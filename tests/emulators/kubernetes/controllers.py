"""What stands above pods: workloads of every kind with what they own, down to their pods. Refuses to lay a pod that its
owner would not have made."""

import blocks

APPS = "apps/v1"
ROLLING = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}


class Site:
    """A cluster while it is built: its nodes, and where each case that a test may look for is."""

    def __init__(self, cluster, nodes):
        self.cluster, self.nodes, self.cases, self.placed = cluster, nodes, {}, 0

    def known(self, group, plural, key):
        """The id of an object that was laid before."""
        return next(row.value()["metadata"]["uid"] for row in self.cluster.shelves[(group, plural)].rows if row.key == key)

    def lay(self, written, case=None, thin=None):
        """Lays an object, as a case where it is one; answers its id."""
        if case:
            about = written["metadata"]
            self.cases[case] = {"kind": written["kind"], "namespace": about.get("namespace"), "name": about["name"]}
        return self.cluster.lay(written, thin)

    def place(self):
        """(node, its address, address of the pod) of the next pod; no node where there is none."""
        self.placed += 1
        if not self.nodes:
            return "", "10.0.0.4", "10.244.0.5"
        number = self.placed % len(self.nodes)
        return self.nodes[number], f"10.0.{number // 250}.{number % 250 + 4}", f"10.{244 + self.placed // 62_500 % 8}.{self.placed // 250 % 250}.{self.placed % 250 + 2}"

    def pod(self, namespace, name, containers, case=None, node=None, **more):
        """Lays a pod."""
        chosen, host, address = self.place()
        made = blocks.pod(namespace, name, node or chosen, containers, host=host, address=address, **more)
        # Cases of ids tell them as they are, whatever runs on the nodes.
        return self.lay(blocks.as_docker(made) if self.cluster.old and not (case or "").startswith("id-") else made, case)


def split(options):
    """Options of a template, and those that only its pods have."""
    beside = {name: options.pop(name) for name in ("annotations", "each", "ephemeral", "phase", "status", "labels") if name in options}
    return options, beside


def template(name, containers, labels, annotations=None, **options):
    about = {"labels": labels, **({"annotations": annotations} if annotations else {})}
    return {"metadata": {"creationTimestamp": None, **about}, "spec": blocks.pod_spec(containers, **options)}


def written(api, kind, namespace, name, spec, status, owner=None, labels=None, annotations=None):
    return {
        "apiVersion": api,
        "kind": kind,
        "metadata": blocks.metadata(namespace, name, labels, annotations, owner, generation=1, managedFields=[blocks.BY_CONTROLLER]),
        "spec": spec,
        "status": status,
    }


def replicated(site, namespace, name, containers, replicas=2, case=None, kind="Deployment", former=None, **options):
    """A deployment, or a rollout, with its replica set, its pods, and the replica set that it had before. With `former`,
    the containers of that one, it is in the middle of a rollout and a pod of the former still runs."""
    options, beside = split(options)
    labels = {"app.kubernetes.io/name": name, **beside.pop("labels", {})}
    selector, annotations = {"matchLabels": {"app.kubernetes.io/name": name}}, beside.get("annotations")
    api = APPS if kind == "Deployment" else "argoproj.io/v1alpha1"
    spec = {"replicas": replicas, "selector": selector, "template": template(name, containers, labels, annotations, **options), "revisionHistoryLimit": 10}
    spec.update({"strategy": ROLLING, "progressDeadlineSeconds": 600} if kind == "Deployment" else {"strategy": {"canary": {"steps": [{"setWeight": 20}, {"pause": {}}]}}})
    extra = 1 if former else 0
    status = {"observedGeneration": 1, "replicas": replicas + extra, "updatedReplicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas}
    if kind == "Rollout":
        status["observedGeneration"] = "1"
    else:
        status["conditions"] = [
            {"type": kind, "status": "True", "reason": reason, "message": "", "lastUpdateTime": blocks.MADE, "lastTransitionTime": blocks.MADE}
            for kind, reason in (("Available", "MinimumReplicasAvailable"), ("Progressing", "NewReplicaSetAvailable"))
        ]
    uid = site.lay(written(api, kind, namespace, name, spec, status, labels=labels, annotations={"deployment.kubernetes.io/revision": "2"}), case)
    owner = blocks.owned(api, kind, name, uid)
    replica_set(site, namespace, name, former or containers, extra, owner, labels, "old", former is not None, options, beside)
    return replica_set(site, namespace, name, containers, replicas, owner, labels, "new", True, options, beside)


def replica_set(site, namespace, name, containers, replicas, owner, labels, age, live, options, beside):
    """One replica set and its pods; answers (its name, its id)."""
    digest = blocks.letters(f"{namespace}/{name}/{age}", 10)
    own = f"{name[:47]}-{digest}"
    labels = {**labels, "pod-template-hash": digest}
    selector = {"matchLabels": {"app.kubernetes.io/name": labels["app.kubernetes.io/name"], "pod-template-hash": digest}}
    spec = {"replicas": replicas, "selector": selector, "template": template(name, containers, labels, beside.get("annotations"), **options)}
    status = {"replicas": replicas, "fullyLabeledReplicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas, "observedGeneration": 1}
    revision = {"deployment.kubernetes.io/revision": "2" if age == "new" else "1"}
    uid = site.lay(written(APPS, "ReplicaSet", namespace, own, spec, status if replicas else {"replicas": 0, "observedGeneration": 1}, owner, labels, revision))
    above, rest = blocks.owned(APPS, "ReplicaSet", own, uid), dict(beside)
    # Where pods differ from each other, `each` tells their containers in turn.
    each = rest.pop("each", None) or [containers]
    for number in range(replicas if live else 0):
        site.pod(namespace, f"{own}-{blocks.letters(f'{own} {number}', 5)}", each[number % len(each)], owner=above, labels=labels, **options, **rest)
    return own, uid


def stateful(site, namespace, name, containers, replicas=2, case=None, **options):
    options, beside = split(options)
    labels = {"app.kubernetes.io/name": name, **beside.pop("labels", {})}
    spec = {
        "replicas": replicas,
        "selector": {"matchLabels": {"app.kubernetes.io/name": name}},
        "serviceName": name,
        "podManagementPolicy": "OrderedReady",
        "template": template(name, containers, labels, beside.get("annotations"), **options),
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
    }
    status = {
        "replicas": replicas,
        "readyReplicas": replicas,
        "currentReplicas": replicas,
        "availableReplicas": replicas,
        "collisionCount": 0,
        "currentRevision": f"{name}-1",
        "updateRevision": f"{name}-1",
    }
    uid = site.lay(written(APPS, "StatefulSet", namespace, name, spec, status, labels=labels), case)
    for number in range(replicas):
        more = {**labels, "apps.kubernetes.io/pod-index": str(number), "controller-revision-hash": f"{name}-1", "statefulset.kubernetes.io/pod-name": f"{name}-{number}"}
        site.pod(namespace, f"{name}-{number}", containers, owner=blocks.owned(APPS, "StatefulSet", name, uid), labels=more, **options, **beside)
    return uid


def daemon(site, namespace, name, containers, case=None, **options):
    """A daemon set, with a pod on each node."""
    options, beside = split(options)
    labels, count = {"app.kubernetes.io/name": name, **beside.pop("labels", {})}, len(site.nodes)
    spec = {
        "selector": {"matchLabels": {"app.kubernetes.io/name": name}},
        "template": template(name, containers, labels, beside.get("annotations"), **options),
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}},
    }
    status = {
        "currentNumberScheduled": count,
        "numberMisscheduled": 0,
        "desiredNumberScheduled": count,
        "numberReady": count,
        "numberAvailable": count,
        "updatedNumberScheduled": count,
    }
    uid = site.lay(written(APPS, "DaemonSet", namespace, name, spec, status, labels=labels), case)
    for node in site.nodes:
        site.pod(namespace, f"{name}-{blocks.letters(name + node, 5)}", containers, owner=blocks.owned(APPS, "DaemonSet", name, uid), labels=labels, node=node, **options, **beside)
    return uid


def job(site, namespace, name, containers, case=None, owner=None, done=True, **options):
    """A job and its pod, which has ended or still runs."""
    options, beside = split(options)
    options.setdefault("restart", "Never")
    labels = {"batch.kubernetes.io/job-name": name, "job-name": name}
    spec = {"parallelism": 1, "completions": 1, "backoffLimit": 6, "template": template(name, containers, labels, **options), "completionMode": "NonIndexed", "suspend": False}
    status = (
        {"succeeded": 1, "startTime": blocks.STARTED, "completionTime": "2026-11-20T06:41:50Z", "conditions": [{"type": "Complete", "status": "True"}]}
        if done
        else {"active": 1, "startTime": blocks.STARTED, "ready": 1}
    )
    uid = site.lay(written("batch/v1", "Job", namespace, name, spec, status, owner, labels), case)
    beside.setdefault("phase", "Succeeded" if done else "Running")
    site.pod(namespace, f"{name}-{blocks.letters(name, 5)}", containers, owner=blocks.owned("batch/v1", "Job", name, uid), labels=labels, **options, **beside)
    return uid


def scheduled(site, namespace, name, containers, case=None, **options):
    """A cron job, with its last job and that one's pod."""
    api = "batch/v1beta1" if site.cluster.old else "batch/v1"
    options.setdefault("restart", "OnFailure")
    inner, _ = split(dict(options))
    spec = {
        "schedule": "15 3 * * *",
        "concurrencyPolicy": "Forbid",
        "suspend": False,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1,
        "jobTemplate": {"metadata": {"creationTimestamp": None}, "spec": {"template": template(name, containers, {"app.kubernetes.io/name": name}, **inner)}},
    }
    uid = site.lay(written(api, "CronJob", namespace, name, spec, {"lastScheduleTime": "2026-11-20T03:15:00Z"}), case)
    return job(site, namespace, f"{name}-29393475", containers, owner=blocks.owned(api, "CronJob", name, uid), **options)
