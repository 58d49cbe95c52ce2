"""What there is in one place as the resource manager tells it: its registries, clusters, container groups, and in
`apps` what runs on platforms. Refuses images that are not in the place's registry, but for one public one."""

import apps

MADE = "2026-02-03T08:00:00.1234567Z"
STARTED = "2026-11-18T07:30:00.000Z"
SIDECAR = "mcr.microsoft.com/azuremonitor/containerinsights/ciprod:3.1.26"


def resource(place, kind, name, properties, /, **beside):
    """The envelope that every resource has."""
    written = {"id": place.id(kind, name), "name": name, "type": kind, "location": place.location, "tags": {"team": "platform"}}
    return {**written, **{key: value for key, value in beside.items() if value is not None}, "properties": properties}


def identity(place, *names, system=False):
    """A managed identity: of the resource itself, of others by name, or both."""
    kinds = (["SystemAssigned"] if system else []) + (["UserAssigned"] if names else [])
    written = {"type": ",".join(kinds)}
    if system:
        written.update({"principalId": "77777777-0000-4000-8000-000000000001", "tenantId": "aaaaaaaa-1111-4000-8000-000000000001"})
    if names:
        written["userAssignedIdentities"] = {
            place.identity(name): {"principalId": "77777777-0000-4000-8000-000000000002", "clientId": "77777777-0000-4000-8000-000000000003"}
            for name in names
        }
    return written


def build(estate, place):
    """Everything that runs in a place."""
    for written in (*clusters(place), *groups(place), *apps.container_apps(place), *apps.sites(place)):
        estate.add(written)


def plain(place, number):
    """One of very many workloads: container groups for the most part, and container apps."""
    if number % 5 < 3:
        return group(place, f"batch-{number:05d}", [container("main", place.tagged(number))], None)
    return apps.app(place, f"app-{number:05d}", "env-public", place.tagged(number) if number % 2 else place.pinned(number), external=number % 3 == 0)


def registry(place, held, tier):
    """A registry of the manager. What a tier does not have is said as the manager says it."""
    premium = tier == "Premium"
    policies = {
        "quarantinePolicy": {"status": "enabled" if premium and not held.closed else "disabled"},
        "trustPolicy": {"type": "Notary", "status": "enabled" if premium and not held.closed else "disabled"},
        "retentionPolicy": {"days": 7, "lastUpdatedTime": "2026-02-03T08:05:00.0000000+00:00", "status": "enabled" if premium else "disabled"},
        "exportPolicy": {"status": "disabled" if held.closed else "enabled"},
        "azureADAuthenticationAsArmPolicy": {"status": "enabled"},
    }
    properties = {
        "loginServer": held.server, "creationDate": MADE, "provisioningState": "Succeeded", "adminUserEnabled": held.admin,
        "policies": policies, "encryption": {"status": "disabled"}, "dataEndpointEnabled": premium, "dataEndpointHostNames": [],
        "privateEndpointConnections": [], "publicNetworkAccess": "Disabled" if held.closed else "Enabled",
        "networkRuleBypassOptions": "AzureServices", "zoneRedundancy": "Enabled" if premium else "Disabled",
        "anonymousPullEnabled": held.anonymous, "roleAssignmentMode": "LegacyRegistryPermissions",
    }
    if premium:
        properties["dataEndpointHostNames"] = [f"{held.name}.{place.location}.data.azurecr.io"]
        properties["networkRuleSet"] = {"defaultAction": "Deny" if held.closed else "Allow", "ipRules": [{"action": "Allow", "value": "198.51.100.0/24"}] if held.closed else []}
    if held.closed:
        properties["encryption"] = {"status": "enabled", "keyVaultProperties": {
            "keyIdentifier": "https://keys.vault.azure.net/keys/registry", "versionedKeyIdentifier": "https://keys.vault.azure.net/keys/registry/1",
            "identity": "77777777-0000-4000-8000-000000000003", "keyRotationEnabled": True, "lastKeyRotationTimestamp": MADE,
        }}
    stamp = {"createdBy": "someone@example.com", "createdByType": "User", "createdAt": MADE, "lastModifiedBy": "someone@example.com", "lastModifiedByType": "User", "lastModifiedAt": MADE}
    return resource(
        place, "Microsoft.ContainerRegistry/registries", held.name, properties, sku={"name": tier, "tier": tier}, systemData=stamp,
        identity=identity(place, "registry") if held.closed else None,
    )


def pool(name, mode, count, version, image, **more):
    return {
        "name": name, "count": count, "vmSize": "Standard_D4s_v5", "osDiskSizeGB": 128, "osDiskType": "Managed", "kubeletDiskType": "OS", "maxPods": 110,
        "type": "VirtualMachineScaleSets", "enableAutoScaling": False, "scaleDownMode": "Delete", "provisioningState": "Succeeded",
        "powerState": {"code": "Running"}, "orchestratorVersion": version, "currentOrchestratorVersion": version, "enableNodePublicIP": False,
        "mode": mode, "workloadRuntime": "OCIContainer", "enableEncryptionAtHost": False, "enableUltraSSD": False, "osType": "Linux", "osSKU": "Ubuntu", "nodeImageVersion": image,
        "upgradeSettings": {"maxSurge": "10%"}, "enableFIPS": False, **more,
    }


def cluster(place, name, version, pools, network, access, **more):
    """A cluster, with what all of ours have in common."""
    properties = {
        "provisioningState": "Succeeded", "powerState": {"code": "Running"}, "kubernetesVersion": version.rpartition(".")[0], "currentKubernetesVersion": version,
        "dnsPrefix": name, "agentPoolProfiles": pools, "servicePrincipalProfile": {"clientId": "msi"}, "nodeResourceGroup": f"MC_{place.group}_{name}_{place.location}", "enableRBAC": True,
        "supportPlan": "KubernetesOfficial", "networkProfile": {
            "networkPlugin": "azure", "loadBalancerSku": "standard", "podCidr": "10.244.0.0/16", "serviceCidr": "10.0.0.0/16",
            "dnsServiceIP": "10.0.0.10", "outboundType": "loadBalancer", "ipFamilies": ["IPv4"], **network,
        },
        "maxAgentPools": 100, "apiServerAccessProfile": access, "disableLocalAccounts": False, "securityProfile": {},
        "oidcIssuerProfile": {"enabled": False}, "identityProfile": {"kubeletidentity": {
            "resourceId": place.identity(f"{name}-agentpool"), "clientId": "77777777-0000-4000-8000-000000000004", "objectId": "77777777-0000-4000-8000-000000000005",
        }},
        "addonProfiles": {}, **more,
    }
    return resource(
        place, "Microsoft.ContainerService/managedClusters", name, properties, sku={"name": "Base", "tier": "Standard"}, kind="Base",
        identity=identity(place, system=True),
    )


def clusters(place):
    """One that the world can reach, one for some addresses that is stopped, and one that is private."""
    open_name, private = f"aks-open-{place.short}", f"aks-private-{place.short}"
    yield cluster(
        place, open_name, "1.29.7", [pool("system", "System", 2, "1.29.7", "AKSUbuntu-2204gen2containerd-202408.05.0")],
        {"networkPolicy": "none"}, {"enablePrivateCluster": False, "enablePrivateClusterPublicFQDN": False}, fqdn=f"{open_name}-abc.hcp.{place.location}.azmk8s.io",
        autoUpgradeProfile={"upgradeChannel": "none", "nodeOSUpgradeChannel": "None"}, addonProfiles={"azurepolicy": {"enabled": False, "config": None}},
    )
    name = f"aks-office-{place.short}"
    yield cluster(
        place, name, "1.32.4", [pool("system", "System", 0, "1.32.4", "AKSUbuntu-2204gen2containerd-202605.12.0", powerState={"code": "Stopped"})],
        {"networkPolicy": "calico"}, {"authorizedIPRanges": ["198.51.100.0/24"], "enablePrivateCluster": False}, fqdn=f"{name}-abc.hcp.{place.location}.azmk8s.io",
        powerState={"code": "Stopped"}, aadProfile={"managed": True, "enableAzureRBAC": False, "adminGroupObjectIDs": [], "tenantID": "aaaaaaaa-1111-4000-8000-000000000001"},
    )
    pools = [
        pool("system", "System", 3, "1.33.2", "AKSAzureLinux-V3gen2-202610.20.0", osSKU="AzureLinux", availabilityZones=["1", "2", "3"], enableEncryptionAtHost=True),
        pool("work", "User", 4, "1.33.2", "AKSAzureLinux-V3gen2-202610.20.0", osSKU="AzureLinux", enableAutoScaling=True, minCount=1, maxCount=10, workloadRuntime="KataVmIsolation", enableFIPS=True),
    ]
    yield cluster(
        place, private, "1.33.2", pools, {"networkPluginMode": "overlay", "networkPolicy": "cilium", "networkDataplane": "cilium"},
        {"enablePrivateCluster": True, "privateDNSZone": "system", "enablePrivateClusterPublicFQDN": False, "disableRunCommand": True},
        privateFQDN=f"{private}-abc.privatelink.{place.location}.azmk8s.io", disableLocalAccounts=True,
        aadProfile={"managed": True, "enableAzureRBAC": True, "adminGroupObjectIDs": ["77777777-0000-4000-8000-000000000006"], "tenantID": "aaaaaaaa-1111-4000-8000-000000000001"},
        addonProfiles={"azurepolicy": {"enabled": True, "config": None}, "omsagent": {"enabled": True, "config": {"useAADAuth": "true"}}},
        oidcIssuerProfile={"enabled": True, "issuerURL": f"https://{place.location}.oic.prod-aks.azure.com/aaaaaaaa-1111-4000-8000-000000000001/1/"},
        securityProfile={
            "azureKeyVaultKms": {"enabled": True, "keyId": "https://keys.vault.azure.net/keys/secrets/1", "keyVaultNetworkAccess": "Private"},
            "workloadIdentity": {"enabled": True}, "imageCleaner": {"enabled": True, "intervalHours": 168}, "defender": {"securityMonitoring": {"enabled": True}},
        },
        autoUpgradeProfile={"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"},
    )


def container(name, image, **more):
    """A container of a group, running."""
    return {"name": name, "properties": {
        "image": image, "command": [], "ports": [], "environmentVariables": [], "resources": {"requests": {"memoryInGB": 1.5, "cpu": 1.0}},
        "instanceView": {"restartCount": 0, "currentState": {"state": "Running", "startTime": STARTED, "detailStatus": ""}, "events": []}, **more,
    }}


def group(place, name, containers, address, **more):
    """A container group. What its containers do is told of one, not in lists: see `arm`."""
    properties = {
        "sku": "Standard", "provisioningState": "Succeeded", "containers": containers, "initContainers": [], "restartPolicy": "Always", "osType": "Linux",
        "instanceView": {"events": [], "state": "Running"}, **({"ipAddress": address} if address else {}), **more,
    }
    return resource(place, "Microsoft.ContainerInstance/containerGroups", name, properties)


def groups(place):
    """One for the world, one on a subnet by digest, and one that has ended, which was privileged and held a secret."""
    port = [{"protocol": "TCP", "port": 8080}]
    public = {"ports": port, "ip": "203.0.113.20", "type": "Public", "dnsNameLabel": f"web-{place.number}", "fqdn": f"web-{place.number}.{place.location}.azurecontainer.io"}
    written = group(
        place, f"aci-web-{place.short}",
        [container("web", place.tagged(0), ports=port, environmentVariables=[{"name": "LOG_LEVEL", "value": "info"}, {"name": "DATABASE_PASSWORD"}]), container("agent", SIDECAR)],
        public, imageRegistryCredentials=[{"server": place.registry.server, "identity": place.identity("puller")}],
    )
    yield {**written, "identity": identity(place, "puller"), "zones": ["1"]}
    subnet = f"/subscriptions/{place.subscription}/resourceGroups/{place.group}/providers/Microsoft.Network/virtualNetworks/inner/subnets/containers"
    yield group(
        place, f"aci-queue-{place.short}", [container("queue", place.pinned(1), ports=port)], {"ports": port, "ip": "10.1.0.4", "type": "Private"},
        subnetIds=[{"id": subnet, "name": "containers"}], imageRegistryCredentials=[{"server": place.registry.server, "username": place.registry.name}],
    )
    ended = {
        "restartCount": 0, "events": [],
        "currentState": {"state": "Terminated", "startTime": STARTED, "finishTime": "2026-11-18T07:41:00.000Z", "exitCode": 0, "detailStatus": "Completed"},
    }
    context = {"privileged": True, "allowPrivilegeEscalation": True, "runAsUser": 0}
    first = {"name": "prepare", "properties": {"image": "busybox:1.36", "command": ["sh", "-c", "true"], "environmentVariables": []}}
    yield group(
        place, f"aci-import-{place.short}",
        [container("import", place.tagged(2), instanceView=ended, securityContext=context, environmentVariables=[{"name": "API_KEY", "value": "in plain sight"}])],
        None, initContainers=[first], restartPolicy="Never", instanceView={"events": [], "state": "Succeeded"},
        volumes=[{"name": "share", "azureFile": {"shareName": "data", "readOnly": False, "storageAccountName": "plimsolldata"}}],
    )
