"""Repositories of Artifact Registry and the images in them, with true digests. Refuses to keep what can be written
again: a manifest is its recipe."""

import datetime

import artefacts
import images
from answers_registry import image_row
from estate import Image, Repository
from google.cloud.artifactregistry_v1 import types as wrapped
from google.iam.v1 import policy_pb2
from google.protobuf import json_format
from replies import Row

EPOCH = int(datetime.datetime(2026, 10, 1, tzinfo=datetime.timezone.utc).timestamp())
TYPES = {"docker": images.DOCKER, "oci": images.OCI}
SCANNED = {"enablementConfig": "INHERITED", "enablementState": "SCANNING_ACTIVE", "lastEnableTime": "2025-03-01T00:00:00Z"}
UNSCANNED = {
    "enablementConfig": "DISABLED", "enablementState": "SCANNING_DISABLED",
    "enablementStateReason": "Scanning is disabled by the enablementConfig for this repository.",
}
# What each repository of a place is like, over and over.
KINDS = (
    {"description": "Services", "vulnerabilityScanningConfig": SCANNED},
    {"dockerConfig": {"immutableTags": True}, "vulnerabilityScanningConfig": SCANNED},
    {"vulnerabilityScanningConfig": UNSCANNED},
    {"cleanupPolicies": {
        "old": {"id": "old", "action": "DELETE", "condition": {"tagState": "UNTAGGED", "olderThan": "2592000s"}},
        "recent": {"id": "recent", "action": "KEEP", "mostRecentVersions": {"keepCount": 10}},
    }, "cleanupPolicyDryRun": True},
    {"labels": {"stage": "prod"}},
)


def build(estate, project, number):
    """Every repository of one project."""
    plan = estate.plan
    for location in plan.locations:
        for place in range(plan.repositories):
            repository = standard(estate, project, location, place)
            for package in range(plan.packages):
                fill(estate, repository, place * plan.packages + package)
            if plan.attached and place == 0:
                attach(estate, repository)
    if plan.workloads is True:
        others(estate, project, plan.locations[0])
        if number == 0:
            former(estate, project)


def lay(project, location, name, told):
    """A repository."""
    full = f"projects/{project.id}/locations/{location}/repositories/{name}"
    told = {
        "name": full, "format": "DOCKER", "mode": "STANDARD_REPOSITORY", "createTime": "2025-03-01T00:00:00Z",
        "updateTime": "2026-11-01T00:00:00Z", "satisfiesPzi": True, **told,
    }
    if told["format"] == "DOCKER":
        told["registryUri"] = f"{location}-docker.pkg.dev/{project.id}/{name}"
    repository = Repository(full, json_format.ParseDict(told, wrapped.Repository.pb()()))
    project.repositories[full] = repository
    return repository


def standard(estate, project, location, place):
    """One of the usual repositories; the first of the second location has a key of its own, the fifth is public."""
    told = dict(KINDS[place % len(KINDS)])
    if location == estate.plan.locations[-1] and place == 0:
        told["kmsKeyName"] = f"projects/{project.id}/locations/{location}/keyRings/registry/cryptoKeys/images"
    told["sizeBytes"] = str(1_000_000_000 * (place + 1))
    repository = lay(project, location, f"images-{place:02d}", told)
    if place % 5 == 4:
        policy = policy_pb2.Policy(version=1, etag=b"BwYB")
        policy.bindings.add(role="roles/artifactregistry.reader", members=["allUsers"])
        project.policies[repository.name] = policy
    return repository


def others(estate, project, location):
    """A cache of Docker Hub, a view over two repositories, and formats that hold no images."""
    cache = lay(project, location, "docker-hub", {
        "mode": "REMOTE_REPOSITORY", "description": "A cache of Docker Hub",
        "remoteRepositoryConfig": {"description": "Docker Hub", "dockerRepository": {"publicRepository": "DOCKER_HUB"}},
    })
    push(estate, cache, "oci", "library/nginx", 0, "amd64", ["1.29"])
    lay(project, location, "everything", {
        "mode": "VIRTUAL_REPOSITORY", "virtualRepositoryConfig": {"upstreamPolicies": [
            {"id": "own", "repository": f"projects/{project.id}/locations/{location}/repositories/images-00", "priority": 100},
            {"id": "hub", "repository": cache.name, "priority": 50},
        ]},
    })
    lay(project, location, "wheels", {"format": "PYTHON"})
    lay(project, location, "packages", {"format": "NPM"})
    lay(project, location, "jars", {"format": "MAVEN", "mavenConfig": {"versionPolicy": "RELEASE"}})


def former(estate, project):
    """What was Container Registry once and lives in Artifact Registry now."""
    for location, name in (("us", "gcr.io"), ("europe", "eu.gcr.io")):
        repository = lay(project, location, name, {"description": "Former Container Registry repository", "labels": {"former": "gcr"}})
        push(estate, repository, "docker", "legacy", 0, "amd64", ["latest", "1.0"])
        push(estate, repository, "docker", "team/worker", 1, "amd64", ["latest"])


def fill(estate, repository, number):
    """One package with its versions."""
    plan = estate.plan
    package = f"team-{'abcde'[number % 5]}/service-{number:03d}" if number % 6 else f"service-{number:03d}"
    types = "oci" if number % 2 else "docker"
    for version in range(plan.versions):
        left = plan.images - estate.images if plan.images else plan.manifests(number)
        if left <= 0:
            return
        tags = [f"1.{version}.0"] + (["latest"] if version == plan.versions - 1 else [])
        if plan.manifests(number) == 1 or left < plan.manifests(number):
            push(estate, repository, types, package, version, images.ARCHITECTURES[0], tags)
        else:
            push_index(estate, repository, types, package, version, tags, plan.attests(number))


def push(estate, repository, types, package, version, architecture, tags):
    """One platform's image."""
    recipe = ("manifest", types, f"{repository.project}/{repository.location}/{repository.id}/{package}", version, architecture)
    text, _, size = images.manifest(TYPES[types], *recipe[2:])
    return keep(estate, repository, package, text, TYPES[types]["manifest"], recipe, tags, size, version)


def push_index(estate, repository, types, package, version, tags, attested):
    """The images of all platforms, untagged, and the index that holds the tags."""
    entries, media = [], TYPES[types]["manifest"]
    for architecture in images.ARCHITECTURES[: estate.plan.architectures]:
        child = push(estate, repository, types, package, version, architecture, [])
        entries.append((child.digest, len(written(child.recipe)[0]), media, architecture, None))
        if attested:
            statement = artefacts.statement(child.digest, package)
            repository.blobs[images.sha256(statement)] = statement
            recipe = ("attestation", child.digest, statement)
            text, _, size = images.attestation(*recipe[1:])
            proof = keep(estate, repository, package, text, images.OCI["manifest"], recipe, [], size, version)
            entries.append((proof.digest, len(text), images.OCI["manifest"], None, child.digest))
    recipe = ("index", types, tuple(entries))
    text = images.index(TYPES[types], entries)
    children = tuple((digest, kind, architecture or "unknown") for digest, _, kind, architecture, _ in entries)
    return keep(estate, repository, package, text, TYPES[types]["index"], recipe, tags, len(text), version, children)


def keep(estate, repository, package, text, media, recipe, tags, size, version, children=(), subject=None):
    """A manifest into a repository."""
    uploaded = EPOCH + version * 86_400 + len(repository.rows)
    image = Image(package, images.sha256(text), media, recipe, tags, size, uploaded, children, subject, version)
    repository.packages.setdefault(package, []).append(image)
    repository.rows.append(image_row(repository, image))
    estate.images += 1
    return image


def attach(estate, repository):
    """The papers of the newest image of the first package, as manifests and as attachments."""
    package, listed = next(iter(repository.packages.items()))
    image = next(one for one in reversed(listed) if not one.children)
    beside = artefacts.beside(image.digest, package)
    for number, (text, _, subject, tags, blobs) in enumerate(beside):
        size = sum(map(len, blobs.values()))
        laid = keep(estate, repository, package, text, images.OCI["manifest"], ("text", text, artefacts.EMPTY), tags, size, estate.plan.versions, (), subject)
        repository.blobs.update({**blobs, images.sha256(artefacts.EMPTY): artefacts.EMPTY})
        if subject is not None:
            base = f"{repository.name}/packages/{package.replace('/', '%2F')}/versions/"
            repository.attachments.append(Row(wrapped.Attachment.pb()(
                name=f"{repository.name}/attachments/paper-{number}", target=base + subject, type_="application/vnd.example.paper",
                attachment_namespace="example.com", oci_version_name=base + laid.digest,
            )))


def written(recipe):
    """(manifest, config or None) of a recipe, as text."""
    kind, *given = recipe
    if kind == "manifest":
        return images.manifest(TYPES[given[0]], *given[1:])[:2]
    if kind == "attestation":
        return images.attestation(*given)[:2]
    if kind == "index":
        return images.index(TYPES[given[0]], given[1]), None
    return tuple(given)
