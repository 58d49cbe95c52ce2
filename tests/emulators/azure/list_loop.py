#!/usr/bin/env python3
"""Lists every registry, repository and manifest, and every workload, of the emulator with nothing but Microsoft's own
clients: the speed that a connector is measured against. Prints one line of JSON. Refuses to be clever: that is the
point.

    python tests/emulators/azure/list_loop.py --endpoint http://127.0.0.1:PORT [--threads 8] \
        [--lists all|images|workloads] [--indexes]
"""

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor

import sdk
from azure.mgmt.appcontainers import ContainerAppsAPIClient
from azure.mgmt.containerinstance import ContainerInstanceManagementClient
from azure.mgmt.containerregistry import ContainerRegistryManagementClient
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.web import WebSiteManagementClient

PAGE = 1000


def repository(registry, name, indexes):
    """How many manifests a repository has; with `indexes` those that name no platform are fetched."""
    count = 0
    for row in registry.list_manifest_properties(name, results_per_page=PAGE):
        count += 1
        if indexes and row.architecture is None:
            registry.get_manifest(name, row.digest)
    return count


def images(tenant, threads, indexes):
    """(repositories, manifests) of all registries that can be reached."""
    names, count = 0, 0
    for subscription in tenant.subscriptions:
        for row in tenant.manager(ContainerRegistryManagementClient, subscription).registries.list():
            if row.properties.public_network_access == "Disabled":
                continue
            with tenant.registry(row.properties.login_server) as registry:
                found = list(registry.list_repository_names(results_per_page=PAGE))
                with ThreadPoolExecutor(threads) as pool:
                    count += sum(pool.map(lambda name: repository(registry, name, indexes), found))
                names += len(found)
    return names, count


def workloads(tenant, subscription):
    """How many workloads one subscription has, and how many replicas of its apps run."""
    count, replicas = 0, 0
    for _ in tenant.manager(ContainerServiceClient, subscription).managed_clusters.list():
        count += 1
    for _ in tenant.manager(ContainerInstanceManagementClient, subscription).container_groups.list():
        count += 1
    for _ in tenant.manager(WebSiteManagementClient, subscription).web_apps.list():
        count += 1
    client = tenant.manager(ContainerAppsAPIClient, subscription)
    for _ in client.jobs.list_by_subscription():
        count += 1
    for app in client.container_apps.list_by_subscription():
        count += 1
        group = app.id.split("/")[4]
        for revision in client.container_apps_revisions.list_revisions(group, app.name):
            replicas += len(client.container_apps_revision_replicas.list_replicas(group, app.name, revision.name).value)
    return count, replicas


def main():
    parser = argparse.ArgumentParser(description="List with Microsoft's plain clients.")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--threads", type=int, default=1, help="repositories or subscriptions listed at once")
    parser.add_argument("--lists", choices=("all", "images", "workloads"), default="all")
    parser.add_argument("--indexes", action="store_true", help="fetch them as well, which tell platforms")
    given = parser.parse_args()
    tenant = sdk.Tenant(given.endpoint)
    tenant.credential.get_token(sdk.MANAGER)
    started, seen = time.perf_counter(), {}
    if given.lists != "workloads":
        repositories, count = images(tenant, given.threads, given.indexes)
        seen.update(repositories=repositories, images=count)
    if given.lists != "images":
        with ThreadPoolExecutor(given.threads) as pool:
            found = list(pool.map(lambda subscription: workloads(tenant, subscription), tenant.subscriptions))
        seen.update(workloads=sum(count for count, _ in found), replicas=sum(count for _, count in found))
    print(json.dumps({**seen, "seconds": round(time.perf_counter() - started, 3), "threads": given.threads}))


if __name__ == "__main__":
    main()
