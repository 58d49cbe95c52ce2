"""Repositories that are hard to read: nested, looping, corrupted, old, foreign and huge ones. Refuses hostile words:
`hostile` has those."""

import base64
import json

import images
from contents import EPOCH, attested, entry_of, image, index, platform_of, written
from images import DOCKER, OCI

SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
# Clients and registries agree on four megabytes as the most that a manifest may be.
MOST = 4 << 20
DEEP = 12


def nested(estate):
    """An index of indexes; a chain of more of them than anybody needs; and an index that refers to itself, whose digest
    can therefore not be true."""
    repository = estate.add("team-a/nested")
    inner = index(repository, [image(repository, platform=one, version="2.0.0") for one in ("linux/amd64", "linux/arm64/v8")])
    other = image(repository, platform="linux/s390x", version="2.0.0")
    index(repository, [inner, other], ["2.0.0"])
    one = image(repository, platform="linux/amd64", version="deep")
    for _ in range(DEEP):
        one = index(repository, [one])
    repository.tags["deep"] = one
    loop = estate.add("team-a/loop")
    itself = images.sha256("an index that refers to itself")
    entry = {"mediaType": OCI["index"], "size": 0, "digest": itself}
    for _ in range(3):
        entry["size"] = len(written({"schemaVersion": 2, "mediaType": OCI["index"], "manifests": [entry]}, 3))
    index(loop, (), ["latest"], entries=[entry], digest=itself)


def corrupt(estate):
    """Bytes that are not those of their digests, and what is named and not there."""
    repository = estate.add("team-a/corrupt")
    whole = image(repository, ["whole"])
    repository.lay(whole.body + b"\n", OCI["manifest"], ["manifest"], "image", whole.platform, config=whole.config, digest=images.sha256("what was meant"))
    config = image(repository, ["config"], version="2.0.0").config
    repository.blobs[config] = repository.blobs[config].replace(b'"10001:10001"', b'"0:0"')
    # Of the size that was told, so that only the digest tells.
    exchanged = json.loads(image(repository, ["layer"], version="3.0.0", layers=("a layer that is exchanged",)).body)["layers"][0]
    repository.blobs[exchanged["digest"]] = bytes(exchanged["size"])
    del repository.blobs[image(repository, ["gone"], version="4.0.0").config]
    missing = {"mediaType": OCI["manifest"], "size": 500, "digest": images.sha256("a child that is gone"), "platform": platform_of("linux/arm64")}
    index(repository, [whole], ["child"], entries=[entry_of(whole), missing])
    repository.lay(b'{"schemaVersion": 2, "mediaType": "' + OCI["manifest"].encode() + b'", "config": ', OCI["manifest"], ["torn"], "image")


def legacy(estate):
    """Schema 1, as registries once made it, with a signature that nobody verifies; and images from another age."""
    repository = estate.add("team-a/legacy")
    step = json.dumps({"id": "1" * 64, "created": "2016-03-01T12:00:00Z", "architecture": "amd64", "os": "linux", "config": {"User": "root", "Labels": None}})
    plain = json.dumps({"schemaVersion": 1, "name": repository.name, "tag": "1.0", "architecture": "amd64", "fsLayers": [{"blobSum": images.sha256("a layer of 2016")}],
                        "history": [{"v1Compatibility": step}]}, indent=3)
    encode = lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")  # noqa: E731
    protected = encode(json.dumps({"formatLength": len(plain) - 2, "formatTail": encode("\n}"), "time": "2016-03-01T12:00:00Z"}))
    signatures = json.dumps([{"header": {"alg": "ES256"}, "signature": "bm90IHNpZ25lZA", "protected": protected}], indent=6)
    # What a schema 1 manifest is called by is the digest of what was signed, without the signatures.
    repository.lay(plain[:-2] + ',\n   "signatures": ' + signatures + "\n}", SCHEMA1, ["1.0"], "legacy", platform_of("linux/amd64"), digest=images.sha256(plain))
    image(repository, ["reproducible"], created="1970-01-01T00:00:00Z", version="2.0.0", settings={"User": "", "ExposedPorts": None, "Env": None})
    image(repository, ["undated"], created=None, version="3.0.0", history=[], settings={"Labels": None, "User": "root"})
    image(repository, ["dated-zero"], created="0001-01-01T00:00:00Z", version="4.0.0", author="Somebody <somebody@example.com>", settings={"Entrypoint": None})
    image(repository, ["docker"], types=DOCKER, version="5.0.0", settings={"Healthcheck": {"Test": ["CMD", "/app/healthy"], "Interval": 30_000_000_000}})


def foreign(estate):
    """What is no image: a chart, a module, an unknown kind; layers that lie elsewhere; and an index of systems."""
    repository = estate.add("team-a/foreign")

    def artefact(tag, config_media, layer_media, artifact=None):
        config, body = written({"name": tag}), f"what {tag} is".encode()
        repository.keep(config, body)
        text = {"schemaVersion": 2, "mediaType": OCI["manifest"], **({"artifactType": artifact} if artifact else {}),
                "config": {"mediaType": config_media, "size": len(config), "digest": images.sha256(config)},
                "layers": [{"mediaType": layer_media, "size": len(body), "digest": images.sha256(body)}]}
        return repository.lay(written(text, 3), OCI["manifest"], [tag], "chart" if tag == "chart" else "artifact", config=images.sha256(config))

    artefact("chart", "application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip")
    artefact("module", "application/vnd.wasm.config.v0+json", "application/wasm")
    artefact("recipe", "application/vnd.oci.empty.v1+json", "application/vnd.example.recipe", "application/vnd.example.recipe")
    repository.lay(written({"anything": ["at", "all"]}), "application/vnd.example.thing+json", ["thing"])
    elsewhere = json.loads(image(repository, version="elsewhere", platform="windows/amd64:10.0.20348.2700").body)
    elsewhere["layers"][0].update({"mediaType": "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "urls": ["https://layers.example.com/base"]})
    repository.lay(written(elsewhere, 3), OCI["manifest"], ["elsewhere"], "image", platform_of("windows/amd64:10.0.20348.2700"), config=elsewhere["config"]["digest"])
    systems = [image(repository, platform=one, types=DOCKER, version="systems") for one in ("linux/arm/v7", "linux/riscv64", "windows/amd64:10.0.20348.2700", "windows/amd64:10.0.26100.2314")]
    index(repository, systems, ["systems"], DOCKER)
    unsaid = image(repository, version="unsaid")
    index(repository, [unsaid], ["unsaid"], entries=[entry_of(unsaid, platform=False)])


def huge(estate):
    """A manifest larger than anybody should read, and a config that is."""
    repository = estate.add("team-a/huge")
    image(repository, ["manifest"], annotations={"org.example.notes": "x" * (MOST + 1)})
    image(repository, ["config"], version="2.0.0", labels={"org.example.notes": "y" * (MOST + 1)})
    image(repository, ["usual"], version="3.0.0")


def bare(estate):
    """No tags at all, no manifests at all, and more tags than a page has."""
    image(estate.add("team-a/untagged"))
    estate.add("team-a/empty")
    many = estate.add("platform/many-tags")
    held = [image(many, version=f"{number}.0.0", day=number) for number in range(3)]
    for number in range(150):
        many.tags[f"build-{number:04d}"] = held[number % 3]
    many.tags["latest"] = held[2]
    many.pushed = EPOCH + 10 * 86_400


def attestations(repository, children):
    """The entries of an index that buildkit pushed."""
    return [*map(entry_of, children), *(attested(repository, child) for child in children)]


def lay(estate):
    for part in (nested, corrupt, legacy, foreign, huge, bare):
        part(estate)
