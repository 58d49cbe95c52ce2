"""What lies beside images: bills of materials, attestations and signatures, attached in each of the ways that
people attach them, and some that a careful reader must not take. Refuses randomness, as `images` does."""

import json

import images

EMPTY = "{}"
# The size that a manifest claims of a blob which nobody should fetch.
TOO_LARGE = 33 << 20


def statement(subject, name):
    """The provenance of an image as an in-toto statement."""
    return json.dumps({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": subject.removeprefix("sha256:")}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {"buildDefinition": {"buildType": "https://example.com/build", "externalParameters": {}}},
    }, separators=(",", ":"))


def materials(subject, name):
    """A bill of materials in CycloneDX's words."""
    return json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": {"type": "container", "name": name, "version": subject}},
        "components": [{"type": "library", "name": "openssl", "version": "3.0.11", "purl": "pkg:deb/debian/openssl@3.0.11"}],
    }, separators=(",", ":"))


def signature(subject, name):
    """What cosign signs."""
    return json.dumps({
        "critical": {"identity": {"docker-reference": name}, "image": {"docker-manifest-digest": subject}, "type": "cosign container image signature"},
        "optional": None,
    }, separators=(",", ":"))


def holder(media, blob, subject=None, claimed=None, digest=None):
    """The manifest that holds one blob, with the type of its config."""
    config = images.OCI["config"] if subject is None else "application/vnd.oci.empty.v1+json"
    written = {
        "schemaVersion": 2, "mediaType": images.OCI["manifest"],
        "config": {"mediaType": config, "size": len(EMPTY), "digest": images.sha256(EMPTY)},
        "layers": [{"mediaType": media, "size": claimed or len(blob), "digest": digest or images.sha256(blob)}],
    }
    if subject is not None:
        written["artifactType"] = media
        written["subject"] = {"mediaType": images.OCI["manifest"], "size": 1, "digest": subject}
    return json.dumps(written, indent=3), config


def beside(subject, name):
    """Everything beside one image: (manifest, type of its config, subject, tags, blobs by digest)."""
    bill, signed, other = materials(subject, name), signature(subject, name), materials(subject, name + " forged")
    tag = subject.replace(":", "-")
    text, config = holder("application/vnd.cyclonedx+json", bill, subject)
    yield text, config, subject, [], {images.sha256(bill): bill}
    text, config = holder("application/vnd.dev.cosign.simplesigning.v1+json", signed)
    yield text, config, None, [tag + ".sig"], {images.sha256(signed): signed}
    # Its bytes are not those of its digest.
    forged = images.sha256("what was meant by " + subject)
    text, config = holder("application/spdx+json", other, subject, digest=forged)
    yield text, config, subject, [], {forged: other}
    # It is longer than its manifest says.
    long = materials(subject, name + " long")
    text, config = holder("text/spdx+json", long, subject, claimed=len(long) - 1)
    yield text, config, subject, [], {images.sha256(long): long}
    # It is more than anybody should fetch; and it is not there.
    text, config = holder("application/vnd.syft+json", "large " + subject, subject, claimed=TOO_LARGE)
    yield text, config, subject, [], {}
    text, config = holder("application/sarif+json", "gone " + subject, subject)
    yield text, config, subject, [], {}
    # It says nothing of an image.
    text, config = holder("application/vnd.example.recipe", "recipe", subject)
    yield text, config, subject, [], {images.sha256("recipe"): "recipe"}
