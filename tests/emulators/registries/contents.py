"""Repositories and what is in them: images with layers that can be pulled, indexes, and whatever else a manifest can be.
Refuses randomness, as `images` does."""

import datetime
import gzip
import io
import json
import tarfile
from functools import lru_cache

import images
from images import OCI

EPOCH = int(datetime.datetime(2026, 10, 1, tzinfo=datetime.timezone.utc).timestamp())
EMPTY = b"{}"


class Manifest:
    """One manifest: its bytes, and what vendors tell beside them. `digest` is that under which it is found."""

    __slots__ = (
        "digest", "media", "body", "kind", "platform", "children", "subject", "artifact", "annotations", "config", "size", "pushed",
        "number", "repository", "fallback",
    )

    def tags(self):
        return self.repository.kept_as("tags", self.repository.tagged).get(self.digest, [])


class Repository:
    """Manifests in the order they were pushed, by digest and by tag, and the blobs that they name."""

    def __init__(self, name, description=""):
        self.name, self.description = name, description
        self.namespace, _, self.rest = name.partition("/")
        self.manifests, self.tags, self.blobs = {}, {}, {}
        self.public = self.namespace == "library"
        self.pushed, self.pulls, self.number = EPOCH, 0, 0
        # What was worked out from the above; see `kept_as`.
        self.kept = {}

    def lay(self, body, media, tags=(), kind="artifact", platform=None, children=(), config=None, size=None, annotations=None, digest=None, version=0):
        """A manifest into the repository; a digest that is told is believed, whatever the bytes are."""
        one = Manifest()
        one.body = body.encode() if isinstance(body, str) else body
        one.digest, one.media, one.kind, one.platform = digest or images.sha256(one.body), media, kind, platform
        one.children, one.config, one.annotations = tuple(children), config, annotations or {}
        one.size = len(one.body) if size is None else size
        one.subject = one.artifact = None
        one.number, one.repository, one.fallback = len(self.manifests), self, False
        one.pushed = EPOCH + version * 86_400 + one.number * 60 + 0.1234567
        self.manifests[one.digest] = one
        self.kept = {}
        for tag in tags:
            self.tags[tag] = one
        self.pushed = max(self.pushed, one.pushed)
        return one

    def keep(self, *blobs):
        """Blobs that can be fetched by their digests."""
        for blob in blobs:
            self.blobs[images.sha256(blob)] = blob

    def named(self, fallback=True):
        """Its tags in the order of lists; those of referrers belong to registries that have no better way."""
        return sorted(tag for tag, one in self.tags.items() if fallback or not one.fallback)

    def find(self, reference, fallback=True):
        found = self.manifests.get(reference) or self.tags.get(reference)
        return None if found is not None and found.fallback and not fallback and reference not in self.manifests else found

    def kept_as(self, name, work):
        """What `work` makes of the repository, made once; what is seeded does not change."""
        if name not in self.kept:
            self.kept[name] = work()
        return self.kept[name]

    def tagged(self):
        """Tags by the digests that they lead to."""
        found = {}
        for tag, one in self.tags.items():
            found.setdefault(one.digest, []).append(tag)
        return found

    def about(self, digest):
        """What refers to a digest, in the order it was pushed."""
        return self.kept_as("papers", self.referring).get(digest, [])

    def referring(self):
        found = {}
        for one in self.manifests.values():
            if one.subject:
                found.setdefault(one.subject, []).append(one)
        return found

    def children(self):
        """Digests that indexes name."""
        return {child for one in self.manifests.values() for child in one.children if not one.fallback}


@lru_cache(maxsize=256)
def layer(words):
    """(bytes, diff id) of a layer with one file."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        entry = tarfile.TarInfo(words.replace(" ", "-").replace("/", "-")[:90] + ".txt")
        entry.size = len(words)
        archive.addfile(entry, io.BytesIO(words.encode()))
    return gzip.compress(plain.getvalue(), 1, mtime=0), images.sha256(plain.getvalue())


def written(what, indent=None):
    return json.dumps(what, separators=(",", ":") if indent is None else None, indent=indent, ensure_ascii=False).encode()


def platform_of(words):
    """A platform as indexes write it: `linux/arm64/v8`, and `windows/amd64:10.0.20348.2700` with the system's version."""
    place, _, version = words.partition(":")
    system, _, rest = place.partition("/")
    architecture, _, variant = rest.partition("/")
    told = {"architecture": architecture, "os": system}
    return {**told, **({"variant": variant} if variant else {}), **({"os.version": version} if version else {})}


def config_of(platform, layers, settings, created, history, author):
    """The config of an image; `created` None leaves it out."""
    told = {**platform, "config": settings, "rootfs": {"type": "layers", "diff_ids": [layer(words)[1] for words in layers]}}
    if created is not None:
        told["created"] = created
    if author:
        told["author"] = author
    told["history"] = history
    return written(told)


def history_of(layers, created):
    """One step for each layer, and one that leaves none."""
    steps = [{"created": created, "created_by": f"COPY {words} / # buildkit", "comment": "buildkit.dockerfile.v0"} for words in layers]
    return [*steps, {"created": created, "created_by": 'ENTRYPOINT ["/app/serve"]', "comment": "buildkit.dockerfile.v0", "empty_layer": True}]


SETTINGS = {
    "User": "10001:10001", "ExposedPorts": {"8080/tcp": {}, "9090/tcp": {}}, "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "MODE=production"],
    "Entrypoint": ["/app/serve"], "Cmd": ["--listen", ":8080"], "WorkingDir": "/app", "StopSignal": "SIGTERM",
}


def labels_of(name, version):
    return {
        "org.opencontainers.image.source": f"https://git.example.com/{name}", "org.opencontainers.image.version": version,
        "org.opencontainers.image.revision": images.sha256(name + version)[7:47], "org.opencontainers.image.licenses": "Apache-2.0",
    }


def image(repository, tags=(), platform="linux/amd64", types=OCI, layers=(), version="1.0.0", day=0, settings=None, labels=None, annotations=None, created="", history=None, author=None):
    """An image of one platform into a repository, with everything that a pull fetches."""
    told = platform_of(platform)
    layers = layers or (f"debian 12 {told['architecture']}", f"{repository.name} {version} {platform}")
    if created == "":
        created = f"2026-10-{day % 28 + 1:02d}T00:00:00Z"
    inside = {**SETTINGS, "Labels": {**labels_of(repository.name, version), **(labels or {})}, **(settings or {})}
    config = config_of(told, layers, inside, created, history_of(layers, created) if history is None else history, author)
    blobs = [layer(words)[0] for words in layers]
    manifest = {
        "schemaVersion": 2, "mediaType": types["manifest"],
        "config": {"mediaType": types["config"], "size": len(config), "digest": images.sha256(config)},
        "layers": [{"mediaType": types["layer"], "size": len(blob), "digest": images.sha256(blob)} for blob in blobs],
        **({"annotations": annotations} if annotations else {}),
    }
    repository.keep(config, *blobs)
    size = len(config) + sum(map(len, blobs))
    return repository.lay(written(manifest, 3), types["manifest"], tags, "image", told, config=images.sha256(config), size=size, annotations=annotations, version=day)


def entry_of(one, platform=True):
    """How an index names a manifest."""
    told = {"mediaType": one.media, "size": len(one.body), "digest": one.digest}
    return {**told, "platform": one.platform} if platform and one.platform else told


def index(repository, children, tags=(), types=OCI, day=0, annotations=None, entries=None, **more):
    """An index over manifests into a repository."""
    entries = [entry_of(child) for child in children] if entries is None else entries
    text = {"schemaVersion": 2, "mediaType": types["index"], "manifests": entries, **({"annotations": annotations} if annotations else {})}
    named = [entry["digest"] for entry in entries]
    size = sum(child.size for child in children)
    return repository.lay(written(text, 3), types["index"], tags, "index", children=named, size=size, annotations=annotations, version=day, **more)


def attested(repository, subject):
    """The manifest that buildkit lays beside an image, and how an index names it."""
    about = json.dumps({"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://slsa.dev/provenance/v0.2",
                        "subject": [{"name": repository.name, "digest": {"sha256": subject.digest[7:]}}], "predicate": {"buildType": "https://mobyproject.org/buildkit@v1"}})
    text, config, _ = images.attestation(subject.digest, about)
    repository.keep(config.encode(), about.encode())
    one = repository.lay(text, OCI["manifest"], kind="attestation", config=images.sha256(config))
    about = {"vnd.docker.reference.digest": subject.digest, "vnd.docker.reference.type": "attestation-manifest"}
    return {**entry_of(one), "annotations": about, "platform": {"architecture": "unknown", "os": "unknown"}}


def referrer(repository, subject, kind, blobs, annotations=None, config=None, tags=(), layer_annotations=None):
    """A manifest about another, by its subject: blobs are (media type, bytes)."""
    repository.keep(EMPTY, *(blob for _, blob in blobs))
    held = config or {"mediaType": "application/vnd.oci.empty.v1+json", "size": len(EMPTY), "digest": images.sha256(EMPTY)}
    text = {
        "schemaVersion": 2, "mediaType": OCI["manifest"], **({"artifactType": kind} if config is None else {}), "config": held,
        "layers": [
            {"mediaType": media, "size": len(blob), "digest": images.sha256(blob), **({"annotations": layer_annotations} if layer_annotations else {})}
            for media, blob in blobs
        ],
        "subject": {"mediaType": subject.media, "size": len(subject.body), "digest": subject.digest},
        **({"annotations": annotations} if annotations else {}),
    }
    one = repository.lay(written(text, 3), OCI["manifest"], tags, annotations=annotations, config=held["digest"])
    one.subject, one.artifact = subject.digest, kind
    return one


def descriptor(one):
    """How a list of referrers names one of them."""
    told = {"mediaType": one.media, "size": len(one.body), "digest": one.digest, "artifactType": one.artifact}
    return {**told, "annotations": one.annotations} if one.annotations else told
