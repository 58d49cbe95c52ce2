"""Checks of watches: what happens reaches whoever watches, once, in order, and only whom it concerns. Refuses to wait
for long: each watch has its end."""

import threading
import time

from checking import same

PODS = "/api/v1/pods"
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def pod(name, namespace="default", **labels):
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"containers": [{"name": "main", "image": "registry.example.com/a:1"}]},
    }


def seen(emulator, happens, path=PODS, seconds=1, **query):
    """The events of a watch while something happens, once it is under way."""
    def watched():
        while not any(call["verb"] == "watch" and call["status"] is None for call in emulator.ask("GET", "/_calls?each", token=None).json):
            time.sleep(0.05)
        time.sleep(0.1)
        happens()
    threading.Thread(target=watched, daemon=True).start()
    revision = emulator.get(path, limit=1).json["metadata"]["resourceVersion"]
    return [(event["type"], event["object"]["metadata"].get("name")) for event in emulator.watch(path, timeoutSeconds=seconds, **{"resourceVersion": revision, **query})]


def changes(emulator):
    emulator.control("/_apply", cluster="shop", object=pod("one", a="b"))
    emulator.control("/_apply", cluster="shop", object=pod("two", "team-000"))
    emulator.control("/_apply", cluster="shop", merge=True, object={"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one", "namespace": "default", "labels": {"a": "c"}}})
    emulator.control("/_delete", cluster="shop", apiVersion="v1", kind="Pod", namespace="default", name="one")


@check
def what_happens_is_seen(emulator):
    every = [("ADDED", "one"), ("ADDED", "two"), ("MODIFIED", "one"), ("DELETED", "one")]
    same(seen(emulator, lambda: changes(emulator)), every, "a watch of all namespaces")
    emulator.seed("tiny")
    same(seen(emulator, lambda: changes(emulator), "/api/v1/namespaces/default/pods"), [one for one in every if one[1] == "one"], "a watch of one namespace")
    emulator.seed("tiny")
    same(seen(emulator, lambda: changes(emulator), labelSelector="a=b"), [("ADDED", "one"), ("DELETED", "one")], "a watch with a selector that an object leaves")
    emulator.seed("tiny")
    same(seen(emulator, lambda: changes(emulator), fieldSelector="metadata.name=two"), [("ADDED", "two")], "a watch of one object")
    same(seen(emulator, lambda: changes(emulator), "/apis/apps/v1/deployments"), [], "a watch of something else")


@check
def a_watch_without_a_revision_begins_with_all(emulator):
    events = [*emulator.watch(PODS, timeoutSeconds=1)]
    same([event["type"] for event in events], ["ADDED"] * 30, "a watch from now on")
    same(events[0]["object"]["kind"], "Pod", "the kind of an object in an event")


@check
def a_watch_goes_on_where_a_list_ends(emulator):
    revision = emulator.get(PODS).json["metadata"]["resourceVersion"]
    changes(emulator)
    events = [(event["type"], event["object"]["metadata"]["name"]) for event in emulator.watch(PODS, timeoutSeconds=1, resourceVersion=revision)]
    same(len(events), 4, "what happened before the watch began")
    same([event["type"] for event in emulator.watch("/clusters/ledger" + PODS, timeoutSeconds=1, resourceVersion=revision)][:1] in ([], ["ERROR"]), True, "another cluster")


@check
def bookmarks_tell_where_a_watch_is(emulator):
    emulator.control("/_apply", cluster="shop", object=pod("one"))
    now = emulator.get(PODS, limit=1).json["metadata"]["resourceVersion"]
    events = [*emulator.watch(PODS, timeoutSeconds=1, resourceVersion=now, allowWatchBookmarks="true")]
    same([(event["type"], event["object"]["metadata"]["resourceVersion"], event["object"]["kind"]) for event in events], [("BOOKMARK", now, "Pod")], "a bookmark at the end")
    emulator.set(bookmark_seconds=0.3)
    events = [*emulator.watch(PODS, timeoutSeconds=2, resourceVersion=now, allowWatchBookmarks="true")]
    same(len(events) > 2, True, "bookmarks in between")
    emulator.set(bookmark_seconds=60)
    same(seen(emulator, lambda: emulator.control("/_bookmark"), allowWatchBookmarks="true"), [("BOOKMARK", None)] * 2, "a bookmark that was ordered, and the last one")


@check
def old_revisions_are_gone(emulator):
    revision = emulator.get(PODS, limit=1).json["metadata"]["resourceVersion"]
    emulator.control("/_compact", cluster="shop")
    events = [*emulator.watch(PODS, timeoutSeconds=1, resourceVersion=revision)]
    same([(event["type"], event["object"]["code"], event["object"]["reason"]) for event in events], [("ERROR", 410, "Expired")], "a watch from a compacted revision")
    now = emulator.get(PODS, limit=1).json["metadata"]["resourceVersion"]
    same([*emulator.watch(PODS, timeoutSeconds=1, resourceVersion=now)], [], "a watch from the present")
    emulator.order(kind="gone", verb="watch", first=1)
    same([event["type"] for event in emulator.watch(PODS, timeoutSeconds=1, resourceVersion=now)], ["ERROR"], "a watch that was ordered to be too old")


@check
def watches_end_when_they_are_told(emulator):
    same(seen(emulator, lambda: emulator.control("/_hangup"), seconds=60), [], "a watch that was ended")
    # It is under way until it ends.
    started = threading.Event()
    threading.Thread(target=lambda: (started.set(), [*emulator.watch(PODS, timeoutSeconds=2, resourceVersion=100_100)]), daemon=True).start()
    started.wait()
    time.sleep(0.4)
    same([call["status"] for call in emulator.calls() if call["verb"] == "watch"][-1], None, "a watch in the log while it lasts")


@check
def a_watch_breaks(emulator):
    emulator.order(kind="truncate", verb="watch")
    try:
        events = [*emulator.watch(PODS, timeoutSeconds=1)]
    except ValueError:
        events = []
    same(events, [], "a watch whose first line is cut")
    emulator.heal()
    emulator.order(kind="reset", verb="watch")
    try:
        [*emulator.watch(PODS, timeoutSeconds=1)]
    except OSError:
        return
    except ValueError:
        return
    raise AssertionError("a watch that was reset ended well")
