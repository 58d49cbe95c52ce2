"""What Defender for Cloud found: vulnerabilities of images in registries of Azure and, through connectors, of Amazon
and Google, and of containers that run in clusters; images in which it found nothing; its plans. Refuses to find
anything where nothing was seeded."""

import hashlib

from wire import instant

import contents
import signin

# The recommendations by what they look at: the one that is retired and the one that takes its place.
REGISTRY, REGISTRY_NEW = "c0b7cfc6-3172-465a-b378-53c7ff2cc0d5", "33422d8f-ab1e-42be-bc9a-38685bb567b9"
RUNNING, AMAZON, GOOGLE = "c5045ea3-afc6-4006-ab8f-86c8574dbf3d", "c27441ae-775c-45be-8ffa-655de37362ce", "5cc3a2c1-8397-456f-8792-fe9d0d4c9145"
NAMES = {
    REGISTRY: "Azure registry container images should have vulnerabilities resolved (powered by Microsoft Defender Vulnerability Management)",
    REGISTRY_NEW: "Container images in Azure registry should have vulnerability findings resolved",
    RUNNING: "Containers running in Azure should have vulnerability findings resolved",
    AMAZON: "AWS registry container images should have vulnerability findings resolved (powered by Microsoft Defender Vulnerability Management)",
    GOOGLE: "GCP registry container images should have vulnerability findings resolved (powered by Microsoft Defender Vulnerability Management)",
}
SEVERITIES = (("Critical", 9.8), ("High", 8.1), ("Medium", 5.5), ("Low", 3.3))
PACKAGES = (("openssl", "3.0.11-1~deb12u1", "3.0.11-1~deb12u2"), ("zlib", "1:1.2.13.dfsg-1", ""), ("glibc", "2.36-9+deb12u3", "2.36-9+deb12u7"), ("curl", "7.88.1-10+deb12u4", "7.88.1-10+deb12u8"))
FOUND = contents.EPOCH + 20 * 86_400 + 0.7654321
MENDED = FOUND + 86_400
TABLE = "microsoft.security/assessments/subassessments"


def mark(*words):
    """An id that the same words always have."""
    made = hashlib.sha256(" ".join(map(str, words)).encode()).hexdigest()
    return f"{made[:8]}-{made[8:12]}-4{made[13:16]}-8{made[17:20]}-{made[20:32]}"


def findings(place, count):
    """The findings of one place, as rows of Resource Graph's `securityresources`."""
    repositories = [place.registry.repositories[name] for name in place.registry.named]
    rows = []
    for number in range(count):
        images = [image for image in repositories[number % len(repositories)].images if image.architecture]
        repository, image = repositories[number % len(repositories)], images[-1 - number % min(2, len(images))]
        kind = ("registry", "registry", "registry", "running", "amazon", "google")[number % 6]
        rows.append({"registry": in_registry, "running": in_cluster, "amazon": at_amazon, "google": at_google}[kind](place, repository, image, number))
    return rows


def healthy(place):
    """Images without findings that were looked at: (registry, repository, digest). Of most Defender says nothing."""
    scope = place.id("Microsoft.ContainerRegistry/registries", place.registry.name)
    for number, name in enumerate(place.registry.named):
        images = [image for image in place.registry.repositories[name].images if image.architecture]
        if number % 5 == 0 and len(images) > 2:
            yield scope, name, images[0].digest


def standing(emulator, subscription):
    """The findings that no test had mended or forgotten."""
    gone = emulator.faults.digests("mend", "forget")
    rows = emulator.estate.findings.get(subscription, [])
    return [found for found in rows if found["properties"]["additionalData"]["artifactDetails"]["digest"] not in gone] if gone else rows


def row(place, scope, key, number, assessed, details, artifact, **more):
    """One finding, whatever was assessed."""
    severity, score = SEVERITIES[number % 4]
    package, version, fixed = PACKAGES[number % len(PACKAGES)]
    cve = f"CVE-2026-{10_000 + number * 7 % 5000}"
    identity = mark(scope, key, cve, artifact["digest"], number)
    exempt = number % 20 == 19
    status = {"severity": severity, "code": "Unhealthy"}
    if exempt:
        status = {"description": "Disabled parent assessment", "severity": severity, "code": "NotApplicable", "cause": "Exempt"}
    properties = {
        "id": cve, "displayName": cve, "description": "This vulnerability affects the following vendors: Debian. To view more details about this vulnerability please visit the vendor website.",
        "resourceDetails": details, "status": status, "timeGenerated": instant(FOUND),
        "remediation": f"Create new image with updated package {package} with version {fixed} or higher." if fixed else "No remediation exists",
        "additionalData": {
            "assessedResourceType": assessed, "cvssV30Score": score, "vulnerabilityDetails": vulnerability(cve, severity, score, package),
            "artifactDetails": artifact, "softwareDetails": {
                "packageName": package, "version": version, "fixedVersion": fixed, "fixStatus": "FixAvailable" if fixed else "NoFixAvailable", "category": "OS",
                "language": "", "vendor": "debian", "osDetails": {"osPlatform": "linux", "osVersion": "debian_12"}, "evidence": [f"dpkg-query -s {package}"],
                **({"fixReference": {"id": f"DSA-{5000 + number}-1", "description": f"DSA-{5000 + number}-1: {package} security update", "releaseDate": instant(FOUND), "url": "https://security-tracker.debian.org/tracker"}} if fixed else {}),
            }, **more,
        },
    }
    return {
        "id": f"{scope}/providers/Microsoft.Security/assessments/{key}/subassessments/{identity}", "name": identity, "type": TABLE, "tenantId": signin.TENANT, "kind": "",
        "location": "global", "resourceGroup": place.group, "subscriptionId": place.subscription, "managedBy": "", "sku": None, "plan": None, "properties": properties,
        "tags": None, "identity": None, "zones": None, "extendedLocation": None, "assessmentKey": key, "timeGenerated": instant(FOUND),
    }


def vulnerability(cve, severity, score, package):
    return {
        "severity": severity, "lastModifiedDate": "2026-10-02T00:00:00.0000000Z", "publishedDate": "2026-09-12T00:00:00.0000000Z", "cveId": cve, "workarounds": [],
        "exploitabilityAssessment": {
            "exploitStepsPublished": severity == "Critical", "exploitStepsVerified": False, "isInExploitKit": False,
            "exploitUris": [f"https://exploits.example.com/{cve}"] if severity == "Critical" else [], "types": ["Remote"] if severity == "Critical" else [],
        },
        "references": [{"title": cve, "link": f"https://nvd.nist.gov/vuln/detail/{cve}"}], "weaknesses": {"cwe": [{"id": "CWE-787"}]},
        "cvss": {"2.0": None, "3.0": {"cvssVectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "base": score}},
        "cpe": {
            "part": "Applications", "vendor": "debian", "product": package, "version": "*", "update": "*", "edition": "*", "language": "*", "softwareEdition": "*",
            "targetSoftware": "debian_12", "targetHardware": "*", "other": "*", "uri": f"cpe:2.3:a:debian:{package}:*:*:*:*:*:debian_12:*:*",
        },
    }


def artifact(host, name, digest, media, pushed, tags):
    return {
        "repositoryName": name, "registryHost": host, "digest": digest, "tags": tags, "artifactType": "ContainerImage", "mediaType": media,
        "lastPushedToRegistryUTC": instant(pushed),
    }


def in_registry(place, repository, image, number):
    """Under the retired recommendation and under the new one, which names the image in full."""
    scope, server = place.id("Microsoft.ContainerRegistry/registries", place.registry.name), place.registry.server
    about = artifact(server, repository.name, image.digest, image.media, image.pushed, image.tags)
    inside = f"/repositories/{repository.name}/images/{image.digest}"
    if number % 2:
        details = {"id": scope + inside, "source": "Azure", "resourceType": "acr.containerimage", "resourceName": f"{repository.name}@{image.digest}", "resourceProvider": "acr"}
        return row(place, scope, REGISTRY_NEW, number, "AzureContainerRegistryVulnerability", details, about)
    return row(place, scope, REGISTRY, number, "AzureContainerRegistryVulnerability", {"id": inside, "source": "Azure"}, about)


def in_cluster(place, repository, image, number):
    """Of a container that runs in the private cluster."""
    cluster = f"aks-private-{place.short}"
    scope = place.id("Microsoft.ContainerService/managedClusters", cluster)
    about = artifact(place.registry.server, repository.name, image.digest, image.media, image.pushed, image.tags)
    name = repository.name.rpartition("/")[2]
    kubernetes = {
        "namespace": "default", "clusterResourceId": scope, "clusterName": cluster, "clusterKind": "AKS", "controllerKind": "Deployment", "controllerName": name,
        "containerName": "main", "containerId": hashlib.sha256(f"{cluster} {name}".encode()).hexdigest(), "podName": f"{name}-0", "cloud": "Azure",
    }
    details = {"id": f"{scope}/namespaces/default/deployments/{name}/containers/main", "source": "Azure", "resourceType": "k8s-container", "resourceName": "main", "resourceProvider": "kubernetes"}
    return row(place, scope, RUNNING, number, "AzureContainerVulnerability", details, about, kubernetesDetails=kubernetes)


def connector(place, name):
    return place.id("Microsoft.Security/securityConnectors", name)


def at_amazon(place, repository, image, number):
    account, region = "111111111111", "eu-central-1"
    host = f"{account}.dkr.ecr.{region}.amazonaws.com"
    details = {
        "id": f"{host}/{repository.name}@{image.digest}", "source": "Aws", "connectorId": mark("connector", account), "region": region, "resourceProvider": "ecr",
        "nativeCloudUniqueIdentifier": f"arn:aws:ecr:{region}:{account}:image/{repository.name}", "resourceType": "repository", "resourceName": repository.name, "hierarchyId": account,
    }
    scope = f"{connector(place, 'aws')}/securityentitydata/aws-ecr-repository-{repository.name.replace('/', '-')}-{region}"
    return row(place, scope, AMAZON, number, "AwsContainerRegistryVulnerability", details, artifact(host, repository.name, image.digest, image.media, image.pushed, image.tags))


def at_google(place, repository, image, number):
    project, region = "plimsoll-1", "europe-west3"
    host, name = f"{region}-docker.pkg.dev", f"{project}/images/{repository.name}"
    details = {
        "id": f"{host}/{name}@{image.digest}", "source": "Gcp", "connectorId": mark("connector", project), "region": region, "resourceProvider": "gar", "resourceType": "repository",
        "nativeCloudUniqueIdentifier": f"projects/{project}/locations/{region}/repositories/images/dockerImages/{repository.name}@{image.digest}", "resourceName": name, "hierarchyId": "100000000001",
    }
    scope = f"{connector(place, 'gcp')}/securityentitydata/gar-gcp-repository-{repository.name.replace('/', '-')}-{region}"
    return row(place, scope, GOOGLE, number, "GcpContainerRegistryVulnerability", details, artifact(host, name, image.digest, image.media, image.pushed, image.tags))


def assessments(emulator, subscription):
    """The assessment above each finding, once for each thing that was assessed, and of each image without any."""
    seen = {}
    for found in standing(emulator, subscription):
        scope = found["id"].partition("/subassessments/")[0]
        seen.setdefault(scope, found)
    for scope, found in seen.items():
        about = scope.partition("/providers/Microsoft.Security/assessments/")[0]
        source = found["properties"]["resourceDetails"]["source"]
        yield assessment(scope, found["assessmentKey"], source, about, "Unhealthy")
    mended = emulator.faults.digests("mend")
    for registry, repository, digest in emulator.estate.healthy.get(subscription, []):
        yield of_image(registry, repository, digest)
    for registry, repository, digest in sorted({place for found in emulator.estate.findings.get(subscription, []) if (place := mendable(found)) and place[2] in mended}):
        yield of_image(registry, repository, digest)


def mendable(found):
    """The image of a finding in a registry of Azure: (registry, repository, digest)."""
    if found["assessmentKey"] not in (REGISTRY, REGISTRY_NEW):
        return None
    about = found["properties"]["additionalData"]["artifactDetails"]
    return found["id"].partition("/providers/Microsoft.Security/")[0], about["repositoryName"], about["digest"]


def of_image(registry, repository, digest):
    """The word on one image under the new recommendation, which stands for each image alone."""
    about = f"{registry}/repositories/{repository}/images/{digest}"
    scope = f"{registry}/providers/Microsoft.Security/securityEntityData/{mark(about)}"
    return assessment(f"{scope}/providers/Microsoft.Security/assessments/{REGISTRY_NEW}", REGISTRY_NEW, "Azure", about, "Healthy")


def assessment(identity, key, source, about, code):
    return {
        "id": identity, "name": key, "type": "Microsoft.Security/assessments",
        "properties": {
            "resourceDetails": {"source": source, "id": about}, "displayName": NAMES[key],
            "status": {"code": code, "firstEvaluationDate": instant(FOUND), "statusChangeDate": instant(MENDED if code == "Healthy" else FOUND)},
            "additionalData": {"subAssessmentsLink": f"{identity}/subassessments"},
        },
    }


def pricings(subscription, number):
    """The plans: Defender for Containers in all subscriptions but the second."""
    for name, on in (("Containers", number != 1), ("CloudPosture", number == 0), ("AppServices", False), ("ContainerRegistry", False), ("KubernetesService", False)):
        retired = name in ("ContainerRegistry", "KubernetesService")
        extensions = [{"name": "ContainerRegistriesVulnerabilityAssessments", "isEnabled": "True" if on else "False"}, {"name": "AgentlessDiscoveryForKubernetes", "isEnabled": "True" if on else "False"}]
        yield {
            "id": f"/subscriptions/{subscription}/providers/Microsoft.Security/pricings/{name}", "name": name, "type": "Microsoft.Security/pricings",
            "properties": {
                "pricingTier": "Standard" if on else "Free", "freeTrialRemainingTime": "PT0S", **({"enablementTime": "2026-02-03T08:00:00.0000000Z"} if on else {}),
                **({"deprecated": True, "replacedBy": ["Containers"]} if retired else {}), **({"extensions": extensions} if name == "Containers" else {}),
                "resourcesCoverageStatus": "FullyCovered" if on else "NotCovered",
            },
        }
