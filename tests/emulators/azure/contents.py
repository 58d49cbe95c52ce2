"""What registries hold: repositories with images of several platforms, and what is attached to them. An image keeps
the words that it is made of, and its bytes are made when somebody asks. Refuses randomness, as `images` does."""

import datetime

import artefacts
import images

EPOCH = int(datetime.datetime(2026, 10, 1, tzinfo=datetime.timezone.utc).timestamp())
KINDS = {"oci": images.OCI, "docker": images.DOCKER}


class Image:
    """One manifest. `made` is what it is made of: see `text`."""

    __slots__ = (
        "digest", "media", "config", "length", "size", "architecture", "children", "tags", "pushed", "subject", "artifact", "made",
    )

    def text(self):
        """The manifest's bytes, as text."""
        what, *words = self.made
        if what == "image":
            kind, full, version = words
            return images.manifest(KINDS[kind], full, version, self.architecture)[0]
        if what == "index":
            return index_text(words[0], self.children)
        return words[0]

    def blobs(self):
        """The blobs that this manifest names and that can be fetched, by digest."""
        if self.made[0] == "image":
            _, kind, full, version = self.made
            written = images.config(full, version, self.architecture)
            return {images.sha256(written): written}
        return self.made[2] if self.made[0] == "text" else {}


class Repository:
    """Images in the order they were pushed; by digest and by tag."""

    def __init__(self, name, pushed):
        self.name, self.pushed = name, pushed
        self.images, self.by_digest, self.by_tag = [], {}, {}
        self.listed = self.blobs = None

    def lay(self, image):
        self.images.append(image)
        self.by_digest[image.digest] = image
        for tag in image.tags:
            self.by_tag[tag] = image
        self.pushed = max(self.pushed, image.pushed)

    def find(self, reference):
        return self.by_digest.get(reference) or self.by_tag.get(reference)

    def digests(self):
        """All digests in the order of lists; what is seeded does not change."""
        if self.listed is None:
            self.listed = sorted(self.by_digest)
        return self.listed

    def blob(self, digest):
        if self.blobs is None:
            self.blobs = {}
            for image in self.images:
                self.blobs.update(image.blobs())
        return self.blobs.get(digest)


class Registry:
    """The contents of one registry, and who may read them."""

    def __init__(self, name, place, anonymous=False, admin=False, closed=False):
        self.name, self.server = name, f"{name}.azurecr.io"
        self.subscription, self.group = place.subscription, place.group
        self.anonymous, self.admin, self.closed = anonymous, admin, closed
        self.repositories, self.named = {}, []

    def running(self, number):
        """A repository that the workloads of its place run."""
        return self.repositories[self.named[number % len(self.named)]]


def fill(registry, plan, most, attached):
    """The repositories of a plan, at most so many manifests if it was said how many; answers how many there are."""
    count = [most if most is not None else 1 << 60]
    before = count[0]
    for number in range(plan.repositories):
        name = f"team-{'abcde'[number % 5]}/service-{number:03d}" if number % 6 else f"service-{number:03d}"
        registry.repositories[name] = Repository(name, EPOCH)
    for version in range(plan.versions):
        for number, repository in enumerate(registry.repositories.values()):
            if count[0] > 0:
                kind = "oci" if number % 2 else "docker"
                push(repository, f"{registry.name}/{repository.name}", kind, version, plan.platforms(number), count)
    for repository in registry.repositories.values():
        crown(repository)
    registry.named = sorted(registry.repositories)
    if attached and registry.named:
        attach(next(iter(registry.repositories.values())), plan.versions, count)
    return before - count[0]


def crown(repository):
    """The newest version is the latest."""
    if repository.by_tag:
        newest = repository.by_tag[next(reversed(repository.by_tag))]
        newest.tags.append("latest")
        repository.by_tag["latest"] = newest


def push(repository, full, kind, version, platforms, count):
    """One version: an image, or images of several platforms without tags and the index that holds the tag."""
    tags = [f"1.{version}.0"]
    if platforms == 1:
        lay_image(repository, full, kind, version, images.ARCHITECTURES[0], tags, count)
        return
    names = images.ARCHITECTURES[: min(platforms, count[0])]
    children = tuple(lay_image(repository, full, kind, version, name, [], count) for name in names)
    if count[0] > 0:
        text = index_text(kind, children)
        laid(repository, text, KINDS[kind]["index"], version, tags, ("index", kind), count).children = children


def lay_image(repository, full, kind, version, architecture, tags, count):
    text, _, size = images.manifest(KINDS[kind], full, version, architecture)
    image = laid(repository, text, KINDS[kind]["manifest"], version, tags, ("image", kind, full, version), count)
    image.config, image.size, image.architecture = KINDS[kind]["config"], size, architecture
    return image


def laid(repository, text, media, version, tags, made, count):
    """A manifest into a repository."""
    image = Image()
    image.digest, image.media, image.length, image.made, image.tags = images.sha256(text), media, len(text), made, tags
    image.config = image.architecture = image.subject = image.artifact = None
    image.children, image.size = (), len(text)
    image.pushed = EPOCH + version * 86_400 + len(repository.images) + 0.1234567
    repository.lay(image)
    count[0] -= 1
    return image


def index_text(kind, children):
    manifest = KINDS[kind]["manifest"]
    return images.index(KINDS[kind], [(child.digest, child.length, manifest, child.architecture, None) for child in children])


def attach(repository, version, count):
    """The papers of the newest image of one platform: a bill of materials by its subject and a signature by its tag,
    and others that a careful reader must not take; and a signature by its subject, as notation leaves it."""
    subject = next(image for image in reversed(repository.images) if image.architecture).digest
    for text, config, about, tags, blobs in artefacts.beside(subject, repository.name):
        lay_paper(repository, text, version, tags, blobs, config, about, count)
    signed = '{"payload":"e30","protected":"e30","header":{},"signature":"bm90IGEgc2lnbmF0dXJl"}'
    text, config = artefacts.holder("application/vnd.cncf.notary.signature", signed, subject)
    lay_paper(repository, text, version, [], {images.sha256(signed): signed}, config, subject, count)


def lay_paper(repository, text, version, tags, blobs, config, about, count):
    made = ("text", text, {images.sha256(artefacts.EMPTY): artefacts.EMPTY, **blobs})
    image = laid(repository, text, images.OCI["manifest"], version, tags, made, count)
    image.size, image.config, image.subject = sum(map(len, blobs.values())), config, about
    image.artifact = artefact_type(text) if about else None


def artefact_type(text):
    """The type that a manifest says its artefact has."""
    return text.split('"artifactType": "', 1)[1].split('"', 1)[0]
