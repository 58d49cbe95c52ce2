"""What is attached to images: signatures by tag and by subject that hold or do not, attestations, bills of materials and
statements of who is affected. Refuses to say here which hold: `Estate.told` does, from what `attach` notes."""

import base64
import json

import artefacts
import images
import signing
from contents import EMPTY, descriptor, index, referrer, written
from images import OCI

SIMPLE, DSSE = "application/vnd.dev.cosign.simplesigning.v1+json", "application/vnd.dsse.envelope.v1+json"
SIGNED = "dev.cosignproject.cosign/signature"
COSIGN, BUNDLE = "application/vnd.dev.cosign.artifact.sig.v1+json", "application/vnd.dev.sigstore.bundle.v0.3+json"
SLSA, CYCLONEDX = "https://slsa.dev/provenance/v1", "https://cyclonedx.org/bom"
SIGNS = "https://sigstore.dev/cosign/sign/v1"
VERDICTS = ("valid", "another key", "another digest", "broken")


def layered(repository, layers, tags):
    """A manifest as cosign writes them, layers being (media type, bytes, annotations)."""
    config = written({"architecture": "", "created": "0001-01-01T00:00:00Z", "history": [{"created": "0001-01-01T00:00:00Z"}], "os": "",
                      "rootfs": {"type": "layers", "diff_ids": [images.sha256(blob) for _, blob, _ in layers]}, "config": {}})
    repository.keep(config, *(blob for _, blob, _ in layers))
    text = {
        "schemaVersion": 2, "mediaType": OCI["manifest"],
        "config": {"mediaType": OCI["config"], "size": len(config), "digest": images.sha256(config)},
        "layers": [{"mediaType": media, "size": len(blob), "digest": images.sha256(blob), "annotations": notes} for media, blob, notes in layers],
    }
    return repository.lay(written(text), OCI["manifest"], tags, config=images.sha256(config))


def signed(subject, verdict):
    """(payload, signature) of an image, which hold or do not."""
    about = images.sha256("another image") if verdict == "another digest" else subject.digest
    body = signing.payload(about, f"registry.example.com/{subject.repository.name}")
    signature = signing.sign(signing.STRANGERS if verdict == "another key" else signing.OURS, body)
    if verdict == "broken":
        raw = bytearray(base64.b64decode(signature))
        raw[-1] ^= 1
        signature = base64.b64encode(bytes(raw)).decode()
    return body, signature


def note(estate, subject, paper, how, what, verdict=None):
    """Notes what was attached, for tests to hold a reader to."""
    estate.papers.append({
        "repository": subject.repository.name, "digest": subject.digest, "manifest": paper.digest, "how": how, "what": what, "verdict": verdict,
    })


def sign_by_tag(estate, subject, *verdicts):
    """cosign's own way: a tag made of the digest, a layer for each signature."""
    layers = [(SIMPLE, *made) for made in ((body, {SIGNED: signature}) for body, signature in (signed(subject, verdict) for verdict in verdicts))]
    paper = layered(subject.repository, layers, [subject.digest.replace(":", "-") + ".sig"])
    for verdict in verdicts:
        note(estate, subject, paper, "tag", "signature", verdict)


def sign_by_subject(estate, subject, verdict):
    """The same as a referrer."""
    body, signature = signed(subject, verdict)
    config = {"mediaType": COSIGN, "size": len(EMPTY), "digest": images.sha256(EMPTY)}
    paper = referrer(subject.repository, subject, COSIGN, [(SIMPLE, body)], config=config, layer_annotations={SIGNED: signature})
    note(estate, subject, paper, "referrer", "signature", verdict)


def sign_by_bundle(estate, subject, verdict):
    """cosign's way since version 3: a statement that says nothing but that, in a bundle of sigstore as a referrer."""
    key = signing.STRANGERS if verdict == "another key" else signing.OURS
    body = written(signing.bundle(key, signing.statement(subject.digest, subject.repository.name, SIGNS, {})))
    notes = {"dev.sigstore.bundle.content": "dsse-envelope", "dev.sigstore.bundle.predicateType": SIGNS, "org.opencontainers.image.created": "2026-10-02T06:00:00Z"}
    paper = referrer(subject.repository, subject, BUNDLE, [(BUNDLE, body)], notes)
    note(estate, subject, paper, "referrer", "signature", verdict)


def provenance(subject):
    about = {
        "buildDefinition": {"buildType": "https://example.com/build/v1", "externalParameters": {"ref": "refs/tags/v1.0.0"},
                            "resolvedDependencies": [{"uri": f"git+https://git.example.com/{subject.repository.name}@refs/tags/v1.0.0", "digest": {"gitCommit": "0" * 40}}]},
        "runDetails": {"builder": {"id": "https://example.com/builder"}, "metadata": {"invocationId": "https://ci.example.com/runs/42"}},
    }
    return signing.statement(subject.digest, subject.repository.name, SLSA, about)


def attest_by_tag(estate, subject, verdict):
    """cosign attest: provenance and a bill of materials as signed statements behind one tag."""
    key = signing.STRANGERS if verdict == "another key" else signing.OURS
    bill = signing.statement(subject.digest, subject.repository.name, CYCLONEDX, json.loads(artefacts.materials(subject.digest, subject.repository.name)))
    layers = []
    for one in (provenance(subject), bill):
        if verdict == "another digest":
            one["subject"][0]["digest"]["sha256"] = images.sha256("another image")[7:]
        made = signing.envelope(key, one)
        if verdict == "broken":
            made["payload"] = base64.b64encode(json.dumps({**one, "predicate": {}}).encode()).decode()
        layers.append((DSSE, written(made), {SIGNED: "", "predicateType": one["predicateType"]}))
    paper = layered(subject.repository, layers, [subject.digest.replace(":", "-") + ".att"])
    note(estate, subject, paper, "tag", "attestation", verdict)


def attest_by_bundle(estate, subject, verdict):
    """What cosign 3 leaves: a bundle of sigstore as a referrer."""
    key = signing.STRANGERS if verdict == "another key" else signing.OURS
    body = written(signing.bundle(key, provenance(subject)))
    notes = {"dev.sigstore.bundle.content": "dsse-envelope", "dev.sigstore.bundle.predicateType": SLSA, "org.opencontainers.image.created": "2026-10-02T06:00:00Z"}
    paper = referrer(subject.repository, subject, BUNDLE, [(BUNDLE, body)], notes)
    note(estate, subject, paper, "referrer", "attestation", verdict)


def spdx(subject):
    return written({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": subject.repository.name,
        "documentNamespace": f"https://example.com/spdx/{subject.digest[7:19]}", "creationInfo": {"created": "2026-10-02T06:00:00Z", "creators": ["Tool: example"]},
        "packages": [{"SPDXID": "SPDXRef-openssl", "name": "openssl", "versionInfo": "3.0.11", "downloadLocation": "NOASSERTION", "licenseConcluded": "Apache-2.0",
                      "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:deb/debian/openssl@3.0.11"}]}],
        "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relatedSpdxElement": "SPDXRef-openssl", "relationshipType": "DESCRIBES"}],
    })


def vex(subject):
    return written({
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": f"https://example.com/vex/{subject.digest[7:19]}", "author": "shop", "timestamp": "2026-10-03T06:00:00Z",
        "version": 1, "statements": [{"vulnerability": {"name": "CVE-2023-44487"}, "products": [{"@id": f"pkg:oci/{subject.repository.rest}@{subject.digest}"}],
                                      "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"}],
    })


def describe(estate, subject):
    """Unsigned papers by subject: SPDX, CycloneDX, OpenVEX; and those that a careful reader must not take."""
    repository = subject.repository
    bill = artefacts.materials(subject.digest, repository.name).encode()
    for kind, what, body in (
        ("application/spdx+json", "spdx", spdx(subject)), ("application/vnd.cyclonedx+json", "cyclonedx", bill),
        ("application/vnd.openvex+json", "openvex", vex(subject)), ("application/vnd.cncf.notary.signature", "notation", written({"payload": "e30", "protected": "e30", "header": {}, "signature": "bm90"})),
    ):
        notes = {"org.opencontainers.image.created": "2026-10-02T06:00:00Z", "org.example.kind": what}
        note(estate, subject, referrer(repository, subject, kind, [(kind, body)], notes), "referrer", what)


def bill_by_tag(estate, subject):
    """What `cosign attach sbom` left."""
    body = spdx(subject)
    paper = layered(subject.repository, [("text/spdx+json", body, {})], [subject.digest.replace(":", "-") + ".sbom"])
    note(estate, subject, paper, "tag", "spdx")


def suspect(estate, subject):
    """Papers with a wrong digest, a wrong size, too large, or gone: those that all emulators have."""
    repository = subject.repository
    for text, config, about, tags, blobs in list(artefacts.beside(subject.digest, repository.name)):
        if about is None:
            continue
        one = repository.lay(text, OCI["manifest"], tags, config=images.sha256(artefacts.EMPTY))
        one.subject, one.artifact = about, json.loads(text)["artifactType"]
        repository.keep(EMPTY)
        repository.blobs.update({digest: blob.encode() for digest, blob in blobs.items()})
        note(estate, subject, one, "referrer", "suspect")


def fall_back(repository):
    """Tags by which referrers are found where the registry does not list them."""
    repository.kept = {}
    for subject in sorted({one.subject for one in repository.manifests.values() if one.subject}):
        rows = [descriptor(one) for one in repository.about(subject)]
        index(repository, (), [subject.replace(":", "-")], entries=rows).fallback = True
