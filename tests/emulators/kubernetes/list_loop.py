#!/usr/bin/env python3
"""Lists everything that an inventory of workloads is made of from each cluster of the emulator, page by page, over one
open connection for each, and reads it as JSON: the speed that a connector is measured against. Prints one line of JSON.
Refuses to be clever: that is the point.

    python tests/emulators/kubernetes/list_loop.py --endpoint http://127.0.0.1:PORT [--threads 3] [--limit 500] \
        [--lists all|pods] [--raw]
"""

import argparse
import http.client
import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

PATHS = (
    "/api/v1/namespaces",
    "/api/v1/nodes",
    "/api/v1/pods",
    "/api/v1/services",
    "/apis/apps/v1/deployments",
    "/apis/apps/v1/replicasets",
    "/apis/apps/v1/statefulsets",
    "/apis/apps/v1/daemonsets",
    "/apis/batch/v1/jobs",
    "/apis/batch/v1/cronjobs",
    "/apis/networking.k8s.io/v1/ingresses",
    "/apis/networking.k8s.io/v1/networkpolicies",
)


def pages(connection, base, path, token, limit):
    """The bodies of a list's pages."""
    following = ""
    while following is not None:
        connection.request(
            "GET", f"{base}{path}?limit={limit}" + (f"&continue={quote(following)}" if following else ""), None, {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        )
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 404:
            return
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:300]}")
        # What is not read as a whole must still tell whether more comes.
        told = yield body
        following = told["metadata"].get("continue")


def cluster(server, token, given):
    """How many objects there are of each list."""
    where, counts, size = urlsplit(server), {}, 0
    connection = http.client.HTTPConnection(where.netloc)
    for path in PATHS if given.lists == "all" else ("/api/v1/pods",):
        listing, told = pages(connection, where.path, path, token, given.limit), None
        while True:
            try:
                body = listing.send(told)
            except StopIteration:
                break
            size += len(body)
            told = head(body) if given.raw else json.loads(body)
            name = path.rpartition("/")[2]
            counts[name] = counts.get(name, 0) + (0 if given.raw else len(told["items"]))
    connection.close()
    return counts, size


def head(body):
    """A list's own metadata, with nothing of its items read."""
    start = body.index(b'"metadata":') + len(b'"metadata":')
    return {"metadata": json.loads(body[start : body.index(b"}", start) + 1])}


def main():
    parser = argparse.ArgumentParser(description="List with nothing but HTTP and JSON.")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--threads", type=int, default=1, help="clusters listed at once")
    parser.add_argument("--limit", type=int, default=500)
    parser.add_argument("--lists", choices=("all", "pods"), default="all")
    parser.add_argument("--raw", action="store_true", help="read no objects: the speed of the emulator itself")
    given = parser.parse_args()
    with urllib.request.urlopen(given.endpoint + "/_estate") as answer:
        estate = json.load(answer)
    started, counts, size = time.perf_counter(), {}, 0
    with ThreadPoolExecutor(given.threads) as pool:
        for found, read in pool.map(lambda one: cluster(one["server"], estate["token"], given), estate["clusters"]):
            size += read
            for name, count in found.items():
                counts[name] = counts.get(name, 0) + count
    seconds = round(time.perf_counter() - started, 3)
    print(json.dumps({"seconds": seconds, "pods": counts.get("pods", 0), "objects": sum(counts.values()), "bytes": size, "threads": given.threads}))


if __name__ == "__main__":
    main()
