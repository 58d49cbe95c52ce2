"""The registry itself: manifests, configs, what is attached, and lists of tags, as Docker and OCI ask for them.
Refuses to be pushed to, and has no layers."""

import json

import images
from replies import Refusal, info
from seed_registry import written

FORMER = {"gcr.io": ("us", "gcr.io"), "us.gcr.io": ("us", "us.gcr.io"), "eu.gcr.io": ("europe", "eu.gcr.io"), "asia.gcr.io": ("asia", "asia.gcr.io")}
HOST = "-docker.pkg.dev"
DOWNLOAD = "artifactregistry.repositories.downloadArtifacts"
SCHEMES = {"MANIFEST_UNKNOWN": 404, "NAME_UNKNOWN": 404, "BLOB_UNKNOWN": 404, "UNSUPPORTED": 405}


class Missing(Exception):
    """An error as registries word it."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.status = code, SCHEMES[code]
        self.body = json.dumps({"errors": [{"code": code, "message": message}]})


class Found:
    """An answer of the registry."""

    def __init__(self, body, media, headers=None):
        self.body, self.media, self.headers = body.encode() if isinstance(body, str) else body, media, headers or {}


def is_registry(host):
    return host.endswith(HOST) or host in FORMER


def split(host, path):
    """(repository's resource name, package, verb, reference) of a path below /v2/."""
    parts = path.removeprefix("/v2/").split("/")
    verb = next((place for place in range(len(parts) - 1, 0, -1) if parts[place] in ("manifests", "blobs", "referrers", "tags")), None)
    if verb is None or verb + 1 >= len(parts):
        raise Missing("NAME_UNKNOWN", f"No such address: {path}")
    name, kind, reference = parts[:verb], parts[verb], "/".join(parts[verb + 1:])
    if host in FORMER:
        location, repository = FORMER[host]
        name = [name[0], repository, *name[1:]]
    else:
        location = host.removesuffix(HOST)
    if len(name) < 3:
        raise Missing("NAME_UNKNOWN", f"No such repository: {'/'.join(name)}")
    return f"projects/{name[0]}/locations/{location}/repositories/{name[1]}", "/".join(name[2:]), kind, reference


class Registry:
    """The registry of an estate."""

    def __init__(self, shim):
        self.shim = shim

    def answer(self, call, package, kind, reference, query):
        """What is found; raises Missing or Refusal."""
        shim = self.shim
        shim.sign_in.check(call.authorization)
        project = shim.estate.project(call.project)
        away = shim.faults.named("leave", "project") | shim.faults.named("suspend", "project")
        if project is None or project.state != "ACTIVE" or call.project in away:
            raise Refusal(
                "PERMISSION_DENIED", f'Permission "{DOWNLOAD}" denied on resource "{call.resource}" (or it may not exist)',
                [info("IAM_PERMISSION_DENIED", "iam.googleapis.com", permission=DOWNLOAD)],
            )
        repository = project.repositories.get(call.resource)
        if repository is None or package not in repository.packages or shim.faults.vanished(call, call.resource):
            raise Missing("NAME_UNKNOWN", f"Repository \"{call.resource.rpartition('/')[2]}\" not found")
        base = f"{call.resource}/dockerImages/{package.replace('/', '%2F')}@"
        listed = [one for one in repository.packages[package] if not shim.faults.vanished(call, base + one.digest)]
        if kind == "manifests":
            return manifest(listed, reference)
        if kind == "blobs":
            return blob(repository, listed, reference)
        if kind == "referrers":
            return referrers(listed, reference, query)
        return tags(listed, package, call, query)


def manifest(listed, reference):
    """The bytes of a manifest by tag or digest."""
    for image in listed:
        if reference == image.digest or reference in image.tags:
            return Found(written(image.recipe)[0], image.media, {"Docker-Content-Digest": image.digest})
    raise Missing("MANIFEST_UNKNOWN", f"Failed to fetch \"{reference}\"")


def blob(repository, listed, digest):
    """A config, or what lies beside an image."""
    if digest in repository.blobs:
        return Found(repository.blobs[digest], "application/octet-stream", {"Docker-Content-Digest": digest})
    for image in listed:
        config = written(image.recipe)[1]
        if config is not None and images.sha256(config) == digest:
            return Found(config, "application/octet-stream", {"Docker-Content-Digest": digest})
    raise Missing("BLOB_UNKNOWN", f"Failed to fetch blob \"{digest}\"")


def referrers(listed, digest, query):
    """The index of what says that it is about a digest."""
    found = []
    for image in listed:
        if image.subject == digest:
            text = written(image.recipe)[0]
            found.append({"mediaType": image.media, "digest": image.digest, "size": len(text), "artifactType": json.loads(text)["artifactType"]})
    wanted = query.get("artifactType")
    headers = {"OCI-Filters-Applied": "artifactType"} if wanted else {}
    found = [one for one in found if wanted in (None, one["artifactType"])]
    return Found(json.dumps({"schemaVersion": 2, "mediaType": images.OCI["index"], "manifests": found}), images.OCI["index"], headers)


def tags(listed, package, call, query):
    """A page of tags."""
    names = sorted(tag for image in listed for tag in image.tags if tag > query.get("last", ""))
    size = max(1, int(query.get("n", 10_000)))
    path = f"/v2/{call.project}/{call.resource.rpartition('/')[2]}/{package}/tags/list"
    headers = {"Link": f'<{path}?n={size}&last={names[size - 1]}>; rel="next"'} if len(names) > size else {}
    return Found(json.dumps({"name": f"{call.project}/{call.resource.rpartition('/')[2]}/{package}", "tags": names[:size]}), "application/json", headers)
