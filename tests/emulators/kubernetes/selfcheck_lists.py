"""Checks of lists and of single objects: pages, their tokens and their ends, revisions, selectors, and what is refused.
Refuses a list whose pages do not make its whole."""

import json

from checking import same

PODS = "/api/v1/pods"
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def names(pages):
    return [(one["metadata"].get("namespace"), one["metadata"]["name"]) for page in pages for one in page["items"]]


def refused(emulator, path=PODS, **query):
    answer = emulator.get(path, **query)
    return answer.status, answer.reason


@check
def lists_have_pages(emulator):
    whole = emulator.pages(PODS)
    same((len(whole), len(names(whole)), whole[0]["kind"], whole[0]["apiVersion"]), (1, emulator.cluster["objects"]["pods"], "PodList", "v1"), "a list without pages")
    parts = emulator.pages(PODS, limit=7)
    same(names(parts), names(whole), "the rows of all pages")
    left = [page["metadata"].get("remainingItemCount") for page in parts]
    same(left, [23, 16, 9, 2, None], "how many remain")
    same({page["metadata"]["resourceVersion"] for page in parts}, {whole[0]["metadata"]["resourceVersion"]}, "the revision of all pages")
    keys = [f"{namespace}/{name}" for namespace, name in names(whole)]
    same(keys, sorted(keys), "the order of a list")
    same(names(emulator.pages("/api/v1/namespaces/team-000/pods", limit=3)), [one for one in names(whole) if one[0] == "team-000"], "one namespace, page by page")
    same("kind" in whole[0]["items"][0], False, "a kind in an item of a native list")


@check
def lists_are_pictures(emulator):
    first = emulator.get(PODS, limit=5).json
    gone = first["items"][0]["metadata"]
    last = emulator.pages(PODS)[0]["items"][-1]["metadata"]
    emulator.control("/_delete", cluster="shop", apiVersion="v1", kind="Pod", namespace=last["namespace"], name=last["name"])
    rest = emulator.pages(PODS, limit=50, **{"continue": first["metadata"]["continue"]})
    same((rest[-1]["items"][-1]["metadata"]["name"], rest[0]["metadata"]["resourceVersion"]), (last["name"], first["metadata"]["resourceVersion"]), "a picture after a deletion")
    same(len(names(emulator.pages(PODS))), 29, "a new list")
    same(emulator.get(f"/api/v1/namespaces/{last['namespace']}/pods/{last['name']}").reason, "NotFound", "what was deleted")
    exact = emulator.pages(PODS, resourceVersion=first["metadata"]["resourceVersion"], resourceVersionMatch="Exact")
    same((len(names(exact)), exact[0]["items"][0]["metadata"]["name"]), (30, gone["name"]), "a list of a former revision")


@check
def tokens_are_of_their_list(emulator):
    token = emulator.get(PODS, limit=5).json["metadata"]["continue"]
    for path, more in (("/api/v1/services", {}), ("/api/v1/namespaces/default/pods", {}), (PODS, {"labelSelector": "a=b"}), ("/clusters/ledger" + PODS, {})):
        same(refused(emulator, path, limit=5, **{"continue": token}, **more), (400, "BadRequest"), f"a token of another list: {path} {more}")
    same(refused(emulator, limit=5, **{"continue": "nonsense"}), (400, "BadRequest"), "nonsense")
    same(refused(emulator, limit=5, resourceVersion="100005", **{"continue": token}), (400, "BadRequest"), "a revision beside a token")


@check
def tokens_end(emulator):
    first = emulator.get(PODS, limit=5).json
    emulator.order(kind="gone", resource="pods", first=1)
    late = emulator.get(PODS, limit=5, **{"continue": first["metadata"]["continue"]})
    same((late.status, late.reason), (410, "Expired"), "a token that was ordered to end")
    rest = emulator.pages(PODS, limit=5, **{"continue": late.json["metadata"]["continue"]})
    same(names([first, *rest]), names(emulator.pages(PODS)), "the list with what was left")
    emulator.set(token_seconds=0)
    token = emulator.get(PODS, limit=5).json["metadata"]["continue"]
    late = emulator.get(PODS, limit=5, **{"continue": token})
    same((late.status, "inconsistent list" in late.json["message"]), (410, True), "a token that is too old")


@check
def limits_are_ignored_at_zero(emulator):
    same(len(emulator.get(PODS, limit=5, resourceVersion="0").json["items"]), 30, "a list from the cache")
    emulator.set(whole_at_zero=False)
    same(len(emulator.get(PODS, limit=5, resourceVersion="0").json["items"]), 5, "a list from a cache that has pages")
    emulator.set(page_cap=4)
    same(len(emulator.get(PODS, limit=5).json["items"]), 4, "a page that is shorter than its limit")


@check
def options_that_make_no_sense_are_refused(emulator):
    for query, answer in (
        ({"limit": "x"}, (400, "BadRequest")),
        ({"resourceVersion": "x"}, (400, "BadRequest")),
        ({"unheard": "of"}, (400, "BadRequest")),
        ({"resourceVersionMatch": "Exact"}, (422, "Invalid")),
        ({"resourceVersionMatch": "Nearly", "resourceVersion": "5"}, (422, "Invalid")),
        ({"resourceVersionMatch": "Exact", "resourceVersion": "0"}, (422, "Invalid")),
        ({"sendInitialEvents": "true"}, (422, "Invalid")),
        ({"sendInitialEvents": "true", "watch": "1", "resourceVersionMatch": "NotOlderThan"}, (422, "Invalid")),
        ({"watch": "1", "resourceVersionMatch": "Exact", "resourceVersion": "5"}, (422, "Invalid")),
        ({"resourceVersion": "999999999"}, (504, "Timeout")),
        ({"resourceVersion": "5", "resourceVersionMatch": "Exact"}, (410, "Expired")),
    ):
        same(refused(emulator, **query), answer, f"a list with {query}")


@check
def labels_choose(emulator):
    def chosen(selector, path=PODS):
        return len(names(emulator.pages(path, labelSelector=selector)))

    every = [one["metadata"].get("labels", {}).get("app.kubernetes.io/name") for one in emulator.pages(PODS)[0]["items"]]
    first = next(filter(None, every))
    one, none = chosen(f"app.kubernetes.io/name={first}"), chosen("app.kubernetes.io/name=none")
    same((one > 0, none, chosen(f"app.kubernetes.io/name!={first}")), (True, 0, 30 - one), "equality")
    same((chosen(f"app.kubernetes.io/name in ({first},none)"), chosen(f"app.kubernetes.io/name notin ({first})")), (one, 30 - one), "sets")
    same(chosen("pod-template-hash") + chosen("!pod-template-hash"), 30, "presence")
    same(chosen(f"app.kubernetes.io/name=={first},app.kubernetes.io/name in ({first})"), one, "several")
    page = emulator.get(PODS, labelSelector="app.kubernetes.io/name", limit=3).json
    same(("continue" in page["metadata"], "remainingItemCount" in page["metadata"]), (True, False), "a page of a list with a selector")
    for selector in ("a in b", "a=b=c", "a>1", "a in (b", "a=<b>", ",a"):
        same(refused(emulator, labelSelector=selector), (400, "BadRequest"), f"the selector {selector}")


@check
def fields_choose(emulator):
    whole = emulator.pages(PODS)[0]["items"]
    node, name = whole[0]["spec"]["nodeName"], whole[0]["metadata"]["name"]
    for selector, expected in (
        (f"spec.nodeName={node}", sum(one["spec"].get("nodeName") == node for one in whole)),
        (f"metadata.name={name}", 1),
        ("status.phase!=Running", sum(one["status"]["phase"] != "Running" for one in whole)),
        ("metadata.namespace=team-000,status.phase=Running", sum((one["metadata"]["namespace"], one["status"]["phase"]) == ("team-000", "Running") for one in whole)),
        ("spec.hostNetwork=false", 30),
    ):
        same(len(names(emulator.pages(PODS, fieldSelector=selector))), expected, f"pods with {selector}")
    refusal = emulator.get(PODS, fieldSelector="spec.priority=0")
    same((refusal.status, refusal.json["message"].endswith("field label not supported: spec.priority")), (400, True), "a field that cannot be asked for")
    same(refused(emulator, "/apis/aquasecurity.github.io/v1alpha1/vulnerabilityreports", fieldSelector="status.phase=x"), (400, "BadRequest"), "a field of a custom resource")


@check
def metadata_can_be_asked_for_alone(emulator):
    accept = {"Accept": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"}
    told = emulator.get(PODS, limit=2, headers=accept).json
    same((told["kind"], sorted(told["items"][0])), ("PartialObjectMetadataList", ["apiVersion", "kind", "metadata"]), "a list of metadata")
    same(emulator.get(PODS, headers={"Accept": "application/vnd.kubernetes.protobuf"}).status, 406, "a list as protobuf")
    table = emulator.get(PODS, limit=2, headers={"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"}).json
    same(table["kind"], "PodList", "a list as a table, or as it is")


@check
def custom_resources_tell_their_kind_and_thin_ones_little(emulator):
    emulator.seed("small")
    reports = emulator.get("/apis/aquasecurity.github.io/v1alpha1/vulnerabilityreports").json
    same({one["kind"] for one in reports["items"]}, {"VulnerabilityReport"}, "kinds in a list of custom resources")
    base = "/apis/spdx.softwarecomposition.kubescape.io/v1beta1"
    thin = emulator.get(f"{base}/vulnerabilitymanifests").json["items"][0]
    whole = emulator.get(f"{base}/namespaces/kubescape/vulnerabilitymanifests/{thin['metadata']['name']}").json
    full = emulator.get(f"{base}/vulnerabilitymanifests", resourceVersion="fullSpec").json["items"][0]
    same(
        (thin["spec"]["payload"]["matches"], len(whole["spec"]["payload"]["matches"]) > 1, full["spec"] == whole["spec"]),
        (None, True, True),
        "a manifest in a list, alone, and in a list of whole ones",
    )
    first = emulator.get(f"{base}/vulnerabilitymanifests", limit=1, resourceVersion="fullSpec").json
    more = {"limit": 1, "continue": first["metadata"]["continue"]}
    for told, expected in ((more, False), ({**more, "resourceVersion": "fullSpec"}, True)):
        same(bool(emulator.get(f"{base}/vulnerabilitymanifests", **told).json["items"][0]["spec"]["payload"]["matches"]), expected, f"a second page with {told}")
    same(refused(emulator, resourceVersion="fullSpec"), (400, "BadRequest"), "whole objects of another server")


@check
def pods_that_are_hard_are_there(emulator):
    emulator.seed("small")
    cases = emulator.cluster["cases"]
    for case, expected in (
        ("sidecar", "Deployment"),
        ("ephemeral", "Pod"),
        ("rollout", "Rollout"),
        ("sec-docker-socket", "Deployment"),
        ("hostile-words", "Pod"),
        ("id-config-digest", "Pod"),
        ("policy-default-deny", "NetworkPolicy"),
        ("webhook-mesh-injector", "MutatingWebhookConfiguration"),
        ("kyverno-no-latest", "ClusterPolicy"),
        ("gatekeeper-our-registry", "K8sAllowedRepos"),
    ):
        same(cases[case]["kind"], expected, f"the case {case}")
    for case, place in cases.items():
        if place["kind"] == "Pod":
            same(emulator.get(f"/api/v1/namespaces/{place['namespace']}/pods/{place['name']}").status, 200, f"the pod of {case}")
    pods = {(one["metadata"]["namespace"], one["metadata"]["name"]): one for one in emulator.pages(PODS)[0]["items"]}
    mixed = [one["status"]["containerStatuses"][0]["imageID"] for (namespace, name), one in pods.items() if namespace == "shop" and name.startswith("search-")]
    same((len(mixed), len(set(mixed))), (2, 2), "one tag with two digests")
    same(
        len({one["metadata"]["ownerReferences"][0]["name"] for (namespace, name), one in pods.items() if namespace == "shop" and name.startswith("cart-")}),
        2,
        "a rollout under way",
    )
    same(len(json.dumps(pods[("hostile", "annotated")])) > 200_000, True, "a long annotation")
