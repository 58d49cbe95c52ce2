"""The manager's lists of resources and what lies below them. What a reader may not read, secrets among it, is refused
as the manager does; lists leave out what only the single resource tells."""

import base64
import json
import re

import apps
import defender
import signin
from arm import ARM, denied, listed, one, resource_of, whole
from wire import Refusal, told

SUBSCRIPTION, GROUP = "/subscriptions/{subscription}", "/subscriptions/{subscription}/resourceGroups/{group}"
KINDS = {
    "Microsoft.ContainerRegistry": ("registries",),
    "Microsoft.ContainerService": ("managedClusters",),
    "Microsoft.ContainerInstance": ("containerGroups",),
    "Microsoft.App": ("managedEnvironments", "containerApps", "jobs"),
    "Microsoft.Web": ("sites",),
}


def of_kind(emulator, subscription, kind, group=None):
    rows = emulator.estate.resources.get((subscription, kind.lower()), [])
    return rows if group is None else [row for row in rows if row.group == group.lower()]


def in_a_list(resource):
    """A resource as lists tell it: container groups without what their containers do."""
    if resource.type != "microsoft.containerinstance/containergroups":
        return resource.text
    row = resource.read()
    row["properties"].pop("instanceView", None)
    for container in row["properties"]["containers"]:
        container["properties"].pop("instanceView", None)
    return row


def register(provider, kind):
    """The lists of one kind, in a subscription and in a group, and the single resource."""
    about = {"provider": provider, "kind": kind, "action": f"{provider}/{kind}/read"}

    @ARM.on("GET", f"{SUBSCRIPTION}/providers/{provider}/{kind}", f"{kind}.list", **about)
    @ARM.on("GET", f"{GROUP}/providers/{provider}/{kind}", f"{kind}.list", **about)
    def many(call, emulator, subscription, group=None):
        return listed(call, emulator, lambda: of_kind(emulator, subscription, f"{provider}/{kind}", group), in_a_list)

    @ARM.on("GET", f"{GROUP}/providers/{provider}/{kind}/{{name}}", f"{kind}.get", **about)
    def single(call, emulator, subscription, group, name):
        return one(call, emulator, resource_of(call, emulator, call.path.rstrip("/")).text)


for namespace, kinds in KINDS.items():
    for name in kinds:
        register(namespace, name)


def parent(call, emulator):
    """The resource whose child is asked for."""
    return resource_of(call, emulator, "/".join(call.path.split("/")[:9])).read()


def below(provider, path, operation):
    """Registers what lies below a resource of a provider; `path` begins with its kind."""
    kind, _, child = path.partition("/")
    return ARM.on("GET", f"{GROUP}/providers/{provider}/{kind}/{{name}}/{child}", operation, provider=provider, kind=f"{kind}/{child.partition('/')[0]}", action=f"{provider}/{kind}/{child.partition('/')[0]}/read")


def named(rows, name, kind):
    found = next((row for row in rows if row["name"].lower() == name.lower()), None)
    if found is None:
        raise Refusal(404, "ResourceNotFound", f"The resource '{name}' of kind '{kind}' was not found.")
    return found


def pools(cluster):
    return [
        {
            "id": f"{cluster['id']}/agentPools/{pool['name']}", "name": pool["name"], "type": "Microsoft.ContainerService/managedClusters/agentPools",
            "properties": {key: value for key, value in pool.items() if key != "name"},
        }
        for pool in cluster["properties"]["agentPoolProfiles"]
    ]


@below("Microsoft.ContainerService", "managedClusters/agentPools", "agentPools.list")
def agent_pools(call, emulator, subscription, group, name):
    cluster = parent(call, emulator)
    return listed(call, emulator, lambda: pools(cluster))


@below("Microsoft.ContainerService", "managedClusters/agentPools/{pool}", "agentPools.get")
def agent_pool(call, emulator, subscription, group, name, pool):
    return one(call, emulator, named(pools(parent(call, emulator)), pool, "agentPools"))


@below("Microsoft.ContainerRegistry", "registries/replications", "replications.list")
def replications(call, emulator, subscription, group, name):
    registry = parent(call, emulator)
    rows = [{
        "id": f"{registry['id']}/replications/{registry['location']}", "name": registry["location"], "type": "Microsoft.ContainerRegistry/registries/replications", "location": registry["location"],
        "properties": {"provisioningState": "Succeeded", "regionEndpointEnabled": True, "zoneRedundancy": registry["properties"]["zoneRedundancy"]},
    }] if registry["sku"]["name"] == "Premium" else []
    return listed(call, emulator, lambda: rows)


@below("Microsoft.ContainerRegistry", "registries/webhooks", "webhooks.list")
@below("Microsoft.ContainerRegistry", "registries/cacheRules", "cacheRules.list")
@below("Microsoft.ContainerRegistry", "registries/scopeMaps", "scopeMaps.list")
@below("Microsoft.ContainerRegistry", "registries/tokens", "tokens.list")
@below("Microsoft.Web", "sites/slots", "slots.list")
def nothing(call, emulator, subscription, group, name):
    parent(call, emulator)
    return listed(call, emulator, list)


@below("Microsoft.App", "containerApps/revisions", "revisions.list")
def revisions(call, emulator, subscription, group, name):
    app = parent(call, emulator)
    return listed(call, emulator, lambda: list(apps.revisions(app)))


@below("Microsoft.App", "containerApps/revisions/{revision}", "revisions.get")
def revision(call, emulator, subscription, group, name, revision):
    return one(call, emulator, named(apps.revisions(parent(call, emulator)), revision, "revisions"))


@below("Microsoft.App", "containerApps/revisions/{revision}/replicas", "replicas.list")
def replicas(call, emulator, subscription, group, name, revision):
    rows = apps.replicas(parent(call, emulator), revision)
    if rows is None:
        raise Refusal(404, "ResourceNotFound", f"The resource '{revision}' of kind 'revisions' was not found.")
    return whole(call, emulator, rows)


@below("Microsoft.App", "jobs/executions", "executions.list")
def executions(call, emulator, subscription, group, name):
    job = parent(call, emulator)
    return listed(call, emulator, lambda: list(apps.executions(job)))


@below("Microsoft.Web", "sites/config/web", "siteConfig.get")
def site_config(call, emulator, subscription, group, name):
    return one(call, emulator, apps.site_config(parent(call, emulator)))


@below("Microsoft.Web", "sites/config", "siteConfig.list")
def site_configs(call, emulator, subscription, group, name):
    site = parent(call, emulator)
    return listed(call, emulator, lambda: [apps.site_config(site)])


@below("Microsoft.Web", "sites/sitecontainers", "siteContainers.list")
def site_containers(call, emulator, subscription, group, name):
    site = parent(call, emulator)
    if site["properties"]["siteConfig"]["linuxFxVersion"] != "SITECONTAINERS":
        return listed(call, emulator, list)
    registry = next(row for row in emulator.estate.registries.values() if row.repositories and row.group == group.lower() and row.subscription == subscription)
    return listed(call, emulator, lambda: list(apps.site_containers(site, f"{registry.server}/{registry.running(12).name}:latest")))


@ARM.on("GET", SUBSCRIPTION + "/resources", "resources.list", provider="subscriptions", action="Microsoft.Resources/subscriptions/resources/read")
def everything(call, emulator, subscription):
    """All resources of a subscription without their properties; of filters only `resourceType eq '…'`."""
    wanted, kinds = call.lower_query.get("$filter", ""), None
    if wanted:
        kinds = [kind.lower() for kind in re.findall(r"resourceType eq '([^']+)'", wanted)]
        if not re.fullmatch(r"\s*resourceType eq '[^']+'(\s+or\s+resourceType eq '[^']+')*\s*", wanted):
            raise Refusal(400, "InvalidFilterInQueryString", f"Invalid $filter '{wanted}' specified in the query string.")
    rows = [row for (owner, kind), rows in sorted(emulator.estate.resources.items()) if owner == subscription and (kinds is None or kind in kinds) for row in rows]
    return listed(call, emulator, lambda: rows, lambda row: {name: value for name, value in row.read().items() if name not in ("properties", "systemData")})


@ARM.on("GET", SUBSCRIPTION + "/providers/Microsoft.Security/pricings", "pricings.list", provider="pricings", action="Microsoft.Security/pricings/read")
def pricings(call, emulator, subscription):
    number = next(place for place, row in enumerate(emulator.estate.subscriptions) if row["subscriptionId"] == subscription)
    return whole(call, emulator, defender.pricings(subscription, number))


@ARM.on("GET", SUBSCRIPTION + "/providers/Microsoft.Security/assessments", "assessments.list", provider="assessments", action="Microsoft.Security/assessments/read")
def assessments(call, emulator, subscription):
    return listed(call, emulator, lambda: list(defender.assessments(emulator, subscription)))


def sub_assessment(row):
    """A finding as the manager tells it, which is less than Resource Graph tells."""
    return {name: row[name] for name in ("id", "name", "type", "properties")}


@ARM.on("GET", SUBSCRIPTION + "/providers/Microsoft.Security/subAssessments", "subAssessments.list", provider="subAssessments", action="Microsoft.Security/assessments/subAssessments/read")
def all_sub_assessments(call, emulator, subscription):
    return listed(call, emulator, lambda: defender.standing(emulator, subscription), sub_assessment)


@ARM.on("GET", SUBSCRIPTION + "/providers/Microsoft.Security/assessments/{key}/subAssessments", "subAssessments.list", provider="subAssessments", action="Microsoft.Security/assessments/subAssessments/read")
def sub_assessments_of_key(call, emulator, subscription, key):
    return listed(call, emulator, lambda: [row for row in defender.standing(emulator, subscription) if row["assessmentKey"] == key.lower()], sub_assessment)


@ARM.on("GET", SUBSCRIPTION + "{scope+}/providers/Microsoft.Security/assessments/{key}/subAssessments", "subAssessments.list", provider="subAssessments", action="Microsoft.Security/assessments/subAssessments/read")
def sub_assessments(call, emulator, subscription, scope, key):
    above = call.path.lower().removesuffix("/").removesuffix("/subassessments") + "/"
    return listed(call, emulator, lambda: [row for row in defender.standing(emulator, subscription) if row["id"].lower().startswith(above)], sub_assessment)


@ARM.on("POST", f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/{{name}}/listClusterUserCredential", "managedClusters.credential", provider="Microsoft.ContainerService", kind="managedClusters", action="Microsoft.ContainerService/managedClusters/listClusterUserCredential/action")
def user_credential(call, emulator, subscription, group, name):
    """The kubeconfig of a cluster, for users of the directory: its plugin is to be installed by who runs it. Only where a
    test leads clusters somewhere; a reader may not have it otherwise."""
    where, cluster = emulator.api_server, resource_of(call, emulator, call.path.rstrip("/").rpartition("/")[0]).read()
    if where is None:
        raise denied(call, "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action")
    user = f"clusterUser_{group}_{cluster['name']}"
    plugin = {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "kubelogin", "args": ["get-token", "--server-id", signin.CLUSTERS[0]], "provideClusterInfo": False}
    text = json.dumps({
        "apiVersion": "v1", "kind": "Config", "current-context": cluster["name"], "preferences": {},
        "clusters": [{"name": cluster["name"], "cluster": {"server": where["address"], "certificate-authority-data": where["authority"]}}],
        "contexts": [{"name": cluster["name"], "context": {"cluster": cluster["name"], "user": user}}], "users": [{"name": user, "user": {"exec": plugin}}],
    })
    return told({"kubeconfigs": [{"name": "clusterUser", "value": base64.b64encode(text.encode()).decode()}]})


@ARM.on("POST", SUBSCRIPTION + "/{rest+}", "action", provider=None)
def action(call, emulator, subscription, rest):
    """Secrets and credentials are read by POST, which no reader may."""
    raise denied(call, "/".join(rest.split("/")[3:4] + rest.split("/")[4::2]) + "/action")
