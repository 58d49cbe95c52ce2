#!/usr/bin/env python3
"""Lists every repository and every image of the emulator with nothing but boto3's paginators: the speed that a
connector is measured against. Prints one line of JSON. Refuses to be clever: that is the point.

    python tests/emulators/aws/list_loop.py --endpoint http://127.0.0.1:PORT [--threads 8] \
        [--lists describe|both|manifests]
"""

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor

import clients

PAGE = {"PageSize": 1000}
# The most that BatchGetImage takes.
AT_ONCE = 100


def scope(account, region, lists, threads):
    """The images of one account and region."""
    ecr = account.client("ecr", region)
    repositories = [repository["repositoryName"] for page in ecr.get_paginator("describe_repositories").paginate(PaginationConfig=PAGE)
                    for repository in page["repositories"]]

    def images(name):
        if lists == "both":
            for _ in ecr.get_paginator("list_images").paginate(repositoryName=name, PaginationConfig=PAGE):
                pass
        pages = ecr.get_paginator("describe_images").paginate(repositoryName=name, PaginationConfig=PAGE)
        count, indexes = 0, []
        for page in pages:
            count += len(page["imageDetails"])
            if lists == "manifests":
                indexes += [detail["imageDigest"] for detail in page["imageDetails"] if is_index(detail)]
        for start in range(0, len(indexes), AT_ONCE):
            some = [{"imageDigest": digest} for digest in indexes[start : start + AT_ONCE]]
            for image in ecr.batch_get_image(repositoryName=name, imageIds=some)["images"]:
                json.loads(image["imageManifest"])
        return count

    if threads == 1:
        return len(repositories), sum(map(images, repositories))
    with ThreadPoolExecutor(threads) as pool:
        return len(repositories), sum(pool.map(images, repositories))


def is_index(detail):
    return detail.get("imageManifestMediaType", "").endswith(("image.index.v1+json", "manifest.list.v2+json"))


def main():
    parser = argparse.ArgumentParser(description="List with plain boto3.")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--threads", type=int, default=1, help="repositories listed at once")
    parser.add_argument(
        "--lists", choices=("describe", "both", "manifests"), default="describe",
        help="both: ListImages as well; manifests: those of indexes as well, which tell platforms",
    )
    given = parser.parse_args()
    organisation = clients.Organisation(given.endpoint, connections=max(10, given.threads))
    accounts = [organisation.account(identity) for identity in organisation.accounts]
    # What a client costs to make is no listing.
    for account in accounts:
        for region in organisation.regions:
            account.client("ecr", region)
    started = time.perf_counter()
    found = [scope(account, region, given.lists, given.threads) for account in accounts for region in organisation.regions]
    seconds = time.perf_counter() - started
    images = sum(count for _, count in found)
    print(json.dumps({
        "repositories": sum(count for count, _ in found), "images": images, "seconds": round(seconds, 3),
        "images_per_second": round(images / seconds), "threads": given.threads, "lists": given.lists,
    }))


if __name__ == "__main__":
    main()
