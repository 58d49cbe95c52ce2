"""The part of the self-check that pulls from the registry what the API lists. Refuses a digest that it did not
compute itself."""

import hashlib
import json

from asking import PLACE, PROJECT
from checking import same

HOST = {"Host": "us-central1-docker.pkg.dev"}
BASE = f"/v2/{PROJECT}/images-00"


def sha256(body):
    return "sha256:" + hashlib.sha256(body).hexdigest()


def listed(emulator):
    return emulator.images("grpc", page_size=1000).docker_images


def digests_are_true(emulator):
    """Every manifest and every config has the digest by which it is named; an index names what is there."""
    known = {image.uri.rpartition("@")[2] for image in listed(emulator)}
    for image in listed(emulator):
        path = "/v2/" + image.uri.partition("/")[2].replace("@", "/manifests/")
        status, headers, body = emulator.http("GET", path, None, HOST)
        digest = image.uri.rpartition("@")[2]
        same((status, sha256(body), headers["docker-content-digest"], headers["content-type"]), (200, digest, digest, image.media_type), path)
        manifest = json.loads(body)
        same([one["digest"] for one in manifest.get("manifests", [])], [one.digest for one in image.image_manifests], "children")
        same({one["digest"] for one in manifest.get("manifests", [])} <= known, True, "children that are listed too")
        if "config" in manifest and not image.artifact_type:
            config = emulator.http("GET", path.rpartition("/manifests/")[0] + "/blobs/" + manifest["config"]["digest"], None, HOST)
            same((config[0], sha256(config[2])), (200, manifest["config"]["digest"]), "a config")


def tags_and_heads(emulator):
    tagged = next(image for image in listed(emulator) if "latest" in image.tags)
    name = "/v2/" + tagged.uri.partition("/")[2].partition("@")[0]
    status, headers, body = emulator.http("HEAD", name + "/manifests/latest", None, HOST)
    same((status, headers["docker-content-digest"], body), (200, tagged.uri.rpartition("@")[2], b""), "a tag's digest")
    status, headers, body = emulator.http("GET", name + "/tags/list?n=1", None, HOST)
    same((status, len(json.loads(body)["tags"]), 'rel="next"' in headers["link"]), (200, 1, True), "a page of tags")
    status, _, body = emulator.http("GET", name + "/manifests/none", None, HOST)
    same((status, json.loads(body)["errors"][0]["code"]), (404, "MANIFEST_UNKNOWN"), "a tag that is not there")
    prefixed = emulator.http("GET", f"/_registry/{HOST['Host']}{name}/manifests/latest")
    same(sha256(prefixed[2]), tagged.uri.rpartition("@")[2], "by an address with the host in it")


def referrers(emulator):
    attached = list(emulator.clients["grpc"]["registry"].list_attachments(parent=f"{PLACE}/repositories/images-00"))
    subject = attached[0].target.rpartition("/")[2]
    package = attached[0].target.split("/packages/")[1].partition("/")[0].replace("%2F", "/")
    status, _, body = emulator.http("GET", f"{BASE}/{package}/referrers/{subject}", None, HOST)
    found = [one["digest"] for one in json.loads(body)["manifests"]]
    same((status, found), (200, [one.oci_version_name.rpartition("/")[2] for one in attached]), "referrers and attachments")


def former_registry(emulator):
    """What was gcr.io answers there and in its new place."""
    one = emulator.http("GET", f"/v2/{PROJECT}/team/worker/manifests/latest", None, {"Host": "gcr.io"})
    other = emulator.http("GET", f"/v2/{PROJECT}/gcr.io/team/worker/manifests/latest", None, {"Host": "us-docker.pkg.dev"})
    same((one[0], one[2]), (200, other[2]), "the former registry")


def sign_in_to_the_registry(emulator):
    emulator.control("POST", "/_settings", {"anonymous": False})
    status, headers, _ = emulator.http("GET", "/v2/", None, HOST)
    same((status, "/v2/token" in headers["www-authenticate"]), (401, True), "a challenge")
    token = json.loads(emulator.http("GET", "/computeMetadata/v1/instance/service-accounts/default/token", None, {"Metadata-Flavor": "Google"})[2])
    shown = {**HOST, "Authorization": f"Bearer {token['access_token']}"}
    handed = json.loads(emulator.http("GET", "/v2/token?scope=repository", None, shown)[2])["token"]
    same(emulator.http("GET", "/v2/", None, {**HOST, "Authorization": f"Bearer {handed}"})[0], 200, "with the registry's token")
    emulator.fault("throttle", service="registry", method="GetManifest", retry_after=3)
    status, headers, _ = emulator.http("GET", f"{BASE}/service-000/manifests/latest", None, shown)
    same((status, headers["retry-after"]), (429, "3"), "a throttled pull")


CHECKS = [digests_are_true, tags_and_heads, referrers, former_registry, sign_in_to_the_registry]
