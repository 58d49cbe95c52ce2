"""What runs on platforms in one place: container apps with their environments, revisions, replicas and jobs, and
sites that run containers. Revisions and replicas are made from their app when they are asked for. Refuses images that
are not in the place's registry, but for one public one."""

import base64
import hashlib

import workloads

CREATED = "2026-11-18T07:30:00+00:00"


def domain(place, name):
    return f"{name}.{hashlib.sha256((place.subscription + place.location + name).encode()).hexdigest()[:8]}.{place.location}.azurecontainerapps.io"


def environment(place, name, internal):
    properties = {
        "provisioningState": "Succeeded", "defaultDomain": domain(place, name), "staticIp": "10.2.0.10" if internal else "203.0.113.30",
        "vnetConfiguration": {"internal": internal, "infrastructureSubnetId": f"/subscriptions/{place.subscription}/resourceGroups/{place.group}/providers/Microsoft.Network/virtualNetworks/inner/subnets/{name}"},
        "appLogsConfiguration": {"destination": "log-analytics", "logAnalyticsConfiguration": {"customerId": "77777777-0000-4000-8000-000000000007"}},
        "zoneRedundant": internal, "workloadProfiles": [{"workloadProfileType": "Consumption", "name": "Consumption"}],
        "peerAuthentication": {"mtls": {"enabled": internal}}, "peerTrafficConfiguration": {"encryption": {"enabled": internal}},
        "publicNetworkAccess": "Disabled" if internal else "Enabled", "infrastructureResourceGroup": f"ME_{name}_{place.group}_{place.location}",
    }
    return workloads.resource(place, "Microsoft.App/managedEnvironments", name, properties)


def app(place, name, home, image, external=None, replicas=(1, 10), mode="Single", env=(), secrets=(), identity=None, registries=None, sidecar=False):
    """A container app; `external` None has no ingress."""
    suffix = hashlib.sha256(name.encode()).hexdigest()[:7]
    latest = f"{name}--{suffix}"
    ingress = None
    if external is not None:
        traffic = [{"weight": 100, "latestRevision": True}] if mode == "Single" else [
            {"revisionName": latest, "weight": 80}, {"revisionName": f"{name}--first", "weight": 20, "label": "old"},
        ]
        fqdn = f"{name}.{'' if external else 'internal.'}{domain(place, home)}"
        ingress = {
            "fqdn": fqdn, "external": external, "targetPort": 8080, "exposedPort": 0, "transport": "Auto", "traffic": traffic, "allowInsecure": external and mode != "Single",
            "ipSecurityRestrictions": None, "clientCertificateMode": "Ignore",
        }
    containers = [{
        "image": image, "name": "main", "env": list(env), "resources": {"cpu": 0.5, "memory": "1Gi", "ephemeralStorage": "2Gi"},
        "probes": [{"type": "Liveness", "httpGet": {"path": "/health", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 10}],
    }]
    if sidecar:
        containers.append({"image": workloads.SIDECAR, "name": "agent", "resources": {"cpu": 0.25, "memory": "0.5Gi", "ephemeralStorage": ""}})
    environment_id = place.id("Microsoft.App/managedEnvironments", home)
    properties = {
        "provisioningState": "Succeeded", "runningStatus": "Running", "managedEnvironmentId": environment_id, "environmentId": environment_id,
        "workloadProfileName": "Consumption", "outboundIpAddresses": ["203.0.113.31"], "latestRevisionName": latest, "latestReadyRevisionName": latest,
        "latestRevisionFqdn": f"{latest}.{domain(place, home)}" if ingress else "", "customDomainVerificationId": "0123456789ABCDEF",
        "configuration": {
            "secrets": list(secrets) or None, "activeRevisionsMode": mode, "ingress": ingress, "dapr": None, "maxInactiveRevisions": 100, "service": None,
            "registries": registries if registries is not None else [{"server": place.registry.server, "username": "", "passwordSecretRef": "", "identity": "system"}],
        },
        "template": {
            "revisionSuffix": "", "terminationGracePeriodSeconds": None, "containers": containers, "initContainers": None,
            "scale": {"minReplicas": replicas[0], "maxReplicas": replicas[1], "rules": None}, "volumes": None, "serviceBinds": None,
        },
        "eventStreamEndpoint": f"https://{place.location}.azurecontainerapps.dev/subscriptions/{place.subscription}/eventstream",
    }
    return workloads.resource(place, "Microsoft.App/containerApps", name, properties, identity=identity or {"type": "None"})


def job(place, name, home, image, trigger):
    settings = {
        "Schedule": {"scheduleTriggerConfig": {"replicaCompletionCount": 1, "cronExpression": "0 3 * * *", "parallelism": 1}},
        "Manual": {"manualTriggerConfig": {"replicaCompletionCount": 1, "parallelism": 1}},
    }[trigger]
    properties = {
        "provisioningState": "Succeeded", "environmentId": place.id("Microsoft.App/managedEnvironments", home), "workloadProfileName": "Consumption",
        "configuration": {
            "secrets": None, "triggerType": trigger, "replicaTimeout": 1800, "replicaRetryLimit": 1, **settings,
            "registries": [{"server": place.registry.server, "username": "", "passwordSecretRef": "", "identity": place.identity("puller")}],
        },
        "template": {
            "containers": [{"image": image, "name": "main", "command": ["/app/run"], "resources": {"cpu": 0.5, "memory": "1Gi", "ephemeralStorage": "2Gi"}}],
            "initContainers": None, "volumes": None,
        },
        "outboundIpAddresses": ["203.0.113.31"],
    }
    return workloads.resource(place, "Microsoft.App/jobs", name, properties, identity=workloads.identity(place, "puller"))


def container_apps(place):
    """Two environments, apps for the world, for others inside and for nobody, and jobs."""
    yield environment(place, "env-public", False)
    yield environment(place, "env-internal", True)
    vault = {"name": "database", "keyVaultUrl": "https://keys.vault.azure.net/secrets/database", "identity": "system"}
    yield app(
        place, f"shop-{place.short}", "env-public", place.tagged(3), True, (2, 10), "Multiple", sidecar=True,
        env=[{"name": "LOG_LEVEL", "value": "info"}, {"name": "DATABASE_URL", "secretRef": "database"}], secrets=[vault],
        identity=workloads.identity(place, "puller", system=True),
    )
    yield app(place, f"orders-{place.short}", "env-public", place.pinned(4), False)
    yield app(
        place, f"worker-{place.short}", "env-internal", place.tagged(5), None, (0, 5), secrets=[{"name": "registry-password"}],
        registries=[{"server": place.registry.server, "username": place.registry.name, "passwordSecretRef": "registry-password", "identity": ""}],
        env=[{"name": "PASSWORD", "value": "in plain sight"}],
    )
    yield job(place, f"nightly-{place.short}", "env-internal", place.tagged(6), "Schedule")
    yield job(place, f"migrate-{place.short}", "env-public", place.pinned(7), "Manual")


def revisions(written):
    """The revisions of an app: the latest, and in multiple mode an older one that has some of the traffic, and one that
    is not active any more."""
    properties, name = written["properties"], written["name"]
    template, latest = properties["template"], properties["latestRevisionName"]
    count = template["scale"]["minReplicas"] or 0
    yield revision(written, latest, template, True, count, 80 if properties["configuration"]["activeRevisionsMode"] == "Multiple" else 100)
    if properties["configuration"]["activeRevisionsMode"] == "Multiple":
        older = {**template, "revisionSuffix": "first", "containers": [{**template["containers"][0], "image": template["containers"][0]["image"].replace(":latest", ":1.0.0")}]}
        yield revision(written, f"{name}--first", older, True, 1, 20)
        yield revision(written, f"{name}--gone", {**older, "revisionSuffix": "gone"}, False, 0, 0)


def revision(written, name, template, active, count, weight):
    state = "Running" if count else "Stopped"
    ingress = written["properties"]["configuration"]["ingress"]
    return {
        "id": f"{written['id']}/revisions/{name}", "name": name, "type": "Microsoft.App/containerapps/revisions",
        "properties": {
            "createdTime": CREATED, "lastActiveTime": CREATED, "fqdn": name + ingress["fqdn"].removeprefix(written["name"]) if ingress else "", "template": template,
            "active": active, "replicas": count, "trafficWeight": weight if ingress else 0, "healthState": "Healthy" if count else "None",
            "provisioningState": "Provisioned" if active else "Deprovisioned", "runningState": state,
        },
    }


def replicas(written, name):
    """The replicas of one revision, each with its containers' state."""
    found = next((row for row in revisions(written) if row["name"] == name), None)
    if found is None:
        return None
    return [replica(written, found, number) for number in range(found["properties"]["replicas"])]


def replica(written, found, number):
    name = f"{found['name']}-{hashlib.sha256(found['id'].encode()).hexdigest()[:10]}-{number:05d}"
    containers = [
        {
            "name": container["name"], "containerId": "containerd://" + hashlib.sha256(f"{name} {container['name']}".encode()).hexdigest(),
            "ready": True, "started": True, "restartCount": number, "runningState": "Running", "runningStateDetails": "",
            "logStreamEndpoint": f"https://example.com/logs/{name}/{container['name']}", "execEndpoint": f"wss://example.com/exec/{name}/{container['name']}",
        }
        for container in found["properties"]["template"]["containers"]
    ]
    return {
        "id": f"{found['id']}/replicas/{name}", "name": name, "type": "Microsoft.App/containerapps/revisions/replicas",
        "properties": {"createdTime": CREATED, "runningState": "Running", "runningStateDetails": "", "containers": containers},
    }


def executions(written):
    """What a job that starts by the clock did: it ended well yesterday, and runs now."""
    if written["properties"]["configuration"]["triggerType"] != "Schedule":
        return
    for number, status in enumerate(("Running", "Succeeded")):
        name = f"{written['name']}-{29_000_000 - number}"
        ended = {"endTime": "2026-11-17T03:04:00+00:00"} if status == "Succeeded" else {}
        yield {
            "id": f"{written['id']}/executions/{name}", "name": name, "type": "Microsoft.App/jobs/executions",
            "properties": {"status": status, "startTime": f"2026-11-{18 - number}T03:00:00+00:00", **ended, "template": {"containers": written["properties"]["template"]["containers"], "initContainers": None}},
        }


def site(place, name, kind, runs, https=True, **more):
    """A site; `runs` is what the platform calls its linuxFxVersion."""
    config = {
        "numberOfWorkers": 1, "linuxFxVersion": runs, "windowsFxVersion": None, "acrUseManagedIdentityCreds": True, "acrUserManagedIdentityID": None,
        "alwaysOn": True, "http20Enabled": True, "functionAppScaleLimit": 0, "minimumElasticInstanceCount": 0,
    }
    properties = {
        "state": "Running", "hostNames": [f"{name}.azurewebsites.net"], "enabled": True, "enabledHostNames": [f"{name}.azurewebsites.net", f"{name}.scm.azurewebsites.net"],
        "usageState": "Normal", "availabilityState": "Normal", "serverFarmId": place.id("Microsoft.Web/serverfarms", "plan"), "reserved": True, "isXenon": False, "hyperV": False,
        "lastModifiedTimeUtc": "2026-11-18T07:30:00.0000000", "siteConfig": config, "clientCertEnabled": not https, "clientCertMode": "Required",
        "defaultHostName": f"{name}.azurewebsites.net", "httpsOnly": https, "publicNetworkAccess": "Enabled" if https else "Disabled", "resourceGroup": place.group,
        "outboundIpAddresses": "203.0.113.40,203.0.113.41", "keyVaultReferenceIdentity": "SystemAssigned", **more,
    }
    return workloads.resource(place, "Microsoft.Web/sites", name, properties, kind=kind, identity=workloads.identity(place, system=True))


def sites(place):
    """Sites that run an image by tag, by digest, as a function, several together in both ways; and one without."""
    mark = f"{place.number + 1}-{place.short}"
    compose = f"services:\n  web:\n    image: {place.tagged(10)}\n    ports: ['80:8080']\n"
    yield site(place, f"site-shop-{mark}", "app,linux,container", f"DOCKER|{place.tagged(8)}")
    yield site(place, f"site-pinned-{mark}", "app,linux,container", f"DOCKER|{place.pinned(9)}", https=False, virtualNetworkSubnetId=f"/subscriptions/{place.subscription}/resourceGroups/{place.group}/providers/Microsoft.Network/virtualNetworks/inner/subnets/sites")
    yield site(place, f"site-together-{mark}", "app,linux,container", "COMPOSE|" + base64.b64encode(compose.encode()).decode(), state="Stopped", enabled=False)
    yield site(place, f"site-beside-{mark}", "app,linux,container", "SITECONTAINERS")
    yield site(place, f"function-{mark}", "functionapp,linux,container", f"DOCKER|{place.tagged(11)}")
    yield site(place, f"site-code-{mark}", "app,linux", "NODE|22-lts")


def site_config(written):
    """The whole configuration of a site, of which the site itself tells little."""
    config = written["properties"]["siteConfig"]
    return {
        "id": f"{written['id']}/config/web", "name": written["name"], "type": "Microsoft.Web/sites/config",
        "properties": {
            **config, "defaultDocuments": ["index.html"], "netFrameworkVersion": "v4.0", "phpVersion": "", "requestTracingEnabled": False, "remoteDebuggingEnabled": False,
            "httpLoggingEnabled": True, "logsDirectorySizeLimit": 35, "detailedErrorLoggingEnabled": False, "appSettings": None, "scmType": "None", "use32BitWorkerProcess": False,
            "webSocketsEnabled": False, "appCommandLine": "", "ftpsState": "FtpsOnly", "minTlsVersion": "1.2", "scmMinTlsVersion": "1.2", "vnetRouteAllEnabled": False,
            "ipSecurityRestrictions": [{"ipAddress": "Any", "action": "Allow", "priority": 2147483647, "name": "Allow all", "description": "Allow all access"}],
            "ipSecurityRestrictionsDefaultAction": "Allow", "healthCheckPath": "/health", "publicNetworkAccess": written["properties"]["publicNetworkAccess"],
        },
    }


def site_containers(written, image):
    """The containers of a site that runs several: the main one, and one beside it."""
    for name, what, main in (("main", image, True), ("agent", workloads.SIDECAR, False)):
        yield {
            "id": f"{written['id']}/sitecontainers/{name}", "name": name, "type": "Microsoft.Web/sites/sitecontainers",
            "properties": {
                "image": what, "targetPort": "8080" if main else "9000", "isMain": main, "authType": "SystemIdentity" if main else "Anonymous",
                "createdTime": "2026-11-18T07:30:00Z", "lastModifiedTime": "2026-11-18T07:30:00Z", "volumeMounts": [], "environmentVariables": [{"name": "LOG_LEVEL", "value": "LOG_LEVEL"}],
            },
        }
