"""Checks of what is attached: every signature is as good as the estate says, held against the public key by
`cryptography` alone. Refuses to use what made them."""

import base64
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from checking import same
from plain import ask
from selfcheck_registry import holds

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def verified(key, signature, data):
    try:
        key.verify(base64.b64decode(signature), data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def good_signature(key, layer, blob, digest):
    """Whether a layer of simple signing is a signature by this key, of this image."""
    about = json.loads(blob)["critical"]["image"]["docker-manifest-digest"]
    return verified(key, layer["annotations"]["dev.cosignproject.cosign/signature"], blob) and about == digest


def good_envelope(key, told, digest):
    body, kind = base64.b64decode(told["payload"]), told["payloadType"]
    data = f"DSSEv1 {len(kind)} {kind} {len(body)} ".encode() + body
    about = ["sha256:" + one["digest"]["sha256"] for one in json.loads(body)["subject"]]
    return any(verified(key, one["sig"], data) for one in told["signatures"]) and digest in about


@check
def signatures_are_as_good_as_they_are_called(emulator):
    key = load_pem_public_key(ask(emulator.control, "GET", "/_cosign.pub").body)
    wanted, found = {}, {}
    for paper in emulator.told["papers"]:
        if paper["what"] not in ("signature", "attestation"):
            continue
        place = (paper["repository"], paper["manifest"])
        wanted.setdefault(place, []).append(paper["verdict"] == "valid")
        manifest = emulator.manifest(paper["repository"], paper["manifest"]).json
        if place not in found:
            found[place] = [layer_holds(emulator, key, paper, layer) for layer in manifest["layers"]]
    for place, verdicts in wanted.items():
        held = found[place] if len(found[place]) == len(verdicts) else [all(found[place])]
        same((held, any(found[place])), (verdicts, any(verdicts)), f"the signatures in {place}")
    same(sorted({paper["verdict"] for paper in emulator.told["papers"] if paper["verdict"]}), ["another digest", "another key", "broken", "valid"], "the verdicts")


def layer_holds(emulator, key, paper, layer):
    blob = emulator.blob(paper["repository"], layer["digest"]).body
    if "simplesigning" in layer["mediaType"]:
        return good_signature(key, layer, blob, paper["digest"])
    told = json.loads(blob)
    if "bundle" in layer["mediaType"]:
        told = told["dsseEnvelope"]
    return good_envelope(key, told, paper["digest"])


@check
def tags_of_cosign_are_made_of_digests(emulator):
    for name, ends in (("shop/web", (".sig", ".att", ".sbom")), ("shop/api", (".sig", ".att"))):
        digest = emulator.manifest(name, "latest").headers["docker-content-digest"]
        for end in ends:
            same(emulator.manifest(name, digest.replace(":", "-") + end).status, 200, f"{end} of {name}")
    layers = emulator.manifest("shop/web", emulator.manifest("shop/web", "latest").headers["docker-content-digest"].replace(":", "-") + ".att").json["layers"]
    same([layer["annotations"]["predicateType"] for layer in layers], ["https://slsa.dev/provenance/v1", "https://cyclonedx.org/bom"], "what is attested")


@check
def papers_can_be_read(emulator):
    read = {}
    for paper in emulator.told["papers"]:
        if paper["what"] in ("spdx", "cyclonedx", "openvex"):
            layer = emulator.manifest(paper["repository"], paper["manifest"]).json["layers"][0]
            answer = emulator.blob(paper["repository"], layer["digest"])
            same(answer.digest, layer["digest"], "a paper")
            read[paper["what"]] = answer.json
    same((read["spdx"]["spdxVersion"], read["cyclonedx"]["bomFormat"], read["openvex"]["statements"][0]["status"]), ("SPDX-2.3", "CycloneDX", "not_affected"), "papers")
    suspect = [paper for paper in emulator.told["papers"] if paper["what"] == "suspect"]
    holds(len(suspect) >= 5, "too few suspect papers")
