#!/usr/bin/env python3
"""Lists everything in an emulator with Microsoft's own clients and prints one line of JSON with what they saw: names,
digests, counts. Holds every body against the clients' models, every digest against its bytes and every count against
what was seeded; says what differs and ends with 1. Refuses an emulator that was not seeded.

    python tests/emulators/azure/check_sdk.py [--endpoint http://127.0.0.1:PORT] [--absent]

Without an endpoint it starts an emulator of its own, with pages so small that every list has several.
"""

import argparse
import hashlib
import json
import logging
import os
import sys
import urllib.request

import sdk
import server  # noqa: F401  (finds what all emulators share)
import shapes
from azure.core.exceptions import AzureError, HttpResponseError
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.identity import ManagedIdentityCredential
from azure.mgmt.appcontainers import ContainerAppsAPIClient
from azure.mgmt.containerinstance import ContainerInstanceManagementClient
from azure.mgmt.containerregistry import ContainerRegistryManagementClient
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.managementgroups import ManagementGroupsMgmtClient
from azure.mgmt.resource.subscriptions import SubscriptionClient
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions
from azure.mgmt.security import SecurityCenter
from azure.mgmt.web import WebSiteManagementClient
from checking import started

# What the service is known to tell of findings of the newer recommendations, and these models do not have.
BESIDE = tuple(f"subAssessments.properties.resourceDetails.resource{name} " for name in ("Type", "Name", "Provider"))
# Repositories of each registry whose every manifest is fetched.
FETCHED = 3


class Bodies(SansIOHTTPPolicy):
    """Keeps the bodies that a client was answered with."""

    def __init__(self):
        self.kept = []

    def on_response(self, request, response):
        self.kept.append(json.loads(response.http_response.text()))

    def rows(self):
        """The rows of the pages since the last time; a body that is no page is one row."""
        kept, self.kept = self.kept, []
        return [row for body in kept for row in body.get("value", [body])]


class Check:
    """What was seen and what was wrong."""

    def __init__(self, endpoint):
        self.tenant, self.bodies = sdk.Tenant(endpoint), Bodies()
        self.wrong, self.seen, self.set_up, self.raw, self.lists = [], {}, {}, {}, 0

    def client(self, kind, *given):
        return self.tenant.manager(kind, *given, hook=self.bodies)

    def many(self, kind, listed):
        """All rows of a list, held against their model."""
        self.bodies.rows()
        self.lists += 1
        rows = list(listed)
        raw = self.bodies.rows()
        if len(rows) != len(raw):
            self.wrong.append(f"{kind}: the client read {len(rows)} rows of {len(raw)}")
        for row, body in zip(rows, raw):
            self.held(kind, row, body)
        return rows

    def single(self, kind, row):
        self.held(kind, row, self.bodies.rows()[-1])
        return row

    def held(self, kind, row, body):
        self.seen.setdefault(kind, set()).add(row.id if getattr(row, "id", None) else str(row))
        self.raw.setdefault(kind, (type(row), []))[1].append(body)
        self.wrong += [text for text in shapes.problems(type(row), body, kind) if not text.startswith(BESIDE)]

    def equal(self, what, seen, seeded):
        if seen != seeded:
            self.wrong.append(f"{what}: the clients saw {seen}, seeded are {seeded}")


def account(check):
    """Subscriptions, tenants and the tree above them."""
    client = check.client(SubscriptionClient)
    rows = check.many("subscriptions", client.subscriptions.list())
    check.equal("subscriptions", [row.subscription_id for row in rows], check.tenant.subscriptions)
    check.many("tenants", client.tenants.list())
    check.many("locations", client.subscriptions.list_locations(rows[0].subscription_id))
    groups = check.client(ManagementGroupsMgmtClient)
    for group in check.many("managementGroups", groups.management_groups.list()):
        check.single("managementGroups.get", groups.management_groups.get(group.name, expand="children", recurse=True))
        below = check.many("descendants", groups.management_groups.get_descendants(group.name))
        check.many("managementGroupSubscriptions", groups.management_group_subscriptions.get_subscriptions_under_management_group(group.name))
        if group.name == check.tenant.told["tenant"]:
            check.equal("subscriptions below the root", sum(row.type.lower().endswith("subscriptions") for row in below), len(rows))
    check.many("entities", groups.entities.list())


def workloads(check, subscription):
    """All that runs in one subscription, each resource alone as well."""
    clusters = check.client(ContainerServiceClient, subscription)
    for row in check.many("managedClusters", clusters.managed_clusters.list()):
        group = row.id.split("/")[4]
        check.single("managedClusters.get", clusters.managed_clusters.get(group, row.name))
        pools = check.many("agentPools", clusters.agent_pools.list(group, row.name))
        check.equal(f"pools of {row.name}", len(pools), len(row.properties.agent_pool_profiles))
        told = row.properties
        check.set_up[row.id] = {
            "local_accounts": None if told.disable_local_accounts is None else not told.disable_local_accounts,
            "network_policy": told.network_profile.network_policy, "channel": told.auto_upgrade_profile and told.auto_upgrade_profile.upgrade_channel,
            "pools": {pool.name: [pool.properties.vm_size, pool.properties.node_image_version, pool.properties.current_orchestrator_version, pool.properties.count] for pool in pools},
        }
    groups = check.client(ContainerInstanceManagementClient, subscription)
    for row in check.many("containerGroups", groups.container_groups.list()):
        told = check.single("containerGroups.get", groups.container_groups.get(row.id.split("/")[4], row.name))
        if told.instance_view is None or row.instance_view is not None:
            check.wrong.append(f"{row.name}: only the single group tells what its containers do")
    apps = check.client(ContainerAppsAPIClient, subscription)
    check.many("managedEnvironments", apps.managed_environments.list_by_subscription())
    for row in check.many("containerApps", apps.container_apps.list_by_subscription()):
        group = row.id.split("/")[4]
        for revision in check.many("revisions", apps.container_apps_revisions.list_revisions(group, row.name)):
            told = apps.container_apps_revision_replicas.list_replicas(group, row.name, revision.name)
            for replica, body in zip(told.value, check.bodies.rows()):
                check.held("replicas", replica, body)
            check.equal(f"replicas of {revision.name}", len(told.value), revision.properties.replicas)
    for row in check.many("jobs", apps.jobs.list_by_subscription()):
        check.many("executions", apps.jobs_executions.list(row.id.split("/")[4], row.name))
    web = check.client(WebSiteManagementClient, subscription)
    for row in check.many("sites", web.web_apps.list()):
        group = row.id.split("/")[4]
        told = check.single("siteConfig", web.web_apps.get_configuration(group, row.name))
        check.equal(f"what {row.name} runs", told.properties.linux_fx_version, row.properties.site_config.linux_fx_version)
        check.many("siteContainers", web.web_apps.list_site_containers(group, row.name))


def security(check, subscription):
    """Defender's plans and findings, as the manager tells them."""
    client = check.client(SecurityCenter, subscription)
    told = client.pricings.list(f"subscriptions/{subscription}")
    for row, body in zip(told.value, check.bodies.rows()):
        check.held("pricings", row, body)
    check.many("assessments", client.assessments.list(f"subscriptions/{subscription}"))
    check.many("subAssessments", client.sub_assessments.list_all(f"subscriptions/{subscription}"))


def findings(check):
    """Resource Graph, page by page."""
    client, found, token = check.client(ResourceGraphClient), [], None
    while True:
        query = QueryRequest(
            query="securityresources | where type =~ 'microsoft.security/assessments/subassessments' | order by id asc",
            options=QueryRequestOptions(top=100, skip_token=token, result_format="objectArray"),
        )
        told = client.resources(query)
        found += told.data
        token = told.skip_token
        if not token:
            break
    check.equal("rows of a query", len(found), told.total_records)
    check.equal("findings", len({row["id"] for row in found}), check.tenant.told["findings"])
    kinds = {}
    for row in found:
        kind = row["properties"]["additionalData"]["assessedResourceType"]
        kinds[kind] = kinds.get(kind, 0) + 1
    return kinds


def registries(check, subscription):
    """The registries of a subscription and all that they hold: digests by repository."""
    client, held = check.client(ContainerRegistryManagementClient, subscription), {}
    for row in check.many("registries", client.registries.list()):
        group = row.id.split("/")[4]
        check.single("registries.get", client.registries.get(group, row.name))
        check.many("replications", client.replications.list(group, row.name))
        server = row.properties.login_server
        check.set_up[server] = {
            "tier": row.sku.name, "admin-user": row.properties.admin_user_enabled, "anonymous-pull": row.properties.anonymous_pull_enabled,
            "zone-redundancy": row.properties.zone_redundancy, "retention": row.properties.policies.retention_policy.status,
        }
        with check.tenant.registry(server) as registry:
            if row.properties.public_network_access == "Disabled":
                closed(check, registry, server)
                continue
            for number, name in enumerate(registry.list_repository_names(results_per_page=25)):
                held[f"{server}/{name}"] = repository(check, registry, name, number < FETCHED)
        if row.properties.anonymous_pull_enabled:
            with check.tenant.registry(server, credential=False) as anonymous:
                check.equal(f"what nobody sees of {server}", sum(1 for _ in anonymous.list_repository_names()), sum(name.startswith(server) for name in held))
    return held


def closed(check, registry, server):
    """A registry that lets nobody in says so."""
    try:
        list(registry.list_repository_names())
        check.wrong.append(f"{server}: it should let nobody in")
    except HttpResponseError as refusal:
        check.equal(f"how {server} refuses", refusal.status_code, 403)


def repository(check, registry, name, fetched):
    """The digests of one repository, counted and, if it is one of those, fetched."""
    told = registry.get_repository_properties(name)
    rows = list(registry.list_manifest_properties(name, results_per_page=7))
    tags = {tag.name: tag.digest for tag in registry.list_tag_properties(name, results_per_page=2)}
    check.equal(f"manifests of {name}", len(rows), told.manifest_count)
    check.equal(f"tags of {name}", len(tags), told.tag_count)
    check.equal(f"tags of the manifests of {name}", {tag: row.digest for row in rows for tag in row.tags or ()}, tags)
    digests = {row.digest for row in rows}
    for row in rows if fetched else ():
        manifest = registry.get_manifest(name, row.digest)
        text = json.dumps(manifest.manifest)
        if manifest.digest != row.digest:
            check.wrong.append(f"{name}: {row.digest} was answered with {manifest.digest}")
        for child in json.loads(text).get("manifests", []):
            if child["digest"] not in digests:
                check.wrong.append(f"{name}: {row.digest} names {child['digest']}, which is not listed")
        if row.architecture:
            blob = json.loads(text)["config"]
            data = b"".join(registry.download_blob(name, blob["digest"]))
            check.equal(f"the config of {row.digest}", ("sha256:" + hashlib.sha256(data).hexdigest(), len(data)), (blob["digest"], blob["size"]))
    return sorted(digests)


def identities(check):
    """The managed identity, as azure-identity finds it on a machine and beside an application."""
    for settings in (
        {"AZURE_POD_IDENTITY_AUTHORITY_HOST": check.tenant.endpoint},
        {"IDENTITY_ENDPOINT": f"{check.tenant.endpoint}/msi/token", "IDENTITY_HEADER": "beside"},
    ):
        os.environ.update(settings)
        try:
            token = ManagedIdentityCredential(client_id=check.tenant.told["managed_identity"]).get_token(sdk.MANAGER).token
            asked = urllib.request.Request(f"{check.tenant.endpoint}/subscriptions?api-version=2022-12-01", headers={"Authorization": f"Bearer {token}"})
            with urllib.request.urlopen(asked) as answer:
                check.equal("subscriptions of the managed identity", len(json.load(answer)["value"]), len(check.tenant.subscriptions))
        finally:
            for name in settings:
                del os.environ[name]


def checked(endpoint):
    """The whole of an emulator: (what was seen, the check)."""
    check = Check(endpoint)
    told = check.tenant.told
    identities(check)
    account(check)
    held = {}
    for subscription in check.tenant.subscriptions:
        workloads(check, subscription)
        security(check, subscription)
        held.update(registries(check, subscription))
    kinds = findings(check)
    for kind, count in told["resources"].items():
        name = kind.partition("/")[2]
        seen = next((rows for name_seen, rows in check.seen.items() if name_seen.lower() == name), set())
        check.equal(kind, len(seen), count)
    check.equal("repositories", len(held), told["repositories"])
    check.equal("images", sum(map(len, held.values())), told["images"])
    return {
        "kinds": {kind: sorted(rows) for kind, rows in check.seen.items() if not kind.endswith(".get")},
        "counts": {kind: len(rows) for kind, rows in check.seen.items()}, "findings": kinds, "images": held, "set_up": check.set_up,
    }, check


def checked_alone():
    """What an emulator of our own says, in small pages."""
    with started(__file__, "small") as line:
        endpoint = line.split()[1]
        urllib.request.urlopen(endpoint + "/_settings", json.dumps({"page_cap": 4}).encode()).close()
        return checked(endpoint)


def main():
    parser = argparse.ArgumentParser(description="List with Microsoft's own clients, and check.")
    parser.add_argument("--endpoint", help="without one an emulator is started")
    parser.add_argument("--absent", action="store_true", help="say on standard error which members of the models nothing has")
    given = parser.parse_args()
    # Kinds of findings that the clients do not know are told of by each row.
    logging.disable(logging.WARNING)
    try:
        seen, check = checked(given.endpoint) if given.endpoint else checked_alone()
    except AzureError as refusal:
        print(f"A client could not read on: {type(refusal).__name__}: {refusal}", file=sys.stderr)
        return 1
    print(json.dumps(seen))
    if given.absent:
        for kind, (model, rows) in check.raw.items():
            print(f"{kind}: absent: {', '.join(shapes.absent(model, rows)) or 'nothing'}", file=sys.stderr)
    wrong = list(dict.fromkeys(check.wrong))
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    print(f"{len(check.raw)} kinds and {sum(map(len, seen['images'].values()))} images checked, {len(wrong)} problems", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
