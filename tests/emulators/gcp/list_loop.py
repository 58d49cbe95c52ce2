#!/usr/bin/env python3
"""Lists every image and every Cloud Run service of the emulator with nothing but Google's own clients: the speed that
a connector is measured against. Prints one line of JSON. Refuses to be clever: that is the point.

    python tests/emulators/gcp/list_loop.py --endpoint http://127.0.0.1:PORT [--threads 4] [--transport grpc|rest]
"""

import argparse
import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import check_sdk

PAGE = 1000


def repositories(made, projects):
    """Every repository, as a connector finds them."""
    found = []
    for project in projects:
        for location in made["registry"].list_locations({"name": f"projects/{project}"}).locations:
            for repository in made["registry"].list_repositories(parent=location.name):
                if repository.format_.name == "DOCKER":
                    found.append(repository.name)
    return found


def images(made, repository):
    """The images of one repository."""
    return sum(1 for _ in made["registry"].list_docker_images(request={"parent": repository, "page_size": PAGE}))


def services(made, place):
    """The services of one project and location."""
    return sum(1 for _ in made["services"].list_services(request={"parent": place, "page_size": PAGE}))


def timed(work, items, threads):
    """How many there are, and how long it took."""
    started = time.perf_counter()
    if threads == 1:
        counts = [work(item) for item in items]
    else:
        with ThreadPoolExecutor(threads) as pool:
            counts = list(pool.map(work, items))
    return sum(counts), time.perf_counter() - started


def main():
    parser = argparse.ArgumentParser(description="List with Google's plain clients.")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--threads", type=int, default=1, help="repositories, or places of Cloud Run, listed at once")
    parser.add_argument("--transport", choices=("grpc", "rest"), default="grpc")
    given = parser.parse_args()
    with urllib.request.urlopen(given.endpoint + "/_estate") as answer:
        estate = json.load(answer)
    # What a client costs to make is no listing.
    made = check_sdk.clients(given.transport, given.endpoint, estate["grpc"])
    projects = [one["id"] for one in estate["projects"] if one["state"] == "ACTIVE"]
    started = time.perf_counter()
    found = repositories(made, projects)
    before = time.perf_counter() - started
    count, seconds = timed(lambda name: images(made, name), found, given.threads)
    places = [f"projects/{project}/locations/{location}" for project in projects for location in estate["locations"]]
    running, running_seconds = timed(lambda place: services(made, place), places, given.threads)
    print(json.dumps({
        "repositories": len(found), "images": count, "seconds": round(before + seconds, 3), "images_per_second": round(count / (before + seconds)),
        "services": running, "services_seconds": round(running_seconds, 3), "services_per_second": round(running / running_seconds),
        "threads": given.threads, "transport": given.transport,
    }))


if __name__ == "__main__":
    main()
