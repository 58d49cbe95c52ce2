#!/usr/bin/env python3
"""Lists every image and every Cloud Run service of the emulator with nothing but Google's own clients, and reads of each
what an inventory is made of: the speed that a connector is measured against. Prints one line of JSON. Refuses to be
clever: that is the point.

    python tests/emulators/gcp/list_loop.py --endpoint http://127.0.0.1:PORT [--threads 4] [--transport rest|grpc] \
        [--lists all|images|workloads] [--policies]
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
    """The images of one repository. A message is only read where its fields are."""
    return len([
        (image.uri, list(image.tags), image.media_type, image.image_size_bytes, image.upload_time, [one.digest for one in image.image_manifests])
        for image in made["registry"].list_docker_images(request={"parent": repository, "page_size": PAGE})
    ])


def services(made, place, policies):
    """The services of one project and location; with `policies` who may call each."""
    count = 0
    for service in made["services"].list_services(request={"parent": place, "page_size": PAGE}):
        count += bool((service.name, service.ingress, service.latest_ready_revision, [one.image for one in service.template.containers], dict(service.labels)))
        if policies:
            made["services"].get_iam_policy({"resource": service.name})
    return count


def main():
    parser = argparse.ArgumentParser(description="List with Google's plain clients.")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--threads", type=int, default=1, help="repositories, or places of Cloud Run, listed at once")
    parser.add_argument("--transport", choices=("grpc", "rest"), default="grpc")
    parser.add_argument("--lists", choices=("all", "images", "workloads"), default="all")
    parser.add_argument("--policies", action="store_true", help="ask for the policy of each service as well")
    given = parser.parse_args()
    with urllib.request.urlopen(given.endpoint + "/_estate") as answer:
        estate = json.load(answer)
    # What a client costs to make is no listing.
    made = check_sdk.clients(given.transport, given.endpoint, estate["grpc"])
    projects = [one["id"] for one in estate["projects"] if one["state"] == "ACTIVE"]
    places = [f"projects/{project}/locations/{location}" for project in projects for location in estate["locations"]]
    started, seen = time.perf_counter(), {}
    with ThreadPoolExecutor(given.threads) as pool:
        if given.lists != "workloads":
            found = repositories(made, projects)
            seen.update(repositories=len(found), images=sum(pool.map(lambda name: images(made, name), found)))
        if given.lists != "images":
            seen.update(workloads=sum(pool.map(lambda place: services(made, place, given.policies), places)))
    print(json.dumps({**seen, "seconds": round(time.perf_counter() - started, 3), "threads": given.threads, "transport": given.transport}))


if __name__ == "__main__":
    main()
