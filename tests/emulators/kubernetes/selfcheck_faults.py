"""Checks of faults: each does what it says, to whom it says, as often as it says. Refuses faults that hit others too."""

import http.client
import time

from checking import same

PODS, NODES = "/api/v1/pods", "/api/v1/nodes"
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


@check
def throttling_is_that_of_fairness(emulator):
    emulator.order(kind="throttle", resource="pods", first=2, retry_after=3)
    answers = [emulator.get(PODS, limit=1) for _ in range(3)]
    same([answer.status for answer in answers], [429, 429, 200], "three calls")
    first = answers[0]
    same((first.headers["retry-after"], first.body, "x-kubernetes-pf-flowschema-uid" in first.headers), ("3", b"Too many requests, please try again later.\n", True), "the refusal")
    same(emulator.get(NODES).status, 200, "another resource")
    emulator.heal()
    emulator.order(kind="throttle", message="storage is (re)initializing", retry_after=1)
    told = emulator.get(PODS).json
    same((told["reason"], told["details"]), ("TooManyRequests", {"retryAfterSeconds": 1}), "one that is a Status")


@check
def errors_are_as_ordered(emulator):
    emulator.order(kind="error", resource="pods")
    same((emulator.get(PODS).status, emulator.get(PODS).reason), (500, "InternalError"), "an error")
    emulator.heal()
    emulator.order(kind="error", path="/apis", status=503, code="ServiceUnavailable", message="apiserver not ready", retry_after=1)
    same((emulator.get("/apis").status, emulator.get("/apis").reason, emulator.get("/api").status), (503, "ServiceUnavailable", 200), "one of a path")
    same(emulator.get("/apis").headers["retry-after"], "1", "when to come back")


@check
def bodies_break(emulator):
    emulator.order(kind="garbage", resource="pods", first=1)
    same(emulator.get(PODS).body[:9], b"<!DOCTYPE", "garbage")
    emulator.order(kind="truncate", resource="pods", first=1)
    answer = emulator.get(PODS)
    try:
        _ = answer.json
    except ValueError:
        same(int(answer.headers["content-length"]), len(answer.body), "the length of a body that is cut")
    else:
        raise AssertionError("a body that was to be cut is whole")
    emulator.order(kind="reset", resource="pods", after=1, first=1)
    token = emulator.get(PODS, limit=5).json["metadata"]["continue"]
    try:
        emulator.get(PODS, limit=5, **{"continue": token})
    except (OSError, http.client.HTTPException):
        pass
    else:
        raise AssertionError("a second page that was to be reset is whole")
    same(emulator.get(PODS, limit=5, **{"continue": token}).status, 200, "the same page again")


@check
def answers_are_slow(emulator):
    emulator.order(kind="slow", resource="pods", seconds=0.4, first=1)
    started = time.monotonic()
    same((emulator.get(PODS).status, time.monotonic() - started > 0.35), (200, True), "a slow answer")
    emulator.order(kind="timeout", resource="pods", seconds=0.3, first=1)
    started = time.monotonic()
    same((emulator.get(PODS).status, time.monotonic() - started > 0.28), (200, True), "an answer that waits")


@check
def tokens_expire_in_the_middle(emulator):
    emulator.order(kind="expire", resource="pods", after=1, first=1)
    token = emulator.get(PODS, limit=5).json["metadata"]["continue"]
    same(emulator.get(PODS, limit=5, **{"continue": token}).status, 401, "a second page with a token that has ended")
    fresh = emulator.control("/_token")["token"]
    same(emulator.get(PODS, token=fresh, limit=5, **{"continue": token}).status, 200, "the same with a new token")


@check
def objects_vanish(emulator):
    one = emulator.get(PODS, limit=1).json["items"][0]["metadata"]
    path = f"/api/v1/namespaces/{one['namespace']}/pods/{one['name']}"
    same(emulator.get(path).status, 200, "a pod")
    emulator.order(kind="vanish", resource="pods", name=one["name"])
    gone = emulator.get(path)
    same((gone.status, gone.json["message"], gone.json["details"]), (404, f'pods "{one["name"]}" not found', {"name": one["name"], "kind": "pods"}), "a pod that is listed only")
    same(emulator.get(PODS, limit=1).json["items"][0]["metadata"]["name"], one["name"], "the list")


@check
def tokens_repeat(emulator):
    emulator.order(kind="repeat_token", resource="pods")
    first = emulator.get(PODS, limit=3).json
    second = emulator.get(PODS, limit=3, **{"continue": first["metadata"]["continue"]}).json
    same((second["metadata"]["continue"], second["items"]), (first["metadata"]["continue"], first["items"]), "the same page for ever")


@check
def faults_are_narrow_and_counted(emulator):
    emulator.order(kind="error", cluster="ledger", resource="pods", namespace="team-000", every=2)
    path = "/api/v1/namespaces/team-000/pods"
    same([emulator.get("/clusters/ledger" + path).status for _ in range(4)], [200, 500, 200, 500], "every second call")
    same((emulator.get(path).status, emulator.get("/clusters/ledger" + PODS).status), (200, 200), "another cluster, and all namespaces")
    told = emulator.ask("GET", "/_faults", token=None).json
    same((told[0]["seen"], told[0]["hits"]), (4, 2), "what a fault counts")
    same("error" in emulator.control("/_faults", kind="unheard"), True, "an unknown kind")
    same("error" in emulator.control("/_settings", unheard=1), True, "an unknown setting")


@check
def calls_are_noted(emulator):
    emulator.ask("DELETE", "/_calls", token=None)
    emulator.get(PODS, limit=5)
    emulator.get("/api/v1/secrets")
    emulator.get("/apis/apps/v1")
    noted = [(call["cluster"], call["verb"], call["group"], call["resource"], call["path"], call["limit"], call["status"], call["code"]) for call in emulator.calls()]
    same(
        noted,
        [
            ("shop", "list", "", "pods", PODS, "5", 200, None),
            ("shop", "list", "", "secrets", "/api/v1/secrets", None, 403, "Forbidden"),
            ("shop", "get", None, None, "/apis/apps/v1", None, 200, None),
        ],
        "the log of calls",
    )
    counted = emulator.ask("GET", "/_calls", token=None).json
    same((counted["total"], counted["at_once"]), (3, [{"cluster": "shop", "peak": 1}]), "calls as counted")


@check
def large_bodies_are_compressed_where_it_is_set(emulator):
    emulator.seed({"plan": "tiny", "pods": 100})
    accept = {"Accept_Encoding": "gzip"}
    same("content-encoding" in emulator.get(PODS, headers=accept).headers, False, "a large body")
    emulator.set(gzip=True)
    whole, packed = emulator.get(PODS), emulator.get(PODS, headers=accept)
    same((packed.headers["content-encoding"], len(packed.body) < len(whole.body) // 4), ("gzip", True), "a large body that is compressed")
