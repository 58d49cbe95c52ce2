"""Manifests, indexes and configs with true digests, made from a few words and the same each time.
Refuses randomness: an estate that is seeded twice is the same estate."""

import hashlib
import json

DOCKER = {
    "index": "application/vnd.docker.distribution.manifest.list.v2+json",
    "manifest": "application/vnd.docker.distribution.manifest.v2+json",
    "config": "application/vnd.docker.container.image.v1+json",
    "layer": "application/vnd.docker.image.rootfs.diff.tar.gzip",
}
OCI = {
    "index": "application/vnd.oci.image.index.v1+json",
    "manifest": "application/vnd.oci.image.manifest.v1+json",
    "config": "application/vnd.oci.image.config.v1+json",
    "layer": "application/vnd.oci.image.layer.v1.tar+gzip",
}
ARCHITECTURES = ("amd64", "arm64", "s390x", "ppc64le")


def sha256(data):
    """The digest of bytes or text, as registries write it."""
    return "sha256:" + hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def config(name, version, architecture):
    """The config of one platform's image, as text."""
    return json.dumps({
        "architecture": architecture,
        "os": "linux",
        "created": f"2026-10-{version % 28 + 1:02d}T06:00:00Z",
        "config": {
            "User": "" if version % 3 == 0 else "10001",
            "Env": ["PATH=/usr/local/bin:/usr/bin:/bin"],
            "Entrypoint": ["/app/serve"],
            "Labels": {
                "org.opencontainers.image.source": f"https://git.example.com/{name}",
                "org.opencontainers.image.version": f"1.{version}.0",
                "org.opencontainers.image.base.name": "docker.io/library/debian:12-slim",
            },
        },
        "rootfs": {"type": "layers", "diff_ids": [sha256("debian 12 " + architecture), sha256(f"{name} {version} {architecture}")]},
        "history": [
            {"created": "2026-09-01T00:00:00Z", "created_by": "# debian.sh --arch 'any' out/ 'bookworm'"},
            {"created": f"2026-10-{version % 28 + 1:02d}T06:00:00Z", "created_by": "COPY /app /app # buildkit"},
        ],
    }, separators=(",", ":"))


def manifest(types, name, version, architecture):
    """The manifest of one platform, its config's text, and the bytes that a pull would fetch."""
    made = config(name, version, architecture)
    sizes = (28_230_000, 1_000_000 + (len(name) * 7919 + version * 104_729) % 50_000_000)
    text = json.dumps({
        "schemaVersion": 2,
        "mediaType": types["manifest"],
        "config": {"mediaType": types["config"], "size": len(made), "digest": sha256(made)},
        "layers": [
            {"mediaType": types["layer"], "size": sizes[0], "digest": sha256("layer debian 12 " + architecture)},
            {"mediaType": types["layer"], "size": sizes[1], "digest": sha256(f"layer {name} {version} {architecture}")},
        ],
    }, indent=3)
    return text, made, sum(sizes) + len(made)


def attestation(subject, statement):
    """The manifest of the provenance that buildkit lays beside an image, which is no image."""
    made = json.dumps({"architecture": "unknown", "os": "unknown", "config": {}, "rootfs": {"type": "layers", "diff_ids": [sha256(subject)]}}, separators=(",", ":"))
    text = json.dumps({
        "schemaVersion": 2,
        "mediaType": OCI["manifest"],
        "config": {"mediaType": OCI["config"], "size": len(made), "digest": sha256(made)},
        "layers": [{
            "mediaType": "application/vnd.in-toto+json", "size": len(statement), "digest": sha256(statement),
            "annotations": {"in-toto.io/predicate-type": "https://slsa.dev/provenance/v1"},
        }],
    }, indent=3)
    return text, made, len(statement) + len(made)


def index(types, children):
    """The index over children: (digest, size of the manifest, media type, architecture, attests)."""
    entries = []
    for digest, size, media, architecture, attests in children:
        entry = {"mediaType": media, "size": size, "digest": digest}
        if attests:
            entry["annotations"] = {
                "vnd.docker.reference.digest": attests, "vnd.docker.reference.type": "attestation-manifest",
            }
            entry["platform"] = {"architecture": "unknown", "os": "unknown"}
        else:
            entry["platform"] = {"architecture": architecture, "os": "linux"}
        entries.append(entry)
    return json.dumps({"schemaVersion": 2, "mediaType": types["index"], "manifests": entries}, indent=3)
