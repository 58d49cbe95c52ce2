#!/usr/bin/env python3
"""Lists everything in an emulator with the official client, page by page, and prints one line of JSON with what it saw.
Holds every object against the client's models or the shapes of custom resources, every count against what was seeded,
watches, reviews and discovery against themselves; says what differs and ends with 1. Refuses an emulator that was not
seeded.

    python tests/emulators/kubernetes/check_sdk.py [--endpoint http://127.0.0.1:PORT] [--names]

Without an endpoint it starts an emulator of its own, over TLS too, and breaks and changes it as well.
"""

import argparse
import hashlib
import json
import sys
import threading
import traceback
import urllib.request

import kinds
import sdk
import server  # noqa: F401  (finds what all emulators share)
import shapes
from checking import same, started
from kubernetes import client, dynamic, watch
from kubernetes.client.exceptions import ApiException
from plain import Emulator

PAGE = 7


class Check:
    """What was seen and what was wrong."""

    def __init__(self, endpoint):
        self.endpoint, self.wrong, self.seen = endpoint, [], {}
        with urllib.request.urlopen(endpoint + "/_estate") as answer:
            self.told = json.load(answer)

    def tried(self, what, function, *given):
        try:
            return function(*given)
        except Exception as problem:
            where = traceback.extract_tb(problem.__traceback__)[-1]
            self.wrong.append(f"{what}: {type(problem).__name__}: {str(problem)[:600]} ({where.filename.rpartition('/')[2]}:{where.lineno})")
            return None

    def cluster(self, cluster, limit):
        """Everything of one cluster."""
        api, counts, names, containers = sdk.signed_in(self.endpoint, cluster["name"]), {}, {}, []
        for kind in kinds.of_age(cluster["old"]):
            if not kind.served:
                continue
            found = self.tried(f"{cluster['name']} {kind.plural}", self.typed if sdk.typed(kind) else self.untyped, api, kind, limit) or []
            where = "/".join(filter(None, (kind.group, kind.plural)))
            counts[where] = len(found)
            names[where] = sorted("/".join(filter(None, one[:2])) for one in found)
            if kind.plural == "pods":
                containers = sorted(row for one in found for row in one[2])
        seeded = {where: cluster["objects"].get(where, 0) for where in counts}
        if counts != seeded:
            self.wrong.append(f"{cluster['name']}: {[(where, counts[where], seeded[where]) for where in counts if counts[where] != seeded[where]]} (seen, seeded)")
        self.seen[cluster["name"]] = {"objects": counts, "names": names, "containers": containers}

    def typed(self, api, kind, limit):
        """The objects of a kind that has models: (namespace, name, containers)."""
        name, lists, reads = sdk.typed(kind)
        calls, found, following = getattr(client, name)(api), [], None
        while True:
            more = {"limit": limit, **({"_continue": following} if following else {})}
            page = getattr(calls, lists)(**more)
            found += page.items
            # Models leave out what they do not know, without a word.
            for body, one in zip(json.loads(getattr(calls, lists)(**more, _preload_content=False).data)["items"], page.items, strict=True):
                self.wrong += [f"{kind.plural} {one.metadata.name}: {where} is nobody's" for where in lost(body, api.sanitize_for_serialization(one))]
            following = page.metadata._continue
            if not following:
                break
        if found:
            about = found[0].metadata
            one = getattr(calls, reads)(about.name, about.namespace) if kind.namespaced else getattr(calls, reads)(about.name)
            same((one.kind, one.metadata.uid), (kind.kind, about.uid), "an object asked for alone")
        return [(one.metadata.namespace, one.metadata.name, images(one) if kind.plural == "pods" else []) for one in found]

    def untyped(self, api, kind, limit):
        """The objects of a kind that has none."""
        calls, found, following = client.CustomObjectsApi(api), [], None
        while True:
            page = calls.list_cluster_custom_object(kind.group, kind.version, kind.plural, limit=limit, **({"_continue": following} if following else {}))
            found += page["items"]
            following = page["metadata"].get("continue")
            if not following:
                break
        thin = (kind.group, kind.plural) in kinds.THIN
        for one in found:
            about = one["metadata"]
            self.shaped(kind, one, thin)
            if kind.custom and one.get("kind") != kind.kind:
                self.wrong.append(f"{kind.plural} {about['name']}: does not tell its kind in a list")
            whole = (
                calls.get_namespaced_custom_object(kind.group, kind.version, about["namespace"], kind.plural, about["name"])
                if kind.namespaced
                else calls.get_cluster_custom_object(kind.group, kind.version, kind.plural, about["name"])
            )
            self.shaped(kind, whole, False)
            if thin and whole["spec"] == one["spec"]:
                self.wrong.append(f"{kind.plural} {about['name']}: a list tells it whole")
        return [(one["metadata"].get("namespace"), one["metadata"]["name"], []) for one in found]

    def shaped(self, kind, one, thin):
        if kind.plural not in shapes.SHAPES:
            return
        body = {name: value for name, value in one.items() if name not in ("apiVersion", "kind", "metadata")}
        self.wrong += [f"{kind.plural} {one['metadata']['name']}: {text}" for text in shapes.wrong(body, shapes.SHAPES[kind.plural], "", thin)]

    def print(self, names):
        told = {}
        for cluster, seen in self.seen.items():
            told[cluster] = {"objects": seen["objects"], "pods": digest(seen["names"].get("pods", [])), "containers": digest(seen["containers"])}
            if names:
                told[cluster].update(names=seen["names"], containers=seen["containers"])
        print(json.dumps({"clusters": told}))


def lost(body, read, where=""):
    """The members of a body that a model did not take."""
    if isinstance(body, dict) and isinstance(read, dict):
        for name, value in body.items():
            if value is not None:
                yield from lost(value, read[name], f"{where}.{name}") if name in read else [f"{where}.{name}"]
    elif isinstance(body, list) and isinstance(read, list):
        for number, (one, other) in enumerate(zip(body, read)):
            yield from lost(one, other, f"{where}[{number}]")


def digest(rows):
    return hashlib.sha256("\n".join(map(str, rows)).encode()).hexdigest()


def images(pod):
    """What the containers of a pod run: (place, image as specified, id as told)."""
    states = {}
    for statuses in (pod.status.init_container_statuses, pod.status.container_statuses, pod.status.ephemeral_container_statuses) if pod.status else ():
        states.update({one.name: one.image_id for one in statuses or []})
    specified = (*(pod.spec.init_containers or []), *pod.spec.containers, *(pod.spec.ephemeral_containers or []))
    return [(f"{pod.metadata.namespace}/{pod.metadata.name}/{one.name}", one.image, states.get(one.name, "")) for one in specified]


def refused(status, reason, function, *given, **more):
    """The Status of a call that must be refused."""
    try:
        function(*given, **more)
    except ApiException as problem:
        body = json.loads(problem.body)
        same((problem.status, body["reason"]), (status, reason), "a refusal")
        return body
    raise AssertionError(f"{status} {reason} was expected")


def refusals(emulator):
    """What the client makes of each way of saying no."""
    core = client.CoreV1Api(sdk.signed_in(emulator.address, "shop"))
    body = refused(403, "Forbidden", core.list_secret_for_all_namespaces)
    same(
        body["message"],
        'secrets is forbidden: User "system:serviceaccount:plimsoll:plimsoll" cannot list resource "secrets" in API group "" at the cluster scope',
        "a refusal's words",
    )
    refused(404, "NotFound", core.read_namespaced_pod, "none", "shop")
    refused(401, "Unauthorized", client.CoreV1Api(sdk.signed_in(emulator.address, "shop", "wrong")).list_node)
    following = core.list_pod_for_all_namespaces(limit=2).metadata._continue
    emulator.order(kind="gone", resource="pods", first=1)
    body = refused(410, "Expired", core.list_pod_for_all_namespaces, limit=2, _continue=following)
    rest = core.list_pod_for_all_namespaces(_continue=body["metadata"]["continue"])
    same(len(rest.items), emulator.cluster["objects"]["pods"] - 2, "what is left after a token ended")


def watches(emulator):
    """The client's own watch sees what happens."""
    core, seen = client.CoreV1Api(sdk.signed_in(emulator.address, "shop")), []
    first = core.list_namespaced_pod("shop").items[0]

    def happen():
        name = {"name": first.metadata.name, "namespace": "shop"}
        emulator.control("/_apply", cluster="shop", merge=True, object={"apiVersion": "v1", "kind": "Pod", "metadata": {**name, "labels": {"seen": "yes"}}})
        emulator.control("/_delete", cluster="shop", apiVersion="v1", kind="Pod", **name)

    threading.Timer(0.3, happen).start()
    revision = core.list_namespaced_pod("shop").metadata.resource_version
    for event in watch.Watch().stream(core.list_namespaced_pod, "shop", resource_version=revision, timeout_seconds=2):
        seen.append((event["type"], event["object"].metadata.name, (event["object"].metadata.labels or {}).get("seen")))
    same(seen, [("MODIFIED", first.metadata.name, "yes"), ("DELETED", first.metadata.name, "yes")], "what a watch saw")
    bookmarked(emulator, core)
    emulator.order(kind="deny", verb="watch", resource="pods")
    try:
        list(watch.Watch().stream(core.list_namespaced_pod, "shop", timeout_seconds=1))
    except ApiException as problem:
        same((problem.status, json.loads(problem.body)["reason"]), (403, "Forbidden"), "a watch that is denied")
    else:
        raise AssertionError("a watch that is denied was answered")
    same(len(core.list_namespaced_pod("shop").items) > 0, True, "what is denied to a watch a list still shows")
    emulator.heal()
    emulator.control("/_compact", cluster="shop")
    try:
        list(watch.Watch().stream(core.list_namespaced_pod, "shop", resource_version=revision, timeout_seconds=1))
    except ApiException as problem:
        same(problem.status, 410, "a watch from a revision that is compacted")
    else:
        raise AssertionError("a watch from a revision that is compacted was answered")


def bookmarked(emulator, core):
    """A quiet watch is told how far the cluster is, and can be gone on with from there."""
    begun, told = core.list_namespaced_pod("shop").metadata.resource_version, []
    emulator.control("/_apply", cluster="shop", object={"apiVersion": "v1", "kind": "Service", "metadata": {"name": "other", "namespace": "shop"}, "spec": {}})
    threading.Timer(0.3, emulator.control, ("/_bookmark",), {"cluster": "shop"}).start()
    for event in watch.Watch().stream(core.list_namespaced_pod, "shop", resource_version=begun, allow_watch_bookmarks=True, timeout_seconds=2):
        told.append((event["type"], event["raw_object"]["metadata"]["resourceVersion"]))
    same({kind for kind, _ in told}, {"BOOKMARK"}, "what a quiet watch is told")
    same(int(told[-1][1]) > int(begun), True, "how far a bookmark is")
    again = watch.Watch().stream(core.list_namespaced_pod, "shop", resource_version=told[-1][1], timeout_seconds=1)
    same([event["type"] for event in again], [], "what came after a bookmark")


def discovered(emulator):
    """The dynamic client finds its way by discovery alone."""
    for cluster, wanted in (("shop", "batch/v1"), ("lab", "batch/v1beta1")):
        found = dynamic.DynamicClient(sdk.signed_in(emulator.address, cluster)).resources.search(kind="CronJob")
        same([one.group_version for one in found if one.kind == "CronJob"], [wanted], f"versions of cron jobs in {cluster}")
    every = dynamic.DynamicClient(sdk.signed_in(emulator.address, "shop"))
    same(
        len(every.resources.get(api_version="apps/v1", kind="Deployment").get().items),
        next(one for one in emulator.told["clusters"] if one["name"] == "shop")["objects"]["apps/deployments"],
        "deployments by discovery",
    )
    constraints = [one for one in every.resources.search(group="constraints.gatekeeper.sh") if "/" not in one.name and not one.kind.endswith("List")]
    same(
        sorted((one.kind, [item.metadata.name for item in one.get().items]) for one in constraints),
        [("K8sAllowedRepos", ["our-registry"]), ("K8sPSPPrivilegedContainer", ["new", "no-privileged"])],
        "constraints by discovery",
    )
    same(client.VersionApi(sdk.signed_in(emulator.address, "lab")).get_code().git_version, "v1.20.15", "the version of the old cluster")


def reviews(emulator):
    """Access is reviewed by the same rules by which it is given."""
    api = client.AuthorizationV1Api(sdk.signed_in(emulator.address, "shop"))

    def may(**attributes):
        return api.create_self_subject_access_review(
            client.V1SelfSubjectAccessReview(spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=client.V1ResourceAttributes(**attributes)))
        ).status.allowed

    same(
        (may(verb="list", resource="pods"), may(verb="list", resource="secrets"), may(verb="delete", resource="pods"), may(verb="watch", group="apps", resource="deployments")),
        (True, False, False, True),
        "what may be done",
    )
    rules = api.create_self_subject_rules_review(client.V1SelfSubjectRulesReview(spec=client.V1SelfSubjectRulesReviewSpec(namespace="shop"))).status
    same([rule.verbs for rule in rules.resource_rules if "pods" in rule.resources], [["get", "list", "watch"]], "rules for pods")


def secured(emulator):
    """Over TLS, trusting the authority that the kubeconfig names."""
    emulator.control("/_tls")
    api = sdk.signed_in(emulator.address, "shop")
    same(api.configuration.host.partition(":")[0], "https", "the address of a cluster once TLS is there")
    same(len(client.CoreV1Api(api).list_node().items), emulator.cluster["objects"]["nodes"], "nodes over TLS")


CHECKS = (refusals, watches, discovered, reviews, secured)


def own(names):
    """Everything, against an emulator of one's own."""
    with started(__file__, "small") as line:
        emulator = Emulator(line)
        check = Check(emulator.address)
        for cluster in check.told["clusters"]:
            check.cluster(cluster, PAGE)
        for function in CHECKS:
            emulator.seed("small")
            check.tried(function.__name__, function, emulator)
        emulator.seed("tiny")
        again = Check(emulator.address)
        for cluster in again.told["clusters"]:
            again.cluster(cluster, PAGE)
        check.wrong += again.wrong
    check.print(names)
    return check.wrong


def main():
    parser = argparse.ArgumentParser(description="List with the official client.")
    parser.add_argument("--endpoint", help="an emulator that runs; without, one of its own")
    parser.add_argument("--names", action="store_true", help="names of all objects, and what each container runs")
    given = parser.parse_args()
    if given.endpoint:
        check = Check(given.endpoint)
        for cluster in check.told["clusters"]:
            check.cluster(cluster, 500)
        check.print(given.names)
        wrong = check.wrong
    else:
        wrong = own(given.names)
    for reason in wrong:
        print(reason, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
